//! What can be asked of a machine, as data, so that an answer can be recorded and replayed.

use std::path::PathBuf;

use serde::{Deserialize, Serialize};

/// A question to the machine. Asking never changes anything.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Question {
    /// The value of an environment variable; answered by [`Reply::Text`].
    Env(String),
    /// Where a program stands on PATH, links not followed; answered by [`Reply::Path`].
    Which(String),
    /// A file's content, at most [`READ_LIMIT`] bytes; answered by [`Reply::Text`].
    Read(PathBuf),
    /// The names in a folder, sorted; answered by [`Reply::Names`].
    List(PathBuf),
    /// The files below a folder whose path from there matches a glob, sorted; what git ignores is left out. Answered
    /// by [`Reply::Names`] with paths from the folder.
    Find {
        /// The folder.
        folder: PathBuf,
        /// A glob as in `.gitignore`, such as `**/*.nix`.
        glob: String,
    },
    /// A path with every link followed (so: whether it exists); answered by [`Reply::Path`].
    Resolve(PathBuf),
    /// What a program prints; answered by [`Reply::Output`]. Never through a shell.
    Run {
        /// The program and its arguments.
        argv: Vec<String>,
    },
    /// Whether something listens on a TCP port; answered by [`Reply::Open`].
    Connect {
        /// A host name or address.
        host: String,
        /// The port.
        port: u16,
    },
    /// The machine itself; answered by [`Reply::Host`].
    Host,
    /// Free bytes on the file system that holds a path; answered by [`Reply::Bytes`].
    FreeSpace(PathBuf),
}

/// A file larger than this many bytes is not read whole: such a reading has failed.
pub const READ_LIMIT: u64 = 16 * 1024 * 1024;

/// What a machine answers.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Reply {
    /// UTF-8 text.
    Text(String),
    /// An absolute path.
    Path(PathBuf),
    /// Sorted names.
    Names(Vec<String>),
    /// What a program that ran to its end printed. A program that failed is a failed reading instead.
    Output {
        /// Its standard output.
        stdout: String,
        /// Its standard error.
        #[serde(default, skip_serializing_if = "String::is_empty")]
        stderr: String,
    },
    /// Something listens there.
    Open,
    /// The machine itself.
    Host(Host),
    /// A number of bytes.
    Bytes(u64),
}

/// What the system says of the machine.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Host {
    /// `linux` or `macos`.
    pub family: String,
    /// The distribution's or system's name, such as `Debian GNU/Linux` or `macOS`.
    pub name: String,
    /// Its version, where it has one.
    pub version: Option<String>,
    /// `x86_64`, `aarch64` …
    pub arch: String,
    /// The processor's name.
    pub cpu: String,
    /// Logical processors.
    pub cpus: u64,
    /// Physical memory in bytes.
    pub memory: u64,
}
