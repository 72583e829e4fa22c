//! Opening a log to diagnose: a file, or a FIFO that somebody writes to.

#![allow(clippy::disallowed_methods)]

use std::fs::{File, OpenOptions};
use std::io::{self, Read};
use std::os::fd::{AsFd, OwnedFd};
use std::os::unix::fs::{FileTypeExt, OpenOptionsExt};
use std::path::Path;
use std::time::Duration;

use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::fs::{OFlags, fcntl_getfl, fcntl_setfl};
use thiserror::Error;

use super::until_interrupted::UntilInterrupted;

/// A FIFO that nobody writes to for this long is given up.
const PATIENCE: Duration = Duration::from_secs(5);

/// A log that cannot be read.
#[derive(Debug, Error)]
pub enum LogError {
    /// There is no such file.
    #[error("{0}: there is no such file")]
    Missing(String),
    /// It is a folder.
    #[error("{0} is a folder: name the file in it that holds the output")]
    Folder(String),
    /// It is a FIFO that nobody writes to.
    #[error("{0} is a pipe that nobody writes to: nothing came in {seconds} s", seconds = PATIENCE.as_secs())]
    Silent(String),
    /// The system refuses.
    #[error("{0}: {1}")]
    Refused(String, io::Error),
}

/// A log that is read until it ends, or until Ctrl-C.
pub struct Log {
    first: Option<u8>,
    rest: UntilInterrupted<OwnedFd>,
}

impl Log {
    fn new(first: Option<u8>, file: impl Into<OwnedFd>) -> io::Result<Self> {
        Ok(Log { first, rest: UntilInterrupted::new(file.into())? })
    }

    /// Whether the reading was ended by Ctrl-C, or by another signal that asks us to end.
    pub fn is_interrupted(&self) -> bool {
        self.rest.is_ended()
    }
}

impl Read for Log {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        match (self.first, buffer) {
            (Some(first), [byte, ..]) => {
                (*byte, self.first) = (first, None);
                Ok(1)
            }
            (_, buffer) => self.rest.read(buffer),
        }
    }
}

/// Standard input as a log.
///
/// # Errors
/// The system refuses.
pub fn open_stdin() -> io::Result<Log> {
    Log::new(None, io::stdin().as_fd().try_clone_to_owned()?)
}

/// Opens a log for reading. The person calls it `name`.
///
/// # Errors
/// It is not there, not readable, a folder, or a pipe without a writer.
pub fn open_log(path: &Path, name: &str) -> Result<Log, LogError> {
    let name = name.to_owned();
    let refused = |error: io::Error| match error.kind() {
        io::ErrorKind::NotFound => LogError::Missing(name.clone()),
        _ => LogError::Refused(name.clone(), error),
    };
    let metadata = std::fs::metadata(path).map_err(refused)?;
    if metadata.is_dir() {
        return Err(LogError::Folder(name));
    }
    if !metadata.file_type().is_fifo() {
        return File::open(path).and_then(|file| Log::new(None, file)).map_err(refused);
    }
    // Opening a FIFO the ordinary way would wait for a writer without end.
    let nonblocking = i32::try_from(OFlags::NONBLOCK.bits()).unwrap_or_default();
    let mut file = OpenOptions::new().read(true).custom_flags(nonblocking).open(path).map_err(refused)?;
    let patience = Timespec::try_from(PATIENCE).ok();
    poll(&mut [PollFd::new(&file, PollFlags::IN)], patience.as_ref())
        .map_err(|error| refused(error.into()))?;
    // Only a read tells a writer who says nothing yet from no writer at all.
    let mut byte = [0];
    let first = match file.read(&mut byte) {
        Ok(0) => return Err(LogError::Silent(name)),
        Ok(_) => Some(byte[0]),
        Err(error) if error.kind() == io::ErrorKind::WouldBlock => None,
        Err(error) => return Err(refused(error)),
    };
    let flags = fcntl_getfl(&file).map_err(|error| refused(error.into()))?;
    fcntl_setfl(&file, flags - OFlags::NONBLOCK).map_err(|error| refused(error.into()))?;
    Log::new(first, file).map_err(refused)
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use super::*;

    #[test]
    fn a_pipe_is_read_when_somebody_writes_to_it() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("pipe");
        rustix::fs::mkfifoat(rustix::fs::CWD, &path, 0o600.into()).unwrap();
        let writer = path.clone();
        let thread = std::thread::spawn(move || {
            std::thread::sleep(Duration::from_millis(200));
            let mut file = OpenOptions::new().write(true).open(writer).unwrap();
            file.write_all(b"error: x\n").unwrap();
            std::thread::sleep(Duration::from_millis(100));
            file.write_all(b"more\n").unwrap();
        });
        let mut text = String::new();
        open_log(&path, "pipe").unwrap().read_to_string(&mut text).unwrap();
        thread.join().unwrap();
        assert_eq!(text, "error: x\nmore\n");
    }

    #[test]
    fn a_writer_may_take_its_time() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("pipe");
        rustix::fs::mkfifoat(rustix::fs::CWD, &path, 0o600.into()).unwrap();
        let writer = path.clone();
        let thread = std::thread::spawn(move || {
            let mut file = OpenOptions::new().write(true).open(writer).unwrap();
            std::thread::sleep(PATIENCE + Duration::from_millis(300));
            file.write_all(b"late\n").unwrap();
        });
        let mut text = String::new();
        open_log(&path, "pipe").unwrap().read_to_string(&mut text).unwrap();
        thread.join().unwrap();
        assert_eq!(text, "late\n");
    }

    #[test]
    fn what_is_no_log_is_told_apart() {
        let folder = tempfile::tempdir().unwrap();
        assert!(matches!(open_log(folder.path(), "folder"), Err(LogError::Folder(_))));
        assert!(matches!(open_log(&folder.path().join("none"), "none"), Err(LogError::Missing(_))));
    }
}
