//! What can be done to a machine, as data.

use std::path::{Path, PathBuf};

use thiserror::Error;

/// One change. Each is complete or has not happened: a kill leaves no half of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Change {
    /// Replaces or creates a file: written beside it, synced, then renamed over it; an existing file's mode stays.
    Write {
        /// The file.
        path: PathBuf,
        /// Its whole new content.
        content: Vec<u8>,
    },
    /// Appends bytes to a file and syncs it; creates it if it is not there.
    Append {
        /// The file.
        path: PathBuf,
        /// What is added.
        content: Vec<u8>,
    },
    /// Copies a file, a folder with all that is in it, or a link, with modes and times; the target must not exist.
    Copy {
        /// What is copied.
        from: PathBuf,
        /// The copy.
        to: PathBuf,
    },
    /// Moves a file or a folder, across file systems too; the target must not exist.
    Move {
        /// Where it is.
        from: PathBuf,
        /// Where it goes.
        to: PathBuf,
    },
    /// Puts a backup where it came from, in place of the file there, if there is one. A file's backup stays; a folder's
    /// goes, where both lie on one file system.
    PutBack {
        /// The backup.
        from: PathBuf,
        /// Where it goes; not a folder that is there.
        to: PathBuf,
    },
    /// Removes what a change to this path that was killed has left beside it.
    Tidy(PathBuf),
    /// Lets its owner read and change a file, or a folder with all that is in it. What is another's stays as it is.
    OpenUp(PathBuf),
    /// Creates a folder and those above it.
    MakeFolder(PathBuf),
    /// Creates a folder that only the user may look into, and those above it for all.
    MakePrivateFolder(PathBuf),
    /// Removes one file (never a folder); no error if it is not there.
    RemoveFile(PathBuf),
    /// Removes a folder if it is empty; no error if it is not, is not there, or is none.
    RemoveEmptyFolder(PathBuf),
    /// Removes a folder with all that is in it: of envdoctor's own state alone.
    RemoveTree(PathBuf),
}

impl Change {
    /// The path that it is about.
    pub fn path(&self) -> &Path {
        match self {
            Change::Write { path, .. }
            | Change::Append { path, .. }
            | Change::Copy { to: path, .. }
            | Change::Move { from: path, .. }
            | Change::PutBack { to: path, .. }
            | Change::Tidy(path)
            | Change::OpenUp(path)
            | Change::MakeFolder(path)
            | Change::MakePrivateFolder(path)
            | Change::RemoveFile(path)
            | Change::RemoveEmptyFolder(path)
            | Change::RemoveTree(path) => path,
        }
    }
}

/// A change that did not happen.
#[derive(Debug, Error)]
#[error("{path}: {why}", path = path.display())]
pub struct ChangeError {
    /// The path that could not be changed.
    pub path: PathBuf,
    /// What the system said.
    pub why: String,
}
