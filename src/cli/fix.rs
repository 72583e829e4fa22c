//! `envdoctor fix`: shows a plan, carries out what the person agrees to, asks again whether it helped, and takes back what
//! did not.

mod attempt;
mod case;
mod consent;
mod outcome;
mod plan;
mod saved;
mod settle;

use std::path::{Path, PathBuf};

use serde_json::json;

use super::context::Context;
use super::{FOUND, Failure, INTERRUPTED, OK, UNKNOWN};
use crate::apply::{Journal, PastStep, Progress, fixes, prune};
use crate::machine::StdoutAside;
use crate::report::{Report, to_json};
use attempt::attempt;
use case::{Case, Look};
pub(super) use consent::Consent;
use outcome::{Outcome, Result as Tried};
use saved::Saved;

/// A repair can bring the next failure to light; after so many rounds a person should look.
const ROUNDS: usize = 3;

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
    tell_unfinished(context)?;
    let mut look = case.look(context, &consent)?;
    if look.interrupted {
        return Ok(INTERRUPTED);
    }
    if let Some(saved) = &saved {
        saved.must_still_fit(context, &look.report)?;
    }
    let health = settle::errors(context, &case, &look);
    let mut outcomes: Vec<Outcome> = Vec::new();
    let mut journal: Option<Journal<'_>> = None;
    let mut repaired = false;
    let rounds = if saved.is_some() { 1 } else { ROUNDS };
    for round in 0..rounds {
        if let Some(only) = &only {
            look.report.diagnoses.retain(|entry| entry.rule == *only);
        }
        settle::measure(context, &mut look.report);
        let mut plan = plan::next(&look.report, &outcomes);
        if let Some(saved) = &saved {
            plan.retain(|planned| saved.holds(planned));
        }
        if !context.json() {
            context.say(&plan::draw(context, &case, &look, round, plan.len(), only.as_deref()));
        }
        if let Goal::Save(file) = &goal {
            saved::write(context, file, &case, &plan)?;
        }
        let first = outcomes.len();
        let first_step = journal.as_ref().map_or(0, Journal::steps);
        let mut stopped = false;
        for planned in plan {
            let (result, remedy) = match goal.only_shows() {
                true => (Tried::HeldBack(consent.only_shown(context, &planned.treatment)), None),
                false if stopped => (Tried::HeldBack("it was interrupted before".to_owned()), None),
                false => attempt(context, &planned.treatment, &consent, &mut journal)?,
            };
            stopped |= result == Tried::Interrupted;
            outcomes.push(Outcome { planned, result, remedy, notes: Vec::new() });
        }
        let tried = &mut outcomes[first..];
        let Some(journal) = &mut journal else { break };
        for outcome in tried.iter_mut() {
            if matches!(outcome.result, Tried::Failed(_) | Tried::Interrupted) {
                outcome.take_back(context, journal);
            }
        }
        let any = |wanted: fn(&Tried) -> bool| tried.iter().any(|outcome| wanted(&outcome.result));
        if !any(|result| *result == Tried::Applied) {
            // What failed is taken back, and the next alternative is offered.
            if stopped || !any(|result| matches!(result, Tried::Failed(_))) {
                break;
            }
            look = case.look_at_the_files(context, look)?;
            continue;
        }
        if stopped {
            case.note_repair(context)?;
            break;
        }
        repaired = true;
        look = case.look_again(context, &consent)?;
        journal.settle(first_step)?;
        if look.interrupted {
            break;
        }
        let mut unsettled = Vec::new();
        for outcome in &mut outcomes {
            if outcome.judge(&look) {
                unsettled.push(outcome);
            }
        }
        if settle::take_back(context, journal, unsettled) {
            look = case.look_at_the_files(context, look)?;
        }
    }
    if let Some(only) = &only {
        look.report.diagnoses.retain(|entry| entry.rule == *only);
    }
    let mut broken_since = false;
    if let Some(journal) = &mut journal {
        outcome::note(&outcomes, journal)?;
        broken_since = settle::tell_new_errors(context, &case, &look, &health, &mut outcomes);
        let keep = context.policy.keep();
        prune(
            &context.state()?,
            &*context.machine,
            (keep.days, keep.megabytes * 1_000_000),
            jiff::Timestamp::now(),
        )?;
    }
    drop(aside);
    if context.json() {
        let mut json = to_json(&look.report);
        json["outcomes"] = outcomes.iter().map(Outcome::to_json).collect();
        json["journal"] = json!(journal.as_ref().map(Journal::folder));
        json["fix"] = json!(journal.as_ref().map(Journal::id));
        context.print_json(&json);
    } else {
        context.say(&outcome::draw(&outcomes, journal.as_ref(), context.look));
    }
    Ok(match code(context, &look, repaired, &outcomes) {
        OK | UNKNOWN if broken_since => FOUND,
        code => code,
    })
}

/// Tells of a fix that was killed in the midst of a step.
fn tell_unfinished(context: &Context) -> Result<(), Failure> {
    let (fixes, _) = fixes(&context.state()?, &*context.machine);
    let unfinished = |step: &&PastStep| step.progress < Progress::Failed;
    if let Some(past) = fixes.iter().find(|past| past.standing().iter().any(unfinished)) {
        context.tell(&format!(
            "envdoctor: fix {} in {} was stopped in the midst of a step: `envdoctor undo {}` takes it back.\n",
            past.id,
            past.project.display(),
            past.id
        ));
    }
    Ok(())
}

/// Nothing is left, something is, or nobody looked whether the repair helped: that is not success.
fn code(context: &Context, look: &Look, repaired: bool, outcomes: &[Outcome]) -> u8 {
    if look.interrupted || outcomes.iter().any(|outcome| outcome.result == Tried::Interrupted) {
        return INTERRUPTED;
    }
    match (context.code(&look.report), look.exit) {
        _ if repaired && !look.fresh => UNKNOWN,
        // It fails, and nobody can tell why.
        (OK, Some(exit)) if exit != 0 => UNKNOWN,
        (code, _) => code,
    }
}

/// Whether a report has anything to say.
fn is_empty(report: &Report) -> bool {
    report.diagnoses.is_empty() && report.unrecognised.is_empty() && report.last_lines.is_empty()
}
