//! One search for the literals of every pattern; only where one hits is a window cut and its pattern tried.

use std::cell::OnceCell;
use std::collections::BTreeMap;

use aho_corasick::AhoCorasick;
use regex::{Regex, RegexBuilder};

use super::{Line, Quote, Sighting};
use crate::rules::{RuleSet, Symptom};

/// A compiled pattern may take this many bytes.
const SIZE_LIMIT: usize = 4 * 1024 * 1024;

/// A place where a literal hit, to be looked at once the lines after it are there.
pub(super) struct Pending {
    pub(super) symptom: usize,
    /// The line, counted from 0 over the whole input.
    pub(super) at: u64,
    /// The last line that a match could reach.
    pub(super) ready: u64,
}

struct Candidate<'r> {
    rule: &'r str,
    symptom: &'r Symptom,
    regex: OnceCell<Option<Regex>>,
    /// One more than the last line of the last match, counted from 0.
    matched_until: u64,
}

/// A pattern, ready to match.
///
/// # Errors
/// It is no regex, or its compiled form is too large.
pub fn compile(pattern: &str) -> Result<Regex, String> {
    let regex = RegexBuilder::new(pattern).multi_line(true).size_limit(SIZE_LIMIT).build();
    regex.map_err(|error| match error {
        regex::Error::CompiledTooBig(limit) => format!("a pattern's compiled form exceeds {limit} bytes"),
        other => other.to_string(),
    })
}

/// All symptoms of a set of rules, ready to be searched for.
pub(super) struct Matcher<'r> {
    candidates: Vec<Candidate<'r>>,
    literals: Option<AhoCorasick>,
    /// For each literal, the symptoms that own it.
    owners: Vec<Vec<usize>>,
    longest: usize,
}

impl<'r> Matcher<'r> {
    pub(super) fn new(rules: &'r RuleSet) -> Self {
        let mut candidates = Vec::new();
        let mut owners: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
        for rule in rules.rules() {
            for symptom in &rule.symptoms {
                for literal in &symptom.literals {
                    owners.entry(literal).or_default().push(candidates.len());
                }
                let regex = OnceCell::new();
                candidates.push(Candidate { rule: &rule.id, symptom, regex, matched_until: 0 });
            }
        }
        let literals = AhoCorasick::new(owners.keys()).ok();
        let longest = candidates.iter().map(|candidate| candidate.symptom.lines).max().unwrap_or(1);
        Matcher { candidates, literals, owners: owners.into_values().collect(), longest }
    }

    /// The most lines that a match may span.
    pub(super) fn longest(&self) -> usize {
        self.longest
    }

    /// The symptoms that may match at this line, with the lines each may span.
    pub(super) fn candidates(&self, text: &str) -> Vec<(usize, usize)> {
        let Some(literals) = &self.literals else { return Vec::new() };
        let mut found = Vec::new();
        for hit in literals.find_overlapping_iter(text) {
            for &symptom in &self.owners[hit.pattern().as_usize()] {
                let candidate = (symptom, self.candidates[symptom].symptom.lines);
                if !found.contains(&candidate) {
                    found.push(candidate);
                }
            }
        }
        found
    }

    /// Tries a pattern around `lines[at]` and adds its matches that take in that line. `ended`: no line will follow.
    pub(super) fn evaluate(
        &mut self,
        pending: &Pending,
        lines: &[Line],
        (at, ended): (usize, bool),
        found: &mut Vec<Sighting>,
    ) {
        let candidate = &mut self.candidates[pending.symptom];
        if candidate.matched_until > pending.at {
            return;
        }
        let reach = candidate.symptom.lines - 1;
        let unmatched = (pending.at - candidate.matched_until).min(at as u64) as usize;
        let from = at - reach.min(unmatched);
        let window = &lines[from..lines.len().min(at + reach + 1)];
        let at_end = ended && from + window.len() == lines.len();
        let regex = candidate.regex.get_or_init(|| compile(&candidate.symptom.pattern).ok());
        let Some(regex) = regex else { return };
        let mut text = String::new();
        let mut starts = Vec::with_capacity(window.len());
        for line in window {
            starts.push(text.len());
            text.push_str(line.body());
            text.push('\n');
        }
        // So that `\z` stands at the end of the input alone, and not where the window is cut.
        if !at_end {
            text.push('\0');
        }
        let line_of = |byte: usize| starts.partition_point(|&start| start <= byte) - 1;
        for groups in regex.captures_iter(&text) {
            let Some(whole) = groups.get(0).filter(|whole| !whole.is_empty()) else { continue };
            let (first, last) = (line_of(whole.start()), line_of(whole.end() - 1));
            if !(first..=last).contains(&(at - from)) {
                continue;
            }
            let captures = candidate.symptom.captures.iter().filter_map(|name| {
                groups.name(name).map(|group| (name.clone(), group.as_str().trim().to_owned()))
            });
            let quotes = window[first..=last].iter().filter(|line| !line.text.trim().is_empty());
            found.push(Sighting {
                rule: candidate.rule.to_owned(),
                quotes: quotes.map(|line| Quote { line: line.number, text: line.text.clone() }).collect(),
                captures: captures.collect(),
            });
            candidate.matched_until = pending.at - (at - from) as u64 + last as u64 + 1;
        }
    }
}
