//! What would be done next, and how it is shown.

use std::collections::BTreeMap;

use super::case::{Case, Look};
use super::is_empty;
use super::outcome::Outcome;
use crate::cli::context::Context;
use crate::plan::{Treatment, overlap};
use crate::report::{self, Detail, Entry, Report};

/// A treatment with the finding that it is for.
#[derive(Clone)]
pub(super) struct Planned {
    pub(super) treatment: Treatment,
    /// What the symptoms captured, by which the failure is known again.
    pub(super) captures: BTreeMap<String, String>,
}

/// For each root cause the first remedy that was not tried yet and can be carried out here. Of two that touch one
/// path the second waits for the next round, when it is worked out from what is there then.
pub(super) fn next(report: &Report, outcomes: &[Outcome]) -> Vec<Planned> {
    // Nobody has seen yet whether what was done about it helped.
    let waits =
        |entry: &Entry| outcomes.iter().any(|it| it.waits_for_a_look_at(&entry.rule, &entry.captures));
    let untried = |entry: &Entry| {
        let new = |treatment: &&Treatment| treatment.is_repair() && !was_tried(treatment, outcomes);
        let treatment = entry.remedies.iter().find(new)?;
        Some(Planned { treatment: treatment.clone(), captures: entry.captures.clone() })
    };
    let mut plan: Vec<Planned> = Vec::new();
    for planned in report.diagnoses.iter().filter(|entry| !waits(entry)).filter_map(untried) {
        if !plan.iter().any(|before| interfere(&before.treatment, &planned.treatment)) {
            plan.push(planned);
        }
    }
    plan
}

fn was_tried(treatment: &Treatment, outcomes: &[Outcome]) -> bool {
    outcomes.iter().any(|it| it.planned.treatment.step == treatment.step)
}

/// The report without the remedies that were tried.
fn untried(report: &Report, outcomes: &[Outcome]) -> Report {
    let mut report = report.clone();
    for entry in &mut report.diagnoses {
        entry.remedies.retain(|treatment| !was_tried(treatment, outcomes));
    }
    report
}

/// Whether two touch the same paths: taking the one back would take the other back too.
fn interfere(one: &Treatment, other: &Treatment) -> bool {
    let others = other.step.touches();
    one.step == other.step
        || one.step.touches().iter().any(|one| others.iter().any(|other| overlap(one, other)))
}

/// What a plan comes after.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum After {
    /// It is the first.
    Nothing,
    /// Remedies that were declined, or that failed: all else is as it was.
    InVain,
    /// Remedies that were carried out.
    Repairs,
}

/// The plan as a person reads it: what was found, and the repair of each.
pub(super) fn draw(
    context: &Context,
    case: &Case,
    look: &Look,
    after: After,
    outcomes: &[Outcome],
    repairs: usize,
    only: Option<&str>,
) -> String {
    let still = match look.exit {
        Some(exit) if after != After::Nothing && exit != 0 => {
            format!("It still fails, with exit status {exit}.\n")
        }
        _ => String::new(),
    };
    if is_empty(&look.report) || only.is_some() && look.report.diagnoses.is_empty() {
        return match (after, only) {
            (After::Nothing, Some(rule)) => {
                format!("There is nothing to repair: {} shows no {rule}.\n", case.about())
            }
            (After::Nothing, None) => {
                format!("There is nothing to repair: {} shows no problem.\n", case.about())
            }
            _ => still,
        };
    }
    let head = match (after, look.fresh) {
        (After::Nothing, _) => format!("From {}:\n\n", case.about()),
        (After::InVain, _) if repairs == 0 => return String::new(),
        (After::InVain, _) => "\nWhat else could be done:\n\n".to_owned(),
        (After::Repairs, true) => format!("\n{still}What is there now:\n\n"),
        (After::Repairs, false) if repairs == 0 => return String::new(),
        (After::Repairs, false) => "\nWhat the same output shows beside that:\n\n".to_owned(),
    };
    let detail = if context.look.detail == Detail::Full { Detail::Full } else { Detail::Brief };
    let body = report::draw(&untried(&look.report, outcomes), report::Look { detail, ..context.look });
    let tail = match repairs {
        0 => "There is nothing here that envdoctor can repair by itself.\n".to_owned(),
        _ => case.proof(),
    };
    format!("{head}{body}{tail}")
}
