//! The command line: one file a command, and what they share.

mod args;
mod check;
mod complete;
mod completions;
mod config;
mod context;
mod deep;
mod diagnose;
mod explain;
mod facts;
mod fix;
mod gate;
mod green;
mod history;
mod hook;
mod init;
mod load;
mod man;
#[cfg(feature = "mcp")]
mod mcp;
mod outputs;
mod private;
mod progress;
mod prompt;
mod report;
mod requirements;
mod rules;
mod run;
mod schema;
mod trust;
mod undo;
mod versions;

use std::io::Write;
use std::process::ExitCode;

use clap::Parser;

use args::{Args, Color, Command, RulesCommand};
use context::Context;
use load::Which;

use crate::machine::Screen;
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
    if let Some(code) = complete::answered() {
        return code;
    }
    let args = match Args::try_parse() {
        Ok(args) => args,
        Err(error) => {
            // Help and the version are no mistakes; clap knows which stream each belongs to.
            let _ = error.print();
            return ExitCode::from(if error.use_stderr() { USAGE } else { OK });
        }
    };
    let plain = args.global.plain || Screen::of_this_process().plain;
    let choice = match args.global.color {
        _ if plain => anstream::ColorChoice::Never,
        Color::Auto => anstream::ColorChoice::Auto,
        Color::Always => anstream::ColorChoice::Always,
        Color::Never => anstream::ColorChoice::Never,
    };
    choice.write_global();
    match dispatch(args) {
        Ok(code) => ExitCode::from(code),
        Err(Failure(why)) => {
            let why = if plain { without_excerpts(&why) } else { why };
            let _ = writeln!(anstream::stderr(), "envdoctor: {}", visible_lines(why.trim_end()));
            ExitCode::from(USAGE)
        }
    }
}

/// A message without the excerpts of files in it, whose marks have to be seen: the place stands before each message.
fn without_excerpts(why: &str) -> String {
    let is_excerpt = |line: &str| {
        let line = line.trim_start().trim_start_matches(|c: char| c.is_ascii_digit()).trim_start();
        line.is_empty() || line.starts_with(['|', ':']) || line.starts_with("-->") || line.starts_with("...")
    };
    let lines = why.lines().filter(|line| !is_excerpt(line));
    lines.map(|line| format!("{}\n", line.trim_start().trim_start_matches("= "))).collect()
}

fn dispatch(args: Args) -> Result<u8, Failure> {
    if let Some(why) = args.command.refuses(args.global.format) {
        return Err(Failure(why));
    }
    // None of these has to do with any rule or project.
    match &args.command {
        Command::Completions { shell } => return completions::completions(*shell),
        Command::Man { folder } => return man::man(folder.as_deref()),
        // A shell waits for it at its start, and whatever is wrong with the project's rules is not told there.
        Command::Hook { home } => return hook::hook(*home),
        _ => {}
    }
    // The process ends with it: to take thousands of rules apart first is time that the person waits.
    let which = match args.command {
        // It shows what is not trusted yet, and forgets what can no longer be read.
        Command::Trust { .. } => Which::Installed,
        Command::Rules { what: RulesCommand::Schema } => Which::None,
        _ => Which::All,
    };
    let mut context = std::mem::ManuallyDrop::new(Context::new(&args.global, which)?);
    context.outputs = args.command.outputs().unwrap_or_default().to_vec();
    let inputs = match &args.command {
        Command::Diagnose { files, .. } => files.as_slice(),
        _ => &[],
    };
    outputs::check(&context, inputs)?;
    let about_project = matches!(
        args.command,
        Command::Check { .. }
            | Command::Facts { .. }
            | Command::Init { .. }
            | Command::Report { .. }
            | Command::Rules { what: RulesCommand::List }
            | Command::Trust { .. }
            | Command::Undo { .. }
            | Command::Versions { .. }
    );
    if about_project {
        context.enter_project()?;
    }
    let settled = match &args.command {
        Command::Fix { rule, .. } => context.read_settings(&args.global, rule.as_deref()),
        Command::Check { .. }
        | Command::Config
        | Command::Diagnose { .. }
        | Command::Facts { .. }
        | Command::Report { .. }
        | Command::Run { .. }
        | Command::Versions { .. } => context.read_settings(&args.global, None),
        _ => Ok(()),
    };
    match (settled, &args.command) {
        // What a command does is not for somebody else's file to prevent.
        (Err(Failure(why)), Command::Run { .. }) => {
            context.tell(&format!("envdoctor: {}\n", visible_lines(&why)))
        }
        (settled, _) => settled?,
    }
    // A command that `run` carries out is left to speak first.
    if !matches!(args.command, Command::Run { .. }) {
        context.tell_unread();
    }
    let code = match args.command {
        Command::Check { facts, deep, deep_timeout, since_green, .. } => {
            check::check(&context, facts.as_deref(), deep.then_some(deep_timeout), since_green)
        }
        Command::Diagnose { files, here, .. } => diagnose::diagnose(&context, &files, here),
        Command::Run { report, command, .. } => run::run(&context, &command, report.as_deref()),
        Command::Fix { rule, log, dry_run, yes, allow, plan, apply } => {
            let consent = fix::Consent::new(yes, allow);
            let goal = fix::Goal::new(dry_run, plan, apply);
            fix::fix(&mut context, rule.as_deref(), log.as_deref(), consent, goal)
        }
        Command::Undo { id, yes } => undo::undo(&context, id.as_deref(), yes),
        Command::History => history::history(&context),
        Command::Config => config::config(&context),
        Command::Init { with } => init::init(&context, with),
        Command::Explain { rule } => explain::explain(&context, &rule),
        Command::Facts { prefix, record } => facts::facts(&context, prefix.as_deref(), record.as_deref()),
        Command::Report { file, facts, yes } => {
            report::report(&context, file.as_deref(), facts.as_deref(), yes)
        }
        Command::Trust { yes, forget } => trust::trust(&context, yes, forget),
        Command::Versions { facts } => versions::versions(&context, facts.as_deref()),
        #[cfg(feature = "mcp")]
        Command::Mcp => mcp::mcp(&context, &args.global),
        Command::Schema { form } => schema::schema(&context, form),
        Command::Completions { .. } | Command::Hook { .. } | Command::Man { .. } => Ok(OK),
        Command::Rules { what } => rules::rules(&mut context, what),
    }?;
    context.printed()?;
    Ok(code)
}
