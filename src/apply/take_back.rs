//! One step, taken back. Nothing is lost by it: what stands in the way is put aside, and a file that was changed since stays.
//!
//! It looks at what is there rather than at how far the step got, so that it can be killed and begun again.

use std::path::{Path, PathBuf};
use std::time::Duration;

use super::past::{PastStep, Progress};
use super::{Journal, Kept, Record, carry_out};
use crate::facts::Reading;
use crate::machine::{Change, ChangeError, Imprint, Machine};
use crate::plan::command_line;

/// A command that takes something back may run so long.
const WITHIN: Duration = Duration::from_secs(120);

/// What came of taking a step back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Returned {
    /// It is as it was before.
    Restored(PathBuf),
    /// It is as it was before; what stood there instead was put aside.
    Swapped {
        /// The path.
        path: PathBuf,
        /// Where lies what stood there.
        aside: PathBuf,
    },
    /// Nothing stands there, as before; what stood there was put aside.
    Gone(PathBuf, PathBuf),
    /// The file was changed since, and stays; beside it lies what was there before the fix.
    Changed {
        /// The file.
        path: PathBuf,
        /// The copy of what was there before; `None`: nothing was.
        before: Option<PathBuf>,
    },
    /// A command took it back.
    Ran(String),
    /// The command that takes it back failed.
    CommandFailed {
        /// The command.
        command: String,
        /// Why.
        why: String,
    },
    /// The command may have changed more than was kept.
    Beyond(String),
    /// The backup is not there any more, or is not what it was.
    BackupGone(PathBuf),
    /// A folder above it has become a link since, to who knows where: it is left alone.
    Elsewhere(PathBuf),
}

impl Returned {
    /// Whether all is as it was before, as far as it was kept.
    pub fn is_whole(&self) -> bool {
        !matches!(
            self,
            Returned::Changed { .. }
                | Returned::CommandFailed { .. }
                | Returned::BackupGone(_)
                | Returned::Elsewhere(_)
        )
    }
}

/// Takes a step back, and says so in the journal.
///
/// # Errors
/// A change that the machine refused: begin again when its reason is gone.
pub fn take_back(
    step: &PastStep,
    machine: &dyn Machine,
    journal: &mut Journal<'_>,
) -> Result<Vec<Returned>, ChangeError> {
    let returned = match &step.what {
        Record::Edit { kept, after, made } => {
            let left = step.left.first().cloned().flatten().or_else(|| Some(after.clone()));
            let returned = kept_back(kept, Some(left), machine, journal)?;
            remove_empty(made, machine)?;
            returned.into_iter().collect()
        }
        Record::Remove { path, backup } => moved_back(path, backup, machine, journal)?.into_iter().collect(),
        Record::Run { argv, kept, made, undo } if step.progress > Progress::Begun => {
            let returned = run_back(step, argv, kept, undo.as_deref(), machine, journal)?;
            remove_empty(made, machine)?;
            returned
        }
        Record::Track { files, index } if step.progress > Progress::Begun => {
            untrack(step, files, index, machine, journal)?
        }
        // Nothing ran yet.
        _ => Vec::new(),
    };
    journal.write(&Record::Back { number: step.number, whole: returned.iter().all(Returned::is_whole) })?;
    Ok(returned)
}

/// Removes folders that were made, the innermost first; what holds something stays.
fn remove_empty(made: &[PathBuf], machine: &dyn Machine) -> Result<(), ChangeError> {
    made.iter().rev().try_for_each(|folder| machine.change(&Change::RemoveEmptyFolder(folder.clone())))
}

fn run_back(
    step: &PastStep,
    argv: &[String],
    kept: &[Kept],
    undo: Option<&[String]>,
    machine: &dyn Machine,
    journal: &mut Journal<'_>,
) -> Result<Vec<Returned>, ChangeError> {
    let mut returned = Vec::new();
    let beyond = || Returned::Beyond(command_line(argv));
    match undo {
        Some(undo) if step.is_run_back() => returned.push(match run(undo, machine) {
            // It was killed while it ran, perhaps before it did anything.
            Returned::CommandFailed { .. } if step.progress == Progress::Started => beyond(),
            ran => ran,
        }),
        // Nobody knows whether it changed more than it says.
        _ => returned.push(beyond()),
    }
    for (number, kept) in kept.iter().enumerate() {
        returned.extend(kept_back(kept, step.left.get(number).cloned(), machine, journal)?);
    }
    Ok(returned)
}

/// The index as it was, if nothing else was put into it since; else the files are taken out of it.
fn untrack(
    step: &PastStep,
    files: &[PathBuf],
    index: &Kept,
    machine: &dyn Machine,
    journal: &mut Journal<'_>,
) -> Result<Vec<Returned>, ChangeError> {
    let now = machine.imprint(&index.path).present();
    if now == index.before || step.left.first().is_none_or(|left| *left == now) {
        return Ok(kept_back(index, step.left.first().cloned(), machine, journal)?.into_iter().collect());
    }
    let words = ["git", "reset", "--quiet", "--"].map(str::to_owned).into_iter();
    let argv: Vec<String> = words.chain(files.iter().map(|file| file.display().to_string())).collect();
    Ok(vec![run(&argv, machine)])
}

fn run(argv: &[String], machine: &dyn Machine) -> Returned {
    let command = command_line(argv);
    match carry_out::run(argv, WITHIN, machine, &mut |_| ()) {
        Ok(()) => Returned::Ran(command),
        Err(error) => Returned::CommandFailed { command, why: error.to_string() },
    }
}

/// Brings back what was copied. `left`: what the step left there, if that was seen.
fn kept_back(
    kept: &Kept,
    left: Option<Option<Imprint>>,
    machine: &dyn Machine,
    journal: &Journal<'_>,
) -> Result<Option<Returned>, ChangeError> {
    let path = &kept.path;
    if leads_elsewhere(path, machine) {
        return Ok(Some(Returned::Elsewhere(path.clone())));
    }
    machine.change(&Change::Tidy(path.clone()))?;
    let mut left = left;
    let now = match machine.imprint(path) {
        Reading::Present(imprint) => Some(imprint),
        Reading::Absent => None,
        // The step closed it, perhaps: what it left there could not be seen either.
        _ => {
            left = None;
            machine.change(&Change::OpenUp(path.clone()))?;
            machine.imprint(path).present()
        }
    };
    if now == kept.before {
        // Its mode or its time may be another.
        let looks = |path: &Path| machine.stat(path).present().map(|it| (it.mode, it.modified));
        return match (&now, &kept.backup) {
            (Some(Imprint::File { .. }), Some(backup))
                if machine.exists(backup) && looks(path) != looks(backup) =>
            {
                machine.change(&Change::PutBack { from: backup.clone(), to: path.clone() })?;
                Ok(Some(Returned::Restored(path.clone())))
            }
            _ => Ok(None),
        };
    }
    let is_folder = |imprint: &Option<Imprint>| matches!(imprint, Some(Imprint::Folder { .. }));
    let as_left = left.as_ref().is_some_and(|left| *left == now);
    let Some(backup) = &kept.backup else {
        // A file that somebody went on with is theirs.
        let ours = is_folder(&now) && journal.is_of_project(path);
        return match as_left || ours || left.is_none() {
            true => {
                let place = move_aside(path, machine, journal)?;
                Ok(Some(Returned::Gone(path.clone(), place)))
            }
            false => Ok(Some(Returned::Changed { path: path.clone(), before: None })),
        };
    };
    let copy = machine.imprint(backup).present();
    let damaged = matches!(kept.before, Some(Imprint::File { .. })) && copy != kept.before;
    if copy.is_none() || damaged {
        return Ok(Some(Returned::BackupGone(path.clone())));
    }
    machine.change(&Change::MakeFolder(path.parent().unwrap_or(path).to_owned()))?;
    let put_back = Change::PutBack { from: backup.clone(), to: path.clone() };
    if now.is_none() || (as_left && !is_folder(&now) && !is_folder(&kept.before)) {
        machine.change(&put_back)?;
        return Ok(Some(Returned::Restored(path.clone())));
    }
    // What other projects use too may hold what they put there since.
    let shared = is_folder(&now) && !as_left && left.is_some() && !journal.is_of_project(path);
    if !shared && (is_folder(&now) || is_folder(&kept.before) || left.is_none()) {
        return swap(path, &put_back, machine, journal).map(Some);
    }
    let before = journal.place_beside(path, kept.before.as_ref());
    if machine.imprint(&before) == Reading::Absent {
        machine.change(&Change::Copy { from: backup.clone(), to: before.clone() })?;
    }
    Ok(Some(Returned::Changed { path: path.clone(), before: Some(before) }))
}

/// Whether a folder above a path has become a link since.
fn leads_elsewhere(path: &Path, machine: &dyn Machine) -> bool {
    machine.folder_above(path).is_some_and(|(above, real)| above != real)
}

/// Brings back what was moved away.
fn moved_back(
    path: &Path,
    backup: &Path,
    machine: &dyn Machine,
    journal: &Journal<'_>,
) -> Result<Option<Returned>, ChangeError> {
    if leads_elsewhere(path, machine) {
        return Ok(Some(Returned::Elsewhere(path.to_owned())));
    }
    machine.change(&Change::Tidy(path.to_owned()))?;
    let there = |path: &Path| machine.imprint(path) != Reading::Absent;
    let put_back = Change::PutBack { from: backup.to_owned(), to: path.to_owned() };
    match (there(path), there(backup)) {
        (true, false) => Ok(None),
        (false, false) => Ok(Some(Returned::BackupGone(path.to_owned()))),
        (false, true) => {
            machine.change(&Change::MakeFolder(path.parent().unwrap_or(path).to_owned()))?;
            machine.change(&put_back)?;
            Ok(Some(Returned::Restored(path.to_owned())))
        }
        (true, true) => swap(path, &put_back, machine, journal).map(Some),
    }
}

fn swap(
    path: &Path,
    put_back: &Change,
    machine: &dyn Machine,
    journal: &Journal<'_>,
) -> Result<Returned, ChangeError> {
    let aside = move_aside(path, machine, journal)?;
    machine.change(put_back)?;
    Ok(Returned::Swapped { path: path.to_owned(), aside })
}

fn move_aside(path: &Path, machine: &dyn Machine, journal: &Journal<'_>) -> Result<PathBuf, ChangeError> {
    let aside = journal.aside_of(path)?;
    machine.change(&Change::Move { from: path.to_owned(), to: aside.clone() })?;
    Ok(aside)
}
