//! The literals of every pattern, and whose they are.

use std::sync::OnceLock;

use aho_corasick::AhoCorasick;
use regex_automata::meta::Regex;

use super::TAIL;
use super::grams::{Grams, Hit};
use super::inner;
use super::matcher::REACH;
use super::pattern::{self, Lazy};
use crate::rules::{Literal, Rule, RuleSet, Symptom};

/// The symptoms of a set of rules, ready to be searched for in any number of outputs.
pub struct Index<'r> {
    pub(super) symptoms: Vec<Indexed<'r>>,
    grams: Grams<'r>,
    /// Literals that are too short for the search of long ones.
    short: Option<AhoCorasick>,
    /// The first of `owners` of each literal, the long ones first.
    first: Vec<usize>,
    owners: Vec<u32>,
    long: usize,
    longest: usize,
}

/// A symptom, and what is made of it when it is needed.
pub(super) struct Indexed<'r> {
    pub(super) rule: &'r Rule,
    pub(super) symptom: &'r Symptom,
    regex: Lazy,
    not_if: OnceLock<Vec<Regex>>,
}

impl Indexed<'_> {
    /// How many lines before and behind a hit are looked at: two at the least, since the other one shows what stands before
    /// both.
    pub(super) fn lines(&self) -> usize {
        self.symptom.lines.max(2)
    }

    /// How many lines around a match are looked at for what the part that failed printed itself.
    pub(super) fn inner(&self) -> usize {
        if self.rule.generic { inner::REACH } else { 0 }
    }

    /// The pattern, tried so many times before.
    pub(super) fn regex(&self, tries: u32) -> Option<&Regex> {
        self.regex.get(&self.symptom.pattern, tries)
    }

    /// The rule's known look-alikes.
    pub(super) fn not_if(&self) -> &[Regex] {
        let compiled = || self.rule.not_if.iter().filter_map(|it| pattern::compile(it).ok()).collect();
        self.not_if.get_or_init(compiled)
    }
}

impl<'r> Index<'r> {
    /// The index of these rules.
    pub fn new(rules: &'r RuleSet) -> Self {
        let mut symptoms = Vec::new();
        let mut owned: Vec<(bool, &'r str, u32, &'r Literal)> = Vec::new();
        for rule in rules.rules() {
            for symptom in &rule.symptoms {
                let owner = u32::try_from(symptoms.len()).unwrap_or(u32::MAX);
                owned.extend(
                    symptom.literals.iter().map(|it| (it.windows.is_empty(), it.text.as_str(), owner, it)),
                );
                symptoms.push(Indexed { rule, symptom, regex: Lazy::default(), not_if: OnceLock::new() });
            }
        }
        owned.sort_unstable_by_key(|(short, text, owner, _)| (*short, *text, *owner));
        owned.dedup();
        let mut literals: [Vec<&Literal>; 2] = Default::default();
        let mut first = Vec::new();
        for (at, (short, text, _, literal)) in owned.iter().enumerate() {
            let of_its_length = &mut literals[usize::from(*short)];
            if of_its_length.last().is_none_or(|last| last.text != *text) {
                of_its_length.push(literal);
                first.push(at);
            }
        }
        first.push(owned.len());
        let [long, short] = literals;
        let owners = owned.into_iter().map(|(_, _, owner, _)| owner).collect();
        let short: Vec<&str> = short.into_iter().map(|literal| literal.text.as_str()).collect();
        let searched = if short.is_empty() {
            None
        } else {
            AhoCorasick::builder().ascii_case_insensitive(true).build(&short).ok()
        };
        let longest = symptoms.iter().map(|it| REACH * it.lines() + it.inner()).max().unwrap_or(0).max(TAIL);
        Index { symptoms, longest, long: long.len(), grams: Grams::new(long), short: searched, first, owners }
    }

    /// The most lines before a hit that a match may begin with.
    pub(super) fn longest(&self) -> usize {
        self.longest
    }

    /// Calls `found` with each symptom that may stand in `text`, where its literal begins, and whether that is wrapped.
    pub(super) fn search(&self, text: &[u8], mut found: impl FnMut(usize, usize, bool)) {
        let mut all = |hit: Hit| {
            for &owner in &self.owners[self.first[hit.literal]..self.first[hit.literal + 1]] {
                found(owner as usize, hit.at, hit.wrapped);
            }
        };
        self.grams.search(text, &mut all);
        for hit in self.short.iter().flat_map(|short| short.find_overlapping_iter(text)) {
            all(Hit { literal: self.long + hit.pattern().as_usize(), at: hit.start(), wrapped: false });
        }
    }
}
