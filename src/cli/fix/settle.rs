//! After the repairs: what did not help is taken back, and what is broken since is told.

use std::collections::BTreeSet;
use std::path::PathBuf;

use super::outcome::Outcome;
use crate::apply::Journal;
use crate::cli::context::Context;
use crate::facts::{Reading, Severity};
use crate::plan::Step;
use crate::report::Report;

/// Takes back the remedies of these outcomes, the last first, and says whether anything was.
pub(super) fn take_back(context: &Context, journal: &mut Journal<'_>, outcomes: Vec<&mut Outcome>) -> bool {
    let any = !outcomes.is_empty();
    for outcome in outcomes.into_iter().rev() {
        outcome.take_back(context, journal);
    }
    any
}

/// The rules by which a check's report finds the machine broken.
pub(super) fn errors(report: &Report) -> BTreeSet<String> {
    let errors = report.diagnoses.iter().filter(|entry| entry.severity == Severity::Error);
    errors.map(|entry| entry.rule.clone()).collect()
}

/// Tells of what a check finds broken now and did not before, and whether there is any: a repair can bring it to light, or
/// have brought it about.
pub(super) fn tell_new_errors(
    before: &BTreeSet<String>,
    now: &BTreeSet<String>,
    outcomes: &mut [Outcome],
) -> bool {
    let new: Vec<&str> = now.difference(before).map(String::as_str).collect();
    if !new.is_empty()
        && let Some(last) = outcomes.iter_mut().rev().find(|outcome| outcome.stands())
    {
        last.notes.push(format!("a check finds since: {}", new.join(", ")));
        return true;
    }
    false
}

/// Adds to what would be removed or kept how large it is.
pub(super) fn measure(context: &Context, report: &mut Report) {
    for treatment in report.diagnoses.iter_mut().flat_map(|entry| &mut entry.remedies) {
        let paths = match &treatment.step {
            Step::Remove(paths) => paths,
            Step::Run(run) => &run.changes,
            _ => continue,
        };
        let size = |path: &PathBuf| match context.machine.imprint(path) {
            Reading::Present(imprint) => Some((path.clone(), imprint.bytes())),
            _ => None,
        };
        treatment.sizes = paths.iter().filter_map(size).collect();
    }
}
