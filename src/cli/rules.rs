//! `envdoctor rules`: lists, checks and tests the rules, begins a new one, and writes pages about them.

mod lint;
mod new;
mod pages;

use std::fmt::Write;

use owo_colors::OwoColorize;
use serde_json::json;

use super::args::RulesCommand;
use super::context::Context;
use super::{FOUND, Failure, OK};
use crate::examples;
use crate::report::{Detail, draw_line};
use crate::rules::Rule;
use crate::schema;

pub(super) fn rules(context: &mut Context, what: RulesCommand) -> Result<u8, Failure> {
    match what {
        RulesCommand::List => list(context),
        RulesCommand::Lint => return Ok(lint::lint(context)),
        RulesCommand::New { from, id, output } => return new::new(context, &from, id.as_deref(), &output),
        RulesCommand::Pages { folder } => context.say(&pages::pages(context, &folder)?),
        RulesCommand::Schema => context.print_json(&schema::rule_file()),
        RulesCommand::Test => return Ok(test(context)),
    }
    Ok(OK)
}

fn list(context: &Context) {
    let rules: Vec<&Rule> = context.rules.rules().iter().filter(|rule| context.is_asked(&rule.id)).collect();
    if context.json() {
        let rows = rules.iter().map(|rule| {
            json!({"id": rule.id, "family": rule.family, "tags": rule.tags, "severity": rule.severity, "title": rule.title})
        });
        context.print_json(&json!({"schema_version": 1, "rules": rows.collect::<Vec<_>>()}));
        return;
    }
    let width = rules.iter().map(|rule| rule.id.len()).max().unwrap_or(0);
    let mut sorted = rules;
    sorted.sort_by_key(|rule| (&rule.family, &rule.id));
    for rule in sorted {
        if context.look.plain {
            context.say(&format!("{}: {} ({})\n", rule.id, rule.title, rule.family));
            continue;
        }
        let mut row = format!("{:6} {:width$}  {}", rule.family.dimmed(), rule.id, rule.title);
        if context.look.detail == Detail::Full && !rule.tags.is_empty() {
            let _ = write!(row, "  {}", format_args!("[{}]", rule.tag_names()).dimmed());
        }
        context.say(&format!("{row}\n"));
    }
}

fn test(context: &Context) -> u8 {
    let (tried, failures) = examples::run(&context.rules);
    if context.json() {
        let rows = failures.iter().map(|it| json!({"rule": it.rule, "text": it.text, "why": it.why}));
        let rows: Vec<_> = rows.collect();
        context.print_json(&json!({"schema_version": 1, "tried": tried, "failures": rows}));
    } else {
        let mut out = String::new();
        for failure in &failures {
            out.push_str(&draw_line("✗", &failure.to_string(), "", context.look));
        }
        let rules = context.rules.rules().len();
        let _ = writeln!(out, "{rules} rules, {tried} texts tried, {} failures.", failures.len());
        context.say(&out);
    }
    if failures.is_empty() { OK } else { FOUND }
}
