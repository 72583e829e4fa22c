//! The JSON Schema of a rule file, which editors check and complete it by. It is made of the keys that the reader knows
//! ([`crate::rules::format`]), so that the two cannot differ in one of them. What only the reader can tell is left to it: regexes,
//! captures and placeholders, whether a fact fits an operator, and what other files say.
//!
//! It is of draft 7, the one that every editor's YAML support reads.

mod condition;
mod remedy;
mod shape;

use serde_json::{Value, json};

use crate::rules::format::{NOT_OF_REQUIREMENTS, RULE};
use shape::map;

/// Where the schema may stand, as seen from a rule file: beside it, or, as with the built-in rules, beside the families' folders.
pub const PLACES: &[&str] = &["schema.json", "../schema.json"];

const TITLE: &str = "A rule of envdoctor";

/// The schema of a rule file.
pub fn rule_file() -> Value {
    let mut schema = map(RULE);
    schema["$schema"] = json!("http://json-schema.org/draft-07/schema#");
    schema["title"] = json!(TITLE);
    schema["description"] =
        json!("One failure mode: how tools report it, how a machine shows it, why it happens, what helps.");
    let with = |keys: &[&str]| keys.iter().map(|key| json!({"required": [key]})).collect::<Vec<_>>();
    schema["anyOf"] = json!(with(&["symptoms", "checks", "requirement"]));
    schema["dependencies"] =
        json!({"symptoms": ["examples"], "requirement": {"not": {"anyOf": with(NOT_OF_REQUIREMENTS)}}});
    schema["definitions"] = json!({
        "condition": condition::condition(&[]),
        "fact": condition::fact(),
        "operand": condition::operand(&["string", "number", "boolean"]),
        "requirement": condition::operand(&["string"]),
        "remedy": remedy::remedy(),
        "edit": remedy::edit(),
    });
    schema
}

/// Whether a file's text is such a schema, be it of another version.
pub fn is_rule_files(text: &str) -> bool {
    serde_json::from_str::<Value>(text).is_ok_and(|schema| schema["title"] == TITLE)
}

/// The first line of a rule file, by which an editor finds the schema at this place.
pub fn modeline(place: &str) -> String {
    format!("# yaml-language-server: $schema={place}\n")
}
