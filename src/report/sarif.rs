//! The report as SARIF 2.1.0, for code scanning and editors.

mod fixes;

use std::collections::BTreeMap;

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::{Value as Json, json};

use super::brief::{brief, one_line};
use super::{Aside, Entry, Report, Scene, SetAside, location};
use crate::facts::{Place, Severity};
use crate::rules::Tag;
use crate::visible::visible_json;

const SCHEMA: &str = "https://json.schemastore.org/sarif-2.1.0.json";

/// The folder that locations start from, under the name that GitHub gave it.
const ROOT: &str = "%SRCROOT%";

/// What may stand in the path of a URI as it is.
const PATH: &AsciiSet = &NON_ALPHANUMERIC.remove(b'/').remove(b'.').remove(b'-').remove(b'_').remove(b'~');

pub(super) fn draw(report: &Report, scene: &Scene) -> String {
    let aside = report.set_aside.iter();
    let entries: Vec<(&Entry, Option<&Aside>)> = report
        .diagnoses
        .iter()
        .map(|entry| (entry, None))
        .chain(aside.map(|SetAside { entry, why }| (entry, Some(why))))
        .collect();
    let mut rules: Vec<&Entry> = Vec::new();
    let mut index: BTreeMap<&str, usize> = BTreeMap::new();
    for (entry, _) in &entries {
        index.entry(&entry.rule).or_insert_with(|| {
            rules.push(entry);
            rules.len() - 1
        });
    }
    let has_baseline = report.set_aside.iter().any(|aside| aside.why == Aside::Baseline);
    let results = entries.iter().map(|(entry, aside)| {
        let mut result = result(entry, index.get(entry.rule.as_str()).copied(), scene);
        match aside {
            Some(why @ Aside::Ignored { .. }) => {
                result["suppressions"] =
                    json!([{"kind": "external", "status": "accepted", "justification": why.told()}]);
            }
            Some(Aside::Baseline) => result["baselineState"] = json!("unchanged"),
            None if has_baseline => result["baselineState"] = json!("new"),
            None => {}
        }
        result
    });
    visible_json(&json!({
        "$schema": SCHEMA,
        "version": "2.1.0",
        "runs": [{
            "tool": {"driver": {
                "name": "envdoctor",
                "version": scene.version,
                "semanticVersion": scene.version,
                "rules": rules.iter().map(|entry| rule(entry)).collect::<Vec<_>>(),
            }},
            "invocations": [invocation(report)],
            "originalUriBaseIds": {ROOT: {"description": {"text": "The root of the repository, or of a project that is in none."}}},
            "columnKind": "unicodeCodePoints",
            "results": results.collect::<Vec<_>>(),
        }],
    }))
}

fn rule(entry: &Entry) -> Json {
    let references: String = entry.references.iter().map(|link| format!("\n- <{link}>")).collect();
    let markdown = match references.is_empty() {
        true => entry.explanation.clone(),
        false => format!("{}\n{references}", entry.explanation),
    };
    let tags: Vec<String> =
        std::iter::once(entry.family.clone()).chain(entry.tags.iter().map(Tag::to_string)).collect();
    let mut rule = json!({
        "id": entry.rule,
        "shortDescription": {"text": entry.title},
        "fullDescription": {"text": if entry.explanation.is_empty() { &entry.title } else { &entry.explanation }},
        "defaultConfiguration": {"level": level(entry.severity)},
        "help": {"text": if entry.explanation.is_empty() { &entry.title } else { &entry.explanation }, "markdown": markdown},
        "properties": {"tags": tags},
    });
    if let Some(link) = entry.references.iter().find(|link| link.starts_with("https://")) {
        rule["helpUri"] = json!(link);
    }
    rule
}

fn level(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Info => "note",
    }
}

fn result(entry: &Entry, index: Option<usize>, scene: &Scene) -> Json {
    let best = location::place(entry, scene);
    // A list may name one place several times, and SARIF wants each once.
    let mut told = vec![best.clone()];
    let mut related: Vec<Json> = Vec::new();
    for place in location::places(entry, scene).into_iter().chain(location::lines(entry, scene)) {
        if !told.contains(&place) {
            let mut location = located(&place);
            location["message"] = json!({"text": one_line(&format!("{}:{}", place.file, place.line))});
            related.push(location);
            told.push(place);
        }
    }
    let mut result = json!({
        "ruleId": entry.rule,
        "level": level(entry.severity),
        "message": {"text": std::iter::once(one_line(&entry.message)).chain(brief(entry)).collect::<Vec<_>>().join("\n")},
        "locations": [located(&best)],
        "partialFingerprints": {
            "envdoctor/v1": entry.fingerprint,
            // The name by which GitHub knows a finding again.
            "primaryLocationLineHash": format!("{}:1", entry.fingerprint),
        },
        "occurrenceCount": entry.occurrences.max(1),
    });
    if let Some(index) = index {
        result["ruleIndex"] = json!(index);
    }
    if !related.is_empty() {
        result["relatedLocations"] = json!(related);
    }
    let flow = flow(entry, scene);
    if flow.len() > 1 {
        result["codeFlows"] = json!([{"threadFlows": [{"locations": flow}]}]);
    }
    let fixes: Vec<Json> = entry.remedies.iter().filter_map(|remedy| fixes::fix(remedy, scene)).collect();
    if !fixes.is_empty() {
        result["fixes"] = json!(fixes);
    }
    result
}

/// From the cause to what follows from it, as the output has them.
fn flow(entry: &Entry, scene: &Scene) -> Vec<Json> {
    let Some(cause) = location::lines(entry, scene).next() else { return Vec::new() };
    let step = |place: &Place, text: &str| {
        let mut location = located(place);
        location["message"] = json!({"text": text});
        json!({"location": location})
    };
    let followers = entry.consequences.iter().filter_map(|follower| {
        let quote = follower.quote.as_ref()?;
        let place = Place { line: quote.line, excerpt: quote.text.clone(), ..cause.clone() };
        Some(step(&place, &follower.rule))
    });
    std::iter::once(step(&cause, &entry.rule)).chain(followers).collect()
}

fn located(place: &Place) -> Json {
    let mut region = json!({"startLine": place.line.max(1), "startColumn": place.column.max(1)});
    if !place.excerpt.is_empty() {
        region["snippet"] = json!({"text": one_line(&place.excerpt)});
    }
    json!({"physicalLocation": {"artifactLocation": artifact(&place.file), "region": region}})
}

/// A file of the repository, or another one by its whole path.
fn artifact(file: &str) -> Json {
    let encoded = utf8_percent_encode(file, PATH);
    match file.starts_with('/') {
        true => json!({"uri": format!("file://{encoded}")}),
        false => json!({"uri": encoded.to_string(), "uriBaseId": ROOT}),
    }
}

fn invocation(report: &Report) -> Json {
    let mut notifications: Vec<Json> = report
        .undecided()
        .into_iter()
        .map(|((rule, _), missing)| {
            let missing = missing.iter().map(|it| format!("{} is not known ({})", it.fact, it.why));
            let missing = missing.collect::<Vec<_>>().join("; ");
            let text = format!("{missing}, and so nobody can tell about {rule}");
            json!({
                "level": "warning",
                "message": {"text": one_line(&text)},
                "descriptor": {"id": "unknown-fact"},
                "associatedRule": {"id": rule},
            })
        })
        .collect();
    let lines = if report.unrecognised.is_empty() { &report.last_lines } else { &report.unrecognised };
    if !lines.is_empty() {
        let quoted = lines.iter().map(|quote| format!("\nline {}: {}", quote.line, one_line(&quote.text)));
        let text = format!("This failure is not one that envdoctor knows.{}", quoted.collect::<String>());
        let descriptor = json!({"id": "unrecognised-failure"});
        notifications.push(json!({"level": "warning", "message": {"text": text}, "descriptor": descriptor}));
    }
    json!({"executionSuccessful": true, "toolExecutionNotifications": notifications})
}
