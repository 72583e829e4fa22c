//! What a report holds.

use std::collections::BTreeMap;
use std::time::Duration;

use crate::causes::Status;
use crate::facts::{Place, Severity, Value};
use crate::plan::Treatment;
use crate::rules::Tag;
use crate::scan::Quote;

/// Everything that one run of envdoctor found.
#[derive(Clone, Debug, Default)]
pub struct Report {
    /// Root causes, the likeliest first.
    pub diagnoses: Vec<Entry>,
    /// Diagnoses that do not count.
    pub set_aside: Vec<SetAside>,
    /// Every rule with checks that the machine was asked about; empty for an output.
    pub examined: Vec<Examined>,
    /// Rules that nobody could decide.
    pub unknown: Vec<Unknown>,
    /// The lines that look most like an error, where there is a failure that no rule knows.
    pub unrecognised: Vec<Quote>,
    /// The last lines of a command that failed without a line that looks like an error.
    pub last_lines: Vec<Quote>,
    /// What changed since the last healthy check, where that was asked for.
    pub since_green: Option<SinceGreen>,
    /// The figures.
    pub summary: Summary,
}

impl Report {
    /// The rules, and of those about requirements each requirement, that could not be decided, with what is missing.
    pub fn undecided(&self) -> BTreeMap<(&str, Option<&str>), Vec<&Unknown>> {
        let mut undecided: BTreeMap<(&str, Option<&str>), Vec<&Unknown>> = BTreeMap::new();
        for unknown in &self.unknown {
            undecided.entry((&unknown.rule, unknown.requirement.as_deref())).or_default().push(unknown);
        }
        undecided
    }

    /// The greatest severity among the diagnoses.
    pub fn worst(&self) -> Option<Severity> {
        self.diagnoses.iter().map(|entry| entry.severity).max()
    }

    /// Whether an output shows failures that are known, and all of them were set aside or left out.
    pub fn is_excused(&self) -> bool {
        let any = !self.set_aside.is_empty() || self.summary.left_out > 0;
        self.summary.lines.is_some() && self.diagnoses.is_empty() && any
    }
}

/// One diagnosis.
#[derive(Clone, Debug)]
pub struct Entry {
    /// The rule's id.
    pub rule: String,
    /// The rule's family.
    pub family: String,
    /// What else the rule has to do with.
    pub tags: Vec<Tag>,
    /// What is required, where a requirement of the settings is not met.
    pub requirement: Option<String>,
    /// What tells this occurrence from another of the same rule, the same from run to run and on every machine.
    pub fingerprint: String,
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
    /// Where in a file of the project it is, as the output says.
    pub named: Option<Place>,
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

impl Entry {
    /// Where it stands: in files that facts were read from, in the one that the output names, and in the output, whose
    /// name is the file's then.
    pub fn places(&self) -> Vec<Place> {
        let files = self.evidence.iter().flat_map(|proof| match proof {
            Proof::Fact { places, .. } => places.clone(),
            Proof::Line { .. } => Vec::new(),
        });
        let lines = self.evidence.iter().filter_map(|proof| match proof {
            Proof::Line { source, quote } => {
                Some(Place { file: source.clone(), line: quote.line, column: 1, excerpt: quote.text.clone() })
            }
            Proof::Fact { .. } => None,
        });
        files.chain(self.named.clone()).chain(lines).collect()
    }
}

/// A diagnosis that does not count.
#[derive(Clone, Debug)]
pub struct SetAside {
    /// The diagnosis.
    pub entry: Entry,
    /// Why it does not.
    pub why: Aside,
}

/// Why a diagnosis does not count.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Aside {
    /// The configuration says so.
    Ignored {
        /// What it gives as the reason.
        reason: String,
        /// The last day on which it holds.
        until: Option<String>,
        /// Where it says so.
        from: String,
    },
    /// It was there before, as the baseline says.
    Baseline,
}

/// A rule, or a requirement, that the machine was asked about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Examined {
    /// The rule's id.
    pub rule: String,
    /// What is required, where it is a requirement of the settings.
    pub requirement: Option<String>,
    /// Its title.
    pub title: String,
    /// Its family.
    pub family: String,
    /// What came out.
    pub verdict: Standing,
}

/// How a rule stands on a machine.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// The machine is not broken in this way.
    Healthy,
    /// It is.
    Broken,
    /// Nobody can tell.
    Unknown,
    /// The rule means nothing there.
    NotApplicable,
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
    /// Where it stands in a file, if a fact shows that.
    pub place: Option<Place>,
}

/// A rule, or a requirement, that nobody could decide.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unknown {
    /// The rule's id.
    pub rule: String,
    /// What is required, where it is a requirement of the settings.
    pub requirement: Option<String>,
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
    /// It was not known before either, as the baseline says, and does not count.
    pub baseline: bool,
}

/// What changed since the last healthy check.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SinceGreen {
    /// When that was; `None`: there was none.
    pub at: Option<jiff::Timestamp>,
    /// Facts and files that are not as they were, each with how it differs.
    pub differences: Vec<(String, String)>,
}

/// The figures of a run.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Summary {
    /// Rules that were asked.
    pub rules: usize,
    /// Rules that settings or options leave out.
    pub rules_left_out: usize,
    /// Requirements of the settings that were asked about.
    pub requirements: usize,
    /// Diagnoses that were left out, since nobody asked for their rules.
    pub left_out: usize,
    /// Lines of output that were read; `None`: the machine was asked, and no output read.
    pub lines: Option<u64>,
    /// Milliseconds that it took.
    pub took_ms: u64,
}
