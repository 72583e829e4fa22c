//! `envdoctor explain RULE`: what a rule is about.

use std::fmt::Write;

use owo_colors::OwoColorize;
use textwrap::{Options, WordSplitter};

use super::context::Context;
use super::{Failure, OK};
use crate::rules::{Action, Rule, RuleSet};

pub(super) fn explain(context: &Context, id: &str) -> Result<u8, Failure> {
    let Some(rule) = context.rules.get(id) else { return Err(Failure(unknown(&context.rules, id))) };
    context.say(&page(rule, context.look.width.clamp(40, 100)));
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

fn page(rule: &Rule, width: usize) -> String {
    let mut out = String::new();
    let options = || Options::new(width).word_splitter(WordSplitter::NoHyphenation);
    let _ = writeln!(out, "{}  ({}, {})\n", rule.id.bold(), rule.severity, rule.family);
    let _ = writeln!(out, "{}\n", textwrap::fill(&rule.title, options()).bold());
    let text = rule.explanation.split_whitespace().collect::<Vec<_>>().join(" ");
    let _ = writeln!(out, "{}", textwrap::fill(&text, options()));
    for remedy in &rule.remedies {
        let _ = writeln!(out, "\n{} {}", format!("[{}]", remedy.risk).dimmed(), remedy.title.0);
        let indented = options().initial_indent("    ").subsequent_indent("    ");
        let what = match &remedy.action {
            Action::Run(argv) => argv.iter().map(|word| word.0.as_str()).collect::<Vec<_>>().join(" "),
            Action::Edit(edit) => format!("replaces {} by {}", edit.find.0, edit.replace.0),
            Action::Remove(paths) => paths.iter().map(|path| path.0.as_str()).collect::<Vec<_>>().join("\n"),
            Action::Tell(text) => text.0.trim_end().to_owned(),
        };
        let _ = writeln!(out, "{}", textwrap::fill(&what, &indented));
        if let Some(caution) = &remedy.caution {
            let caution = format!("first: {}", caution.0.trim());
            let _ = writeln!(out, "{}", textwrap::fill(&caution, &indented).yellow());
        }
    }
    if !rule.leads_to.is_empty() {
        let _ = writeln!(out, "\nIt can bring about: {}", rule.leads_to.join(", "));
    }
    for reference in &rule.references {
        let _ = write!(out, "\n{}", reference.dimmed());
    }
    out.push('\n');
    out
}
