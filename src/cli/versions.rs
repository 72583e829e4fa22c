//! `envdoctor versions`: what each file asks for, what the shell has, and whether they agree.

use std::path::Path;

use serde_json::json;

use super::context::Context;
use super::{FOUND, Failure, OK, UNKNOWN};
use crate::facts::Reading;
use crate::probes::{Survey, Unread};
use crate::report::{draw_line, draw_note, draw_versions, standing_to_json};
use crate::versions::{Standing, Verdict};

pub(super) fn versions(context: &Context, recording: Option<&Path>) -> Result<u8, Failure> {
    let survey = match recording {
        Some(file) => survey(&context.replayed(file)?),
        None => survey(context),
    };
    let survey = survey
        .or_why("there is no such folder")
        .map_err(|why| Failure(format!("the project's folder: {why}")))?;
    let code = code(&survey);
    if context.json() {
        context.print_json(&json!({
            "schema_version": 1,
            "tools": survey.standings.iter().map(standing_to_json).collect::<Vec<_>>(),
            "unread": survey.unread.iter().map(|it| json!({"file": it.file, "why": it.why})).collect::<Vec<_>>(),
        }));
    } else if !(context.quiet && code == OK) {
        context.say(&drawn(context, &survey));
    }
    Ok(code)
}

fn survey(context: &Context) -> Reading<Survey> {
    context.with_memory(|machine| context.inquiry(machine).versions())
}

fn code(survey: &Survey) -> u8 {
    let verdicts = || survey.standings.iter().map(|standing| standing.verdict());
    if verdicts().any(Verdict::is_wrong) {
        FOUND
    } else if verdicts().any(|verdict| verdict == Verdict::Unknown)
        || survey.unread.iter().any(|it| it.decides)
    {
        UNKNOWN
    } else {
        OK
    }
}

fn drawn(context: &Context, survey: &Survey) -> String {
    let mut out = draw_versions(&survey.standings, context.look);
    for Unread { file, why, .. } in &survey.unread {
        out.push_str(&draw_line("?", &format!("{file} was not read: {why}"), "", context.look));
    }
    if survey.standings.is_empty() {
        out.push_str("No file of this project asks for a version.\n");
    } else if survey.standings.iter().any(Standing::is_told_by_rules) {
        out.push_str(&draw_note("`envdoctor check` tells what would help.", context.look));
    }
    out
}
