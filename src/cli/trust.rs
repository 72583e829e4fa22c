//! `envdoctor trust`: lets the project's own rules be read, and `check --deep` run the tools in it, as they are now.

use super::context::Context;
use super::prompt::agrees;
use super::{FOUND, Failure, OK, deep, load, requirements};
use crate::machine::can_ask;
use crate::plan::command_line;
use crate::report::{draw_note, draw_offers};
use crate::rules::{Problems, ReadRule};
use crate::state::{OwnContent, Pinned};
use crate::visible::visible;

pub(super) fn trust(context: &Context, yes: bool, forget: bool) -> Result<u8, Failure> {
    let state = context.state()?;
    let (machine, project) = (&*context.machine, &context.project);
    let shown_project = visible(&project.display().to_string()).into_owned();
    if forget {
        state.trust(machine, project, None)?;
        context.say(&format!("{shown_project} is not trusted any more.\n"));
        return Ok(OK);
    }
    // What is shown and what is pinned are the same bytes.
    let (own, rules) = brought(context)?;
    let required = requirements::load(context, machine)?;
    let programs = requirements::programs(machine, project, &required);
    let pinned = Pinned::with(machine, project, &own).map_err(Failure)?;
    let pinned = pinned.with_programs(machine, project, &programs).map_err(Failure)?;
    let before = state.trusted(machine, project);
    if before.as_ref() == Some(&pinned) {
        context.say(&format!("{shown_project} is trusted as it is.\n"));
        return Ok(OK);
    }
    let asked_for = requirements::asked_for(machine, project, &required);
    context.say(&shown(context, &rules, &asked_for, &pinned, before.as_ref()));
    let agreed = yes || (can_ask() && agrees(context, "Trust these files as they are now?")? == Some(true));
    if !agreed {
        context.tell("envdoctor: nothing is trusted; `envdoctor trust --yes` would do it\n");
        return Ok(FOUND);
    }
    state.trust(machine, project, Some(pinned))?;
    let until = match rules.is_empty() {
        true => "; a change of these files ends that.",
        false => {
            ". A change below .envdoctor ends that for its rules, a change of any of these files for `check --deep`."
        }
    };
    context.say(&format!("{shown_project} is trusted as it is now{until}\n"));
    Ok(OK)
}

/// The project's own files, and the rules in them.
fn brought(context: &Context) -> Result<(OwnContent, Vec<ReadRule>), Failure> {
    let (own, files) = load::brought(&*context.machine, &context.project).map_err(Failure)?;
    let (mut rules, mut problems) = (Vec::new(), Vec::new());
    for rule in load::read_all(&*context.machine, &files) {
        match rule? {
            Ok(rule) => rules.push(rule),
            Err(more) => problems.extend(more),
        }
    }
    if !problems.is_empty() {
        return Err(Problems(problems).into());
    }
    context.rules.clone().with(&rules)?;
    Ok((own, rules))
}

/// What the rules could do, what would run, and what it would run.
fn shown(
    context: &Context,
    rules: &[ReadRule],
    asked_for: &[String],
    pinned: &Pinned,
    before: Option<&Pinned>,
) -> String {
    let note = |text: &str| draw_note(&visible(text), context.look);
    let mut out = String::new();
    if !rules.is_empty() {
        let count = rules.len();
        out.push_str(&format!(
            "This project brings {count} rule{} of its own. `envdoctor fix` would offer, and carry out what you agree to:\n",
            if count == 1 { "" } else { "s" }
        ));
        out.push_str(&draw_offers(rules.iter().map(|read| &read.rule), context.look));
    }
    if !asked_for.is_empty() {
        out.push_str("To see whether what envdoctor.yaml requires is so, `envdoctor check` itself:\n");
        asked_for.iter().for_each(|line| out.push_str(&note(line)));
    }
    out.push_str("`envdoctor check --deep` would run in this project, with your rights:\n");
    let asks = deep::asks(context);
    for ask in &asks {
        let gap = if context.look.plain { " " } else { "   " };
        out.push_str(&note(&format!("{}{gap}({})", command_line(&ask.argv), ask.what)));
    }
    if asks.is_empty() {
        out.push_str(&note("nothing: no tool that is here has a file of its own in this folder"));
    }
    out.push_str("They evaluate these files, and whatever those bring in:\n");
    out.push_str(&note(&listed(pinned.evaluated())));
    let read =
        pinned.files.keys().map(String::as_str).filter(|name| !pinned.evaluated().any(|it| it == *name));
    let read = listed(read);
    if read != NONE {
        out.push_str("envdoctor itself reads:\n");
        out.push_str(&note(&read));
    }
    if !pinned.programs.is_empty() {
        out.push_str("Required commands run these files of the project:\n");
        out.push_str(&note(&listed(pinned.programs.keys().map(String::as_str))));
    }
    if let Some(before) = before {
        out.push_str("Changed since it was trusted last:\n");
        out.push_str(&note(&changed(pinned, before)));
    }
    out
}

fn changed(pinned: &Pinned, before: &Pinned) -> String {
    let mut changed = pinned.changed_since(before);
    changed.extend(before.programs_changed(pinned));
    listed(changed.iter().map(String::as_str))
}

const NONE: &str = "none";

fn listed<'a>(names: impl Iterator<Item = &'a str>) -> String {
    let names = names.collect::<Vec<_>>().join(", ");
    if names.is_empty() { NONE.to_owned() } else { names }
}
