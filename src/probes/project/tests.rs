use std::sync::Arc;

use crate::facts::{Facts, Reading, Value};
use crate::machine::{Recorded, Recording};
use crate::probes::{Context, Probe};

/// The facts that a probe brings from a machine with a project in `/p`.
pub(super) fn run(probe: &Probe, recording: &str) -> Facts {
    let text = format!("project: /p\notherwise: absent\n{recording}");
    let recording = Recording::parse(&text, "m").unwrap_or_else(|error| panic!("{error}"));
    (probe.run)(&Context {
        machine: Arc::new(Recorded::new(&recording)),
        project: "/p".into(),
        wanted: probe.yields.iter().map(|&name| name.to_owned()).collect(),
        deep: false,
    })
}

pub(super) fn list(facts: &Facts, name: &str) -> Vec<String> {
    match facts.get(name).map(|fact| &fact.reading) {
        Some(Reading::Present(Value::List(items))) => items.clone(),
        other => panic!("{name}: {other:?}"),
    }
}

/// A present value in words.
pub(super) fn text(facts: &Facts, name: &str) -> String {
    match facts.get(name).map(|fact| &fact.reading) {
        Some(Reading::Present(value)) => value.to_string(),
        other => panic!("{name}: {other:?}"),
    }
}
