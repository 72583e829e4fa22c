//! The command line: one file a command, and what they share.

mod args;
mod check;
mod context;
mod deep;
mod diagnose;
mod explain;
mod facts;
mod fix;
mod history;
mod load;
mod prompt;
mod requirements;
mod rules;
mod run;
mod trust;
mod undo;
mod versions;

use std::io::Write;
use std::process::ExitCode;

use clap::Parser;

use args::{Args, Color, Command};
use context::Context;
use load::Which;

use crate::visible::visible_lines;

/// Nothing at or above the threshold.
const OK: u8 = 0;
/// There is something at or above the threshold.
const FOUND: u8 = 1;
/// Wrong usage, rules or configuration.
const USAGE: u8 = 2;
/// It could not be told.
const UNKNOWN: u8 = 3;
/// The person stopped it: what a shell says of a command that Ctrl-C ended.
const INTERRUPTED: u8 = 130;

/// A mistake of the person's, or of their rules: told on stderr, with exit code 2.
#[derive(Debug)]
struct Failure(String);

impl<E: std::error::Error> From<E> for Failure {
    fn from(error: E) -> Self {
        Failure(error.to_string())
    }
}

/// Runs the command that the process was started with.
pub fn main() -> ExitCode {
    let args = match Args::try_parse() {
        Ok(args) => args,
        Err(error) => {
            // Help and the version are no mistakes; clap knows which stream each belongs to.
            let _ = error.print();
            return ExitCode::from(if error.use_stderr() { USAGE } else { OK });
        }
    };
    let choice = match args.global.color {
        Color::Auto => anstream::ColorChoice::Auto,
        Color::Always => anstream::ColorChoice::Always,
        Color::Never => anstream::ColorChoice::Never,
    };
    choice.write_global();
    match dispatch(args) {
        Ok(code) => ExitCode::from(code),
        Err(Failure(why)) => {
            let _ = writeln!(anstream::stderr(), "envdoctor: {}", visible_lines(why.trim_end()));
            ExitCode::from(USAGE)
        }
    }
}

fn dispatch(args: Args) -> Result<u8, Failure> {
    // The process ends with it: to take thousands of rules apart first is time that the person waits.
    let which = match args.command {
        // It shows what is not trusted yet, and forgets what can no longer be read.
        Command::Trust { .. } => Which::Installed,
        _ => Which::All,
    };
    let mut context = std::mem::ManuallyDrop::new(Context::new(&args.global, which)?);
    let about_project = matches!(
        args.command,
        Command::Check { .. }
            | Command::Facts { .. }
            | Command::Trust { .. }
            | Command::Undo { .. }
            | Command::Versions { .. }
    );
    if about_project {
        context.enter_project()?;
    }
    if matches!(args.command, Command::Fix { .. }) {
        context.read_settings()?;
    }
    // A command that `run` carries out is left to speak first.
    if !matches!(args.command, Command::Run { .. }) {
        context.tell_unread();
    }
    let code = match args.command {
        Command::Check { facts, deep, deep_timeout } => {
            check::check(&context, facts.as_deref(), deep.then_some(deep_timeout))
        }
        Command::Diagnose { files, here } => diagnose::diagnose(&context, &files, here),
        Command::Run { report, command } => run::run(&context, &command, report.as_deref()),
        Command::Fix { rule, log, dry_run, yes, allow, plan, apply } => {
            let consent = fix::Consent::new(yes, allow);
            let goal = fix::Goal::new(dry_run, plan, apply);
            fix::fix(&mut context, rule.as_deref(), log.as_deref(), consent, goal)
        }
        Command::Undo { id, yes } => undo::undo(&context, id.as_deref(), yes),
        Command::History => history::history(&context),
        Command::Explain { rule } => explain::explain(&context, &rule),
        Command::Facts { prefix, record } => facts::facts(&context, prefix.as_deref(), record.as_deref()),
        Command::Trust { yes, forget } => trust::trust(&context, yes, forget),
        Command::Versions { facts } => versions::versions(&context, facts.as_deref()),
        Command::Rules { what } => rules::rules(&mut context, what),
    }?;
    context.printed()?;
    Ok(code)
}
