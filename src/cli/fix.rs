//! `envdoctor fix`: shows a plan, carries out what the person agrees to, and asks again whether it helped.

mod case;
mod consent;
mod outcome;

use std::path::Path;

use super::context::Context;
use super::{FOUND, Failure, OK, UNKNOWN};
use crate::apply::{Journal, carry_out};
use crate::facts::Risk;
use crate::machine::{StdoutAside, can_ask};
use crate::plan::Treatment;
use crate::report::{Detail, Entry, Look, Report, draw, to_json};
use case::{Case, Seen};
use consent::{Answer, ask};
use outcome::{Outcome, Result as Tried};

/// A repair can bring the next failure to light; after so many rounds a person should look.
const ROUNDS: usize = 3;

pub(super) fn fix(
    context: &Context,
    log: Option<&Path>,
    dry_run: bool,
    yes: Option<Risk>,
) -> Result<u8, Failure> {
    // What the commands print must not stand among the JSON.
    let aside = context.json().then(StdoutAside::begin).transpose()?;
    let case = Case::open(context, log)?;
    let mut report = case.first_report(context)?;
    let mut outcomes: Vec<Outcome> = Vec::new();
    let mut journal = None;
    let mut seen = Seen::Before;
    for round in 0..ROUNDS {
        let plan = next_treatments(&report, &outcomes);
        if !context.json() {
            context.say(&shown(context, &case, &report, round, plan.len()));
        }
        if plan.is_empty() {
            break;
        }
        let mut changed = false;
        for treatment in plan {
            let result = if dry_run {
                Tried::HeldBack("this is a dry run".to_owned())
            } else {
                consider(context, &treatment, yes, &mut journal)?
            };
            changed |= matches!(result, Tried::Applied);
            outcomes.push(Outcome::new(treatment, result));
        }
        if !changed {
            break;
        }
        let (now, how) = case.ask_again(context, yes)?;
        outcomes.iter_mut().for_each(|outcome| outcome.judge(now.as_ref(), how));
        seen = how;
        match now {
            Some(now) => report = now,
            None => break,
        }
    }
    let done = journal.as_ref().map(|journal| journal.folder().to_owned());
    drop(aside);
    if context.json() {
        let mut json = to_json(&report);
        json["outcomes"] = outcomes.iter().map(Outcome::to_json).collect();
        json["backup"] = serde_json::json!(done);
        context.print_json(&json);
    } else {
        context.say(&outcome::draw(&outcomes, done.as_deref(), context.look));
    }
    Ok(match (context.code(&report), seen) {
        // Nobody looked whether it helped: that is not success.
        (_, Seen::NotAgain) => UNKNOWN,
        (OK, _) if outcomes.iter().any(|outcome| outcome.result.is_failure()) => FOUND,
        (code, _) => code,
    })
}

/// The plan as a person reads it: what was found, and the repair of each.
fn shown(context: &Context, case: &Case, report: &Report, round: usize, repairs: usize) -> String {
    if report.diagnoses.is_empty() && report.unrecognised.is_empty() {
        return match round {
            0 => format!("There is nothing to repair: {} shows no problem.\n", case.about()),
            _ => String::new(),
        };
    }
    let head = match round {
        0 => format!("From {}:\n\n", case.about()),
        _ => "\nWhat is there now:\n\n".to_owned(),
    };
    let detail = if context.look.detail == Detail::Full { Detail::Full } else { Detail::Brief };
    let body = draw(report, Look { detail, ..context.look });
    let tail = match repairs {
        0 => "There is nothing here that envdoctor can repair by itself.\n",
        _ => "",
    };
    format!("{head}{body}{tail}")
}

/// For each root cause the first remedy that was not tried yet and can be carried out here.
fn next_treatments(report: &Report, outcomes: &[Outcome]) -> Vec<Treatment> {
    let untried = |entry: &Entry| {
        let tried =
            |treatment: &Treatment| outcomes.iter().any(|outcome| outcome.treatment.step == treatment.step);
        entry.remedies.iter().find(|treatment| treatment.is_repair() && !tried(treatment)).cloned()
    };
    let mut plan: Vec<Treatment> = Vec::new();
    for treatment in report.diagnoses.iter().filter_map(untried) {
        if !plan.iter().any(|planned| planned.step == treatment.step) {
            plan.push(treatment);
        }
    }
    plan
}

/// Asks for consent where it was not given, and carries the treatment out.
fn consider<'c>(
    context: &'c Context,
    treatment: &Treatment,
    yes: Option<Risk>,
    journal: &mut Option<Journal<'c>>,
) -> Result<Tried, Failure> {
    let agreed = treatment.risk == Risk::None
        || (treatment.risk < Risk::Destructive && yes.is_some_and(|most| treatment.risk <= most));
    if !agreed {
        if context.json() || !can_ask() {
            let flag = match treatment.risk {
                Risk::Destructive => "it is asked for in a terminal only".to_owned(),
                risk => format!("--yes={risk} would allow it"),
            };
            return Ok(Tried::HeldBack(flag));
        }
        match ask(context, treatment)? {
            Answer::Yes => {}
            Answer::No => return Ok(Tried::Declined),
        }
    }
    let journal = match journal {
        Some(journal) => journal,
        None => {
            let begun = Journal::begin(
                &*context.machine,
                &context.state()?,
                &context.project,
                jiff::Timestamp::now(),
            )?;
            journal.insert(begun)
        }
    };
    Ok(match carry_out(treatment, &*context.machine, journal) {
        Ok(()) => Tried::Applied,
        Err(error) => Tried::Failed(error.to_string()),
    })
}
