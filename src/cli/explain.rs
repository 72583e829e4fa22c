//! `envdoctor explain RULE`: what a rule is about.

use schemars::JsonSchema;
use serde::Serialize;

use super::context::Context;
use super::{Failure, OK};
use crate::facts::Severity;
use crate::report::{SCHEMA_VERSION, draw_page, form_to_json, markdown, severities, version};
use crate::rules::Rule;

pub(super) fn explain(context: &Context, id: &str) -> Result<u8, Failure> {
    let rule = context.rule(id)?;
    match context.json() {
        true => context.print_json(&form_to_json(&RuleForm::from(rule))),
        false => context.say(&draw_page(rule, context.look)),
    }
    Ok(OK)
}

/// What a rule is about. Keys may be added in later versions, and are never changed or removed: readers pass over keys that
/// they do not know.
#[derive(Serialize, JsonSchema)]
#[schemars(title = "A rule of envdoctor")]
pub(super) struct RuleForm<'a> {
    /// The version of this form.
    #[schemars(schema_with = "version")]
    schema_version: u32,
    /// Its id.
    id: &'a str,
    /// Its title.
    title: &'a str,
    /// How bad it is.
    #[schemars(schema_with = "severities")]
    severity: Severity,
    /// Its family.
    family: &'a str,
    /// Its tags.
    tags: Vec<String>,
    /// The version of envdoctor that had it first.
    since: &'a str,
    /// Why it happens.
    explanation: &'a str,
    /// Where the tools' makers document it.
    references: &'a [String],
    /// The ids of the rules that can follow from it.
    leads_to: &'a [String],
    /// All of it, as Markdown.
    page: String,
}

impl<'a> From<&'a Rule> for RuleForm<'a> {
    fn from(rule: &'a Rule) -> Self {
        RuleForm {
            schema_version: SCHEMA_VERSION,
            id: &rule.id,
            title: &rule.title,
            severity: rule.severity,
            family: &rule.family,
            tags: rule.tags.iter().map(ToString::to_string).collect(),
            since: &rule.since,
            explanation: rule.explanation.trim(),
            references: &rule.references,
            leads_to: &rule.leads_to,
            page: markdown(rule),
        }
    }
}
