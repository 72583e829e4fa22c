//! What may stand behind a key, as a schema. `patternErrorMessage`, `errorMessage` and `enumDescriptions` are no words of JSON
//! Schema: editors show them.

use serde_json::{Map, Value, json};

use super::condition::condition;
use crate::rules::Tag;
use crate::rules::format::{CHECKS, FAMILIES, ID, Key, Shape};

/// A map with these keys and no others.
pub(super) fn map(keys: &[Key]) -> Value {
    let needed: Vec<&str> = keys.iter().filter(|key| key.needed).map(|key| key.name).collect();
    let mut schema = json!({"type": "object", "properties": properties(keys), "additionalProperties": false});
    if !needed.is_empty() {
        schema["required"] = json!(needed);
    }
    schema
}

/// The keys, each with what may stand behind it and what it says.
pub(super) fn properties(keys: &[Key]) -> Map<String, Value> {
    let described = keys.iter().map(|key| {
        let schema = match of(&key.shape) {
            // What stands beside a reference does not count in draft 7.
            reference if reference.get("$ref").is_some() => json!({"allOf": [reference]}),
            schema => schema,
        };
        (key.name.to_owned(), with(schema, "description", json!(key.about)))
    });
    described.collect()
}

fn with(mut schema: Value, key: &str, value: Value) -> Value {
    schema[key] = value;
    schema
}

fn of(shape: &Shape) -> Value {
    match shape {
        Shape::Text => text(),
        Shape::Fixed => with(text(), "not", json!({"type": "string", "pattern": r"\$\{[^}]*\}"})),
        Shape::Id => json!({
            "type": "string",
            "pattern": ID,
            "patternErrorMessage": "use lower-case letters and digits, joined by `-`",
            "not": {"enum": tags()},
        }),
        Shape::Family => {
            let schema = with(text(), "not", json!({"enum": tags()}));
            with(schema, "examples", json!(FAMILIES))
        }
        Shape::Address => json!({
            "type": "string",
            "pattern": "^https://",
            "patternErrorMessage": "a reference is an https:// address",
        }),
        Shape::Flag => json!({"type": "boolean"}),
        Shape::Count(u64::MAX) => json!({"type": "integer", "minimum": 1}),
        Shape::Count(most) => json!({"type": "integer", "minimum": 1, "maximum": most}),
        Shape::OneOf(words) => one_of(&words()),
        Shape::Fact => reference("fact"),
        Shape::Operand => reference("operand"),
        Shape::Requirement => reference("requirement"),
        Shape::Condition => reference("condition"),
        Shape::Checks => condition(CHECKS),
        Shape::List(item) => json!({"type": "array", "items": of(item), "minItems": 1}),
        Shape::Set(item) => with(of(&Shape::List(item)), "uniqueItems", json!(true)),
        Shape::Argv => json!({
            "type": "array",
            "items": [of(&Shape::Fixed)],
            "additionalItems": text(),
            "minItems": 1,
        }),
        Shape::Either(shapes) => json!({"anyOf": shapes.iter().map(of).collect::<Vec<_>>()}),
        Shape::Captures => json!({"type": "object", "additionalProperties": text()}),
        Shape::Map(keys) => map(keys),
        Shape::Remedy => reference("remedy"),
        Shape::Edit => reference("edit"),
    }
}

/// Text that is not blank; what YAML takes for a number or a truth value is read as text too.
fn text() -> Value {
    json!({
        "type": ["string", "number", "boolean"],
        "pattern": r"\S",
        "patternErrorMessage": "this is empty",
    })
}

fn one_of(words: &[(&str, &str)]) -> Value {
    let names: Vec<&str> = words.iter().map(|(name, _)| *name).collect();
    let meanings: Vec<&str> = words.iter().map(|(_, meaning)| *meaning).collect();
    let schema = json!({"type": "string", "enum": names});
    match meanings.iter().all(|meaning| meaning.is_empty()) {
        true => schema,
        false => with(schema, "enumDescriptions", json!(meanings)),
    }
}

fn tags() -> Vec<&'static str> {
    Tag::ALL.iter().map(|(name, _)| *name).collect()
}

fn reference(definition: &str) -> Value {
    json!({"$ref": format!("#/definitions/{definition}")})
}
