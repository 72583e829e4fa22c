//! `envdoctor check`: asks the machine and the project what is wrong.

use std::path::Path;
use std::time::Duration;

use super::context::Context;
use super::{Failure, deep, green};
use crate::causes::findings_from_facts;
use crate::facts::Facts;
use crate::report::Report;

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
    let (report, facts) = judge_facts(examined);
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

/// The report of a machine's facts.
pub(super) fn examine(context: &Context) -> Report {
    judge_facts(context).0
}

/// The same with the facts themselves.
fn judge_facts(context: &Context) -> (Report, Facts) {
    let facts = context.gather_where_it_applies(context.judged());
    let findings = findings_from_facts(&context.rules, &facts);
    (context.report(findings, &facts, true, "", Vec::new()), facts)
}
