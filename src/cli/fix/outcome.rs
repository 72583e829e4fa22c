//! What came of each treatment.

use std::fmt::Write;
use std::path::Path;

use owo_colors::OwoColorize;
use serde_json::{Value as Json, json};

use super::case::Seen;
use crate::plan::Treatment;
use crate::report::{Look, Report};

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
pub(super) fn draw(outcomes: &[Outcome], backup: Option<&Path>, look: Look) -> String {
    let mut out = String::new();
    for outcome in outcomes {
        let name = outcome.result.name();
        let name = match outcome.result {
            Result::Fixed => format!("✓ {name}").green().to_string(),
            Result::Failed(_) | Result::StillBroken => format!("✗ {name}").red().to_string(),
            _ => format!("- {name}").yellow().to_string(),
        };
        let _ = writeln!(out, "{name}: {}  {}", outcome.treatment.title, outcome.treatment.rule.dimmed());
        if let Some(why) = outcome.result.why() {
            let options =
                textwrap::Options::new(look.width.max(40)).initial_indent("    ").subsequent_indent("    ");
            let _ = writeln!(out, "{}", textwrap::fill(why, options));
        }
    }
    if let Some(folder) = backup {
        let _ = writeln!(out, "What was replaced lies in {}", folder.display());
    }
    out
}
