//! Facts as JSON.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::Serialize;

use super::schema::version;
use super::{SCHEMA_VERSION, milliseconds};
use crate::facts::{Fact, Facts, Place, Value};

/// What is known of the machine and the project. Keys may be added in later versions, and are never changed or removed:
/// readers pass over keys that they do not know.
#[derive(Serialize, JsonSchema)]
#[schemars(title = "envdoctor's facts")]
pub struct FactsForm<'a> {
    /// The version of this form.
    #[schemars(schema_with = "version")]
    schema_version: u32,
    /// Each fact by its name.
    facts: BTreeMap<&'a str, FactForm<'a>>,
}

/// A fact. Both `value` and `unknown` are `null` where the thing is known not to be there.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "Fact")]
struct FactForm<'a> {
    /// What is there.
    value: Option<ValueForm<'a>>,
    /// Why it is not known.
    unknown: Option<String>,
    /// The file, the command or the variable that said so.
    source: &'a str,
    /// How many milliseconds it took to learn it.
    took_ms: u64,
    /// Where it stands in files, of a list one for each item; left out where it stands in none.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    places: Vec<PlaceForm<'a>>,
}

/// What a fact says.
#[derive(Serialize, JsonSchema)]
#[serde(untagged)]
#[schemars(inline)]
pub(super) enum ValueForm<'a> {
    Bool(bool),
    Integer(i64),
    Text(&'a str),
    List(&'a [String]),
}

/// A place in a file.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "Place")]
pub(super) struct PlaceForm<'a> {
    /// The file, from the project's folder, or absolute.
    file: &'a str,
    /// The line, from 1.
    line: u64,
    /// The column in characters, from 1.
    column: u64,
    /// The line's text.
    excerpt: &'a str,
}

impl<'a> From<&'a Facts> for FactsForm<'a> {
    fn from(facts: &'a Facts) -> Self {
        let facts = facts.iter().map(|(name, fact)| (name, FactForm::from(fact))).collect();
        FactsForm { schema_version: SCHEMA_VERSION, facts }
    }
}

impl<'a> From<&'a Fact> for FactForm<'a> {
    fn from(fact: &'a Fact) -> Self {
        FactForm {
            value: fact.reading.as_present().map(ValueForm::from),
            unknown: fact.reading.why_unknown(),
            source: &fact.source,
            took_ms: milliseconds(fact.took),
            places: places(&fact.places),
        }
    }
}

impl<'a> From<&'a Value> for ValueForm<'a> {
    fn from(value: &'a Value) -> Self {
        match value {
            Value::Bool(value) => ValueForm::Bool(*value),
            Value::Integer(value) => ValueForm::Integer(*value),
            Value::Text(value) => ValueForm::Text(value),
            Value::List(value) => ValueForm::List(value),
        }
    }
}

impl<'a> From<&'a Place> for PlaceForm<'a> {
    fn from(place: &'a Place) -> Self {
        PlaceForm { file: &place.file, line: place.line, column: place.column, excerpt: &place.excerpt }
    }
}

pub(super) fn places(places: &[Place]) -> Vec<PlaceForm<'_>> {
    places.iter().map(PlaceForm::from).collect()
}
