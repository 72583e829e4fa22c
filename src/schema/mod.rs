//! The JSON Schemas of a rule file and of the settings, which editors check and complete them by. They are made of the keys that the
//! readers know ([`crate::rules::format`]), so that the two cannot differ in one of them. What only a reader can tell is left to it:
//! regexes, captures and placeholders, whether a fact fits an operator, requirements of versions, and what other files say.
//!
//! They are of draft 7, the one that every editor's YAML support reads.

mod condition;
mod look;
mod remedy;
mod require;
mod settings;
mod shape;

use serde_json::{Value, json};

use crate::rules::format::{NOT_OF_REQUIREMENTS, RULE};
pub use settings::settings_file;
use shape::map;

const DRAFT: &str = "http://json-schema.org/draft-07/schema#";

/// Where the schema may stand, as seen from a rule file: beside it, or, as with the built-in rules, beside the families' folders.
pub const PLACES: &[&str] = &["schema.json", "../schema.json"];

const TITLE: &str = "A rule of envdoctor";

/// The schema of a rule file.
pub fn rule_file() -> Value {
    let mut schema = map(RULE);
    schema["$schema"] = json!(DRAFT);
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
