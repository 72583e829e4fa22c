//! One treatment, carried out.

use std::ffi::OsString;
use std::time::Duration;

use thiserror::Error;

use super::{Journal, Record};
use crate::facts::Reading;
use crate::machine::{Change, ChangeError, Machine, PassthroughError, Watch};
use crate::plan::{Run, Step, Treatment, command_line};

/// How long git may take to put files into its index.
const DEADLINE: Duration = Duration::from_secs(15 * 60);

/// A treatment that could not be carried out.
#[derive(Debug, Error)]
pub enum ApplyError {
    /// The machine refused a change.
    #[error(transparent)]
    Change(#[from] ChangeError),
    /// A file is not any more what the plan was made from.
    #[error("{0} has changed since the plan was made: nothing was written to it")]
    Changed(String),
    /// The command could not be run.
    #[error(transparent)]
    Run(#[from] PassthroughError),
    /// The command failed.
    #[error("`{command}` ended with exit status {code}")]
    Exit {
        /// The command.
        command: String,
        /// Its exit status.
        code: i32,
    },
}

/// Carries out a treatment, with the journal ahead of each step. What a command prints reaches the person, and `output`
/// as well.
///
/// # Errors
/// What went wrong; the journal says the same.
pub fn carry_out(
    treatment: &Treatment,
    machine: &dyn Machine,
    journal: &mut Journal<'_>,
    output: &mut dyn FnMut(&[u8]),
) -> Result<(), ApplyError> {
    let done = steps(treatment, machine, journal, output);
    if let Err(error) = &done {
        journal.write(&Record::Failed { why: error.to_string() })?;
    }
    done
}

fn steps(
    treatment: &Treatment,
    machine: &dyn Machine,
    journal: &mut Journal<'_>,
    output: &mut dyn FnMut(&[u8]),
) -> Result<(), ApplyError> {
    let rule = || treatment.rule.clone();
    match &treatment.step {
        Step::Edit(edits) => {
            // All are looked at before the first is written, so that a plan that no longer fits changes nothing.
            if let Some(edit) = edits.iter().find(|edit| {
                machine.read(&edit.path) != edit.before.clone().map_or(Reading::Absent, Reading::Present)
            }) {
                return Err(ApplyError::Changed(edit.path.display().to_string()));
            }
            for edit in edits {
                let (path, backup) = (edit.path.clone(), journal.backup_of(&edit.path));
                journal.write(&Record::Edit { rule: rule(), path: path.clone(), backup: backup.clone() })?;
                machine.change(&Change::Copy { from: path.clone(), to: backup })?;
                machine.change(&Change::Write { path, content: edit.after.clone().into_bytes() })?;
                journal.write(&Record::Done)?;
            }
        }
        Step::Remove(paths) => {
            for path in paths {
                let backup = journal.backup_of(path);
                journal.write(&Record::Remove {
                    rule: rule(),
                    path: path.clone(),
                    backup: backup.clone(),
                })?;
                machine.change(&Change::Move { from: path.clone(), to: backup })?;
                journal.write(&Record::Done)?;
            }
        }
        Step::Run(Run { argv, deadline, .. }) => {
            journal.write(&Record::Run { rule: rule(), argv: argv.clone() })?;
            let words: Vec<OsString> = argv.iter().map(OsString::from).collect();
            match machine.pass_through(&words, &Watch::remedy(*deadline), output)?.exit_code() {
                0 => journal.write(&Record::Done)?,
                code => return Err(ApplyError::Exit { command: command_line(argv), code }),
            }
        }
        Step::Track(files) => {
            for file in files {
                let words = ["git", "add", "--intent-to-add", "--"].map(OsString::from);
                let words: Vec<OsString> = words.into_iter().chain([file.clone().into()]).collect();
                journal.write(&Record::Done)?;
                machine.pass_through(&words, &Watch::remedy(DEADLINE), output)?;
            }
        }
        Step::Tell(_) => {}
    }
    Ok(())
}
