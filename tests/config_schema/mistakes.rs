//! Mistakes at every key of settings, and which of them only the reader can know.

use regex::Regex;
use serde_json::{Value, json};

use crate::change::{self, Change};

const RULES: &str =
    "which rules, families and tags there are: there can be some of the user's or the project's own";
const REGEX: &str = "whether a pattern is a regex only a regex parser knows";
const VERSION: &str = "what a requirement of a version is only its parser knows";
const DATE: &str = "which days a month has only a calendar knows";
const MODE: &str = "the 0 before a mode without quotes is lost before the schema sees it";
const HERE: &str = "which hosts are this machine only a parser of addresses knows";

/// Where, as a pattern of the whole path, and what is found there that only the reader can tell.
pub(crate) const ONLY_THE_READER: &[(&str, &str)] = &[
    ("/(only|skip|fix/never)(/[0-9]+)?", RULES),
    ("/severity/[^/]+", RULES),
    ("/ignore/[0-9]+/rule", RULES),
    ("/ignore/[0-9]+/until", DATE),
    (".*/matches", REGEX),
    (".*/satisfies", VERSION),
    (".*/version", VERSION),
    ("/require/[a-z0-9]+", VERSION),
    (".*/mode", MODE),
    ("/require/ports(/[0-9]+(/port|/host)?)?", HERE),
];

/// Every change.
pub(crate) fn changes(settings: &Value) -> Vec<Change> {
    change::misspelt(settings).into_iter().chain(change::changes(settings, &others())).collect()
}

/// Each key with a letter too many; a name that somebody chose is no key.
pub(crate) fn misspelt(settings: &Value) -> Vec<Change> {
    let chosen = Regex::new("^/severity/|/headers/|/json/").unwrap();
    change::misspelt(settings).into_iter().filter(|change| !chosen.is_match(&change.path)).collect()
}

/// What may stand behind a key, and mostly may not.
fn others() -> Vec<Value> {
    vec![
        json!("zz"),
        json!(""),
        json!(" "),
        json!("a b"),
        json!("a=b"),
        json!("-a"),
        json!("../a"),
        json!("a\u{0}b"),
        json!("a".repeat(4097)),
        json!("3"),
        json!("("),
        json!("0600"),
        json!("2999-02-30"),
        json!("2999-13-01"),
        json!("gpu.count"),
        json!("http://a/"),
        json!("https://a:b@c/"),
        json!("db.internal:5432"),
        json!("db.internal:0"),
        json!("/a"),
        json!(0),
        json!(3),
        json!(-1),
        json!(1.5),
        json!(70_000),
        json!(true),
        json!(false),
        json!(null),
        json!([]),
        json!(["zz"]),
        json!(["zz", ""]),
        json!([["zz"]]),
        json!([{}]),
        json!({}),
        json!({"zz": "zz"}),
        json!({"/zz": "zz"}),
        json!({"equals": "zz"}),
        json!({"contains": []}),
        json!({"name": "zz", "absent": true, "version": "1"}),
        json!({"name": "zz", "run": ["zz"]}),
        json!({"run": ["zz"], "exit": {}}),
    ]
}
