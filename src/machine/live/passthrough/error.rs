//! Why a command could not be run.

use std::ffi::OsStr;
use std::io;
use std::path::Path;

/// Why a command could not be run. Exit codes are those of shells and of env(1).
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum PassthroughError {
    /// There is nothing to run.
    #[error("no command to run")]
    NoCommand,
    /// A bare name that no folder of PATH holds.
    #[error("cannot run `{0}`: no such program on PATH")]
    NotOnPath(String),
    /// A path that does not exist.
    #[error("cannot run `{0}`: no such file")]
    NoSuchFile(String),
    /// The program is there, but what its `#!` line or its ELF header names is not.
    #[error("cannot run `{0}`: the file is there, but the interpreter or loader that it names is not")]
    NoInterpreter(String),
    /// It is there and may not be run.
    #[error("cannot run `{0}`: it is not an executable file")]
    NotExecutable(String),
    /// The system refused for another reason.
    #[error("cannot run `{program}`: {source}")]
    Refused {
        /// What was to be run.
        program: String,
        /// What the system said.
        source: io::Error,
    },
    /// The streams could not be set up, or the command could not be watched.
    #[error("cannot watch the command: {0}")]
    Watch(#[from] io::Error),
}

impl PassthroughError {
    /// The exit code that says so: 127 not found, 126 not executable, 125 our own failure.
    #[must_use]
    pub fn exit_code(&self) -> i32 {
        match self {
            Self::NotOnPath(_) | Self::NoSuchFile(_) | Self::NoInterpreter(_) => 127,
            Self::NotExecutable(_) | Self::Refused { .. } => 126,
            Self::NoCommand | Self::Watch(_) => 125,
        }
    }

    pub(super) fn from_spawn(program: &OsStr, source: io::Error) -> Self {
        let name = program.to_string_lossy().into_owned();
        match source.kind() {
            io::ErrorKind::NotFound if which::which(program).is_ok() => Self::NoInterpreter(name),
            io::ErrorKind::NotFound if Path::new(program).components().count() > 1 => Self::NoSuchFile(name),
            io::ErrorKind::NotFound => Self::NotOnPath(name),
            io::ErrorKind::PermissionDenied => Self::NotExecutable(name),
            _ => Self::Refused { program: name, source },
        }
    }
}

impl From<rustix::io::Errno> for PassthroughError {
    fn from(error: rustix::io::Errno) -> Self {
        Self::Watch(error.into())
    }
}
