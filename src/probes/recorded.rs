//! Probes asked about machines that are written down: what their tests share.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use super::{Context, Probe, gather};
use crate::facts::{Facts, Reading, Value};
use crate::machine::{Recorded, Recording};

/// No recorded machine takes so long, however busy the one that plays it is.
const DEADLINE: Duration = Duration::from_secs(20);

/// A machine with the project `/p` and nothing but what the recording says; a recording that names its project is taken
/// as it is.
fn recorded(recording: &str) -> Recording {
    let text = match recording.starts_with("project:") {
        true => recording.to_owned(),
        false => format!("project: /p\notherwise: absent\n{recording}"),
    };
    Recording::parse(&text, "m").unwrap_or_else(|error| panic!("{error}\n{text}"))
}

/// What a probe has to work with there.
pub(super) fn context(recording: &str) -> Context {
    let recording = recorded(recording);
    let machine = Arc::new(Recorded::new(&recording));
    Context { machine, project: recording.project, wanted: BTreeSet::new(), parsed: Arc::default() }
}

/// The facts of these names.
pub(super) fn facts<'a>(recording: &str, names: impl IntoIterator<Item = &'a str>) -> Facts {
    let Context { machine, project, .. } = context(recording);
    gather(machine, &project, &names.into_iter().map(str::to_owned).collect(), DEADLINE)
}

/// All facts of a probe, but for families.
pub(super) fn facts_of(probe: &Probe, recording: &str) -> Facts {
    facts(recording, probe.yields.iter().copied().filter(|name| !name.contains('*')))
}

/// The facts of these names, as a person would read them.
pub(super) fn ask(recording: &str, names: &[&str]) -> Vec<String> {
    let facts = facts(recording, names.iter().copied());
    names.iter().map(|name| shown(&facts, name)).collect()
}

/// A fact as a person would read it: `-` for what is absent, `?` for what is unknown.
pub(super) fn shown(facts: &Facts, name: &str) -> String {
    match &facts.get(name).unwrap_or_else(|| panic!("{name} was not asked for")).reading {
        Reading::Present(value) => value.to_string(),
        Reading::Absent => "-".to_owned(),
        other => format!("? {}", other.why_unknown().unwrap_or_default()),
    }
}

/// The same, and behind it the places.
pub(super) fn shown_with_places(facts: &Facts, name: &str) -> String {
    let value = shown(facts, name);
    let places = facts.get(name).into_iter().flat_map(|fact| &fact.places);
    places
        .fold(format!("{value} @"), |text, place| format!("{text} {place}"))
        .trim_end_matches(" @")
        .to_owned()
}

/// The items of a list that is present.
pub(super) fn list(facts: &Facts, name: &str) -> Vec<String> {
    match facts.get(name).map(|fact| &fact.reading) {
        Some(Reading::Present(Value::List(items))) => items.clone(),
        other => panic!("{name}: {other:?}"),
    }
}
