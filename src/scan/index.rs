//! The literals of every pattern, and whose they are.

use std::sync::OnceLock;

use aho_corasick::AhoCorasick;
use regex_automata::meta::Regex;

use super::TAIL;
use super::grams::{Grams, Hit};
use super::inner;
use super::matcher::REACH;
use super::pattern::{self, Lazy};
use crate::rules::{self, Literal, Rule, RuleSet, Symptom};

/// The symptoms of a set of rules, ready to be searched for in any number of outputs.
pub struct Index<'r> {
    pub(super) symptoms: Vec<Indexed<'r>>,
    long: Grams<'r, { rules::LONG }>,
    short: Grams<'r, { rules::SHORT }>,
    /// Literals that are too short even for that.
    tiny: Option<AhoCorasick>,
    /// The first of `owners` of each literal, the long ones first and the tiny ones last.
    first: Vec<usize>,
    owners: Vec<u32>,
    longest: usize,
}

/// How a literal is searched for.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Length {
    Long,
    Short,
    Tiny,
}

impl Length {
    fn of(literal: &str) -> Length {
        match rules::run(literal.len()) {
            Some(rules::LONG) => Length::Long,
            Some(_) => Length::Short,
            None => Length::Tiny,
        }
    }
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
        let mut owned: Vec<(Length, &'r str, u32, &'r Literal)> = Vec::new();
        for rule in rules.rules() {
            for symptom in &rule.symptoms {
                let owner = u32::try_from(symptoms.len()).unwrap_or(u32::MAX);
                let literals = symptom.literals.iter();
                owned.extend(literals.map(|it| (Length::of(&it.text), it.text.as_str(), owner, it)));
                symptoms.push(Indexed { rule, symptom, regex: Lazy::default(), not_if: OnceLock::new() });
            }
        }
        owned.sort_unstable_by_key(|(length, text, owner, _)| (*length, *text, *owner));
        owned.dedup();
        let mut literals: [Vec<&Literal>; 3] = Default::default();
        let mut first = Vec::new();
        for (at, (length, text, _, literal)) in owned.iter().enumerate() {
            let of_its_length = &mut literals[*length as usize];
            if of_its_length.last().is_none_or(|last| last.text != *text) {
                of_its_length.push(literal);
                first.push(at);
            }
        }
        first.push(owned.len());
        let [long, short, tiny] = literals;
        let owners = owned.into_iter().map(|(_, _, owner, _)| owner).collect();
        let tiny: Vec<&str> = tiny.into_iter().map(|literal| literal.text.as_str()).collect();
        let tiny = match tiny[..] {
            [] => None,
            _ => AhoCorasick::builder().ascii_case_insensitive(true).build(&tiny).ok(),
        };
        let longest = symptoms.iter().map(|it| REACH * it.lines() + it.inner()).max().unwrap_or(0).max(TAIL);
        let (long, short) = (Grams::new(long), Grams::new(short));
        Index { symptoms, longest, long, short, tiny, first, owners }
    }

    /// The most lines before a hit that a match may begin with.
    pub(super) fn longest(&self) -> usize {
        self.longest
    }

    /// Calls `found` with each symptom that may stand in `text`, where its literal begins, and whether that is wrapped.
    pub(super) fn search(&self, text: &[u8], mut found: impl FnMut(usize, usize, bool)) {
        let mut all = |first: usize, hit: Hit| {
            let literal = first + hit.literal;
            for &owner in &self.owners[self.first[literal]..self.first[literal + 1]] {
                found(owner as usize, hit.at, hit.wrapped);
            }
        };
        self.long.search(text, |hit| all(0, hit));
        self.short.search(text, |hit| all(self.long.len(), hit));
        for hit in self.tiny.iter().flat_map(|tiny| tiny.find_overlapping_iter(text)) {
            let hit = Hit { literal: hit.pattern().as_usize(), at: hit.start(), wrapped: false };
            all(self.long.len() + self.short.len(), hit);
        }
    }
}
