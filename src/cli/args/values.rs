//! Parsers of single values.

use crate::facts::{Risk, Severity};
use crate::rules::is_rule_id;

pub(super) fn rule_id(text: &str) -> Result<String, String> {
    let wrong = || "lower-case letters and digits, joined by `-`".to_owned();
    is_rule_id(text).then(|| text.to_owned()).ok_or_else(wrong)
}

pub(super) fn severity(text: &str) -> Result<Severity, String> {
    named(text, Severity::ALL)
}

pub(super) fn risk(text: &str) -> Result<Risk, String> {
    named(text, Risk::ALL)
}

fn named<T: Copy>(text: &str, all: &[(&str, T)]) -> Result<T, String> {
    let found = all.iter().find(|(name, _)| *name == text).map(|(_, value)| *value);
    let names = || all.iter().map(|(name, _)| *name).collect::<Vec<_>>().join(", ");
    found.ok_or_else(|| format!("one of: {}", names()))
}
