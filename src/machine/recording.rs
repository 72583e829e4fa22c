//! A machine's answers as a file that a person can read and write.

mod answers;
mod entries;

use std::collections::BTreeMap;
use std::path::PathBuf;

use data_encoding::HEXLOWER_PERMISSIVE;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use thiserror::Error;

pub use entries::{Answer, Otherwise, Port, Run, Unknown};
use entries::{Bytes, Excerpt, Exchange};

use super::{FileSystem, Host, Listener, Question, Reply, Response, Stat, User};
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
    /// Answers to other questions, such as `{question: !process postgres, reply: !flag true}`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub answers: Vec<Answer>,
    /// Every other answer, such as `{question: !read /etc/shadow, reading: denied}`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub unknown: Vec<Unknown>,
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
mod tests;
