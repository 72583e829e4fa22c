//! Conditions over facts, as schemas.

use serde_json::{Map, Value, json};

use super::shape::{map, properties};
use crate::facts::catalogue;
use crate::rules::Operator;
use crate::rules::format::{BRANCH, Key, OPERAND, TEST};

/// A condition that may have these keys as well.
pub(super) fn condition(more: &[Key]) -> Value {
    let operators: Vec<&str> = Operator::ALL.iter().map(|(name, _)| *name).collect();
    let just_one: Vec<Value> = operators.iter().map(|name| json!({"required": [name]})).collect();
    let mut dependencies: Map<String, Value> =
        operators.iter().map(|name| ((*name).to_owned(), json!(["fact"]))).collect();
    dependencies.insert("fact".to_owned(), json!({"oneOf": just_one}));
    let forms = BRANCH.iter().map(|key| key.name).chain(["fact"]);
    let forms: Vec<Value> = forms.map(|name| json!({"required": [name]})).collect();
    json!({
        "type": "object",
        "properties": properties(&[BRANCH, TEST, more].concat()),
        "additionalProperties": false,
        "oneOf": forms,
        "dependencies": dependencies,
    })
}

/// A fact's name: one of the catalogue, or of one of its families, such as `env.*`.
pub(super) fn fact() -> Value {
    let (families, names): (Vec<&str>, Vec<&str>) =
        catalogue().map(|known| known.name).partition(|name| name.contains('*'));
    let families: Vec<String> =
        families.iter().map(|name| name.replace('.', r"\.").replace('*', r"[^.]+")).collect();
    let none = "there is no such fact: `envdoctor facts -v` shows them all";
    let families = format!("^({})$", families.join("|"));
    json!({
        "description": "A fact's name; `envdoctor facts -v` shows them all.",
        "anyOf": [
            {"type": "string", "enum": names, "errorMessage": none},
            {"type": "string", "pattern": families, "patternErrorMessage": none},
        ],
    })
}

/// A literal of these types, or another fact.
pub(super) fn operand(types: &[&str]) -> Value {
    json!({"anyOf": [{"type": types}, map(OPERAND)]})
}
