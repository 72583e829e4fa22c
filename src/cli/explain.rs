//! `envdoctor explain RULE`: what a rule is about.

use serde_json::json;

use super::context::Context;
use super::{Failure, OK};
use crate::report::{draw_page, markdown};

pub(super) fn explain(context: &Context, id: &str) -> Result<u8, Failure> {
    let rule = context.rule(id)?;
    match context.json() {
        true => context.print_json(&json!({
            "schema_version": 1,
            "id": rule.id,
            "title": rule.title,
            "severity": rule.severity,
            "family": rule.family,
            "tags": rule.tags,
            "since": rule.since,
            "explanation": rule.explanation.trim(),
            "references": rule.references,
            "leads_to": rule.leads_to,
            "page": markdown(rule),
        })),
        false => context.say(&draw_page(rule, context.look)),
    }
    Ok(OK)
}
