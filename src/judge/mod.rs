//! From facts to verdicts: pure, three-valued. What is unknown is never healthy.

mod truth;

use std::collections::BTreeSet;

pub use truth::{Evidence, Truth, evaluate};

use crate::facts::{Facts, Severity};
use crate::rules::{Action, Condition, Operand, Rule, Template};

/// What the machine's facts say of a rule.
#[derive(Clone, Debug, PartialEq)]
pub enum Verdict {
    /// The machine is not broken in this way.
    Healthy,
    /// It is, and these facts show it.
    Broken(Vec<Evidence>),
    /// These facts would decide it, and nothing is known of them: name and why.
    Unknown(Vec<(String, String)>),
    /// The rule means nothing on this machine.
    NotApplicable,
}

/// The verdict of a rule's checks; `None` if it has none.
pub fn judge(rule: &Rule, facts: &Facts) -> Option<Verdict> {
    let checks = rule.checks.as_ref()?;
    match rule.applies.as_ref().map(|applies| evaluate(applies, facts)) {
        Some(Truth::Fails) => return Some(Verdict::NotApplicable),
        Some(Truth::Unknown(why)) => return Some(Verdict::Unknown(why)),
        Some(Truth::Holds(_)) | None => {}
    }
    Some(match evaluate(&checks.condition, facts) {
        Truth::Holds(evidence) => Verdict::Broken(evidence),
        Truth::Fails => Verdict::Healthy,
        Truth::Unknown(why) => Verdict::Unknown(why),
    })
}

/// How bad it is when only the machine shows it.
pub fn severity(rule: &Rule) -> Severity {
    rule.checks.as_ref().and_then(|checks| checks.severity).unwrap_or(rule.severity)
}

/// Every fact that a rule's verdict, messages and remedies need.
pub fn facts_needed(rule: &Rule) -> BTreeSet<String> {
    let mut needed = BTreeSet::new();
    let conditions = rule
        .applies
        .iter()
        .chain(rule.checks.iter().map(|checks| &checks.condition))
        .chain(rule.remedies.iter().filter_map(|remedy| remedy.when.as_ref()));
    needed.extend(conditions.flat_map(facts_in));
    let placeholders = templates(rule).into_iter().flat_map(Template::placeholders);
    needed.extend(placeholders.filter(|name| name.contains('.')).map(str::to_owned));
    needed
}

/// The facts that decide a condition.
pub fn facts_in(condition: &Condition) -> BTreeSet<String> {
    let names = condition.tests().into_iter().flat_map(|test| {
        let other = match &test.operand {
            Operand::Fact(other) => Some(other.clone()),
            Operand::Literal(_) => None,
        };
        std::iter::once(test.fact.clone()).chain(other)
    });
    names.collect()
}

/// Whether a rule means anything on this machine; `None`: nobody can tell.
pub fn applies(rule: &Rule, facts: &Facts) -> Option<bool> {
    match rule.applies.as_ref().map(|applies| evaluate(applies, facts)) {
        Some(Truth::Fails) => Some(false),
        Some(Truth::Unknown(_)) => None,
        Some(Truth::Holds(_)) | None => Some(true),
    }
}

fn templates(rule: &Rule) -> Vec<&Template> {
    rule.messages.iter().chain(rule.remedies.iter().flat_map(|remedy| remedy.templates())).collect()
}

impl crate::rules::Remedy {
    /// Every text with placeholders in it.
    pub fn templates(&self) -> Vec<&Template> {
        let action: Vec<&Template> = match &self.action {
            Action::Run(run) => {
                run.argv.iter().chain(&run.changes).chain(run.undo.iter().flatten()).collect()
            }
            Action::Edit(edit) => edit.files.iter().chain(edit.kind.templates()).collect(),
            Action::Remove(paths) | Action::Track(paths) => paths.iter().collect(),
            Action::Tell(text) => vec![text],
        };
        std::iter::once(&self.title).chain(action).chain(&self.caution).collect()
    }
}
