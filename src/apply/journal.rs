//! The journal of a fix: on disk before each step, so that a kill at any moment leaves a record of what was under way.

use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use crate::machine::{Change, ChangeError, Machine};
use crate::state::State;

/// One line of the journal.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "step", rename_all = "snake_case")]
pub enum Record {
    /// A fix begins.
    Begin {
        /// The project's folder.
        project: PathBuf,
        /// When.
        at: jiff::Timestamp,
    },
    /// A file is about to be replaced.
    Edit {
        /// The rule that it helps against.
        rule: String,
        /// The file.
        path: PathBuf,
        /// Where its old content lies.
        backup: PathBuf,
    },
    /// A path is about to be moved into the backup.
    Remove {
        /// The rule that it helps against.
        rule: String,
        /// The path.
        path: PathBuf,
        /// Where it goes.
        backup: PathBuf,
    },
    /// A command is about to run.
    Run {
        /// The rule that it helps against.
        rule: String,
        /// The command.
        argv: Vec<String>,
    },
    /// The step before this line is complete.
    Done,
    /// The step before this line failed.
    Failed {
        /// Why.
        why: String,
    },
}

/// The journal of one fix, with the folder of its backups.
pub struct Journal<'a> {
    machine: &'a dyn Machine,
    folder: PathBuf,
    backups: usize,
}

impl<'a> Journal<'a> {
    /// Begins a journal.
    ///
    /// # Errors
    /// The state folder cannot be written to.
    pub fn begin(
        machine: &'a dyn Machine,
        state: &State,
        project: &Path,
        at: jiff::Timestamp,
    ) -> Result<Self, ChangeError> {
        let id = at.strftime("%Y%m%dT%H%M%S%3fZ").to_string();
        let folder = state.fix(&id);
        state.create(machine)?;
        machine.change(&Change::MakeFolder(folder.join("backup")))?;
        let journal = Journal { machine, folder, backups: 0 };
        journal.write(&Record::Begin { project: project.to_owned(), at })?;
        Ok(journal)
    }

    /// Adds a line and waits until it is on disk.
    ///
    /// # Errors
    /// The journal cannot be written to.
    pub fn write(&self, record: &Record) -> Result<(), ChangeError> {
        let path = self.path();
        let mut content = serde_json::to_vec(record)
            .map_err(|error| ChangeError { path: path.clone(), why: error.to_string() })?;
        content.push(b'\n');
        self.machine.change(&Change::Append { path, content })
    }

    /// A place for the next backup of `path`, under its own name.
    pub fn backup_of(&mut self, path: &Path) -> PathBuf {
        self.backups += 1;
        let name = path.file_name().unwrap_or_default();
        let mut numbered = std::ffi::OsString::from(format!("{}-", self.backups));
        numbered.push(name);
        self.folder.join("backup").join(numbered)
    }

    /// Whether anything lies in the backup.
    pub fn has_backups(&self) -> bool {
        self.backups > 0
    }

    fn path(&self) -> PathBuf {
        self.folder.join("journal.jsonl")
    }

    /// The folder of this fix's journal and backups.
    pub fn folder(&self) -> &Path {
        &self.folder
    }
}
