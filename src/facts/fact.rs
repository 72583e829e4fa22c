//! One typed answer about the machine or the project, and all of them together.

use std::collections::BTreeMap;
use std::time::Duration;

use serde::Serialize;

use super::{Place, Reading, Value};

/// One answer, with where it came from.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Fact {
    /// What is known, or why nothing is.
    pub reading: Reading<Value>,
    /// The file, the command or the variable that said so.
    pub source: String,
    /// Where in a file it stands: of a list one place for each item, in order, or none at all; else at most one.
    pub places: Vec<Place>,
    /// How long the probe that brought it took.
    pub took: Duration,
}

/// Facts by name, such as `tool.elixir.version`.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
#[serde(transparent)]
pub struct Facts(BTreeMap<String, Fact>);

impl Facts {
    /// Adds a fact; a later one of the same name replaces the earlier.
    pub fn insert(&mut self, name: impl Into<String>, fact: Fact) {
        self.0.insert(name.into(), fact);
    }

    /// Adds a fact read from `source`. The time is filled in by whoever ran the probe.
    pub fn add(&mut self, name: impl Into<String>, reading: Reading<Value>, source: impl Into<String>) {
        self.add_at(name, reading, source, Vec::new());
    }

    /// Adds a fact that stands at these places of files.
    pub fn add_at(
        &mut self,
        name: impl Into<String>,
        reading: Reading<Value>,
        source: impl Into<String>,
        places: Vec<Place>,
    ) {
        self.insert(name, Fact { reading, source: source.into(), places, took: Duration::ZERO });
    }

    /// The fact of that name, if it was asked for.
    pub fn get(&self, name: &str) -> Option<&Fact> {
        self.0.get(name)
    }

    /// Every fact, in the order of the names.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &Fact)> {
        self.0.iter().map(|(name, fact)| (name.as_str(), fact))
    }

    /// Every fact, to complete it.
    pub fn iter_mut(&mut self) -> impl Iterator<Item = (&str, &mut Fact)> {
        self.0.iter_mut().map(|(name, fact)| (name.as_str(), fact))
    }

    /// Takes in all facts of `other`.
    pub fn extend(&mut self, other: Facts) {
        self.0.extend(other.0);
    }
}
