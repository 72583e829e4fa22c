//! `envdoctor fix`: shows a plan, carries out what the person agrees to, asks again whether it helped, and takes back what
//! did not.

mod attempt;
mod case;
mod consent;
mod form;
mod outcome;
mod plan;
mod rounds;
mod saved;
mod settle;
#[cfg(feature = "mcp")]
mod shown;

use std::path::{Path, PathBuf};

use super::context::Context;
use super::{Failure, INTERRUPTED, check};
use crate::apply::{PastStep, Progress, fixes};
use crate::machine::StdoutAside;
use crate::report::Report;
use case::Case;
pub(super) use consent::Consent;
pub(super) use form::FixForm;
use rounds::Rounds;
use saved::Saved;
#[cfg(feature = "mcp")]
pub(super) use shown::plan_of;

/// What is to come of it.
pub(super) enum Goal {
    /// Repair.
    Repair,
    /// Show what would be done.
    Show,
    /// Show it, and write it to this file.
    Save(PathBuf),
    /// Repair as this file says.
    Apply(PathBuf),
}

impl Goal {
    pub(super) fn new(dry_run: bool, plan: Option<PathBuf>, apply: Option<PathBuf>) -> Self {
        match (plan, apply) {
            (Some(file), _) => Goal::Save(file),
            (_, Some(file)) => Goal::Apply(file),
            _ if dry_run => Goal::Show,
            _ => Goal::Repair,
        }
    }

    fn only_shows(&self) -> bool {
        matches!(self, Goal::Show | Goal::Save(_))
    }
}

pub(super) fn fix(
    context: &mut Context,
    rule: Option<&str>,
    log: Option<&Path>,
    consent: Consent,
    goal: Goal,
) -> Result<u8, Failure> {
    // What the commands print must not stand among the JSON.
    let aside = context.json().then(StdoutAside::begin).transpose()?;
    consent.must_name_rules(context)?;
    let only = rule.map(|rule| context.rule(rule)).transpose()?.map(|rule| rule.id.clone());
    let saved = match &goal {
        Goal::Apply(file) => Some(Saved::read(context, file)?),
        _ => None,
    };
    let case = match &saved {
        Some(saved) => saved.case(context)?,
        None => Case::open(context, log)?,
    };
    // A command ran where the person stands, and is run again there.
    if matches!(case, Case::Check) {
        context.enter_project()?;
    }
    let context = &*context;
    let _lock = match goal.only_shows() {
        true => None,
        false => Some(context.lock()?),
    };
    if !goal.only_shows() {
        tell_unfinished(context)?;
    }
    let look = case.look(context, &consent, goal.only_shows())?;
    if look.interrupted {
        return Ok(INTERRUPTED);
    }
    if let Some(saved) = &saved {
        saved.must_still_fit(context, &look.report)?;
    }
    let health = match (goal.only_shows(), &case) {
        (true, _) => None,
        (false, Case::Check) => Some(settle::errors(&look.report)),
        (false, _) => Some(settle::errors(&check::examine(context)?)),
    };
    let mut rounds = Rounds::new(context, case, consent, look);
    rounds.only = only;
    rounds.saved = saved;
    let gone_through = rounds.go_through(&goal);
    if let Some(health) = health {
        rounds.tell_new_errors(&health);
    }
    rounds.close();
    drop(aside);
    if context.json() {
        context.print_json(&rounds.to_json());
    } else {
        context.say(&rounds.drawn());
    }
    // What was done is told, whatever ended it.
    gone_through.map(|()| rounds.code())
}

/// Tells of a fix that was killed in the midst of a step.
fn tell_unfinished(context: &Context) -> Result<(), Failure> {
    let (fixes, _) = fixes(&context.state()?, &*context.machine);
    let unfinished = |step: &&PastStep| step.progress < Progress::Failed;
    if let Some(past) = fixes.iter().find(|past| !past.pruned && past.standing().iter().any(unfinished)) {
        context.tell(&format!(
            "envdoctor: fix {} in {} was stopped in the midst of a step: `envdoctor undo {}` takes it back.\n",
            past.id,
            past.project.display(),
            past.id
        ));
    }
    Ok(())
}

/// Whether a report has anything to say.
fn is_empty(report: &Report) -> bool {
    let nothing =
        report.diagnoses.is_empty() && report.unrecognised.is_empty() && report.last_lines.is_empty();
    nothing && !report.is_excused()
}
