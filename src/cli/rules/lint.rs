//! `envdoctor rules lint`: what is doubtful in the rules, with where it stands.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use owo_colors::OwoColorize;
use serde_json::{Value, json};

use super::super::context::Context;
use super::super::{FOUND, OK};
use crate::lint::{self, Lint, Part, Weight};
use crate::report::counted;
use crate::rules::{Problem, ReadRule};

/// Every mistake was told when the rules were read: what is left are doubts. Where folders were named, only their rules
/// are meant.
pub(super) fn lint(context: &Context) -> u8 {
    let files: BTreeMap<&str, &ReadRule> =
        context.read.iter().map(|read| (read.rule.id.as_str(), read)).collect();
    let named: BTreeSet<&str> =
        context.read[context.named..].iter().map(|read| read.rule.id.as_str()).collect();
    let meant = |lint: &Lint| named.is_empty() || named.contains(lint.rule.as_str());
    let lints: Vec<Lint> = lint::run(&context.rules).into_iter().filter(meant).collect();
    let warnings = lints.iter().filter(|lint| lint.weight == Weight::Warning).count();
    let problems =
        lints.iter().map(|lint| (lint, files.get(lint.rule.as_str()).map(|read| problem(lint, read))));
    let rules = context.rules.rules().len();
    if context.json() {
        let problems: Vec<Value> = problems.map(|(lint, problem)| row(lint, problem.as_ref())).collect();
        context.print_json(&json!({"schema_version": 1, "rules": rules, "problems": problems}));
    } else {
        for (lint, problem) in problems {
            context.say(&match context.look.plain {
                true => told(lint, problem.as_ref()),
                false => drawn(lint, problem.as_ref()),
            });
        }
        let found = match (warnings, lints.len() - warnings) {
            (0, 0) => "no mistakes".to_owned(),
            (warnings, notes) => format!("{}, {}", counted(warnings, "warning"), counted(notes, "note")),
        };
        context.say(&format!("{rules} rules, {found}.\n"));
    }
    if warnings > 0 { FOUND } else { OK }
}

fn problem(lint: &Lint, read: &ReadRule) -> Problem {
    let span = match lint.part {
        Part::Whole => Some(&read.id_span),
        Part::Symptom(at) => read.symptom_spans.get(at),
    };
    Problem {
        source: Arc::clone(&read.source),
        span: span.unwrap_or(&read.id_span).clone(),
        message: lint.message.clone(),
        help: Some(lint.help.to_owned()),
    }
}

fn drawn(lint: &Lint, problem: Option<&Problem>) -> String {
    match (problem, lint.weight) {
        (Some(problem), Weight::Warning) => format!("{}\n\n", problem.as_warning()),
        (Some(problem), Weight::Advice) => format!("{}\n\n", problem.as_note()),
        (None, Weight::Warning) => format!("{} {}: {}\n", "warning:".yellow(), lint.rule, lint.message),
        (None, Weight::Advice) => format!("{} {}: {}\n", "note:".cyan(), lint.rule, lint.message),
    }
}

/// The same in lines that begin with a word.
fn told(lint: &Lint, problem: Option<&Problem>) -> String {
    let weight = match lint.weight {
        Weight::Warning => "warning",
        Weight::Advice => "note",
    };
    let place = problem.map_or_else(String::new, |problem| {
        let (line, column) = problem.position();
        format!("place: {}:{line}:{column}\n", problem.source.name)
    });
    let help = if lint.help.is_empty() { String::new() } else { format!("help: {}\n", lint.help) };
    format!("{weight}: {}\nrule: {}\n{place}{help}\n", lint.message, lint.rule)
}

fn row(lint: &Lint, problem: Option<&Problem>) -> Value {
    let (line, column) = problem.map(Problem::position).unzip();
    json!({
        "rule": lint.rule,
        "weight": match lint.weight { Weight::Warning => "warning", Weight::Advice => "note" },
        "message": lint.message,
        "help": lint.help,
        "file": problem.map(|problem| &problem.source.name),
        "line": line,
        "column": column,
    })
}
