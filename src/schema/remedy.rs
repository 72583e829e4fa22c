//! Remedies and edits, as schemas.

use serde_json::{Map, Value, json};

use super::shape::map;
use crate::rules::EditKind;
use crate::rules::format::{ACTIONS, EDIT, OF_RUN, REMEDY};

pub(super) fn remedy() -> Value {
    let mut schema = map(REMEDY);
    let just_one: Vec<Value> = ACTIONS.iter().map(|name| json!({"required": [name]})).collect();
    schema["oneOf"] = json!(just_one);
    schema["anyOf"] = json!([{"required": ["risk"]}, {"required": ["tell"]}]);
    let of_run = OF_RUN.iter().map(|name| ((*name).to_owned(), json!(["run"])));
    schema["dependencies"] = Value::Object(of_run.collect());
    schema
}

/// An edit has the keys of its kind; one without a kind is of the first.
pub(super) fn edit() -> Value {
    let mut schema = map(EDIT);
    let kinds = EditKind::ALL.iter().enumerate().map(|(at, (kind, keys))| {
        let mut chosen = json!({"properties": {"kind": {"const": kind}}});
        if at > 0 {
            chosen["required"] = json!(["kind"]);
        }
        let its = [&["kind", "in"], keys.needed, keys.possible].concat();
        let others = EDIT.iter().filter(|key| !its.contains(&key.name));
        let others: Map<String, Value> = others.map(|key| (key.name.to_owned(), json!(false))).collect();
        json!({"if": chosen, "then": {"required": keys.needed, "properties": others}})
    });
    schema["allOf"] = json!(kinds.collect::<Vec<_>>());
    schema
}
