//! Which of a schema's keys a value has.

use std::collections::BTreeSet;

use serde_json::Value;

/// Every key of the schema, by where it stands in it; one that is forbidden is none.
pub(crate) fn keys(schema: &Value) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    collect(schema, "", &mut found);
    found
}

fn collect(schema: &Value, at: &str, found: &mut BTreeSet<String>) {
    match schema {
        Value::Object(entries) => {
            for (key, value) in entries {
                let below = format!("{at}/{key}");
                if key == "properties" && !at.ends_with("/if") {
                    let keys = value.as_object().unwrap().iter().filter(|(_, schema)| **schema != false);
                    found.extend(keys.map(|(name, _)| format!("{below}/{name}")));
                }
                collect(value, &below, found);
            }
        }
        Value::Array(items) => {
            for (index, item) in items.iter().enumerate() {
                collect(item, &format!("{at}/{index}"), found);
            }
        }
        _ => {}
    }
}

/// Follows the value through the schema, whose part for it stands at `at`.
pub(crate) fn meet(root: &Value, at: &str, schema: &Value, value: &Value, met: &mut BTreeSet<String>) {
    if let Some(reference) = schema.get("$ref").and_then(Value::as_str) {
        let at = reference.trim_start_matches('#');
        return meet(root, at, root.pointer(at).unwrap(), value, met);
    }
    for several in ["anyOf", "allOf"] {
        for (index, part) in schema.get(several).and_then(Value::as_array).into_iter().flatten().enumerate() {
            meet(root, &format!("{at}/{several}/{index}"), part, value, met);
        }
    }
    for (key, value) in value.as_object().into_iter().flatten() {
        if let Some(part) = schema.get("properties").and_then(|keys| keys.get(key)) {
            let at = format!("{at}/properties/{key}");
            met.insert(at.clone());
            meet(root, &at, part, value, met);
        } else if let Some(part) = schema.get("additionalProperties").filter(|part| part.is_object()) {
            meet(root, &format!("{at}/additionalProperties"), part, value, met);
        }
    }
    for item in value.as_array().into_iter().flatten() {
        if let Some(part) = schema.get("items") {
            meet(root, &format!("{at}/items"), part, item, met);
        }
    }
}
