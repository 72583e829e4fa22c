//! What came of a question: never collapsed into "none".

use serde::{Deserialize, Serialize};

/// The state of an answer. Only [`Reading::Present`] and [`Reading::Absent`] are knowledge; the others
/// say why there is none, and a verdict that needs them is *unknown*, never healthy.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Reading<T> {
    /// The thing is there, and this is what it says.
    Present(T),
    /// The thing is known not to be there.
    Absent,
    /// No answer came in this many milliseconds.
    TimedOut(u64),
    /// The system refused to answer.
    Denied,
    /// The question itself failed.
    Failed {
        /// The exit status of the program that was asked, where one ran to its end.
        code: Option<i32>,
        /// What it said of the failure.
        stderr: String,
    },
    /// There is an answer, but it is not UTF-8 text.
    NotText,
}

impl<T> Reading<T> {
    /// A failure that no program's exit status belongs to.
    pub fn failed(why: impl Into<String>) -> Self {
        Reading::Failed { code: None, stderr: why.into() }
    }

    /// The value, if there is one.
    pub fn present(self) -> Option<T> {
        match self {
            Reading::Present(value) => Some(value),
            _ => None,
        }
    }

    /// The value by reference, if there is one.
    pub fn as_present(&self) -> Option<&T> {
        match self {
            Reading::Present(value) => Some(value),
            _ => None,
        }
    }

    /// The same, of the value by reference.
    pub fn as_ref(&self) -> Reading<&T> {
        match self {
            Reading::Present(value) => Reading::Present(value),
            Reading::Absent => Reading::Absent,
            Reading::TimedOut(after) => Reading::TimedOut(*after),
            Reading::Denied => Reading::Denied,
            Reading::Failed { code, stderr } => Reading::Failed { code: *code, stderr: stderr.clone() },
            Reading::NotText => Reading::NotText,
        }
    }

    /// The value, or why there is none; `absent` says so of a thing that is not there.
    ///
    /// # Errors
    /// The reason in a few words.
    pub fn or_why(self, absent: &str) -> Result<T, String> {
        match self {
            Reading::Present(value) => Ok(value),
            Reading::Absent => Err(absent.to_owned()),
            other => Err(other.why_unknown().unwrap_or_default()),
        }
    }

    /// Applies `f` to a present value and keeps every other state.
    pub fn map<U>(self, f: impl FnOnce(T) -> U) -> Reading<U> {
        self.and_then(|value| Reading::Present(f(value)))
    }

    /// Goes on with a present value and keeps every other state.
    pub fn and_then<U>(self, f: impl FnOnce(T) -> Reading<U>) -> Reading<U> {
        match self {
            Reading::Present(value) => f(value),
            Reading::Absent => Reading::Absent,
            Reading::TimedOut(after) => Reading::TimedOut(after),
            Reading::Denied => Reading::Denied,
            Reading::Failed { code, stderr } => Reading::Failed { code, stderr },
            Reading::NotText => Reading::NotText,
        }
    }

    /// Why nothing is known, in a few words; `None` for the two states that are knowledge.
    pub fn why_unknown(&self) -> Option<String> {
        match self {
            Reading::Present(_) | Reading::Absent => None,
            Reading::TimedOut(after) => Some(format!("no answer in {:.1} s", *after as f64 / 1000.0)),
            Reading::Denied => Some("permission denied".to_owned()),
            Reading::Failed { code: Some(code), stderr } => {
                Some(format!("exit status {code}: {}", first_line(stderr)))
            }
            Reading::Failed { code: None, stderr } => Some(first_line(stderr).to_owned()),
            Reading::NotText => Some("the answer is not UTF-8 text".to_owned()),
        }
    }
}

impl<T> From<Option<T>> for Reading<T> {
    fn from(value: Option<T>) -> Self {
        value.map_or(Reading::Absent, Reading::Present)
    }
}

fn first_line(text: &str) -> &str {
    text.lines().map(str::trim).find(|line| !line.is_empty()).unwrap_or("no message")
}
