//! What may stand behind a key, as a schema. `patternErrorMessage`, `errorMessage` and `enumDescriptions` are no words of JSON
//! Schema: editors show them.

use serde_json::{Map, Value, json};

use super::condition::condition;
use super::look::{argument, like, seconds, text, word};
use super::require::{items, literal};
use crate::rules::Tag;
use crate::rules::format::{CHECKS, FAMILIES, ID, Key, Look, Shape};

const TEXTS: Shape = Shape::List(&Shape::Text);

const POINTER: Look = Look::new("^/", "a JSON Pointer begins with `/`");

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

pub(super) fn of(shape: &Shape) -> Value {
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
        Shape::Word => word(),
        Shape::Like(look) => like(look),
        Shape::Command(most) => json!({
            "type": "array",
            "items": [word()],
            "additionalItems": argument(),
            "minItems": 1,
            "maxItems": most,
        }),
        Shape::Whole => json!({"type": "integer", "minimum": 0}),
        Shape::Seconds => seconds(),
        Shape::KnownRule => reference("rule"),
        Shape::KnownWord => reference("word"),
        Shape::Entries(name, value) => entries(name, value),
        Shape::Requirements => reference("requirements"),
        Shape::Value => json!({"anyOf": [literal(), of(&TEXTS), reference("matcher")]}),
        Shape::Content => json!({"anyOf": [text(), of(&TEXTS), reference("matcher")]}),
        Shape::Equal => json!({"anyOf": [literal(), items()]}),
        Shape::Pointers => with(entries(&Shape::Like(&POINTER), &Shape::Value), "minProperties", json!(1)),
    }
}

fn entries(name: &Shape, value: &Shape) -> Value {
    json!({"type": "object", "propertyNames": of(name), "additionalProperties": of(value)})
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

/// What a definition says, with words of its own.
pub(super) fn referring(definition: &str, about: &str) -> Value {
    json!({"allOf": [reference(definition)], "description": about})
}

fn reference(definition: &str) -> Value {
    json!({"$ref": format!("#/definitions/{definition}")})
}
