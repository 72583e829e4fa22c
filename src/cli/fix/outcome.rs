//! What came of each treatment.

use std::collections::BTreeMap;

use serde_json::{Value as Json, json};

use super::case::Look;
use super::plan::Planned;
use crate::apply::Journal;
use crate::report::{self, draw_line, draw_note};

/// A treatment with what came of it.
pub(super) struct Outcome {
    pub(super) planned: Planned,
    pub(super) result: Result,
}

/// What came of a treatment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Result {
    /// Carried out; whether it helped is not yet known.
    Applied,
    /// Carried out, and the rule was seen not to hold any more.
    Fixed,
    /// Carried out, and the rule still holds.
    StillBroken,
    /// It went wrong.
    Failed(String),
    /// The person said no.
    Declined,
    /// Nobody agreed to it: why, and what would allow it.
    HeldBack(String),
}

impl Result {
    fn name(&self) -> &'static str {
        match self {
            Result::Applied => "not verified",
            Result::Fixed => "fixed",
            Result::StillBroken => "still broken",
            Result::Failed(_) => "failed",
            Result::Declined => "declined",
            Result::HeldBack(_) => "held back",
        }
    }

    fn why(&self) -> Option<&str> {
        match self {
            Result::Failed(why) | Result::HeldBack(why) => Some(why),
            Result::Applied => Some("run the command again to see whether it helped"),
            _ => None,
        }
    }
}

impl Outcome {
    /// Says whether it helped, from another look.
    pub(super) fn judge(&mut self, look: &Look) {
        if !matches!(self.result, Result::Applied | Result::StillBroken) || !look.fresh {
            return;
        }
        let again = look.report.diagnoses.iter().any(|entry| {
            entry.rule == self.planned.treatment.rule && same_failure(&entry.captures, &self.planned.captures)
        });
        self.result = if again { Result::StillBroken } else { Result::Fixed };
    }

    pub(super) fn to_json(&self) -> Json {
        json!({
            "rule": self.planned.treatment.rule,
            "remedy": self.planned.treatment.title,
            "risk": self.planned.treatment.risk,
            "outcome": self.result.name().replace(' ', "_"),
            "why": self.result.why(),
        })
    }
}

/// Whether two findings of one rule are the same failure: at the same place, where both have one, and else with the
/// same captures.
fn same_failure(one: &BTreeMap<String, String>, other: &BTreeMap<String, String>) -> bool {
    let place = |captures: &BTreeMap<String, String>| {
        Some([captures.get("file")?.clone(), captures.get("line")?.clone()])
    };
    match (place(one), place(other)) {
        (Some(one), Some(other)) => one == other,
        _ => one.iter().all(|(name, value)| other.get(name).is_none_or(|other| other == value)),
    }
}

/// The outcomes for a person.
pub(super) fn draw(outcomes: &[Outcome], journal: Option<&Journal<'_>>, look: report::Look) -> String {
    let mut out = String::new();
    for outcome in outcomes {
        let mark = match outcome.result {
            Result::Fixed => "✓",
            Result::Failed(_) | Result::StillBroken => "✗",
            _ => "-",
        };
        let treatment = &outcome.planned.treatment;
        let text = format!("{}: {}", outcome.result.name(), treatment.title);
        out.push_str(&draw_line(mark, &text, &treatment.rule, look));
        if let Some(why) = outcome.result.why() {
            out.push_str(&draw_note(why, look));
        }
    }
    if let Some(journal) = journal {
        let what = if journal.has_backups() { "journal and backups" } else { "journal" };
        out.push_str(&draw_note(&format!("{what}: {}", journal.folder().display()), look));
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn captures(pairs: &[(&str, &str)]) -> BTreeMap<String, String> {
        pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
    }

    #[test]
    fn a_failure_is_known_again_by_its_place_or_its_captures() {
        let typo = captures(&[("attribute", "my pgk"), ("file", "a.nix"), ("line", "3")]);
        let half = captures(&[("attribute", "my"), ("file", "a.nix"), ("line", "3")]);
        let elsewhere = captures(&[("attribute", "my pgk"), ("file", "a.nix"), ("line", "9")]);
        assert!(same_failure(&half, &typo));
        assert!(!same_failure(&elsewhere, &typo));
        let (one, other) = (captures(&[("drv", "a"), ("got", "x")]), captures(&[("drv", "b"), ("got", "x")]));
        assert!(!same_failure(&one, &other));
        assert!(same_failure(&one, &one) && same_failure(&captures(&[]), &captures(&[])));
    }
}
