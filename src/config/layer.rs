//! What one place says of the settings: a file, the environment, or the command line.

use std::collections::BTreeMap;
use std::fmt;
use std::path::PathBuf;
use std::time::Duration;

use jiff::civil::Date;

use crate::facts::{Place, Risk, Severity};
use crate::require::Requirement;

/// Where a value comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Origin {
    /// Nobody says otherwise.
    BuiltIn,
    /// A file with settings.
    File(Place),
    /// A variable of the environment.
    Variable(&'static str),
    /// An option of the command line.
    Flag(&'static str),
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Origin::BuiltIn => f.write_str("built in"),
            Origin::File(place) => write!(f, "{}:{}", place.file, place.line),
            Origin::Variable(name) | Origin::Flag(name) => f.write_str(name),
        }
    }
}

/// A value, and who says so.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stated<T> {
    /// The value.
    pub value: T,
    /// Who says so.
    pub origin: Origin,
}

impl<T> Stated<T> {
    /// A value that somebody states.
    pub fn new(value: T, origin: Origin) -> Self {
        Stated { value, origin }
    }
}

/// A rule whose findings do not count.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ignore {
    /// The rule's id.
    pub rule: String,
    /// Why they do not.
    pub reason: String,
    /// The last day (UTC) on which they do not; `None`: for good.
    pub until: Option<Date>,
    /// Who says so.
    pub origin: Origin,
}

/// What one place says of repairs.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FixSettings {
    /// The greatest risk.
    pub most: Option<Stated<Risk>>,
    /// Rules that are never repaired.
    pub never: Vec<Stated<String>>,
    /// Days for which backups are kept.
    pub days: Option<Stated<u64>>,
    /// Megabytes of backups that are kept.
    pub megabytes: Option<Stated<u64>>,
}

/// What one place says. Nothing stated: nothing said.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Layer {
    /// The severity from which the exit code is 1.
    pub fail_on: Option<Stated<Severity>>,
    /// How long a question to the machine may take.
    pub timeout: Option<Stated<Duration>>,
    /// The report whose findings do not count, as a path from where it was named.
    pub baseline: Option<Stated<PathBuf>>,
    /// Rules, families or tags that are asked for, and no others.
    pub only: Vec<Stated<String>>,
    /// Rules, families or tags that are left out.
    pub skip: Vec<Stated<String>>,
    /// How bad findings of a rule are.
    pub severity: BTreeMap<String, Stated<Severity>>,
    /// Findings that do not count.
    pub ignore: Vec<Ignore>,
    /// Repairs.
    pub fix: FixSettings,
    /// What there must be.
    pub require: Vec<Requirement>,
}
