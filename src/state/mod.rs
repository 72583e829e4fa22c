//! What envdoctor remembers between runs, under the XDG state folder: the last run with its output, journals,
//! backups, and which projects are trusted.

mod green;
mod last_run;
mod trust;

use std::path::PathBuf;

pub use green::{Difference, Green};
pub use last_run::{LastRun, Output};
pub use trust::{OwnContent, OwnFiles, Pinned};

use crate::machine::{Change, ChangeError, Lock, LockError, Machine};

/// The folder in which envdoctor remembers.
#[derive(Clone, Debug)]
pub struct State {
    folder: PathBuf,
}

impl State {
    /// The state that lies in `folder`.
    pub fn at(folder: PathBuf) -> Self {
        State { folder }
    }

    /// Creates the folder. Only the user may look into it: outputs and backups can hold secrets.
    ///
    /// # Errors
    /// The folder cannot be created.
    pub fn create(&self, machine: &dyn Machine) -> Result<(), ChangeError> {
        machine.change(&Change::MakePrivateFolder(self.folder.clone()))
    }

    /// The folder of one fix: its journal and its backups.
    pub fn fix(&self, id: &str) -> PathBuf {
        self.fixes().join(id)
    }

    /// The folder of all fixes.
    pub fn fixes(&self) -> PathBuf {
        self.folder.join("fixes")
    }

    /// Lets nobody else repair or take back while it is held.
    ///
    /// # Errors
    /// Who does so now, or why the state folder cannot be written to.
    pub fn lock(&self, machine: &dyn Machine, holder: &str) -> Result<Lock, LockError> {
        self.create(machine)?;
        Lock::take(&self.folder.join("fix.lock"), holder)
    }

    fn last_run(&self) -> PathBuf {
        self.folder.join("last-run")
    }
}
