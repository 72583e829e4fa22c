//! Opening a log to diagnose: a file, or a FIFO that somebody writes to.

#![allow(clippy::disallowed_methods)]

use std::fs::{File, OpenOptions};
use std::io;
use std::os::unix::fs::{FileTypeExt, OpenOptionsExt};
use std::path::Path;
use std::time::Duration;

use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::fs::{OFlags, fcntl_getfl, fcntl_setfl};
use thiserror::Error;

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

/// Opens a log for reading. The person calls it `name`.
///
/// # Errors
/// It is not there, not readable, a folder, or a pipe without a writer.
pub fn open_log(path: &Path, name: &str) -> Result<File, LogError> {
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
        return File::open(path).map_err(refused);
    }
    // Opening a FIFO the ordinary way would wait for a writer without end.
    let nonblocking = i32::try_from(OFlags::NONBLOCK.bits()).unwrap_or_default();
    let file = OpenOptions::new().read(true).custom_flags(nonblocking).open(path).map_err(refused)?;
    let patience = Timespec::try_from(PATIENCE).ok();
    let mut ready = [PollFd::new(&file, PollFlags::IN)];
    let events = poll(&mut ready, patience.as_ref()).map_err(|error| refused(error.into()))?;
    if events == 0 {
        return Err(LogError::Silent(name));
    }
    let flags = fcntl_getfl(&file).map_err(|error| refused(error.into()))?;
    fcntl_setfl(&file, flags - OFlags::NONBLOCK).map_err(|error| refused(error.into()))?;
    Ok(file)
}

#[cfg(test)]
mod tests {
    use std::io::{Read, Write};

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
    fn what_is_no_log_is_told_apart() {
        let folder = tempfile::tempdir().unwrap();
        assert!(matches!(open_log(folder.path(), "folder"), Err(LogError::Folder(_))));
        assert!(matches!(open_log(&folder.path().join("none"), "none"), Err(LogError::Missing(_))));
    }
}
