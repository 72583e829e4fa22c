//! What a page about a rule says, in the order in which it says it; [`markdown()`] and the terminal only draw it.

mod markdown;
mod words;

pub use markdown::{MADE, index, markdown};

use super::prose::paragraphs;
use crate::facts::Risk;
use crate::rules::{Action, Checks, Condition, Edit, EditKind, Remedy, Rule, Run, SetValue, Template};

/// One part of a page.
pub(super) enum Part<'r> {
    /// A section begins.
    Heading(&'static str),
    /// A paragraph, with code between back ticks.
    Text(String),
    /// A tool's output, as it stands.
    Output(&'r str),
    /// A remedy begins. `risk` is that of one which `envdoctor fix` can carry out.
    Remedy { title: &'r str, risk: Option<Risk> },
    /// A command line.
    Command(String),
    /// What to think of before the remedy.
    Caution(&'r str),
    /// Other rules, by id.
    Rules(&'r [String]),
    /// Addresses.
    Links(&'r [String]),
}

/// The page about a rule, without its head: title, id, severity and family.
pub(super) fn parts(rule: &Rule) -> Vec<Part<'_>> {
    let mut parts: Vec<Part<'_>> = texts(&rule.explanation).collect();
    if !rule.examples.is_empty() {
        parts.push(Part::Heading("What tools print"));
        parts.extend(rule.examples.iter().map(|example| Part::Output(&example.text)));
    }
    if let Some(checks) = &rule.checks {
        parts.push(Part::Heading("What the machine shows"));
        parts.push(Part::Text(found_when(rule, checks)));
    }
    if rule.requirement.is_some() {
        parts.push(Part::Heading("What the machine shows"));
        let text = "`envdoctor check` finds this where the project's envdoctor.yaml, or your own config.yaml, says under \
                    `require:` what is not so here.";
        parts.push(Part::Text(text.to_owned()));
    }
    if !rule.remedies.is_empty() {
        parts.push(Part::Heading("What helps"));
        parts.extend(rule.remedies.iter().flat_map(offer));
    }
    if !rule.leads_to.is_empty() {
        parts.push(Part::Heading("What it can bring about"));
        parts.push(Part::Rules(&rule.leads_to));
    }
    if !rule.references.is_empty() {
        parts.push(Part::Heading("Read more"));
        parts.push(Part::Links(&rule.references));
    }
    parts
}

fn texts<'r>(text: &str) -> impl Iterator<Item = Part<'r>> + use<'r> {
    paragraphs(text).into_iter().map(Part::Text)
}

fn found_when(rule: &Rule, checks: &Checks) -> String {
    let looked_for = match &rule.applies {
        Some(applies) => format!("looks for this where {}, and finds it", words::of(applies)),
        None => "finds this".to_owned(),
    };
    let severity = match checks.severity.filter(|severity| *severity != rule.severity) {
        Some(severity) => format!(" As long as no tool reports it, its severity is {severity}."),
        None => String::new(),
    };
    let refutes = match checks.refutes || rule.symptoms.is_empty() {
        true => "",
        false => " What a tool reports can have other reasons than these.",
    };
    format!("`envdoctor check` {looked_for} when {}.{severity}{refutes}", words::of(&checks.condition))
}

pub(super) fn offer(remedy: &Remedy) -> Vec<Part<'_>> {
    let repair = !matches!(remedy.action, Action::Tell(_));
    let mut parts = vec![Part::Remedy { title: &remedy.title.0, risk: repair.then_some(remedy.risk) }];
    match &remedy.action {
        Action::Run(run) => {
            parts.push(Part::Command(command_line(&run.argv)));
            parts.extend(way_back(run));
        }
        Action::Edit(edit) => parts.push(Part::Text(edited(edit))),
        Action::Remove(paths) => {
            parts.push(Part::Text(format!("Moves {} into the backup.", listed(paths))));
        }
        Action::Track(paths) => {
            parts.push(Part::Text(format!("Makes Git know {}, without its content.", listed(paths))));
        }
        Action::Tell(text) => parts.extend(texts(&text.0)),
    }
    parts.extend(remedy.when.as_ref().map(only));
    parts.extend(remedy.caution.as_ref().map(|caution| Part::Caution(caution.0.trim())));
    parts
}

/// What can be taken back of what a command does.
fn way_back<'r>(run: &Run) -> Option<Part<'r>> {
    let kept = (!run.changes.is_empty()).then(|| format!("brings {} back as before", listed(&run.changes)));
    let undone = run.undo.as_ref().map(|argv| format!("runs `{}`", command_line(argv)));
    let ways: Vec<String> = kept.into_iter().chain(undone).collect();
    (!ways.is_empty()).then(|| Part::Text(format!("`envdoctor undo` {}.", ways.join(" and "))))
}

fn only<'r>(when: &Condition) -> Part<'r> {
    Part::Text(format!("Only where {}.", words::of(when)))
}

fn edited(edit: &Edit) -> String {
    let files = listed(&edit.files);
    match &edit.kind {
        EditKind::Word { find, replace, line } => {
            let line = line.as_ref().map(|line| format!(" on line {}", line.0)).unwrap_or_default();
            format!("Replaces `{}` by `{}` in {files}{line}.", find.0, replace.0)
        }
        EditKind::NixHash { find, replace } => {
            let how = "in the notation in which it stands there";
            format!("Replaces `{}` by `{}` in {files}, {how}.", find.0, replace.0)
        }
        EditKind::NixAttribute { find, replace, line, column } => format!(
            "Replaces `{}` by `{}` in {files}, where the attribute is selected at line {}, column {}.",
            find.0, replace.0, line.0, column.0
        ),
        EditKind::Insert { text, line, column } => {
            format!("Inserts `{text}` at line {}, column {} of {files}.", line.0, column.0)
        }
        EditKind::NixSystem => format!("Puts the system where it is missing in {files}."),
        EditKind::Set(set) => {
            let made = if set.create { ", which is made where it is not there" } else { "" };
            let stands = if set.add { "" } else { ", where it stands" };
            let keys: Vec<String> = set.keys.iter().map(|key| format!("`{key}`")).collect();
            let (keys, value) = (keys.join(", "), value(&set.value));
            match set.append {
                true => format!("Adds {value} to {keys} in {files}{made}{stands}."),
                false => format!("Sets {keys} to {value} in {files}{made}{stands}."),
            }
        }
        EditKind::Comment { find, line, .. } => {
            let line = line.as_ref().map(|line| format!(" {}", line.0)).unwrap_or_default();
            format!("Makes the line{line} `{}` of {files} a comment.", find.0)
        }
        EditKind::AsdfCommand { version } => {
            format!("Writes asdf's commands in {files} as version {} has them.", version.0)
        }
    }
}

fn value(value: &SetValue) -> String {
    match value {
        SetValue::Text(text) => format!("`{}`", text.0),
        SetValue::List(items) => listed(items),
        SetValue::Integer(number) => format!("`{number}`"),
        SetValue::Bool(flag) => format!("`{flag}`"),
    }
}

fn listed(names: &[Template]) -> String {
    names.iter().map(|name| format!("`{}`", name.0)).collect::<Vec<_>>().join(", ")
}

fn command_line(argv: &[Template]) -> String {
    argv.iter().map(|word| word.0.as_str()).collect::<Vec<_>>().join(" ")
}
