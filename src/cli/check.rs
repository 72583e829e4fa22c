//! `envdoctor check`: asks the machine and the project what is wrong.

use std::path::Path;
use std::time::Duration;

use super::context::{Context, facts_where_they_apply};
use super::{Failure, deep, requirements};
use crate::causes::findings_from_facts;
use crate::report::Report;
use crate::require;

pub(super) fn check(
    context: &Context,
    recording: Option<&Path>,
    deep_timeout: Option<Duration>,
) -> Result<u8, Failure> {
    if deep_timeout.is_some() {
        deep::require_trust(context)?;
    }
    let report = match recording {
        Some(file) => examine(&context.replayed(file)?)?,
        None => examine(context)?,
    };
    let report = match deep_timeout {
        Some(deadline) => deep::examine(context, report, deadline),
        None => report,
    };
    // Places are told from the project's folder, which is not where the person stands.
    if recording.is_none() && context.project != context.folder && !report.diagnoses.is_empty() {
        context.tell(&format!("envdoctor: the project is {}\n", context.project.display()));
    }
    context.print(&report);
    Ok(context.code(&report))
}

/// The report of a machine's facts, and of what is required of it.
pub(super) fn examine(context: &Context) -> Result<Report, Failure> {
    let required = requirements::load(context, &*context.machine)?;
    let (facts, judged) = context.with_memory(|machine| {
        let inquiry = context.inquiry(machine);
        let checked = context.rules.rules().iter().filter(|rule| rule.checks.is_some());
        let facts = facts_where_they_apply(&inquiry, checked);
        let judged = requirements::examine(context, &inquiry, &required, &facts);
        (facts, judged)
    });
    let mut findings = findings_from_facts(&context.rules, &facts);
    findings.extend(require::findings(&judged, &context.rules));
    let mut report = context.report(findings, &facts, true, "", Vec::new());
    report.unknown.extend(requirements::unknown(context, &judged));
    report.summary.requirements = judged.len();
    report.summary.took_ms = context.took_ms();
    Ok(report)
}
