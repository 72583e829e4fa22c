//! A lock that ends with the process that holds it.

#![allow(clippy::disallowed_methods)]

use std::fs::{File, OpenOptions};
use std::io::{Read, Seek, Write};
use std::path::Path;

use rustix::fs::{FlockOperation, flock};
use rustix::io::Errno;
use thiserror::Error;

use super::super::ChangeError;

/// Held as long as it lives; what the holder starts does not inherit it.
#[derive(Debug)]
pub struct Lock {
    _file: File,
}

/// A lock that cannot be had.
#[derive(Debug, Error)]
pub enum LockError {
    /// Somebody else holds it.
    #[error("{holder}")]
    Held {
        /// What they say of themselves.
        holder: String,
    },
    /// It cannot be made.
    #[error(transparent)]
    Refused(#[from] ChangeError),
}

impl Lock {
    /// Takes the lock at once, or not at all, and says in its file who holds it.
    ///
    /// # Errors
    /// Who holds it, or why it cannot be made.
    pub fn take(path: &Path, holder: &str) -> Result<Self, LockError> {
        let refused = |error: std::io::Error| ChangeError { path: path.to_owned(), why: error.to_string() };
        let open = OpenOptions::new().create(true).truncate(false).read(true).write(true).open(path);
        let mut file = open.map_err(refused)?;
        match flock(&file, FlockOperation::NonBlockingLockExclusive) {
            Ok(()) => {}
            Err(Errno::WOULDBLOCK) => {
                let mut holder = String::new();
                let _ = file.read_to_string(&mut holder);
                return Err(LockError::Held { holder: holder.trim().to_owned() });
            }
            Err(error) => return Err(refused(error.into()).into()),
        }
        let written = file.set_len(0).and_then(|()| file.rewind()).and_then(|()| writeln!(file, "{holder}"));
        written.map_err(refused)?;
        Ok(Lock { _file: file })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_holds_it_and_the_other_learns_who() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("lock");
        let first = Lock::take(&path, "the first holder, with a long name").unwrap();
        let error = Lock::take(&path, "second").unwrap_err();
        assert_eq!(error.to_string(), "the first holder, with a long name");
        drop(first);
        let _second = Lock::take(&path, "second").unwrap();
        assert_eq!(Lock::take(&path, "third").unwrap_err().to_string(), "second");
    }
}
