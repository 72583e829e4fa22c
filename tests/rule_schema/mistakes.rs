//! Mistakes at every key of a rule: misspelt, left out, with something else behind it.

use serde_json::{Value, json};

use crate::change::{self, Change};

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
    let changes = change::changes(rule, &others()).into_iter().map(|change| mistake(rule, change));
    misspelt(rule).into_iter().chain(changes).collect()
}

/// Each key with a letter too many.
pub(crate) fn misspelt(rule: &Value) -> Vec<Mistake> {
    let changes = change::misspelt(rule).into_iter().filter(|change| !change.path.contains("/captures/"));
    changes.map(|change| mistake(rule, change)).collect()
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

fn mistake(rule: &Value, Change { path, what, value }: Change) -> Mistake {
    let (id, left) = (&rule["id"], ONLY_THE_READER.iter().find(|(end, _)| path.ends_with(end)));
    let placeholders = value.to_string().contains("${zz}").then_some(CAPTURES);
    Mistake {
        what: format!("{id}: {path} {what}"),
        why_only_the_reader: placeholders.or(left.map(|(_, why)| *why)),
        rule: value,
    }
}
