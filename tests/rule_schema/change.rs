//! Changes at every key of a value: misspelt, left out, with something else behind it.

use serde_json::{Value, json};

/// A value with one change.
pub(crate) struct Change {
    /// Where it was changed.
    pub(crate) path: String,
    /// What was done to it.
    pub(crate) what: String,
    /// What it is then.
    pub(crate) value: Value,
}

/// Each key and item left out, replaced by each of these, and a level too deep.
pub(crate) fn changes(value: &Value, others: &[Value]) -> Vec<Change> {
    let mut all = Vec::new();
    for path in paths(value) {
        all.push(change(value, &path, "is left out", |map, key| drop(remove(map, key))));
        for other in others {
            let what = format!("is {other}");
            all.push(change(value, &path, &what, |map, key| put(map, key, other.clone())));
        }
        // The usual slip of indentation.
        all.push(change(value, &path, "is in a list of its own", |map, key| {
            let value = remove(map, key);
            put(map, key, json!([value]));
        }));
    }
    all
}

/// Each key with a letter too many.
pub(crate) fn misspelt(value: &Value) -> Vec<Change> {
    let keys = paths(value).into_iter().filter(|path| !path.ends_with(char::is_numeric));
    keys.map(|path| {
        change(value, &path, "is misspelt", |map, key| {
            let value = remove(map, key);
            put(map, &format!("{key}x"), value);
        })
    })
    .collect()
}

fn change(value: &Value, path: &str, what: &str, change: impl FnOnce(&mut Value, &str)) -> Change {
    let (parent, key) = path.rsplit_once('/').unwrap();
    let mut changed = value.clone();
    // What a JSON Pointer cannot say is written in another way.
    let key = key.replace("~1", "/").replace("~0", "~");
    change(changed.pointer_mut(parent).unwrap(), &key);
    Change { path: path.to_owned(), what: what.to_owned(), value: changed }
}

/// Where each key and each item stands.
fn paths(value: &Value) -> Vec<String> {
    let below: Vec<(String, &Value)> = match value {
        Value::Object(entries) => entries.iter().map(|(key, value)| (key.clone(), value)).collect(),
        Value::Array(items) => items.iter().enumerate().map(|(at, item)| (at.to_string(), item)).collect(),
        _ => Vec::new(),
    };
    let mut found = Vec::new();
    for (key, value) in below {
        let key = key.replace('~', "~0").replace('/', "~1");
        found.push(format!("/{key}"));
        found.extend(paths(value).into_iter().map(|path| format!("/{key}{path}")));
    }
    found
}

fn remove(parent: &mut Value, key: &str) -> Value {
    match parent {
        Value::Object(entries) => entries.remove(key).unwrap(),
        Value::Array(items) => items.remove(key.parse().unwrap()),
        _ => panic!("{parent} has no keys"),
    }
}

fn put(parent: &mut Value, key: &str, value: Value) {
    match parent {
        Value::Object(entries) => drop(entries.insert(key.to_owned(), value)),
        Value::Array(items) => match items.get_mut(key.parse::<usize>().unwrap()) {
            Some(item) => *item = value,
            None => items.push(value),
        },
        _ => panic!("{parent} has no keys"),
    }
}
