//! From findings to diagnoses: root causes first, what follows from them beneath.

mod finding;

pub use finding::{Finding, Status, findings_from_facts, findings_from_log};

use std::collections::BTreeMap;

use crate::facts::Severity;
use crate::rules::RuleSet;

/// What says no more than that something failed stands behind the reason, or so many lines before it, where it quotes it.
const NEAR: u64 = 100;

/// A root finding with what follows from it.
#[derive(Clone, Debug, PartialEq)]
pub struct Diagnosis {
    /// The cause.
    pub root: Finding,
    /// Failures that it brought about, in the order of the input.
    pub consequences: Vec<Finding>,
}

impl Diagnosis {
    /// As bad as the worst of what follows from it: the machine refutes none of that.
    pub fn severity(&self) -> Severity {
        let follow = self.consequences.iter().filter(|finding| finding.status != Status::Refuted);
        follow.map(|finding| finding.severity).fold(self.root.severity, Severity::max)
    }
}

/// Sorts findings into causes and consequences. The likeliest cause stands first: what the machine refutes and what
/// says little by itself comes last, then the worse before the better, then the earlier before the later.
pub fn diagnose(rules: &RuleSet, mut findings: Vec<Finding>) -> Vec<Diagnosis> {
    let generic = |finding: &Finding| rules.get(&finding.rule).is_some_and(|rule| rule.generic);
    findings.sort_by_key(|finding| {
        (
            finding.status == Status::Refuted,
            generic(finding),
            std::cmp::Reverse(finding.severity),
            finding.line().unwrap_or(u64::MAX),
        )
    });
    let mut by_rule: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
    for (at, finding) in findings.iter().enumerate() {
        by_rule.entry(&finding.rule).or_default().push(at);
    }
    let causes: Vec<Option<usize>> =
        (0..findings.len()).map(|at| cause_of(rules, &findings, &by_rule, at, &generic)).collect();
    let root_of = |mut at: usize| {
        // A circle of causes is refused when rules are read; the bound holds all the same.
        for _ in 0..findings.len() {
            match causes[at] {
                Some(cause) => at = cause,
                None => break,
            }
        }
        at
    };
    let roots: Vec<usize> = (0..findings.len()).map(root_of).collect();
    let mut diagnoses: Vec<(usize, Diagnosis)> = Vec::new();
    let mut followers = Vec::new();
    for (at, finding) in findings.into_iter().enumerate() {
        if roots[at] == at {
            diagnoses.push((at, Diagnosis { root: finding, consequences: Vec::new() }));
        } else {
            followers.push((roots[at], finding));
        }
    }
    for (root, finding) in followers {
        if let Some((_, diagnosis)) = diagnoses.iter_mut().find(|(at, _)| *at == root) {
            diagnosis.consequences.push(finding);
        }
    }
    diagnoses.into_iter().map(|(_, diagnosis)| diagnosis).collect()
}

/// The finding that brought this one about. A refuted cause explains nothing.
fn cause_of(
    rules: &RuleSet,
    findings: &[Finding],
    by_rule: &BTreeMap<&str, Vec<usize>>,
    at: usize,
    generic: &impl Fn(&Finding) -> bool,
) -> Option<usize> {
    let effect = &findings[at];
    let stands = |cause: &Finding| cause.rule != effect.rule && cause.status != Status::Refuted;
    // What no output shows together may well be two failures: then only what a rule itself names is its consequence.
    let brings = |cause: &Finding| {
        cause.line().or(effect.line()).is_some()
            || rules.get(&cause.rule).is_some_and(|rule| rule.leads_to.contains(&effect.rule))
                && (!is_requirement(rules, effect) || share_a_fact(cause, effect))
    };
    // There may be thousands of findings, but only of so many rules.
    let of_rules = by_rule.iter().filter(|(rule, _)| rules.leads_to(rule, &effect.rule));
    let first =
        |at: &Vec<usize>| at.iter().copied().find(|&at| stands(&findings[at]) && brings(&findings[at]));
    let named = of_rules.filter_map(|(_, at)| first(at)).min();
    let gives_way = || {
        let near = effect.last_line().map_or(u64::MAX, |line| line + NEAR);
        let specific = |cause: &Finding| {
            stands(cause) && !generic(cause) && cause.line().is_some_and(|line| line <= near)
        };
        findings.iter().position(specific).filter(|_| generic(effect))
    };
    named.or_else(gives_way)
}

/// Whether it is about something that the settings require.
fn is_requirement(rules: &RuleSet, finding: &Finding) -> bool {
    rules.get(&finding.rule).is_some_and(|rule| rule.requirement.is_some())
}

/// Whether both go by the same fact: of many things that are required only that one follows.
fn share_a_fact(one: &Finding, other: &Finding) -> bool {
    one.evidence.iter().any(|it| other.evidence.iter().any(|fact| fact.fact == it.fact))
}

#[cfg(test)]
mod tests;
