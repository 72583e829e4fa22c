//! Mistakes at every key of a rule: misspelt, left out, with something else behind it.

use serde_json::{Value, json};

/// A rule with one mistake, or with something unusual that is none.
pub(crate) struct Mistake {
    pub(crate) rule: Value,
    /// What was done to it.
    pub(crate) what: String,
    /// Why the schema need not refuse it.
    pub(crate) why_only_the_reader: Option<&'static str>,
}

const REGEX: &str =
    "whether a pattern is a regex, and has words that can be searched for, only a regex parser knows";
const CAPTURES: &str = "which captures there are stands within the patterns";
const REQUIREMENT: &str = "what a version requirement is only its parser knows";
const ONE_FILE: &str = "which of several files a key is added to follows from more than one key";

const LIST_OR_TEXT: &str = "whether a fact is a list or text stands in the catalogue of facts";

/// Why the reader refuses what the schema accepts: every reason that there is.
pub(crate) const REASONS: &[&str] = &[REGEX, CAPTURES, REQUIREMENT, ONE_FILE, LIST_OR_TEXT];

/// Where, from the end of a path, and what is found there that only the reader can tell.
const ONLY_THE_READER: &[(&str, &str)] = &[
    ("/symptoms", REGEX),
    ("/symptoms/0", REGEX),
    ("/symptoms/1", REGEX),
    ("/symptoms/1/pattern", REGEX),
    ("/derive", CAPTURES),
    ("/derive/0", CAPTURES),
    ("/derive/0/nearest", CAPTURES),
    ("/derive/0/file", CAPTURES),
    ("/examples/1/captures", CAPTURES),
    ("/satisfies", REQUIREMENT),
    ("/fact", LIST_OR_TEXT),
    ("/edit/in", ONE_FILE),
    ("/edit/add", ONE_FILE),
    ("/edit/create", ONE_FILE),
];

/// Every mistake.
pub(crate) fn all(rule: &Value) -> Vec<Mistake> {
    let mut all = misspelt(rule);
    for path in paths(rule) {
        all.push(mistake(rule, &path, "is left out", |map, key| drop(remove(map, key))));
        for other in others() {
            let what = format!("is {other}");
            all.push(mistake(rule, &path, &what, |map, key| put(map, key, other)));
        }
        // A level too deep is the usual slip of indentation.
        all.push(mistake(rule, &path, "is in a list of its own", |map, key| {
            let value = remove(map, key);
            put(map, key, json!([value]));
        }));
    }
    all
}

/// Each key with a letter too many.
pub(crate) fn misspelt(rule: &Value) -> Vec<Mistake> {
    let keys = paths(rule).into_iter().filter(|path| !path.ends_with(char::is_numeric));
    let keys = keys.filter(|path| !path.contains("/captures/"));
    keys.map(|path| {
        mistake(rule, &path, "is misspelt", |map, key| {
            let value = remove(map, key);
            put(map, &format!("{key}x"), value);
        })
    })
    .collect()
}

/// What may stand behind a key, and mostly may not.
fn others() -> Vec<Value> {
    vec![
        json!("zz"),
        json!(""),
        json!("${zz}"),
        json!(3),
        json!(-1),
        json!(true),
        json!(null),
        json!([]),
        json!(["zz"]),
        json!(["zz", "zz"]),
        json!([{}]),
        json!({}),
        json!({"zz": "zz"}),
        json!("gpu.count"),
        json!({"fact": "zz"}),
        json!({"fact": "gpu.count"}),
    ]
}

fn mistake(rule: &Value, path: &str, what: &str, change: impl FnOnce(&mut Value, &str)) -> Mistake {
    let (parent, key) = path.rsplit_once('/').unwrap();
    let mut changed = rule.clone();
    change(changed.pointer_mut(parent).unwrap(), key);
    let (id, left) = (&rule["id"], ONLY_THE_READER.iter().find(|(end, _)| path.ends_with(end)));
    let placeholders = changed.to_string().contains("${zz}").then_some(CAPTURES);
    Mistake {
        what: format!("{id}: {path} {what}"),
        why_only_the_reader: placeholders.or(left.map(|(_, why)| *why)),
        rule: changed,
    }
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
