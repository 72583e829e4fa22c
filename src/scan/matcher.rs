//! One search for the literals of every pattern; only where one hits is a window cut and its pattern tried.

use std::cell::OnceCell;
use std::collections::BTreeMap;

use aho_corasick::AhoCorasick;
use regex_automata::meta::{self, Regex};
use regex_automata::{Input, util::syntax};

use super::collector::Collector;
use super::{Line, Quote, Recent, prefix, shape};
use crate::rules::{Rule, RuleSet, Symptom};

/// A compiled pattern may take this many bytes.
const SIZE_LIMIT: usize = 4 * 1024 * 1024;

struct Candidate<'r> {
    rule: &'r Rule,
    symptom: &'r Symptom,
    regex: OnceCell<Option<Regex>>,
    /// The rule's known look-alikes.
    not_if: OnceCell<Vec<Regex>>,
    /// The lines, counted from 0 over the whole input, where a literal hit and the pattern is to be tried.
    hits: Vec<u64>,
    /// One more than the last line of the last match.
    matched_until: u64,
}

impl Candidate<'_> {
    /// The lines that a match may span.
    fn span(&self) -> u64 {
        self.symptom.lines as u64
    }

    /// Whether one of the rule's known look-alikes is found in these lines.
    fn is_look_alike(&self, lines: &[Line]) -> bool {
        let patterns = &self.rule.not_if;
        let known =
            || self.not_if.get_or_init(|| patterns.iter().filter_map(|it| compile(it).ok()).collect());
        !patterns.is_empty() && lines.iter().any(|line| known().iter().any(|it| it.is_match(line.body())))
    }

    /// Where the lines end of which one try takes in the hits, and where those end that a match of them may reach.
    fn reach(&self, hit: u64) -> (u64, u64) {
        (hit + self.span(), hit + 2 * self.span() - 1)
    }
}

/// A match, with its lines counted from the window's first.
struct Match {
    first: usize,
    last: usize,
    captures: BTreeMap<String, String>,
}

/// A pattern, ready to match.
///
/// # Errors
/// It is no regex, or its compiled form is too large.
pub fn compile(pattern: &str) -> Result<Regex, String> {
    let syntax = syntax::Config::new().multi_line(true);
    let config = meta::Config::new().nfa_size_limit(Some(SIZE_LIMIT));
    let regex = meta::Builder::new().syntax(syntax).configure(config).build(pattern);
    regex.map_err(|error| match (error.size_limit(), error.syntax_error()) {
        (Some(limit), _) => format!("a pattern's compiled form exceeds {limit} bytes"),
        (None, Some(syntax)) => syntax.to_string(),
        (None, None) => error.to_string(),
    })
}

/// All symptoms of a set of rules, ready to be searched for.
pub(super) struct Matcher<'r> {
    candidates: Vec<Candidate<'r>>,
    literals: Option<AhoCorasick>,
    /// For each literal, the symptoms that own it.
    owners: Vec<Vec<usize>>,
    /// The symptoms with hits that are still to be tried.
    open: Vec<usize>,
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
                candidates.push(Candidate {
                    rule,
                    symptom,
                    regex: OnceCell::new(),
                    not_if: OnceCell::new(),
                    hits: Vec::new(),
                    matched_until: 0,
                });
            }
        }
        let literals = AhoCorasick::new(owners.keys()).ok();
        let longest = candidates.iter().map(|candidate| candidate.symptom.lines).max().unwrap_or(1);
        Matcher { candidates, literals, owners: owners.into_values().collect(), open: Vec::new(), longest }
    }

    /// How many of the last lines a try may need.
    pub(super) fn context(&self) -> usize {
        self.longest * 3
    }

    /// Notes the symptoms that may match at this line, which is number `at`; whether there are any.
    pub(super) fn note(&mut self, text: &str, at: u64) -> bool {
        let Some(literals) = &self.literals else { return false };
        let mut any = false;
        for hit in literals.find_overlapping_iter(text) {
            for &symptom in &self.owners[hit.pattern().as_usize()] {
                let candidate = &mut self.candidates[symptom];
                any = true;
                if candidate.hits.last() == Some(&at) {
                    continue;
                }
                if candidate.hits.is_empty() {
                    self.open.push(symptom);
                }
                candidate.hits.push(at);
            }
        }
        any
    }

    /// A symptom for whose first hits all lines are there that a match can reach, if lines up to `end` are.
    pub(super) fn due(&self, end: u64, ended: bool) -> Option<usize> {
        let ready = |symptom: &usize| {
            let candidate = &self.candidates[*symptom];
            candidate.hits.first().is_some_and(|&hit| ended || candidate.reach(hit).1 <= end)
        };
        self.open.iter().copied().find(ready)
    }

    /// Tries a pattern around its first hits, as many at once as stand within the span of one match: however many
    /// hits there are, a line is looked at no more than three times.
    pub(super) fn evaluate(&mut self, symptom: usize, recent: &Recent<'_>, found: &mut Collector<'r>) {
        let candidate = &mut self.candidates[symptom];
        let Some(&hit) = candidate.hits.first() else { return };
        let (batch_end, reach) = candidate.reach(hit);
        let rest = candidate.hits.split_off(candidate.hits.partition_point(|&hit| hit < batch_end));
        let mut hits = std::mem::replace(&mut candidate.hits, rest);
        if candidate.hits.is_empty() {
            self.open.retain(|&open| open != symptom);
        }
        hits.retain(|&hit| hit >= candidate.matched_until);
        let Some(&hit) = hits.first() else { return };
        let Some(regex) = candidate.regex.get_or_init(|| compile(&candidate.symptom.pattern).ok()) else {
            return;
        };
        let end = recent.first + recent.lines.len() as u64;
        let from = (hit + 1).saturating_sub(candidate.span()).max(candidate.matched_until).max(recent.first);
        let window = &recent.lines[(from - recent.first) as usize..(reach.min(end) - recent.first) as usize];
        let at_end = recent.ended && reach >= end;
        let hits: Vec<usize> = hits.into_iter().map(|hit| (hit - from) as usize).collect();
        let search = |bodies: &[&str]| search(regex, &candidate.symptom.captures, bodies, at_end, &hits);

        let bodies: Vec<&str> = window.iter().map(Line::body).collect();
        let mut matches = search(&bodies);
        if let Some(stripped) = without_shared_prefix(&bodies, hits[0], &candidate.symptom.literals) {
            let known = |matches: &[Match]| matches.iter().map(|it| 1 + it.captures.len()).sum::<usize>();
            let others = search(&stripped);
            // A match that spans lines has the prefix within it.
            matches.retain(|it| it.first == it.last);
            if known(&others) >= known(&matches) {
                matches = others;
            }
        }
        for Match { first, last, captures } in matches {
            candidate.matched_until = from + last as u64 + 1;
            if candidate.is_look_alike(&window[first..=last]) {
                continue;
            }
            found.add(&candidate.rule.id, captures, || {
                let quotes = window[first..=last].iter().filter(|line| !line.text.trim().is_empty());
                quotes.map(|line| Quote { line: line.number, text: line.text.clone() }).collect()
            });
        }
    }
}

/// The matches that take in one of the hits. `at_end`: no line will follow.
fn search(regex: &Regex, names: &[String], bodies: &[&str], at_end: bool, hits: &[usize]) -> Vec<Match> {
    let mut text = String::new();
    let mut starts = Vec::with_capacity(bodies.len());
    for body in bodies {
        starts.push(text.len());
        text.push_str(body);
        text.push('\n');
    }
    let end = text.len();
    // It is not searched, but `\z` sees that the text goes on.
    if !at_end {
        text.push('\0');
    }
    let line_of = |byte: usize| starts.partition_point(|&start| start <= byte) - 1;
    let mut matches = Vec::new();
    for groups in regex.captures_iter(Input::new(&text).range(..end)) {
        let Some(whole) = groups.get_match().filter(|whole| !whole.is_empty()) else { continue };
        let (first, last) = (line_of(whole.start()), line_of(whole.end() - 1));
        if hits.iter().any(|hit| (first..=last).contains(hit)) {
            let value = |name: &String| {
                let group = groups.get_group_by_name(name)?;
                Some((name.clone(), text[group.range()].trim().to_owned()))
            };
            matches.push(Match { first, last, captures: names.iter().filter_map(value).collect() });
        }
    }
    matches
}

/// The lines without the prefix of a form that nobody has named, if the hit's line and the next have one before what
/// was hit.
fn without_shared_prefix<'a>(bodies: &[&'a str], hit: usize, literals: &[String]) -> Option<Vec<&'a str>> {
    let next = bodies[hit + 1..].iter().find(|body| !body.trim().is_empty())?;
    let prefix = shape::shared(bodies[hit], next)?;
    let stripped = bodies.iter().map(|body| match shape::strip(prefix, body) {
        Some(rest) => &rest[prefix::length(rest)..],
        None => body,
    });
    let stripped: Vec<&str> = stripped.collect();
    literals.iter().any(|literal| stripped[hit].contains(literal.as_str())).then_some(stripped)
}
