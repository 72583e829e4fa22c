//! Requirements, as schemas.

use serde_json::{Map, Value, json};

use super::look::{like, text};
use super::shape::{map, of, referring};
use crate::require::format::{
    ABSENT, COMMANDS, COMMON, MATCHER, NOT_RUN, OF_RUN, SERVER, Section, TOOL, TOOL_VERSION,
};
use crate::require::{TOOLS, sections};
use crate::rules::format::Key;

/// Everything that is required: lists, and tools.
pub(super) fn requirements() -> Value {
    let lists = sections().map(|section| (section.name.to_owned(), list(section)));
    let tools = TOOLS.iter().flat_map(|tool| {
        let definition = if tool.port.is_some() { "server" } else { "tool" };
        let about = format!("{}: its version, such as `~> 1.17`, or any.", tool.shown);
        let schema = referring(definition, &about);
        tool.names.iter().map(move |name| ((*name).to_owned(), schema.clone()))
    });
    let properties: Map<String, Value> = lists.chain(tools).collect();
    json!({"type": "object", "properties": properties, "additionalProperties": false})
}

/// A tool whose version can be required.
pub(super) fn tool() -> Value {
    version_or(&[TOOL, COMMON].concat())
}

/// The same of one that has a server.
pub(super) fn server() -> Value {
    version_or(&[TOOL, SERVER, COMMON].concat())
}

fn version_or(keys: &[Key]) -> Value {
    let mut version = like(&TOOL_VERSION);
    version["examples"] = json!(["any"]);
    json!({"anyOf": [version, map(keys), {"const": true}]})
}

/// A map that says what something must be.
pub(super) fn matcher() -> Value {
    let mut schema = map(MATCHER);
    schema["minProperties"] = json!(1);
    schema
}

/// A literal. YAML's null is the text that stands there: in JSON, something can be null.
pub(super) fn literal() -> Value {
    json!({"type": ["string", "number", "boolean", "null"]})
}

/// All items of a list, which may be none.
pub(super) fn items() -> Value {
    json!({"type": "array", "items": text()})
}

fn list(section: &Section) -> Value {
    let thing = thing(section);
    let item = match &section.alone {
        Some(alone) => json!({"anyOf": [of(alone), thing]}),
        None => thing,
    };
    json!({"type": "array", "items": item, "minItems": 1, "description": section.about})
}

fn thing(section: &Section) -> Value {
    let keys: Vec<Key> = section.all_keys().copied().collect();
    let mut schema = map(&keys);
    if keys.iter().any(|key| key.name == ABSENT.name) {
        let others = forbidden(section.says());
        if !others.is_empty() {
            schema["if"] = json!({"required": [ABSENT.name], "properties": {ABSENT.name: {"const": true}}});
            schema["then"] = json!({"properties": others});
        }
    }
    if section.alone.is_none() {
        let one: Vec<Value> = section.says().map(|name| json!({"required": [name]})).collect();
        schema["anyOf"] = json!(one);
    }
    if section.name == COMMANDS.name {
        let mut dependencies: Map<String, Value> =
            OF_RUN.iter().map(|name| ((*name).to_owned(), json!(["run"]))).collect();
        dependencies.insert("run".to_owned(), json!({"properties": forbidden(NOT_RUN.iter().copied())}));
        schema["dependencies"] = json!(dependencies);
        schema["anyOf"] = json!([{"required": ["run"]}, {"required": ["name"]}]);
    }
    schema
}

fn forbidden(keys: impl Iterator<Item = &'static str>) -> Map<String, Value> {
    keys.map(|key| (key.to_owned(), json!(false))).collect()
}
