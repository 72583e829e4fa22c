//! `envdoctor check`: asks the machine and the project what is wrong.

use std::path::Path;
use std::time::Duration;

use super::context::{Context, facts_where_they_apply};
use super::{Failure, deep, green, requirements};
use crate::causes::findings_from_facts;
use crate::facts::Facts;
use crate::report::Report;
use crate::require::{self, Judged};

pub(super) fn check(
    context: &Context,
    recording: Option<&Path>,
    deep_timeout: Option<Duration>,
    since_green: bool,
) -> Result<u8, Failure> {
    if deep_timeout.is_some() {
        deep::require_trust(context)?;
    }
    let replayed = recording.map(|file| context.replayed(file)).transpose()?;
    let examined = replayed.as_ref().unwrap_or(context);
    let (report, facts) = judge_facts(examined)?;
    let mut report = match deep_timeout {
        Some(deadline) => deep::examine(context, report, deadline),
        None => report,
    };
    if recording.is_none() {
        green::compare(context, &mut report, &facts, since_green);
    }
    // Places are told from the project's folder, which is not where the person stands.
    if recording.is_none() && context.project != context.folder && !report.diagnoses.is_empty() {
        context.tell(&format!("envdoctor: the project is {}\n", context.project.display()));
    }
    context.print(&report, &examined.scene(&[]))?;
    Ok(context.code(&report))
}

/// The report of a machine's facts, and of what is required of it.
pub(super) fn examine(context: &Context) -> Result<Report, Failure> {
    Ok(judge_facts(context)?.0)
}

/// The same with the facts themselves.
fn judge_facts(context: &Context) -> Result<(Report, Facts), Failure> {
    let required = requirements::load(context, &*context.machine)?;
    let (facts, judged) = context.with_memory(|machine| {
        let inquiry = context.inquiry(machine);
        let facts = facts_where_they_apply(&inquiry, context.judged());
        let judged = requirements::examine(context, &inquiry, &required, &facts);
        (facts, judged)
    });
    Ok((conclude(context, &facts, &judged), facts))
}

/// The report of what was asked.
pub(super) fn conclude(context: &Context, facts: &Facts, judged: &[Judged]) -> Report {
    let mut findings = findings_from_facts(&context.rules, facts);
    findings.extend(require::findings(judged, &context.rules));
    let mut report = context.report(findings, facts, true, "", Vec::new());
    requirements::add_to(context, &mut report, judged);
    report.summary.took_ms = context.took_ms();
    report
}
