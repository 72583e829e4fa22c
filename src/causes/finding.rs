//! A rule that holds, with its evidence.

use std::collections::{BTreeMap, BTreeSet};

use crate::facts::{Facts, Severity, Value};
use crate::judge::{self, Evidence, Verdict};
use crate::rules::{Rule, RuleSet, Template};
use crate::scan::Sighting;

/// What the machine says of a rule that was seen in a tool's output.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Status {
    /// The machine was not asked, or cannot tell.
    Seen,
    /// The rule's checks hold on this machine.
    Confirmed,
    /// They do not.
    Refuted,
}

/// A rule that holds.
#[derive(Clone, Debug, PartialEq)]
pub struct Finding {
    /// The rule's id.
    pub rule: String,
    /// How bad it is.
    pub severity: Severity,
    /// Where it stands in the output, in order; empty if only the machine shows it.
    pub sightings: Vec<Sighting>,
    /// The facts that show it.
    pub evidence: Vec<Evidence>,
    /// What the symptoms captured.
    pub captures: BTreeMap<String, String>,
    /// What the machine says of it.
    pub status: Status,
}

impl Finding {
    /// What a placeholder of the rule's texts stands for: a capture or, with a dot in its name, a fact. A list names
    /// each of its items once, at however many places it stands; an empty one has nothing to say.
    pub fn value(&self, name: &str, facts: &Facts) -> Option<String> {
        if !name.contains('.') {
            return self.captures.get(name).cloned();
        }
        match facts.get(name)?.reading.as_present().filter(|value| !value.is_empty())? {
            Value::List(items) => {
                let mut named = BTreeSet::new();
                let items: Vec<&str> =
                    items.iter().map(String::as_str).filter(|item| named.insert(*item)).collect();
                Some(items.join(", "))
            }
            value => Some(value.to_string()),
        }
    }

    /// The last line of the output that shows it.
    pub fn last_line(&self) -> Option<u64> {
        self.sightings.iter().flat_map(|sighting| &sighting.quotes).map(|quote| quote.line).max()
    }

    /// The first line of the output in which it stands.
    pub fn line(&self) -> Option<u64> {
        self.sightings.first().map(Sighting::line)
    }
}

/// One finding for each failure that stands in the output, however often it is repeated there. Two sightings of a
/// rule are the same failure unless a capture that a remedy uses differs. With `facts`, the machine is asked to
/// confirm each.
pub fn findings_from_log(
    rules: &RuleSet,
    mut sightings: Vec<Sighting>,
    facts: Option<&Facts>,
) -> Vec<Finding> {
    sightings.sort_by_key(|sighting| (sighting.line(), sighting.quotes.len()));
    let mut findings: Vec<Finding> = Vec::new();
    for sighting in sightings {
        let Some(rule) = rules.get(&sighting.rule) else { continue };
        let telling = telling_captures(rule);
        let same = findings.iter_mut().find(|finding| {
            finding.rule == rule.id
                && telling.iter().all(|&name| {
                    let (one, other) = (finding.captures.get(name), sighting.captures.get(name));
                    one.is_none() || other.is_none() || one == other
                })
        });
        match same {
            Some(finding) => {
                for (name, value) in &sighting.captures {
                    finding.captures.entry(name.clone()).or_insert_with(|| value.clone());
                }
                match finding.sightings.iter_mut().find(|seen| seen.overlaps(&sighting)) {
                    // Two symptoms of one rule that match the same lines have seen one failure.
                    Some(seen) => seen.take_in(sighting),
                    None => finding.sightings.push(sighting),
                }
            }
            None => findings.push(Finding {
                rule: rule.id.clone(),
                severity: rule.severity,
                captures: sighting.captures.clone(),
                sightings: vec![sighting],
                evidence: Vec::new(),
                status: Status::Seen,
            }),
        }
    }
    if let Some(facts) = facts {
        findings.iter_mut().for_each(|finding| confirm(rules, finding, facts));
    }
    findings
}

fn confirm(rules: &RuleSet, finding: &mut Finding, facts: &Facts) {
    let Some(rule) = rules.get(&finding.rule) else { return };
    let refutes = rule.checks.as_ref().is_some_and(|checks| checks.refutes);
    match judge::judge(rule, facts) {
        Some(Verdict::Broken(evidence)) => {
            finding.evidence = evidence;
            finding.status = Status::Confirmed;
        }
        Some(Verdict::Healthy) if refutes => finding.status = Status::Refuted,
        Some(Verdict::Healthy | Verdict::Unknown(_) | Verdict::NotApplicable) | None => {}
    }
}

/// The findings that the machine's facts alone show.
pub fn findings_from_facts(rules: &RuleSet, facts: &Facts) -> Vec<Finding> {
    let broken = |rule: &Rule| match judge::judge(rule, facts) {
        Some(Verdict::Broken(evidence)) => Some(Finding {
            rule: rule.id.clone(),
            severity: judge::severity(rule),
            sightings: Vec::new(),
            evidence,
            captures: BTreeMap::new(),
            status: Status::Confirmed,
        }),
        _ => None,
    };
    rules.rules().iter().filter_map(broken).collect()
}

/// The captures in which two sightings of one failure agree.
fn telling_captures(rule: &Rule) -> BTreeSet<&str> {
    let templates = rule.remedies.iter().flat_map(|remedy| remedy.templates());
    templates.flat_map(Template::placeholders).filter(|name| !name.contains('.')).collect()
}
