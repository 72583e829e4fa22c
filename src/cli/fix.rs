//! `envdoctor fix`: shows a plan, carries out what the person agrees to, and asks again whether it helped.

mod attempt;
mod case;
mod consent;
mod outcome;
mod plan;

use std::path::Path;

use serde_json::json;

use super::context::Context;
use super::{Failure, OK, UNKNOWN};
use crate::facts::Risk;
use crate::machine::StdoutAside;
use crate::report::{Report, to_json};
use attempt::attempt;
use case::{Case, Look};
use outcome::{Outcome, Result as Tried};

/// A repair can bring the next failure to light; after so many rounds a person should look.
const ROUNDS: usize = 4;

pub(super) fn fix(
    context: &mut Context,
    log: Option<&Path>,
    dry_run: bool,
    yes: Option<Risk>,
) -> Result<u8, Failure> {
    // What the commands print must not stand among the JSON.
    let aside = context.json().then(StdoutAside::begin).transpose()?;
    let case = Case::open(context, log)?;
    // A command ran where the person stands, and is run again there.
    if matches!(case, Case::Check) {
        context.enter_project()?;
    }
    let context = &*context;
    let mut look = case.look(context, yes)?;
    let mut outcomes: Vec<Outcome> = Vec::new();
    let mut journal = None;
    let mut repaired = false;
    for round in 0..ROUNDS {
        let plan = plan::next(&look.report, &outcomes);
        if !context.json() {
            context.say(&plan::draw(context, &case, &look, round, plan.len()));
        }
        let mut changed = false;
        for planned in plan {
            let result = match dry_run {
                true => Tried::HeldBack("this is a dry run".to_owned()),
                false => attempt(context, &planned.treatment, yes, &mut journal)?,
            };
            changed |= result == Tried::Applied;
            outcomes.push(Outcome { planned, result });
        }
        if !changed {
            break;
        }
        repaired = true;
        look = case.look_again(context, yes)?;
        outcomes.iter_mut().for_each(|outcome| outcome.judge(&look));
    }
    let folder = journal.as_ref().map(|journal| journal.folder().to_owned());
    drop(aside);
    if context.json() {
        let mut json = to_json(&look.report);
        json["outcomes"] = outcomes.iter().map(Outcome::to_json).collect();
        json["journal"] = json!(folder);
        context.print_json(&json);
    } else {
        context.say(&outcome::draw(&outcomes, journal.as_ref(), context.look));
    }
    Ok(code(context, &look, repaired))
}

/// Nothing is left, something is, or nobody looked whether the repair helped: that is not success.
fn code(context: &Context, look: &Look, repaired: bool) -> u8 {
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
