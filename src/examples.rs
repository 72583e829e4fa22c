//! The rules' own tests: each is seen in its examples and not in its near misses, and no other rule claims them.

use std::fmt;
use std::sync::Arc;

use crate::causes::{diagnose, findings_from_log};
use crate::rules::{Rule, RuleSet};
use crate::scan::{Index, Scanner, Sighting};

/// An example or near miss that does not hold.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Failure {
    /// The rule.
    pub rule: String,
    /// Which of its texts, such as `example 2`.
    pub text: String,
    /// What is wrong.
    pub why: String,
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}, {}: {}", self.rule, self.text, self.why)
    }
}

/// Tries every example and near miss of every rule: how many there were, and those that do not hold.
pub fn run(rules: &RuleSet) -> (usize, Vec<Failure>) {
    let index = Arc::new(Index::new(rules));
    let tried = rules.rules().iter().map(|rule| rule.examples.len() + rule.near_misses.len()).sum();
    (tried, rules.rules().iter().flat_map(|rule| failures(rules, &index, rule)).collect())
}

/// Tries what one of the rules can get wrong: its own texts, and the others' examples in which it is seen.
pub fn one(rules: &RuleSet, id: &str) -> Vec<Failure> {
    let Some(rule) = rules.get(id) else { return Vec::new() };
    let index = Arc::new(Index::new(rules));
    let alone = RuleSet::from_checked(vec![rule.clone()]);
    let alone = Arc::new(Index::new(&alone));
    let concerned = |other: &&Rule| {
        let seen = |text: &str| !sightings(&alone, text).is_empty();
        other.id == id || other.examples.iter().any(|example| seen(&example.text))
    };
    rules.rules().iter().filter(concerned).flat_map(|rule| failures(rules, &index, rule)).collect()
}

fn failures(rules: &RuleSet, index: &Arc<Index<'_>>, rule: &Rule) -> Vec<Failure> {
    let mut failures = Vec::new();
    let fail = |text: String, why| Failure { rule: rule.id.clone(), text, why };
    for (number, example) in (1..).zip(&rule.examples) {
        let why = mistakes(rules, rule, sightings(index, &example.text), &example.captures);
        failures.extend(why.into_iter().map(|why| fail(format!("example {number}"), why)));
    }
    for (number, text) in (1..).zip(&rule.near_misses) {
        if sightings(index, text).iter().any(|sighting| sighting.rule == rule.id) {
            failures.push(fail(format!("near miss {number}"), "the rule is seen in it".to_owned()));
        }
    }
    failures
}

fn sightings(index: &Arc<Index<'_>>, text: &str) -> Vec<Sighting> {
    let mut scanner = Scanner::over(Arc::clone(index));
    scanner.feed(text.as_bytes());
    scanner.finish().sightings
}

fn mistakes(
    rules: &RuleSet,
    rule: &Rule,
    seen: Vec<Sighting>,
    captures: &std::collections::BTreeMap<String, String>,
) -> Vec<String> {
    let mine: Vec<_> = seen.iter().filter(|sighting| sighting.rule == rule.id).collect();
    if mine.is_empty() {
        return vec!["the rule is not seen in it".to_owned()];
    }
    let mut mistakes = Vec::new();
    for (name, value) in captures {
        let found: Vec<_> = mine.iter().filter_map(|sighting| sighting.captures.get(name)).collect();
        if !found.contains(&value) {
            mistakes.push(format!("`{name}` is {found:?}, and not {value:?}"));
        }
    }
    let diagnoses = diagnose(rules, findings_from_log(rules, seen, None));
    if let Some(first) = diagnoses.first()
        && first.root.rule != rule.id
    {
        mistakes.push(format!("`{}` is named first", first.root.rule));
    }
    mistakes
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_built_in_rules_hold() {
        let (tried, failures) = super::run(&crate::built_in::rules());
        assert!(tried > 0);
        assert!(failures.is_empty(), "{failures:#?}");
    }
}
