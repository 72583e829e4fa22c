//! `envdoctor undo`: takes a fix back.

use std::path::Path;

use serde_json::json;

use super::context::Context;
use super::prompt::agrees;
use super::{FOUND, Failure, INTERRUPTED, OK};
use crate::apply::{Journal, Past, PastStep, Record, Returned, Unread, fixes, take_back};
use crate::machine::{ChangeError, Live, StdoutAside, can_ask};
use crate::plan::{command_line, overlap};
use crate::report::{draw_line, draw_note};
use crate::visible::visible;

pub(super) fn undo(context: &Context, id: Option<&str>, yes: bool) -> Result<u8, Failure> {
    // What a command prints that takes something back must not stand among the JSON.
    let aside = context.json().then(StdoutAside::begin).transpose()?;
    let _lock = context.lock()?;
    let (fixes, unread) = fixes(&context.state()?, &*context.machine);
    let Some(past) = choose(context, id, &fixes, unread)? else {
        drop(aside);
        return Ok(OK);
    };
    if past.standing().is_empty() {
        return Err(Failure(format!("fix {} changed nothing that is not taken back already", past.id)));
    }
    if past.pruned {
        return Err(Failure(format!(
            "the backups of fix {} were removed, being old or large: it cannot be taken back",
            past.id
        )));
    }
    if !context.json() {
        context.say(&shown(context, past));
    }
    if !yes {
        let agreed = match can_ask() && !context.json() {
            true => agrees(context, "Take this back?")?,
            false => Some(false),
        };
        if agreed != Some(true) {
            context.tell("envdoctor: nothing was taken back; `envdoctor undo --yes` would do it\n");
            return Ok(if agreed.is_none() { INTERRUPTED } else { FOUND });
        }
    }
    if let Some(later) = built_upon(past, &fixes) {
        return Err(Failure(format!(
            "fix {} has changed the same since: take that one back first, with `envdoctor undo {}`",
            later.id, later.id
        )));
    }
    stand_in(past)?;
    let mut journal = Journal::reopen(&*context.machine, past)?;
    let mut returned = Vec::new();
    let mut stopped = None;
    for step in past.standing() {
        match take_back(step, &*context.machine, &mut journal) {
            Ok(more) => returned.extend(more),
            Err(error) => {
                stopped = Some(error);
                break;
            }
        }
    }
    if let Some(error) = stopped {
        drop(aside);
        // What was taken back is told, whatever ended it.
        let told: String =
            returned.iter().map(|it| format!("envdoctor: {}\n", told(it, &past.project))).collect();
        context.tell(&told);
        return Err(Failure(format!("{error}; `envdoctor undo {}` goes on when that is mended", past.id)));
    }
    let whole = returned.iter().all(Returned::is_whole);
    drop(aside);
    match context.json() {
        true => context.print_json(&json!({
            "schema_version": 1,
            "fix": past.id,
            "whole": whole,
            "returned": returned.iter().map(|it| json!({"path": path(it), "text": told(it, &past.project)})).collect::<Vec<_>>(),
        })),
        false => context.say(&drawn(context, past, &returned, whole)),
    }
    Ok(if whole { OK } else { FOUND })
}

/// Goes to the project's folder, in which its commands ran.
fn stand_in(past: &Past) -> Result<(), Failure> {
    let gone =
        |why| format!("the project's folder {}: {why}; nothing was taken back", past.project.display());
    Live::change_dir(&past.project).map_err(|why| Failure(gone(why)))
}

/// The fix after this one that stands and has changed the same paths: it has to be taken back first.
fn built_upon<'f>(past: &Past, fixes: &'f [Past]) -> Option<&'f Past> {
    let paths = |past: &Past| past.standing().iter().flat_map(|step| step.what.paths()).collect::<Vec<_>>();
    let own = paths(past);
    let later = fixes.iter().take_while(|later| later.id > past.id);
    later.into_iter().find(|later| paths(later).iter().any(|other| own.iter().any(|own| overlap(own, other))))
}

/// The fix of that name, or the last one in this project that stands.
fn choose<'f>(
    context: &Context,
    id: Option<&str>,
    fixes: &'f [Past],
    unread: Vec<Unread>,
) -> Result<Option<&'f Past>, Failure> {
    if let Some(id) = id {
        if let Some(unread) = unread.into_iter().find(|unread| unread.id == id) {
            return Err(Failure(unread.why));
        }
        let known = fixes.iter().find(|past| past.id == id);
        let unknown = || Failure(format!("there is no fix `{id}`; `envdoctor history` lists them"));
        return known.ok_or_else(unknown).map(Some);
    }
    let standing = |past: &&Past| !past.standing().is_empty() && !past.pruned;
    let here = |past: &&Past| past.project.starts_with(&context.project);
    let found = fixes.iter().filter(standing).find(here);
    // It may be a later one in this project, and to be taken back first.
    if let Some(unread) = unread.first().filter(|unread| found.is_none_or(|past| past.id < unread.id)) {
        return Err(Failure(format!("{}; `envdoctor undo ID` takes another fix back", unread.why)));
    }
    if let Some(past) = found {
        return Ok(Some(past));
    }
    let elsewhere = match fixes.iter().find(standing) {
        Some(past) => format!("; the last fix elsewhere was {} in {}", past.id, past.project.display()),
        None => String::new(),
    };
    context.say(&format!("There is nothing to take back in {}{elsewhere}.\n", context.project.display()));
    Ok(None)
}

/// What would be taken back.
fn shown(context: &Context, past: &Past) -> String {
    let mut out = format!("Fix {} in {}:\n\n", past.id, past.project.display());
    for remedy in past.remedies.iter().rev() {
        let standing: Vec<&PastStep> = remedy.steps.iter().filter(|step| step.back != Some(true)).collect();
        if standing.is_empty() {
            continue;
        }
        out.push_str(&draw_line("-", &remedy.title, &remedy.rule, context.look));
        for step in standing.into_iter().rev() {
            out.push_str(&draw_note(&way_back(step, &past.project), context.look));
        }
    }
    out.push('\n');
    out
}

/// How a step would be taken back.
fn way_back(step: &PastStep, project: &Path) -> String {
    let short = |path: &Path| short(path, project);
    match &step.what {
        Record::Edit { kept, .. } if kept.backup.is_none() => format!("moves {} away", short(&kept.path)),
        Record::Edit { kept, .. } => format!("restores {}", short(&kept.path)),
        Record::Remove { path, .. } => format!("brings {} back", short(path)),
        Record::Track { files, .. } => {
            let files: Vec<String> = files.iter().map(|file| short(file)).collect();
            format!("takes {} out of Git's index", files.join(", "))
        }
        Record::Run { argv, kept, undo, .. } => {
            let undo = undo.iter().filter(|_| step.is_run_back());
            let mut ways: Vec<String> = undo.map(|argv| format!("runs `{}`", command_line(argv))).collect();
            if !kept.is_empty() {
                let paths: Vec<String> = kept.iter().map(|kept| short(&kept.path)).collect();
                ways.push(format!("brings back {}", paths.join(", ")));
            }
            if ways.is_empty() {
                return format!(
                    "`{}` cannot be taken back: what it changed is not known",
                    command_line(argv)
                );
            }
            ways.join(" and ")
        }
        _ => String::new(),
    }
}

/// A path as somebody in the project would name it.
fn short(path: &Path, project: &Path) -> String {
    visible(&path.strip_prefix(project).unwrap_or(path).display().to_string()).into_owned()
}

fn drawn(context: &Context, past: &Past, returned: &[Returned], whole: bool) -> String {
    let mut out = String::new();
    for it in returned {
        let mark = match it {
            Returned::Beyond(_) => "-",
            it if it.is_whole() => "✓",
            _ => "!",
        };
        out.push_str(&draw_line(mark, &told(it, &past.project), "", context.look));
    }
    let end = match whole {
        true => format!("Fix {} is taken back.", past.id),
        false => format!("Fix {} is taken back but for what is marked with !.", past.id),
    };
    out.push_str(&format!("{end}\n"));
    out
}

/// Takes back the steps of one remedy, the last first.
///
/// # Errors
/// A change that the machine refused.
pub(super) fn remedy_back(
    context: &Context,
    journal: &mut Journal<'_>,
    remedy: usize,
) -> Result<Vec<Returned>, ChangeError> {
    let machine = &*context.machine;
    let failed = |why| ChangeError { path: journal.folder().to_owned(), why };
    let past = Past::read(machine, journal.folder()).map_err(failed)?;
    let mut returned = Vec::new();
    let remedy = past.iter().find_map(|past| past.remedies.get(remedy));
    for step in remedy.into_iter().flat_map(|remedy| remedy.steps.iter().rev()) {
        returned.extend(take_back(step, machine, journal)?);
    }
    Ok(returned)
}

/// What a person should know of what came of it, if not all is as before.
pub(super) fn worth_telling(returned: &Returned, project: &Path) -> Option<String> {
    match returned {
        Returned::Restored(_) | Returned::Swapped { .. } | Returned::Ran(_) => None,
        other => Some(told(other, project)),
    }
}

fn told(returned: &Returned, project: &Path) -> String {
    let short = |path: &Path| short(path, project);
    match returned {
        Returned::Restored(path) => format!("{} is as it was", short(path)),
        Returned::Swapped { path, aside } => {
            format!("{} is as it was; what stood there since lies in {}", short(path), aside.display())
        }
        Returned::Gone(path, aside) => {
            format!("{} is gone as before; what stood there lies in {}", short(path), aside.display())
        }
        Returned::Changed { path, before: Some(before) } => format!(
            "{} was changed since the fix, and stays as it is; what was there before lies beside it, in {}",
            short(path),
            short(before)
        ),
        Returned::Changed { path, before: None } => {
            format!("{} was changed since the fix made it, and stays", short(path))
        }
        Returned::Ran(command) => format!("`{command}` was run"),
        Returned::CommandFailed { why, .. } => format!("{why}, and so did not take it back"),
        Returned::Beyond(command) => {
            format!("what else `{command}` changed is not known, and stays")
        }
        Returned::BackupGone(path) => {
            format!("{} cannot be brought back: its backup is gone or damaged", short(path))
        }
        Returned::Elsewhere(path) => {
            format!("{} is left alone: a folder above it has become a link since", short(path))
        }
    }
}

fn path(returned: &Returned) -> Option<&Path> {
    match returned {
        Returned::Restored(path)
        | Returned::Swapped { path, .. }
        | Returned::Gone(path, _)
        | Returned::Changed { path, .. }
        | Returned::BackupGone(path)
        | Returned::Elsewhere(path) => Some(path),
        Returned::Ran(_) | Returned::CommandFailed { .. } | Returned::Beyond(_) => None,
    }
}
