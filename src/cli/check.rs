//! `envdoctor check`: asks the machine and the project what is wrong.

use std::path::Path;
use std::time::Duration;

use super::context::Context;
use super::{Failure, deep};
use crate::causes::findings_from_facts;
use crate::report::Report;

pub(super) fn check(
    context: &Context,
    recording: Option<&Path>,
    deep_timeout: Option<Duration>,
) -> Result<u8, Failure> {
    if deep_timeout.is_some() {
        deep::require_trust(context)?;
    }
    let replayed = recording.map(|file| context.replayed(file)).transpose()?;
    let examined = replayed.as_ref().unwrap_or(context);
    let report = examine(examined);
    let report = match deep_timeout {
        Some(deadline) => deep::examine(context, report, deadline),
        None => report,
    };
    // Places are told from the project's folder, which is not where the person stands.
    if recording.is_none() && context.project != context.folder && !report.diagnoses.is_empty() {
        context.tell(&format!("envdoctor: the project is {}\n", context.project.display()));
    }
    context.print(&report, &examined.scene(&[]))?;
    Ok(context.code(&report))
}

/// The report of a machine's facts.
pub(super) fn examine(context: &Context) -> Report {
    let facts =
        context.gather_where_it_applies(context.rules.rules().iter().filter(|rule| rule.checks.is_some()));
    let findings = findings_from_facts(&context.rules, &facts);
    context.report(findings, &facts, true, "", Vec::new())
}
