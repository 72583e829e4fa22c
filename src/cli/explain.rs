//! `envdoctor explain RULE`: what a rule is about.

use serde_json::json;

use super::context::Context;
use super::{Failure, OK};
use crate::report::{draw_page, markdown};
use crate::rules::RuleSet;

pub(super) fn explain(context: &Context, id: &str) -> Result<u8, Failure> {
    let Some(rule) = context.rules.get(id) else { return Err(Failure(unknown(&context.rules, id))) };
    match context.json() {
        true => context.print_json(&json!({
            "schema_version": 1,
            "id": rule.id,
            "title": rule.title,
            "severity": rule.severity,
            "family": rule.family,
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

fn unknown(rules: &RuleSet, id: &str) -> String {
    let near = rules.rules().iter().map(|rule| (strsim::jaro_winkler(id, &rule.id), &rule.id));
    let near =
        near.filter(|(likeness, _)| *likeness > 0.8).max_by(|(one, _), (other, _)| one.total_cmp(other));
    match near {
        Some((_, id_near)) => format!("there is no rule `{id}`; did you mean `{id_near}`?"),
        None => format!("there is no rule `{id}`; `envdoctor rules list` lists them"),
    }
}
