//! What came of each treatment.

use std::collections::BTreeMap;

use super::case::{Case, Look};
use super::form::{OutcomeForm, OutcomeName};
use super::plan::Planned;
use crate::apply::{Journal, Record, Returned};
use crate::cli::context::Context;
use crate::cli::undo;
use crate::machine::ChangeError;
use crate::plan::{FileEdit, Step};
use crate::report::{self, draw_line, draw_note};

/// A treatment with what came of it.
pub(super) struct Outcome {
    pub(super) planned: Planned,
    pub(super) result: Result,
    /// Under which number the journal tells of it.
    pub(super) remedy: Option<usize>,
    /// What else there is to say.
    pub(super) notes: Vec<String>,
}

/// What came of a treatment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Result {
    /// Carried out; whether it helped is not yet known.
    Applied,
    /// Carried out, and the rule was seen not to hold any more.
    Fixed,
    /// Carried out, and the rule was not seen again, but the command still fails.
    NotSeen,
    /// Carried out, and the rule still holds.
    StillBroken,
    /// It went wrong.
    Failed(String),
    /// The person stopped it.
    Interrupted,
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
            Result::NotSeen => "no longer seen",
            Result::StillBroken => "still broken",
            Result::Failed(_) => "failed",
            Result::Interrupted => "interrupted",
            Result::Declined => "declined",
            Result::HeldBack(_) => "held back",
        }
    }

    fn form(&self) -> OutcomeName {
        match self {
            Result::Applied => OutcomeName::NotVerified,
            Result::Fixed => OutcomeName::Fixed,
            Result::NotSeen => OutcomeName::NoLongerSeen,
            Result::StillBroken => OutcomeName::StillBroken,
            Result::Failed(_) => OutcomeName::Failed,
            Result::Interrupted => OutcomeName::Interrupted,
            Result::Declined => OutcomeName::Declined,
            Result::HeldBack(_) => OutcomeName::HeldBack,
        }
    }

    fn why(&self) -> Option<&str> {
        match self {
            Result::Failed(why) | Result::HeldBack(why) => Some(why),
            Result::Applied => Some("run the command again to see whether it helped"),
            Result::NotSeen => Some("the command still fails, with something else"),
            Result::Interrupted => Some("`envdoctor fix` goes on"),
            _ => None,
        }
    }
}

impl Outcome {
    /// Says whether it helped, from another look, and whether it did not.
    pub(super) fn judge(&mut self, case: &Case, look: &Look) -> bool {
        if !matches!(self.result, Result::Applied | Result::NotSeen) || !look.fresh {
            return false;
        }
        let again = look.report.diagnoses.iter().any(|entry| {
            entry.rule == self.planned.treatment.rule && same_failure(&entry.captures, &self.planned.captures)
        });
        let waits = again && self.waits_for_direnv(case);
        self.result = match (again, look.exit) {
            _ if waits => Result::Applied,
            (true, _) => Result::StillBroken,
            // It may fail before it gets to where this failure was.
            (false, Some(exit)) if exit != 0 => Result::NotSeen,
            (false, _) => Result::Fixed,
        };
        if waits && self.notes.is_empty() {
            self.notes.push("direnv has to load .envrc anew first, in a shell of yours".to_owned());
        }
        self.result == Result::StillBroken
    }

    /// Whether it changed what direnv loads into the person's shell, which our own environment came from.
    fn waits_for_direnv(&self, case: &Case) -> bool {
        let name = |edit: &FileEdit| edit.path.file_name().is_some_and(|name| name == ".envrc");
        match &self.planned.treatment.step {
            Step::Edit(edits) => edits.iter().any(name) && !case.goes_through_direnv(),
            _ => false,
        }
    }

    /// Whether it was carried out against this failure, and nobody has seen yet whether it helped.
    pub(super) fn waits_for_a_look_at(&self, rule: &str, captures: &BTreeMap<String, String>) -> bool {
        self.result == Result::Applied
            && self.planned.treatment.rule == rule
            && same_failure(captures, &self.planned.captures)
    }

    /// Whether what it changed is still so.
    pub(super) fn stands(&self) -> bool {
        matches!(self.result, Result::Applied | Result::NotSeen | Result::Fixed)
    }

    /// Whether there is reason to go on: to look whether it helped, or to offer the next remedy.
    pub(super) fn leads_on(&self) -> bool {
        matches!(self.result, Result::Applied | Result::Declined | Result::Failed(_))
    }

    /// Takes back what it changed, as far as that is known.
    pub(super) fn take_back(&mut self, context: &Context, journal: &mut Journal<'_>) {
        let Some(number) = self.remedy else { return };
        match undo::remedy_back(context, journal, number) {
            Ok(returned) if returned.is_empty() => {}
            Ok(returned) => {
                let whole = returned.iter().all(Returned::is_whole);
                let any = !returned.iter().all(|it| matches!(it, Returned::Beyond(_)));
                self.notes.extend((whole && any).then(|| "what it changed was taken back".to_owned()));
                self.notes.extend(returned.iter().filter_map(|it| undo::worth_telling(it, &context.project)));
            }
            Err(error) => {
                let why = format!("it could not be taken back: {error}; `envdoctor undo` tries again");
                self.notes.push(why);
            }
        }
    }

    pub(super) fn form(&self) -> OutcomeForm<'_> {
        OutcomeForm {
            rule: &self.planned.treatment.rule,
            remedy: &self.planned.treatment.title,
            risk: self.planned.treatment.risk,
            outcome: self.result.form(),
            why: self.result.why(),
            notes: &self.notes,
        }
    }
}

/// Notes in the journal what came of each treatment.
pub(super) fn note(outcomes: &[Outcome], journal: &mut Journal<'_>) -> std::result::Result<(), ChangeError> {
    for outcome in outcomes {
        if let Some(remedy) = outcome.remedy {
            let outcome = outcome.result.name().to_owned();
            journal.write(&Record::Outcome { remedy, outcome })?;
        }
    }
    Ok(())
}

/// Whether two findings of one rule are the same failure: at the same place, where both have one; of a hash, about the one
/// that stood there before the repair or stands there since; and else with the same captures.
fn same_failure(now: &BTreeMap<String, String>, before: &BTreeMap<String, String>) -> bool {
    let place = |captures: &BTreeMap<String, String>| {
        Some([captures.get("file")?.clone(), captures.get("line")?.clone()])
    };
    let stated = [before.get("specified"), before.get("got")];
    match (place(now), place(before)) {
        (Some(now), Some(before)) => now == before,
        _ if stated.iter().all(Option::is_some) => stated.contains(&now.get("specified")),
        _ => now.iter().all(|(name, value)| before.get(name).is_none_or(|before| before == value)),
    }
}

/// The outcomes for a person.
pub(super) fn draw(outcomes: &[Outcome], journal: Option<&Journal<'_>>, look: report::Look) -> String {
    let mut out = String::new();
    for outcome in outcomes {
        let mark = match outcome.result {
            Result::Fixed => "✓",
            Result::Failed(_) | Result::StillBroken | Result::Interrupted => "✗",
            _ => "-",
        };
        let treatment = &outcome.planned.treatment;
        let text = format!("{}: {}", outcome.result.name(), treatment.title);
        out.push_str(&draw_line(mark, &text, &treatment.rule, look));
        for why in outcome.result.why().into_iter().chain(outcome.notes.iter().map(String::as_str)) {
            out.push_str(&draw_note(why, look));
        }
    }
    if let Some(journal) = journal {
        let back = match outcomes.iter().any(Outcome::stands) {
            true => "`envdoctor undo` takes this fix back. ",
            false => "",
        };
        out.push_str(&draw_note(&format!("{back}Journal and backups: {}", journal.folder().display()), look));
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
        let (one, other) =
            (captures(&[("drv", "a"), ("port", "1")]), captures(&[("drv", "b"), ("port", "1")]));
        assert!(!same_failure(&one, &other));
        assert!(same_failure(&one, &one) && same_failure(&captures(&[]), &captures(&[])));
    }

    #[test]
    fn a_hash_that_is_wrong_again_is_the_same_failure() {
        let hash = |drv, specified, got| captures(&[("drv", drv), ("specified", specified), ("got", got)]);
        let before = hash("a-source", "sha256-A", "sha256-B");
        assert!(same_failure(&hash("b-source", "sha256-B", "sha256-C"), &before));
        assert!(same_failure(&hash("a-source", "sha256-A", "sha256-B"), &before));
        assert!(!same_failure(&hash("c-source", "sha256-D", "sha256-E"), &before));
    }
}
