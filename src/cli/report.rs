//! `envdoctor report [FILE]`: one file to attach to an issue, shown in short before it is written.

use std::collections::BTreeMap;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use serde_json::json;

use super::context::Context;
use super::private::private;
use super::progress::Progress;
use super::prompt::agrees;
use super::run::of_failed;
use super::{FOUND, Failure, INTERRUPTED, OK, check, diagnose, requirements};
use crate::bundle::{Document, LastRun, Parts, Redactor, TakenOut, html, markdown};
use crate::facts::Reading;
use crate::judge::facts_needed;
use crate::machine::{Change, can_ask};
use crate::plan::command_line;
use crate::probes::{Inquiry, Observer, all_names};
use crate::report::{Report, draw_line, draw_note};

/// The file, where none is named.
const DEFAULT: &str = "envdoctor-report.md";

/// Where it goes, and in which form.
struct Target {
    /// What the person calls it.
    name: String,
    /// The file; `None`: stdout.
    file: Option<PathBuf>,
    html: bool,
}

pub(super) fn report(
    context: &Context,
    file: Option<&Path>,
    recording: Option<&Path>,
    yes: bool,
) -> Result<u8, Failure> {
    let target = Target::new(context, file)?;
    let (document, taken_out) = match recording {
        Some(recording) => document(&context.replayed(recording)?, None)?,
        None => document(context, kept_run(context).as_ref())?,
    };
    let content = match target.html {
        true => html(&document),
        false => markdown(&document),
    };
    let Some(file) = &target.file else {
        context.tell(&held(context, &target, &document, taken_out));
        context.say(&content);
        return Ok(OK);
    };
    let is_there = !matches!(context.machine.stat(file), Reading::Absent);
    if context.json() {
        must_be_new(is_there && !yes, &target)?;
    } else {
        context.say(&held(context, &target, &document, taken_out));
        if !yes && can_ask() {
            let question = match is_there {
                true => format!("{} is there already. Replace it?", target.name),
                false => format!("Write {}?", target.name),
            };
            match agrees(context, &question)? {
                Some(true) => {}
                Some(false) => {
                    context.tell("envdoctor: nothing is written\n");
                    return Ok(FOUND);
                }
                None => return Ok(INTERRUPTED),
            }
        } else {
            must_be_new(is_there && !yes, &target)?;
        }
    }
    context.machine.change(&Change::Write { path: file.clone(), content: content.into_bytes() })?;
    match context.json() {
        true => context.print_json(&json!({
            "schema_version": 1,
            "file": target.name,
            "tools": document.tools.len(),
            "findings": document.findings.len(),
            "set_aside": document.set_aside.len(),
            "unknown": document.unknown.len(),
            "facts": document.facts.len(),
            "timings": document.timings.len(),
            "last_run": document.last_run.as_ref().map(|run| &run.command),
            "redacted": {"secrets": taken_out.secrets, "names": taken_out.names},
        })),
        false => context.say(&format!("{} is written. Look it through before you attach it.\n", target.name)),
    }
    Ok(OK)
}

fn must_be_new(is_there: bool, target: &Target) -> Result<(), Failure> {
    match is_there {
        true => Err(Failure(format!("{} is there already; --yes replaces it", target.name))),
        false => Ok(()),
    }
}

impl Target {
    fn new(context: &Context, file: Option<&Path>) -> Result<Self, Failure> {
        let file = file.unwrap_or(Path::new(DEFAULT));
        let name = file.display().to_string();
        if name == "-" {
            return Ok(Target { name: "stdout".to_owned(), file: None, html: false });
        }
        let ending =
            file.extension().map(|ending| ending.to_string_lossy().to_lowercase()).unwrap_or_default();
        let html = match ending.as_str() {
            "md" | "markdown" => false,
            "html" | "htm" => true,
            _ => {
                let why = "a report is Markdown or HTML: name a file that ends in .md or .html";
                return Err(Failure(format!("{name}: {why}")));
            }
        };
        Ok(Target { name, file: Some(context.path(file)), html })
    }
}

/// Everything about this machine and project.
fn document(context: &Context, last: Option<&Kept>) -> Result<(Document, TakenOut), Failure> {
    let clock = Arc::new(Clock { progress: Arc::clone(&context.progress), took: Mutex::default() });
    let mut wanted = all_names();
    wanted.extend(context.rules.rules().iter().flat_map(facts_needed));
    let required = requirements::load(context, &*context.machine)?;
    let (facts, survey, judged) = context.with_memory(|machine| {
        let watching: Arc<dyn Observer> = Arc::<Clock>::clone(&clock);
        let inquiry =
            Inquiry::new(machine, &context.project, context.settings.timeout().value).watched_by(watching);
        let facts = inquiry.facts(&wanted);
        let judged = requirements::examine(context, &inquiry, &required, &facts);
        (facts, inquiry.versions(), judged)
    });
    let report = check::conclude(context, &facts, &judged);
    let standings = survey.present().map(|survey| survey.standings).unwrap_or_default();
    let parts = Parts {
        version: env!("CARGO_PKG_VERSION"),
        made: jiff::Timestamp::now().strftime("%Y-%m-%d %H:%M UTC").to_string(),
        facts: &facts,
        standings: &standings,
        report: &report,
        timings: clock.timings(),
        last_run: last.map(|kept| LastRun {
            command: kept.command.clone(),
            code: kept.code,
            ended: kept.ended.clone(),
            report: &kept.report,
        }),
    };
    let home = context.machine.env("HOME").present();
    Ok(Document::of(&parts, Redactor::new(home, private(context)))?)
}

/// The last command in this project, with its diagnosis.
struct Kept {
    command: String,
    code: i32,
    ended: String,
    report: Report,
}

fn kept_run(context: &Context) -> Option<Kept> {
    let (run, output) = context.state().ok()?.kept_run(&*context.machine)?;
    // What was done elsewhere is nobody's business here.
    if !run.folder.starts_with(&context.project) {
        return None;
    }
    let name = run.argv.first().cloned().unwrap_or_default();
    let report = match run.code {
        0 => Report::default(),
        _ => {
            let (scan, _) = diagnose::read(context, &output).ok()?;
            of_failed(context, scan, &name, false)
        }
    };
    let ended = run.ended.strftime("%Y-%m-%d %H:%M UTC").to_string();
    Some(Kept { command: command_line(&run.argv), code: run.code, ended, report })
}

/// What the file would hold, in short.
fn held(context: &Context, target: &Target, document: &Document, taken_out: TakenOut) -> String {
    let look = context.look;
    let mut out = draw_line("i", &format!("{} holds, for everybody who can read it:", target.name), "", look);
    let mut note = |text: String| out.push_str(&draw_note(&text, look));
    note(counted(document.findings.len(), "finding", " with its evidence and remedies"));
    match document.set_aside.len() {
        0 => {}
        1 => note("1 finding that does not count".to_owned()),
        count => note(format!("{count} findings that do not count")),
    }
    if !document.unknown.is_empty() {
        note(counted(document.unknown.len(), "fact", " that could not be learnt"));
    }
    note(counted(document.tools.len(), "tool", " with version and path"));
    note(counted(document.facts.len(), "fact", " of the machine and the project"));
    note(counted(document.timings.len(), "question", " with the time that it took"));
    if let Some(run) = &document.last_run {
        note(format!("the last run and its diagnosis: {}", run.command));
    }
    let TakenOut { secrets, names } = taken_out;
    note(format!(
        "Taken out: secrets in {}, names of people and machines and home folders in {}.",
        counted(secrets, "place", ""),
        counted(names, "place", "")
    ));
    out
}

fn counted(count: usize, what: &str, more: &str) -> String {
    let more = if count == 1 {
        more.to_owned()
    } else {
        more.replace("its", "their").replace("it took", "they took")
    };
    format!("{count} {what}{}{more}", if count == 1 { "" } else { "s" })
}

/// Keeps how long each question took, and shows what is waited for.
struct Clock {
    progress: Arc<Progress>,
    took: Mutex<BTreeMap<String, Duration>>,
}

impl Clock {
    fn timings(&self) -> Vec<(String, Duration)> {
        let took = self.took.lock().unwrap_or_else(PoisonError::into_inner);
        took.iter().map(|(what, took)| (what.clone(), *took)).collect()
    }
}

impl Observer for Clock {
    fn waiting(&self, for_what: &[String]) -> ControlFlow<()> {
        self.progress.waiting(for_what)
    }

    fn answered(&self, what: &str, took: Duration) {
        let mut all = self.took.lock().unwrap_or_else(PoisonError::into_inner);
        let known = all.entry(what.to_owned()).or_default();
        *known = took.max(*known);
    }

    fn done(&self) {
        self.progress.done();
    }
}
