//! What a report holds.

use std::collections::BTreeMap;
use std::time::Duration;

use crate::causes::Status;
use crate::facts::{Place, Severity, Value};
use crate::plan::Treatment;
use crate::scan::Quote;

/// Everything that one run of envdoctor found.
#[derive(Clone, Debug, Default)]
pub struct Report {
    /// Root causes, the likeliest first.
    pub diagnoses: Vec<Entry>,
    /// Rules that nobody could decide.
    pub unknown: Vec<Unknown>,
    /// The lines that look most like an error, where there is a failure that no rule knows.
    pub unrecognised: Vec<Quote>,
    /// The last lines of a command that failed without a line that looks like an error.
    pub last_lines: Vec<Quote>,
    /// The figures.
    pub summary: Summary,
}

impl Report {
    /// The greatest severity among the diagnoses.
    pub fn worst(&self) -> Option<Severity> {
        self.diagnoses.iter().map(|entry| entry.severity).max()
    }
}

/// One diagnosis.
#[derive(Clone, Debug)]
pub struct Entry {
    /// The rule's id.
    pub rule: String,
    /// The rule's title, the same for every occurrence.
    pub title: String,
    /// The title with what was found; the title itself if nothing more is known.
    pub message: String,
    /// How bad it is.
    pub severity: Severity,
    /// Why it happens.
    pub explanation: String,
    /// Where the tools' makers document it.
    pub references: Vec<String>,
    /// What shows it.
    pub evidence: Vec<Proof>,
    /// What the part that failed printed itself, where nothing more specific is known.
    pub inner: Vec<Quote>,
    /// How often it stands in the output.
    pub occurrences: u64,
    /// What the symptoms captured.
    pub captures: BTreeMap<String, String>,
    /// What the machine says of it.
    pub status: Status,
    /// What follows from it.
    pub consequences: Vec<Follower>,
    /// What would help, the best first.
    pub remedies: Vec<Treatment>,
}

/// One piece of evidence.
#[derive(Clone, Debug, PartialEq)]
pub enum Proof {
    /// A line of the output.
    Line {
        /// The file, or the command, that the output came from.
        source: String,
        /// The line.
        quote: Quote,
    },
    /// A fact of the machine.
    Fact {
        /// Its name.
        fact: String,
        /// What it says; `None`: it is absent.
        value: Option<Value>,
        /// Where it was read.
        source: String,
        /// Where in files it stands: of a list one place for each item, or none at all.
        places: Vec<Place>,
    },
}

/// A failure that follows from a diagnosis.
#[derive(Clone, Debug, PartialEq)]
pub struct Follower {
    /// Its rule's id.
    pub rule: String,
    /// The line in which it stands, with its text; `None` if only the machine shows it.
    pub quote: Option<Quote>,
}

/// A rule that nobody could decide.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unknown {
    /// The rule's id.
    pub rule: String,
    /// The rule's title.
    pub title: String,
    /// The fact that is missing.
    pub fact: String,
    /// Why.
    pub why: String,
    /// Where it was to be learnt.
    pub source: String,
    /// How long that took.
    pub took: Duration,
}

/// The figures of a run.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Summary {
    /// Rules that were asked.
    pub rules: usize,
    /// Requirements of the settings that were asked about.
    pub requirements: usize,
    /// Lines of output that were read; `None`: the machine was asked, and no output read.
    pub lines: Option<u64>,
    /// Milliseconds that it took.
    pub took_ms: u64,
}
