//! How bad a finding is, and how far a remedy reaches.

use std::fmt;

use serde::{Deserialize, Serialize};

/// How bad a finding is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// Good to know.
    Info,
    /// Works now, and will bite.
    Warning,
    /// Something cannot work.
    Error,
}

impl Severity {
    /// Every severity by its name, as rules and options write it.
    pub const ALL: &'static [(&'static str, Severity)] =
        &[("error", Severity::Error), ("warning", Severity::Warning), ("info", Severity::Info)];
}

impl fmt::Display for Severity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(name_in(Severity::ALL, *self))
    }
}

/// How far a remedy reaches; each level includes the ones before it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Risk {
    /// Only reads, or only tells the person.
    None,
    /// Removes what a tool rebuilds.
    Cache,
    /// Changes files or state of this project.
    Project,
    /// Changes the user's configuration.
    User,
    /// Needs root or touches services.
    System,
    /// Loses what no tool can rebuild.
    Destructive,
}

impl Risk {
    /// Every risk by its name, from the least to the greatest.
    pub const ALL: &'static [(&'static str, Risk)] = &[
        ("none", Risk::None),
        ("cache", Risk::Cache),
        ("project", Risk::Project),
        ("user", Risk::User),
        ("system", Risk::System),
        ("destructive", Risk::Destructive),
    ];
}

impl fmt::Display for Risk {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(name_in(Risk::ALL, *self))
    }
}

fn name_in<T: PartialEq>(all: &'static [(&'static str, T)], wanted: T) -> &'static str {
    all.iter().find(|(_, value)| *value == wanted).map_or("", |(name, _)| name)
}
