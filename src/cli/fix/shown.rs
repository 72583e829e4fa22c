//! A plan that is only shown, to whoever asks what could be done.

use std::path::PathBuf;

use serde_json::Value as Json;

use super::case::{Case, Look};
use super::consent::Consent;
use super::rounds::Rounds;
use crate::cli::Failure;
use crate::cli::context::Context;
use crate::report::Report;

/// What would be done about a report of this log, or of a check: as JSON, and as a person reads it. Nothing is done.
pub(in crate::cli) fn plan_of(
    context: &Context,
    report: Report,
    log: Option<&str>,
    only: Option<&str>,
) -> Result<(Json, String), Failure> {
    let only = only.map(|rule| context.rule(rule)).transpose()?.map(|rule| rule.id.clone());
    let case = log.map_or(Case::Check, |log| Case::Log(PathBuf::from(log)));
    let look = Look { report, fresh: log.is_none(), exit: None, interrupted: false };
    let mut rounds = Rounds::new(context, case, Consent::new(None, Vec::new()), look);
    rounds.only = only;
    let shown = rounds.show();
    Ok((rounds.to_json(), shown))
}
