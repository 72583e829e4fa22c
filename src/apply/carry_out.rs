//! One treatment, carried out.

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::time::Duration;

use thiserror::Error;

use super::{Journal, Kept, Record};
use crate::facts::Reading;
use crate::machine::{Change, ChangeError, Ended, Imprint, Machine, PassthroughError, Watch};
use crate::plan::{FileEdit, Run, Step, Treatment, command_line, git_index};

/// So many bytes stay free on the file system that takes the backups.
const SPARE: u64 = 16 * 1024 * 1024;

/// Git's index is written in much less.
const TRACKED_WITHIN: Duration = Duration::from_secs(60);

/// A treatment that could not be carried out.
#[derive(Debug, Error)]
pub enum ApplyError {
    /// The machine refused a change.
    #[error(transparent)]
    Change(#[from] ChangeError),
    /// A file is not any more what the plan was made from.
    #[error("{0} has changed since the plan was made: nothing was written to it")]
    Changed(String),
    /// A path leads elsewhere than when the plan was made.
    #[error("{0} leads elsewhere since the plan was made: nothing was done")]
    Elsewhere(String),
    /// What has to be kept does not fit.
    #[error(
        "{need} MB have to be kept so that it can be taken back, and only {free} MB are free at {place}: nothing was run"
    )]
    NoRoom {
        /// Megabytes that are needed.
        need: u64,
        /// Megabytes that are free.
        free: u64,
        /// The folder of the backups.
        place: String,
    },
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
    /// The command ran too long, or wanted what it cannot have.
    #[error("`{command}` {why}")]
    Ended {
        /// The command.
        command: String,
        /// What was done about it and why, as a clause.
        why: String,
    },
    /// Somebody wants an end of us.
    #[error("`{0}` was interrupted")]
    Interrupted(String),
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
    if let Some((path, _)) =
        treatment.anchors.iter().find(|(path, real)| machine.resolve(path) != Reading::Present(real.clone()))
    {
        return Err(ApplyError::Elsewhere(path.display().to_string()));
    }
    let (rule, title) = (treatment.rule.clone(), treatment.title.clone());
    journal.write(&Record::Remedy { rule, title, risk: treatment.risk })?;
    match &treatment.step {
        Step::Edit(edits) => {
            // All are looked at before the first is written, so that a plan that no longer fits changes nothing.
            if let Some(edit) = edits.iter().find(|edit| machine.read(&edit.path) != expected(edit)) {
                return Err(ApplyError::Changed(edit.path.display().to_string()));
            }
            edits.iter().try_for_each(|edit| write(edit, machine, journal))
        }
        Step::Remove(paths) => paths.iter().try_for_each(|path| remove(path, machine, journal)),
        Step::Run(run) => run_kept(run, machine, journal, output),
        Step::Track(files) => track(files, machine, journal, output),
        Step::Tell(_) => Ok(()),
    }
}

fn expected(edit: &FileEdit) -> Reading<String> {
    edit.before.clone().map_or(Reading::Absent, Reading::Present)
}

fn write(edit: &FileEdit, machine: &dyn Machine, journal: &mut Journal<'_>) -> Result<(), ApplyError> {
    // A link stays one: what it leads to is written, and kept.
    let path = machine.resolve(&edit.path).present().unwrap_or_else(|| edit.path.clone());
    let made = match edit.before {
        Some(_) => Vec::new(),
        None => missing_folders(&path, machine),
    };
    let kept = journal.keep(&path)?;
    if kept.before != edit.before.as_ref().map(|before| Imprint::of(before.as_bytes())) {
        return Err(ApplyError::Changed(edit.path.display().to_string()));
    }
    let after = Imprint::of(edit.after.as_bytes());
    let step = Record::Edit { kept: kept.clone(), after, made: made.clone() };
    in_journal(step, journal, |_| {
        copy(&kept, machine)?;
        if let Some(folder) = made.last() {
            machine.change(&Change::MakeFolder(folder.clone()))?;
        }
        Ok(machine.change(&Change::Write { path, content: edit.after.clone().into_bytes() })?)
    })
}

/// The path without a link among the folders above it: it must mean the same when it is taken back.
fn anchored(path: &Path, machine: &dyn Machine) -> PathBuf {
    match machine.folder_above(path) {
        Some((above, real)) => {
            path.strip_prefix(above).map_or_else(|_| path.to_owned(), |rest| real.join(rest))
        }
        None => path.to_owned(),
    }
}

/// The folders above a path that are not there, the outermost first.
fn missing_folders(path: &Path, machine: &dyn Machine) -> Vec<PathBuf> {
    let above = path.ancestors().skip(1).take_while(|folder| !machine.exists(folder));
    let mut missing: Vec<PathBuf> = above.map(Path::to_owned).collect();
    missing.reverse();
    missing
}

fn remove(path: &Path, machine: &dyn Machine, journal: &mut Journal<'_>) -> Result<(), ApplyError> {
    let (path, backup) = (anchored(path, machine), journal.backup_of(path));
    let step = Record::Remove { path: path.clone(), backup: backup.clone() };
    in_journal(step, journal, |_| Ok(machine.change(&Change::Move { from: path, to: backup })?))
}

fn run_kept(
    run: &Run,
    machine: &dyn Machine,
    journal: &mut Journal<'_>,
    output: &mut dyn FnMut(&[u8]),
) -> Result<(), ApplyError> {
    let mut kept = Vec::new();
    for path in &run.changes {
        let link = journal.keep(&anchored(path, machine))?;
        // A command writes through a link.
        let target = match link.before {
            Some(Imprint::Link(_)) => machine.resolve(path).present(),
            _ => None,
        };
        kept.push(link);
        if let Some(target) = target {
            kept.push(journal.keep(&target)?);
        }
    }
    there_is_room(&kept, machine, journal)?;
    let mut made: Vec<PathBuf> = run.changes.iter().flat_map(|path| missing_folders(path, machine)).collect();
    made.sort();
    made.dedup();
    let step = Record::Run { argv: run.argv.clone(), kept: kept.clone(), made, undo: run.undo.clone() };
    in_journal(step, journal, |journal| {
        kept.iter().try_for_each(|kept| copy(kept, machine))?;
        start(&run.argv, run.deadline, machine, journal, output)
    })
}

fn track(
    files: &[PathBuf],
    machine: &dyn Machine,
    journal: &mut Journal<'_>,
    output: &mut dyn FnMut(&[u8]),
) -> Result<(), ApplyError> {
    for file in files {
        let missing = || ChangeError { path: file.clone(), why: "it lies in no Git repository".to_owned() };
        let index = journal.keep(&git_index(machine, file).ok_or_else(missing)?)?;
        let step = Record::Track { files: vec![file.clone()], index: index.clone() };
        in_journal(step, journal, |journal| {
            copy(&index, machine)?;
            let argv = ["git", "add", "--intent-to-add", "--"].map(str::to_owned);
            let argv: Vec<String> = argv.into_iter().chain([file.display().to_string()]).collect();
            start(&argv, TRACKED_WITHIN, machine, journal, output)
        })?;
    }
    Ok(())
}

/// Does a step, with its line in the journal before it, and how it ended behind it.
fn in_journal(
    step: Record,
    journal: &mut Journal<'_>,
    act: impl FnOnce(&mut Journal<'_>) -> Result<(), ApplyError>,
) -> Result<(), ApplyError> {
    journal.write(&step)?;
    let done = act(journal);
    let left = journal.left(&step);
    let end = match &done {
        Ok(()) => Record::Done { left },
        Err(error) => Record::Failed { why: error.to_string(), left },
    };
    // What failed counts for more than that it could not be noted.
    done.and(journal.write(&end).map_err(ApplyError::from))
}

fn copy(kept: &Kept, machine: &dyn Machine) -> Result<(), ChangeError> {
    match &kept.backup {
        Some(backup) => machine.change(&Change::Copy { from: kept.path.clone(), to: backup.clone() }),
        None => Ok(()),
    }
}

fn there_is_room(kept: &[Kept], machine: &dyn Machine, journal: &Journal<'_>) -> Result<(), ApplyError> {
    let need: u64 = kept.iter().filter_map(|kept| kept.before.as_ref()).map(Imprint::bytes).sum();
    match machine.file_system(journal.folder()) {
        Reading::Present(system) if need > 0 && system.free < need + SPARE => Err(ApplyError::NoRoom {
            need: need.div_ceil(1_000_000),
            free: system.free / 1_000_000,
            place: journal.folder().display().to_string(),
        }),
        _ => Ok(()),
    }
}

fn start(
    argv: &[String],
    deadline: Duration,
    machine: &dyn Machine,
    journal: &mut Journal<'_>,
    output: &mut dyn FnMut(&[u8]),
) -> Result<(), ApplyError> {
    journal.write(&Record::Started)?;
    run(argv, deadline, machine, output)
}

/// Runs a command to its end, or to its deadline.
pub(super) fn run(
    argv: &[String],
    deadline: Duration,
    machine: &dyn Machine,
    output: &mut dyn FnMut(&[u8]),
) -> Result<(), ApplyError> {
    let words: Vec<OsString> = argv.iter().map(OsString::from).collect();
    let finished = machine.pass_through(&words, &Watch::remedy(deadline), output)?;
    let command = command_line(argv);
    match (finished.ended, finished.exit_code()) {
        (Ended::Told, _) => Err(ApplyError::Interrupted(command)),
        (Ended::AtDeadline, _) => {
            let why = format!("was ended: it may take {} s", deadline.as_secs());
            Err(ApplyError::Ended { command, why })
        }
        (Ended::WantedTerminal, _) => {
            let why = "was ended: it wanted to ask something, and there is no terminal for it".to_owned();
            Err(ApplyError::Ended { command, why })
        }
        (Ended::ByItself, 0) => Ok(()),
        (Ended::ByItself, code) => Err(ApplyError::Exit { command, code }),
    }
}
