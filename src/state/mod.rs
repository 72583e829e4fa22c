//! What envdoctor remembers between runs, under the XDG state folder: the last run with its output, journals, backups.

mod last_run;

use std::path::{Path, PathBuf};

pub use last_run::{LastRun, Output};

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

    /// The folder of one fix: its journal and its backups.
    pub fn fix(&self, id: &str) -> PathBuf {
        self.folder.join("fixes").join(id)
    }

    fn last_run(&self) -> PathBuf {
        self.folder.join("last-run")
    }

    /// The folder itself.
    pub fn folder(&self) -> &Path {
        &self.folder
    }
}
