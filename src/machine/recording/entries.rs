//! What the sections of a recording hold.

use std::path::PathBuf;

use serde::{Deserialize, Serialize};

use super::super::{Address, Question, Reply, question};
use crate::facts::Reading;

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
    pub(super) fn is_unknown(&self) -> bool {
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
    #[serde(with = "question::hex")]
    pub send: Vec<u8>,
    /// How many bytes were waited for.
    pub expect: usize,
    /// What it answered, in hexadecimal digits; `null`: nothing listens there.
    pub reply: Option<String>,
}

/// A question with its answer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Answer {
    /// The question.
    pub question: Question,
    /// The answer.
    pub reply: Reply,
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
