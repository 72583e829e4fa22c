//! The report as GitLab's code quality report.

use std::collections::BTreeMap;

use serde_json::json;

use super::brief::{brief, one_line};
use super::{Report, Scene, location};
use crate::facts::Severity;
use crate::visible::visible_json;

pub(super) fn draw(report: &Report, scene: &Scene) -> String {
    // GitLab takes two entries of one fingerprint for one.
    let mut seen: BTreeMap<&str, usize> = BTreeMap::new();
    let entries = report.diagnoses.iter().map(|entry| {
        let place = location::place(entry, scene);
        let count = seen.entry(&entry.fingerprint).or_default();
        *count += 1;
        let fingerprint = match *count {
            1 => entry.fingerprint.clone(),
            more => format!("{}-{more}", entry.fingerprint),
        };
        json!({
            "type": "issue",
            "check_name": entry.rule,
            "description": one_line(&entry.message),
            "content": {"body": brief(entry).join("\n")},
            "categories": ["Compatibility"],
            "fingerprint": fingerprint,
            "severity": match entry.severity {
                Severity::Error => "critical",
                Severity::Warning => "minor",
                Severity::Info => "info",
            },
            "location": {"path": place.file, "lines": {"begin": place.line.max(1)}},
        })
    });
    visible_json(&entries.collect())
}
