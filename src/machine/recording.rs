//! A machine's answers as a file that a person can read and write.

use std::collections::BTreeMap;
use std::path::PathBuf;

use serde::{Deserialize, Serialize};
use thiserror::Error;

use super::{Host, Question, Reply};
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
    /// Free bytes on file systems.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub free_space: BTreeMap<PathBuf, Option<u64>>,
    /// TCP ports, as `host:port`.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub ports: BTreeMap<String, Port>,
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

    fn put(&mut self, question: Question, reading: Reading<Reply>) {
        use Reading::{Absent, Present};
        match (question, reading) {
            (Question::Env(name), Present(Reply::Text(text))) => _ = self.env.insert(name, Some(text)),
            (Question::Env(name), Absent) => _ = self.env.insert(name, None),
            (Question::Which(name), Present(Reply::Path(path))) => _ = self.which.insert(name, Some(path)),
            (Question::Which(name), Absent) => _ = self.which.insert(name, None),
            (Question::Read(file), Present(Reply::Text(text))) => _ = self.files.insert(file, Some(text)),
            (Question::Read(file), Absent) => _ = self.files.insert(file, None),
            (Question::List(folder), Present(Reply::Names(names))) => {
                _ = self.folders.insert(folder, Some(names));
            }
            (Question::List(folder), Absent) => _ = self.folders.insert(folder, None),
            (Question::Resolve(path), Present(Reply::Path(end))) => _ = self.links.insert(path, Some(end)),
            (Question::Resolve(path), Absent) => _ = self.links.insert(path, None),
            (Question::FreeSpace(path), Present(Reply::Bytes(bytes))) => {
                _ = self.free_space.insert(path, Some(bytes));
            }
            (Question::FreeSpace(path), Absent) => _ = self.free_space.insert(path, None),
            (Question::Host, Present(Reply::Host(host))) => self.host = Some(host),
            (Question::Connect { host, port }, Present(Reply::Open)) => {
                _ = self.ports.insert(format!("{host}:{port}"), Port::Open);
            }
            (Question::Connect { host, port }, Absent) => {
                _ = self.ports.insert(format!("{host}:{port}"), Port::Closed);
            }
            (Question::Run { argv }, Present(Reply::Output { stdout, stderr })) => {
                self.runs.push(Run { argv, stdout, stderr });
            }
            (question, reading) => self.unknown.push(Unknown { question, reading }),
        }
    }

    /// Every answer that the recording lists.
    pub(super) fn answers(&self) -> BTreeMap<Question, Reading<Reply>> {
        let mut answers = BTreeMap::new();
        for (name, value) in &self.env {
            answers.insert(Question::Env(name.clone()), value.clone().map(Reply::Text).into());
        }
        for (name, path) in &self.which {
            answers.insert(Question::Which(name.clone()), path.clone().map(Reply::Path).into());
        }
        for (path, end) in &self.links {
            answers.insert(Question::Resolve(path.clone()), end.clone().map(Reply::Path).into());
        }
        for (folder, names) in &self.folders {
            answers.insert(Question::List(folder.clone()), names.clone().map(Reply::Names).into());
        }
        for (file, text) in &self.files {
            answers.insert(Question::Read(file.clone()), text.clone().map(Reply::Text).into());
        }
        for (path, bytes) in &self.free_space {
            answers.insert(Question::FreeSpace(path.clone()), bytes.map(Reply::Bytes).into());
        }
        for (name, port) in &self.ports {
            if let Some(question) = port_question(name) {
                answers.insert(question, (*port == Port::Open).then_some(Reply::Open).into());
            }
        }
        for Run { argv, stdout, stderr } in &self.runs {
            let output = Reply::Output { stdout: stdout.clone(), stderr: stderr.clone() };
            answers.insert(Question::Run { argv: argv.clone() }, Reading::Present(output));
        }
        if let Some(host) = &self.host {
            answers.insert(Question::Host, Reading::Present(Reply::Host(host.clone())));
        }
        for Unknown { question, reading } in &self.unknown {
            answers.insert(question.clone(), reading.clone());
        }
        answers
    }
}

fn port_question(name: &str) -> Option<Question> {
    let (host, port) = name.rsplit_once(':')?;
    Some(Question::Connect { host: host.to_owned(), port: port.parse().ok()? })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_answer_survives_being_written_and_read() {
        let answers: BTreeMap<Question, Reading<Reply>> = [
            (Question::Env("A".into()), Reading::Present(Reply::Text("5".into()))),
            (Question::Env("B".into()), Reading::Absent),
            (Question::Env("C".into()), Reading::NotText),
            (Question::Which("mix".into()), Reading::Present(Reply::Path("/usr/bin/mix".into()))),
            (Question::Read("/f".into()), Reading::Present(Reply::Text("a: b\n\n  c\ttab \n".into()))),
            (Question::Read("/g".into()), Reading::Denied),
            (Question::List("/d".into()), Reading::Present(Reply::Names(vec!["x".into(), "null".into()]))),
            (Question::Resolve("/l".into()), Reading::Present(Reply::Path("/m".into()))),
            (Question::Resolve("/n".into()), Reading::TimedOut(2000)),
            (Question::FreeSpace("/".into()), Reading::Present(Reply::Bytes(u64::MAX))),
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
