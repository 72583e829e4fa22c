//! A file with settings, as a schema.

use serde_json::{Value, json};

use super::shape::map;
use super::{DRAFT, condition, require};
use crate::config::format::SETTINGS;
use crate::rules::RuleSet;
use crate::rules::format::ID;

/// The schema of a project's `envdoctor.yaml` and of the user's `config.yaml`. The rules are those that an editor proposes: there can be
/// others beside them.
pub fn settings_file(rules: &RuleSet) -> Value {
    let mut schema = map(SETTINGS);
    schema["$schema"] = json!(DRAFT);
    schema["title"] = json!("Settings of envdoctor");
    schema["description"] = json!("A project's envdoctor.yaml, or your own ~/.config/envdoctor/config.yaml.");
    let ids: Vec<&str> = rules.rules().iter().map(|rule| rule.id.as_str()).collect();
    schema["definitions"] = json!({
        "rule": {
            "description": "A rule's id; `envdoctor rules list` shows them all.",
            "type": "string",
            "pattern": ID,
            "patternErrorMessage": "this is no rule's id: `envdoctor rules list` shows them all",
            "examples": ids,
        },
        "word": {
            "description": "A rule's id, a family or a tag; `envdoctor rules list -v` shows them all.",
            "type": "string",
            "pattern": r"\S",
            "patternErrorMessage": "this is empty",
            "examples": rules.words(),
        },
        "requirements": require::requirements(),
        "tool": require::tool(),
        "server": require::server(),
        "matcher": require::matcher(),
        "fact": condition::fact(),
    });
    schema
}
