//! What can be asked of a machine, as data, so that an answer can be recorded and replayed.

use std::path::PathBuf;

use serde::{Deserialize, Serialize};

use super::Imprint;
use crate::matching::Matcher;

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
    /// A start-up file of a shell, of which only is told what [`startup_alone`](crate::formats::startup_alone) leaves;
    /// answered by [`Reply::Text`].
    StartupFile(PathBuf),
    /// A file's content, whatever it holds, if it has at most `limit` bytes; answered by [`Reply::Raw`].
    ReadBytes {
        /// The file.
        file: PathBuf,
        /// A larger file is a failure.
        limit: u64,
    },
    /// The text between two marks in a file that is otherwise no text; answered by [`Reply::Text`]. Absent: the file is
    /// not there, or has no such text of at most [`EXCERPT_LIMIT`] bytes.
    Excerpt {
        /// The file.
        file: PathBuf,
        /// What stands before the text, where it stands first.
        after: String,
        /// What stands behind it.
        before: String,
    },
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
    /// What a program prints in a folder, whose code it may run; answered by [`Reply::Output`].
    RunIn {
        /// The folder.
        folder: PathBuf,
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
    /// What a program that listens answers to some bytes, at most `expect` of them; answered by [`Reply::Raw`]. Fewer:
    /// it closed the connection.
    Exchange {
        /// Where it listens.
        address: Address,
        /// What is said to it.
        #[serde(with = "hex")]
        send: Vec<u8>,
        /// How many bytes are waited for.
        expect: usize,
    },
    /// What a web server on this machine answers to GET; answered by [`Reply::Response`]. No other machine is asked.
    Http(String),
    /// Who listens on TCP ports, as far as one may know; answered by [`Reply::Listeners`].
    Listeners,
    /// The names of the environment variables that begin so, sorted; answered by [`Reply::Names`].
    Variables(String),
    /// The machine itself; answered by [`Reply::Host`].
    Host,
    /// The user; answered by [`Reply::User`].
    User,
    /// The members of a group; answered by [`Reply::Names`].
    Group(String),
    /// The time, in seconds since 1970 UTC; answered by [`Reply::Seconds`].
    Clock,
    /// The file system that holds a path; answered by [`Reply::FileSystem`].
    FileSystem(PathBuf),
    /// What stands at a path, links followed; answered by [`Reply::Stat`].
    Stat(PathBuf),
    /// Whether this user may read and write what stands at a path, such as a device; answered by [`Reply::Open`]. Denied:
    /// no.
    Access(PathBuf),
    /// The files below a folder that git's index holds, as sorted paths from there; answered by [`Reply::Names`]. Absent:
    /// no repository is around it.
    Tracked(PathBuf),
    /// What stands at a path, links not followed, so that a change of it can be told; answered by [`Reply::Imprint`].
    Imprint(PathBuf),
    /// Where a link leads, as it is written in it; answered by [`Reply::Path`]. Absent: there is nothing, or no link.
    Link(PathBuf),
    /// SHA-256 of a file's content, in hexadecimal digits, links followed; answered by [`Reply::Text`].
    Checksum(PathBuf),
    /// Whether a text is as it is required to be, so that nobody need keep the text; answered by [`Reply::Flag`].
    Matches {
        /// Whose text.
        of: Subject,
        /// What it is required to be.
        matcher: Matcher,
    },
    /// What comes of a program that the user's or a trusted project's settings name; answered by [`Reply::Execution`]. Never
    /// through a shell.
    Execute {
        /// The program and its arguments.
        argv: Vec<String>,
        /// Where it runs.
        folder: PathBuf,
        /// Milliseconds that it may take.
        timeout: u64,
        /// What it is required to print on its standard output.
        stdout: Option<Matcher>,
        /// What it is required to print on its standard error.
        stderr: Option<Matcher>,
    },
    /// What a web server answers, on whatever machine; answered by [`Reply::Page`].
    Request(Box<Request>),
    /// The addresses of a host name, as the system's resolver knows them, sorted; answered by [`Reply::Names`]. Absent: it
    /// has none.
    Lookup(String),
    /// Whether a process of that name runs, or one of a program of that name; answered by [`Reply::Flag`].
    Process(String),
    /// A user by name, `me` being the one that envdoctor runs as; answered by [`Reply::Account`].
    Account(String),
    /// The number of a group of users; answered by [`Reply::Number`].
    GroupNumber(String),
}

/// Whose text is looked at.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Subject {
    /// A file of at most [`READ_LIMIT`] bytes.
    File(PathBuf),
    /// An environment variable.
    Variable(String),
}

/// A request to a web server.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Request {
    /// The method, such as `GET`.
    pub method: String,
    /// The address.
    pub url: String,
    /// Names and values of headers that are sent.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub headers: Vec<(String, String)>,
    /// What is sent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub body: Option<String>,
    /// Whether it follows where the server leads, which may be another machine.
    pub follow: bool,
    /// Whether a certificate that nobody vouches for will do.
    pub insecure: bool,
    /// Milliseconds that it may take.
    pub timeout: u64,
    /// What the answer's text is required to be.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub wanted: Option<Matcher>,
    /// Headers of the answer that are asked for, with what they are required to be.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub wanted_headers: Vec<(String, Matcher)>,
}

/// Where a program listens.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Address {
    /// A TCP port.
    Tcp {
        /// A host name or address.
        host: String,
        /// The port.
        port: u16,
    },
    /// A socket in the file system.
    Unix(PathBuf),
}

/// A file larger than this many bytes is not read whole: such a reading has failed.
pub const READ_LIMIT: u64 = 16 * 1024 * 1024;

/// What stands between two marks is no longer than this many bytes.
pub const EXCERPT_LIMIT: usize = 1024;

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
    /// Something listens there; it may be opened.
    Open,
    /// The machine itself.
    Host(Host),
    /// A file system.
    FileSystem(FileSystem),
    /// What stands at a path.
    Stat(Stat),
    /// What a change of a path would change.
    Imprint(Imprint),
    /// The user.
    User(User),
    /// Seconds since 1970 UTC.
    Seconds(u64),
    /// Bytes as they came.
    Raw(#[serde(with = "hex")] Vec<u8>),
    /// A web server's answer.
    Response(Response),
    /// Who listens.
    Listeners(Vec<Listener>),
    /// Yes or no.
    Flag(bool),
    /// A number.
    Number(u64),
    /// What came of a program.
    Execution(Execution),
    /// What a web server answered.
    Page(Page),
    /// A user.
    Account(Account),
}

/// What came of a program.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Execution {
    /// Its exit status; `None`: a signal ended it.
    pub code: Option<i32>,
    /// Whether its standard output is as required.
    pub stdout: bool,
    /// Whether its standard error is.
    pub stderr: bool,
    /// The first line that it printed, on its standard error where it failed.
    #[serde(default)]
    pub said: String,
}

/// What a web server answered.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Page {
    /// The status, such as 200.
    pub status: u16,
    /// Whether the text is as required.
    pub body: bool,
    /// The headers that were asked for, in that order.
    #[serde(default)]
    pub headers: Vec<Option<Header>>,
}

/// A header of a web server's answer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Header {
    /// What it is.
    pub value: String,
    /// Whether it is as required.
    pub met: bool,
}

/// A user of the machine.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Account {
    /// The user's number.
    pub uid: u32,
    /// The number of the user's own group.
    pub gid: u32,
    /// The home folder.
    pub home: PathBuf,
    /// The shell.
    pub shell: PathBuf,
    /// The names of the user's groups, sorted.
    #[serde(default)]
    pub groups: Vec<String>,
}

/// A file system's room.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FileSystem {
    /// Bytes that the user may still write.
    pub free: u64,
    /// All bytes.
    #[serde(default)]
    pub total: u64,
    /// Files that may still be made.
    #[serde(default)]
    pub free_inodes: u64,
    /// All files that there can be; 0 where there is no such limit.
    #[serde(default)]
    pub inodes: u64,
}

/// What stands at a path.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Stat {
    /// What it is.
    pub kind: FileKind,
    /// Bytes.
    #[serde(default)]
    pub size: u64,
    /// When it was last written, in nanoseconds since 1970 UTC.
    #[serde(default)]
    pub modified: i64,
    /// Its number on its file system.
    #[serde(default)]
    pub inode: u64,
    /// Permission bits, such as 0o755.
    #[serde(default)]
    pub mode: u32,
    /// Whom it belongs to.
    #[serde(default)]
    pub uid: u32,
    /// The group that it belongs to.
    #[serde(default)]
    pub gid: u32,
}

/// What stands at a path.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FileKind {
    /// A regular file.
    File,
    /// A folder.
    Folder,
    /// A socket.
    Socket,
    /// A device or a pipe.
    Other,
}

/// The user that envdoctor runs as.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct User {
    /// The user's number; 0 is root.
    pub uid: u32,
    /// The user's name.
    pub name: String,
    /// The names of the user's groups, sorted.
    #[serde(default)]
    pub groups: Vec<String>,
}

/// A web server's answer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Response {
    /// The status, such as 200.
    pub status: u16,
    /// The body's text.
    #[serde(default)]
    pub body: String,
}

/// A program that listens on a TCP port.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Listener {
    /// The port.
    pub port: u16,
    /// The address, such as `127.0.0.1` or `::`.
    pub address: String,
    /// The process's number.
    pub pid: u32,
    /// The process's name.
    pub process: String,
}

/// Bytes, written as hexadecimal digits.
pub(super) mod hex {
    use data_encoding::HEXLOWER_PERMISSIVE as HEX;
    use serde::{Deserialize, Deserializer, Serializer, de::Error};

    pub(in crate::machine) fn serialize<S: Serializer>(
        bytes: &[u8],
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&HEX.encode(bytes))
    }

    pub(in crate::machine) fn deserialize<'de, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<Vec<u8>, D::Error> {
        let text = String::deserialize(deserializer)?;
        HEX.decode(text.as_bytes())
            .map_err(|error| Error::custom(format!("'{text}' is not hexadecimal: {error}")))
    }
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
    /// The kernel's release, such as `6.1.0-18-amd64`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub kernel: Option<String>,
    /// Files that a process may hold open; `None`: as many as it likes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub open_files: Option<u64>,
    /// Whether envdoctor, and so the shell that started it, runs translated for another architecture (Rosetta).
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub translated: bool,
}
