//! `envdoctor check`: asks the machine and the project what is wrong.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use super::context::Context;
use super::{Failure, deep};
use crate::causes::findings_from_facts;
use crate::machine::{Recorded, Recording};
use crate::report::Report;

pub(super) fn check(
    context: &Context,
    recording: Option<&Path>,
    deep_timeout: Option<Duration>,
) -> Result<u8, Failure> {
    if deep_timeout.is_some() {
        deep::require_trust(context)?;
    }
    let report = match recording {
        Some(file) => examine(&replayed(context, file)?),
        None => examine(context),
    };
    let report = match deep_timeout {
        Some(deadline) => deep::examine(context, report, deadline),
        None => report,
    };
    context.print(&report);
    Ok(context.code(&report))
}

/// The report of a machine's facts.
pub(super) fn examine(context: &Context) -> Report {
    let facts =
        context.gather_where_it_applies(context.rules.rules().iter().filter(|rule| rule.checks.is_some()));
    let findings = findings_from_facts(&context.rules, &facts);
    context.report(findings, &facts, true, "", Vec::new())
}

/// The same command on the machine of a recording.
fn replayed(context: &Context, file: &Path) -> Result<Context, Failure> {
    let name = file.display().to_string();
    let text = context.machine.read(&context.path(file)).or_why("there is no such file");
    let text = text.map_err(|why| Failure(format!("{name}: {why}")))?;
    let recording = Recording::parse(&text, &name)?;
    Ok(context.on(Arc::new(Recorded::new(&recording)), recording.project))
}
