//! A machine's answers as a file that a person can read and write.

mod answers;

use std::collections::BTreeMap;
use std::path::PathBuf;

use data_encoding::HEXLOWER_PERMISSIVE;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use thiserror::Error;

use super::{Address, FileSystem, Host, Listener, Question, Reply, Response, Stat, User};
use crate::facts::Reading;

/// What a machine answered, by kind of question. A `null` says that the thing is not there; what could not be
/// learnt, and why, stands under `unknown`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Recording {
    /// The project's folder.
    pub project: PathBuf,
    /// What the recording says of all that it does not list.
    #[serde(default, skip_serializing_if = "Otherwise::is_unknown")]
    pub otherwise: Otherwise,
    /// The machine itself.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub host: Option<Host>,
    /// Environment variables.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub env: BTreeMap<String, Option<String>>,
    /// Where programs stand on PATH.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub which: BTreeMap<String, Option<PathBuf>>,
    /// Paths with every link followed.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub links: BTreeMap<PathBuf, Option<PathBuf>>,
    /// The names in folders.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub folders: BTreeMap<PathBuf, Option<Vec<String>>>,
    /// The text of files.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub files: BTreeMap<PathBuf, Option<String>>,
    /// The content of files that are no text.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub bytes: Vec<Bytes>,
    /// What stands between two marks in files that are no text.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub excerpts: Vec<Excerpt>,
    /// File systems, by a path on them.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub file_systems: BTreeMap<PathBuf, Option<FileSystem>>,
    /// What stands at paths, links followed.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub stats: BTreeMap<PathBuf, Option<Stat>>,
    /// Whether the user may read and write what stands at paths.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub access: BTreeMap<PathBuf, Option<bool>>,
    /// The files that git tracks below folders.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub tracked: BTreeMap<PathBuf, Option<Vec<String>>>,
    /// The user.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub user: Option<User>,
    /// Groups of users, with their members.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub groups: BTreeMap<String, Option<Vec<String>>>,
    /// The time.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub clock: Option<Timestamp>,
    /// TCP ports, as `host:port`.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub ports: BTreeMap<String, Port>,
    /// What programs answered that listen.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub exchanges: Vec<Exchange>,
    /// What web servers answered, by address.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub http: BTreeMap<String, Option<Response>>,
    /// Who listens.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub listeners: Option<Vec<Listener>>,
    /// The names of environment variables, by their beginning.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub variables: BTreeMap<String, Vec<String>>,
    /// What programs printed.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub runs: Vec<Run>,
    /// Every other answer, such as `{question: !read /etc/shadow, reading: denied}`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub unknown: Vec<Unknown>,
}

/// What a recording says of all that it does not list.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Otherwise {
    /// Nothing: such a question has failed.
    #[default]
    Unknown,
    /// It is not there: the recording is the whole machine, and its folders hold just what its paths show.
    Absent,
}

impl Otherwise {
    fn is_unknown(&self) -> bool {
        *self == Otherwise::Unknown
    }
}

/// Whether something listens on a port.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Port {
    /// Something does.
    Open,
    /// Nothing does.
    Closed,
}

/// What a program that ran to its end printed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Run {
    /// The program and its arguments.
    pub argv: Vec<String>,
    /// Its standard output.
    #[serde(default)]
    pub stdout: String,
    /// Its standard error.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub stderr: String,
}

/// The content of a file that is no text.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Bytes {
    /// The file.
    pub file: PathBuf,
    /// How many bytes it might have.
    pub limit: u64,
    /// The bytes, in hexadecimal digits; `null`: it is not there.
    pub hex: Option<String>,
}

/// What stands between two marks in a file that is no text.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Excerpt {
    /// The file.
    pub file: PathBuf,
    /// What stands before it.
    pub after: String,
    /// What stands behind it.
    pub before: String,
    /// The text; `null`: there is none.
    pub text: Option<String>,
}

/// What a program that listens answered.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Exchange {
    /// Where it listens.
    pub address: Address,
    /// What was said to it, in hexadecimal digits.
    #[serde(with = "super::question::hex")]
    pub send: Vec<u8>,
    /// How many bytes were waited for.
    pub expect: usize,
    /// What it answered, in hexadecimal digits; `null`: nothing listens there.
    pub reply: Option<String>,
}

/// A question without a proper answer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Unknown {
    /// The question.
    pub question: Question,
    /// What came of it.
    pub reading: Reading<Reply>,
}

/// A recording that cannot be read.
#[derive(Debug, Error)]
#[error("{file}:{line}:{column}: {why}")]
pub struct RecordingError {
    /// The file's name.
    pub file: String,
    /// The line, from 1.
    pub line: usize,
    /// The column, from 1.
    pub column: usize,
    /// What is wrong.
    pub why: String,
}

impl Recording {
    /// Reads a recording's text.
    ///
    /// # Errors
    /// Says where the text is no recording.
    pub fn parse(text: &str, file: &str) -> Result<Recording, RecordingError> {
        let recording: Recording = serde_yaml::from_str(text).map_err(|error| {
            let (line, column) = error.location().map_or((1, 1), |at| (at.line(), at.column()));
            let why = error.to_string();
            let why = why.split(" at line ").next().unwrap_or_default().to_owned();
            RecordingError { file: file.to_owned(), line, column, why }
        })?;
        for name in recording.ports.keys() {
            if port_question(name).is_none() {
                let line = text.lines().position(|line| line.contains(name.as_str())).unwrap_or_default() + 1;
                let why = format!("ports: '{name}' is not host:port");
                return Err(RecordingError { file: file.to_owned(), line, column: 1, why });
            }
        }
        let exchanges = recording.exchanges.iter().map(|exchange| ("exchanges", &exchange.reply));
        let bytes = recording.bytes.iter().map(|bytes| ("bytes", &bytes.hex));
        for (key, hex) in exchanges.chain(bytes).filter_map(|(key, hex)| Some((key, hex.as_deref()?))) {
            if let Err(error) = HEXLOWER_PERMISSIVE.decode(hex.as_bytes()) {
                let line = text.lines().position(|line| line.contains(hex)).unwrap_or_default() + 1;
                let why = format!("{key}: '{hex}' is not hexadecimal: {error}");
                return Err(RecordingError { file: file.to_owned(), line, column: 1, why });
            }
        }
        Ok(recording)
    }

    /// The recording as YAML.
    ///
    /// # Errors
    /// A path that is not UTF-8 cannot be written.
    pub fn to_yaml(&self) -> Result<String, serde_yaml::Error> {
        serde_yaml::to_string(self)
    }

    /// A recording of these answers, which leaves everything else unknown.
    pub fn of(project: PathBuf, answers: impl IntoIterator<Item = (Question, Reading<Reply>)>) -> Recording {
        let mut recording = Recording { project, ..Recording::default() };
        for (question, reading) in answers {
            recording.put(question, reading);
        }
        recording
    }
}

fn port_question(name: &str) -> Option<Question> {
    let (host, port) = name.rsplit_once(':')?;
    Some(Question::Connect { host: host.to_owned(), port: port.parse().ok()? })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::machine::FileKind;

    #[test]
    fn every_answer_survives_being_written_and_read() {
        let answers: BTreeMap<Question, Reading<Reply>> = [
            (Question::Env("A".into()), Reading::Present(Reply::Text("5".into()))),
            (Question::Env("B".into()), Reading::Absent),
            (Question::Env("C".into()), Reading::NotText),
            (Question::Which("mix".into()), Reading::Present(Reply::Path("/usr/bin/mix".into()))),
            (Question::Read("/f".into()), Reading::Present(Reply::Text("a: b\n\n  c\ttab \n".into()))),
            (Question::Read("/g".into()), Reading::Denied),
            (
                Question::ReadBytes { file: "/r".into(), limit: 9 },
                Reading::Present(Reply::Raw(vec![0x83, 0])),
            ),
            (Question::ReadBytes { file: "/n".into(), limit: 9 }, Reading::Absent),
            (
                Question::Excerpt { file: "/e".into(), after: "(".into(), before: ")".into() },
                Reading::Present(Reply::Text("27".into())),
            ),
            (Question::Excerpt { file: "/n".into(), after: "(".into(), before: ")".into() }, Reading::Absent),
            (Question::List("/d".into()), Reading::Present(Reply::Names(vec!["x".into(), "null".into()]))),
            (Question::Resolve("/l".into()), Reading::Present(Reply::Path("/m".into()))),
            (Question::Resolve("/n".into()), Reading::TimedOut(2000)),
            (
                Question::FileSystem("/".into()),
                Reading::Present(Reply::FileSystem(FileSystem { free: u64::MAX, ..FileSystem::default() })),
            ),
            (Question::Stat("/none".into()), Reading::Absent),
            (
                Question::Stat("/s".into()),
                Reading::Present(Reply::Stat(Stat {
                    kind: FileKind::Socket,
                    size: 0,
                    modified: -1,
                    inode: 7,
                    mode: 0o755,
                    uid: 1000,
                })),
            ),
            (Question::Access("/dev/kfd".into()), Reading::Denied),
            (Question::Access("/dev/null".into()), Reading::Present(Reply::Open)),
            (Question::Access("/dev/dxg".into()), Reading::Absent),
            (Question::Tracked("/p".into()), Reading::Present(Reply::Names(vec!["a.nix".into()]))),
            (Question::Tracked("/q".into()), Reading::Absent),
            (
                Question::User,
                Reading::Present(Reply::User(User {
                    uid: 0,
                    name: "root".into(),
                    groups: vec!["root".into()],
                })),
            ),
            (Question::Group("nixbld".into()), Reading::Absent),
            (Question::Group("wheel".into()), Reading::Present(Reply::Names(vec![]))),
            (Question::Clock, Reading::Present(Reply::Seconds(1_795_392_000))),
            (Question::Variables("MLX_".into()), Reading::Present(Reply::Names(vec!["MLX_RANK".into()]))),
            (
                Question::Exchange { address: Address::Unix("/s".into()), send: vec![1, 255], expect: 8 },
                Reading::Present(Reply::Raw(vec![0, 10])),
            ),
            (
                Question::Exchange {
                    address: Address::Tcp { host: "::1".into(), port: 1 },
                    send: vec![],
                    expect: 1,
                },
                Reading::Absent,
            ),
            (
                Question::Http("http://localhost:11434/api/tags".into()),
                Reading::Present(Reply::Response(Response { status: 200, body: "{}".into() })),
            ),
            (Question::Http("http://localhost:1234/v1/models".into()), Reading::Absent),
            (
                Question::Listeners,
                Reading::Present(Reply::Listeners(vec![Listener {
                    port: 4000,
                    address: "127.0.0.1".into(),
                    pid: 7,
                    process: "beam.smp".into(),
                }])),
            ),
            (Question::Connect { host: "::1".into(), port: 5432 }, Reading::Present(Reply::Open)),
            (Question::Connect { host: "db".into(), port: 5432 }, Reading::Absent),
            (
                Question::Run { argv: vec!["git".into(), "--version".into()] },
                Reading::Present(Reply::Output { stdout: "git 2\n".into(), stderr: String::new() }),
            ),
            (
                Question::Run { argv: vec!["nix".into()] },
                Reading::Failed { code: Some(1), stderr: "error: no\n".into() },
            ),
            (Question::Run { argv: vec!["asdf".into()] }, Reading::Absent),
        ]
        .into();
        let recording = Recording::of("/p".into(), answers.clone());
        let yaml = recording.to_yaml().unwrap();
        let read = Recording::parse(&yaml, "x.yaml").unwrap();
        assert_eq!(read, recording, "{yaml}");
        assert_eq!(read.answers(), answers, "{yaml}");
    }

    #[test]
    fn mistakes_are_told_with_their_place() {
        let error = |text: &str| Recording::parse(text, "m.yaml").unwrap_err().to_string();
        assert!(
            error("project: /p\nenv:\n  A: [1]\n").starts_with("m.yaml:3:6: "),
            "{}",
            error("project: /p\nenv:\n  A: [1]\n")
        );
        assert!(error("project: /p\nenvs: {}\n").starts_with("m.yaml:2:1: "));
        assert!(error("project: /p\nenvs: {}\n").contains("unknown field `envs`"));
        assert!(error("env: {}\n").contains("missing field `project`"));
        assert_eq!(
            error("project: /p\nports:\n  nowhere: open\n"),
            "m.yaml:3:1: ports: 'nowhere' is not host:port"
        );
        assert!(error("").contains("m.yaml:1:1"));
        assert!(error("a: [").starts_with("m.yaml:"));
    }
}
