//! `envdoctor diagnose`: names the root cause in a tool's output.

use std::io::{self, IsTerminal, Read};
use std::path::{Path, PathBuf};

use super::Failure;
use super::context::Context;
use crate::causes::findings_from_log;
use crate::facts::Facts;
use crate::machine::{Log, open_log, open_stdin};
use crate::report::Report;
use crate::rules::Rule;
use crate::scan::{Scan, Scanner};

/// So many bytes are read at once.
const PIECE: usize = 64 * 1024;

pub(super) fn diagnose(context: &Context, files: &[PathBuf], here: bool) -> Result<u8, Failure> {
    let stdin = [PathBuf::from("-")];
    let files = if files.is_empty() { &stdin } else { files };
    let mut whole = Report::default();
    let mut unread = Vec::new();
    for file in files {
        match one(context, file, here) {
            Ok(mut report) => {
                report.summary.lines =
                    Some(report.summary.lines.unwrap_or(0) + whole.summary.lines.unwrap_or(0));
                report.summary.left_out += whole.summary.left_out;
                whole.diagnoses.extend(report.diagnoses);
                whole.set_aside.extend(report.set_aside);
                whole.unrecognised.extend(report.unrecognised);
                whole.summary = report.summary;
            }
            Err(Failure(why)) => unread.push(why),
        }
    }
    // What could be read is told, whatever else could not.
    if unread.len() < files.len() {
        let logs: Vec<PathBuf> = files.iter().filter(|file| *file != Path::new("-")).cloned().collect();
        context.print(&whole, &context.scene(&logs))?;
    }
    match unread.is_empty() {
        true => Ok(context.code(&whole)),
        false => Err(Failure(unread.join("\nenvdoctor: "))),
    }
}

fn one(context: &Context, file: &Path, here: bool) -> Result<Report, Failure> {
    let (scan, name) = read(context, file)?;
    if scan.blank {
        context.tell(&format!("envdoctor: {name} is empty: there is nothing to diagnose\n"));
    }
    examine(context, scan, &name, here)
}

/// The report of an output that need not be a failure's, or the refusal of what is no text.
pub(super) fn examine(context: &Context, mut scan: Scan, name: &str, here: bool) -> Result<Report, Failure> {
    if scan.ended_well {
        scan.suspects.clear();
    }
    if !scan.blank && scan.sightings.is_empty() && scan.is_binary() {
        return Err(Failure(format!("{name} is not text: name a file that holds a tool's output")));
    }
    Ok(report(context, scan, name, here))
}

/// The report of one output. What was printed `here`, the machine is asked to confirm; of any other output it knows nothing.
pub(super) fn report(context: &Context, scan: Scan, source: &str, here: bool) -> Report {
    let is_seen = |rule: &&Rule| scan.sightings.iter().any(|sighting| sighting.rule == rule.id);
    let facts = match here {
        true => context.gather(context.rules.rules().iter().filter(is_seen)),
        false => Facts::default(),
    };
    let findings = findings_from_log(&context.rules, scan.sightings, here.then_some(&facts));
    let mut report = context.report(findings, &facts, false, source, scan.suspects);
    report.summary.lines = Some(scan.lines);
    report
}

/// Reads an output that is there as a whole.
#[cfg(feature = "mcp")]
pub(super) fn read_text(context: &Context, text: &str) -> Scan {
    let mut scanner = Scanner::new(&context.rules);
    scanner.feed(text.as_bytes());
    scanner.finish()
}

/// Reads one output to its end.
pub(super) fn read(context: &Context, file: &Path) -> Result<(Scan, String), Failure> {
    if file == Path::new("-") {
        if io::stdin().is_terminal() {
            context.tell("envdoctor: reading from the terminal; Ctrl-D ends it\n");
        }
        return Ok((scan(context, open_stdin()?, "standard input")?, "standard input".to_owned()));
    }
    let name = file.display().to_string();
    Ok((scan(context, open_log(&context.path(file), &name)?, &name)?, name))
}

fn scan(context: &Context, mut input: Log, name: &str) -> Result<Scan, Failure> {
    let mut scanner = Scanner::new(&context.rules);
    let mut piece = vec![0; PIECE];
    loop {
        match input.read(&mut piece) {
            Ok(0) => break,
            Ok(length) => scanner.feed(&piece[..length]),
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(Failure(format!("{name}: {error}"))),
        }
    }
    if input.is_interrupted() {
        context.tell(&format!("envdoctor: {name} was read up to here\n"));
    }
    Ok(scanner.finish())
}
