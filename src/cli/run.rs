//! `envdoctor run -- CMD`: runs a command untouched, and diagnoses it if it fails.

use std::ffi::OsString;
use std::path::Path;

use super::context::Context;
use super::{Failure, diagnose, outputs};
use crate::machine::{Change, Ended, Watch};
use crate::report::{Report, to_json};
use crate::scan::{Scan, Scanner};
use crate::state::{LastRun, Output};
use crate::visible::visible_json;

/// The exit code of a command that Ctrl-C ended.
const INTERRUPTED: i32 = 130;

/// A command that ran to its end.
pub(super) struct Ran {
    /// Its exit code.
    pub(super) code: i32,
    /// What the rules saw in its output.
    pub(super) scan: Scan,
}

/// A command that was run, with what is remembered of it.
pub(super) struct Finished {
    ran: Ran,
    last: LastRun,
    output: Output,
    /// Somebody ended it: what it printed tells nothing of whether it works.
    pub(super) interrupted: bool,
}

pub(super) fn run(context: &Context, command: &[OsString], report: Option<&Path>) -> Result<u8, Failure> {
    let ran = match execute(context, command) {
        Ok(finished) => finished.keep(context),
        Err(NotRun { message, code }) => {
            context.tell(&format!("envdoctor: {message}\n"));
            return Ok(code);
        }
    };
    let code = ran.code;
    let silent = code != 0 && ran.scan.blank;
    // Who ends a command knows why it ended.
    let diagnosed = (code != 0 && code != INTERRUPTED).then(|| diagnose_run(context, ran, command));
    if diagnosed.is_some() {
        context.tell_unread();
    }
    if silent && diagnosed.is_some() {
        let how = match code {
            129.. => format!("was ended by signal {}", code - 128),
            _ => format!("failed with exit status {code}"),
        };
        context.tell(&format!("envdoctor: the command {how} and printed nothing\n"));
    } else if let Some(diagnosed) = &diagnosed {
        // Below what the command printed.
        let apart = if context.for_person() { "\n" } else { "" };
        context.tell(&format!("{apart}{}", context.draw(diagnosed, &context.scene(&[]))));
    }
    outputs::write(context, diagnosed.as_ref().unwrap_or(&Report::default()), &context.scene(&[]))?;
    if let Some(file) = report {
        let content = visible_json(&to_json(&diagnosed.unwrap_or_default())).into_bytes();
        context.machine.change(&Change::Write { path: context.path(file), content })?;
    }
    Ok(u8::try_from(code & 0xff).unwrap_or(u8::MAX))
}

/// A command that could not be run.
pub(super) struct NotRun {
    pub(super) message: String,
    pub(super) code: u8,
}

/// Runs a command and reads along.
pub(super) fn execute(context: &Context, command: &[OsString]) -> Result<Finished, NotRun> {
    let mut scanner = Scanner::new(&context.rules);
    let mut output = Output::default();
    let finished = context.machine.pass_through(command, &Watch::own(), &mut |bytes| {
        scanner.feed(bytes);
        output.push(bytes);
    });
    let finished = finished.map_err(|error| NotRun {
        message: error.to_string(),
        code: u8::try_from(error.exit_code()).unwrap_or(u8::MAX),
    })?;
    let code = finished.exit_code();
    let last = LastRun {
        argv: command.iter().map(|word| word.to_string_lossy().into_owned()).collect(),
        folder: context.project.clone(),
        code,
        ended: jiff::Timestamp::now(),
        repaired: false,
    };
    let interrupted = finished.ended == Ended::Told;
    Ok(Finished { ran: Ran { code, scan: scanner.finish() }, last, output, interrupted })
}

impl Finished {
    /// Keeps the output for `fix`.
    pub(super) fn keep(self, context: &Context) -> Ran {
        // The command's own result counts, whether or not it can be remembered.
        if let Ok(state) = context.state()
            && let Err(error) = state.keep_run(&*context.machine, &self.last, self.output)
        {
            context.tell(&format!("envdoctor: this run is not kept for `fix`: {error}\n"));
        }
        self.ran
    }
}

/// The report of a command that failed.
pub(super) fn diagnose_run(context: &Context, ran: Ran, command: &[OsString]) -> Report {
    let name = command.first().map(|word| word.to_string_lossy().into_owned()).unwrap_or_default();
    of_failed(context, ran.scan, &name, true)
}

/// The report of a failed command's output. If no line looks like an error, its last lines are shown.
pub(super) fn of_failed(context: &Context, mut scan: Scan, name: &str, here: bool) -> Report {
    let tail = std::mem::take(&mut scan.tail);
    let mut report = diagnose::report(context, scan, name, here);
    if report.diagnoses.is_empty() && report.unrecognised.is_empty() && !report.is_excused() {
        report.last_lines = tail;
    }
    report
}
