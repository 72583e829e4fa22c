//! What came of each treatment.

use std::path::Path;

use serde_json::{Value as Json, json};

use super::case::Seen;
use crate::plan::Treatment;
use crate::report::{Look, Report, draw_line, draw_note};

/// A treatment with what came of it.
pub(super) struct Outcome {
    pub(super) treatment: Treatment,
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
    /// Whether something was tried and did not help.
    pub(super) fn is_failure(&self) -> bool {
        matches!(self, Result::Failed(_) | Result::StillBroken)
    }

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
    pub(super) fn new(treatment: Treatment, result: Result) -> Self {
        Outcome { treatment, result }
    }

    /// Says whether it helped, from the report of another look.
    pub(super) fn judge(&mut self, now: Option<&Report>, how: Seen) {
        if self.result != Result::Applied || how != Seen::Again {
            return;
        }
        let Some(now) = now else { return };
        // The same remedy for the same thing would be offered again if it had not helped.
        let again = now.diagnoses.iter().any(|entry| {
            entry.rule == self.treatment.rule
                && entry.remedies.iter().any(|other| other.title == self.treatment.title)
        });
        self.result = if again { Result::StillBroken } else { Result::Fixed };
    }

    pub(super) fn to_json(&self) -> Json {
        json!({
            "rule": self.treatment.rule,
            "remedy": self.treatment.title,
            "risk": self.treatment.risk,
            "outcome": self.result.name().replace(' ', "_"),
            "why": self.result.why(),
        })
    }
}

/// The outcomes for a person.
pub(super) fn draw(outcomes: &[Outcome], journal: Option<&Path>, look: Look) -> String {
    let mut out = String::new();
    for outcome in outcomes {
        let mark = match outcome.result {
            Result::Fixed => "✓",
            Result::Failed(_) | Result::StillBroken => "✗",
            _ => "-",
        };
        let text = format!("{}: {}", outcome.result.name(), outcome.treatment.title);
        out.push_str(&draw_line(mark, &text, &outcome.treatment.rule, look));
        if let Some(why) = outcome.result.why() {
            out.push_str(&draw_note(why, look));
        }
    }
    if let Some(folder) = journal {
        out.push_str(&draw_note(&format!("journal and backups: {}", folder.display()), look));
    }
    out
}
