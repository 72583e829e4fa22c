//! The report as JSON: keys may be added, never changed.

use serde_json::{Value as Json, json};

use super::{Entry, Proof, Report};
use crate::causes::Status;
use crate::facts::{Fact, Facts, Severity, Value};
use crate::plan::{Step, Treatment};
use crate::scan::Quote;

/// The version of the form below.
const SCHEMA_VERSION: u32 = 1;

/// The whole report.
pub fn to_json(report: &Report) -> Json {
    let count =
        |severity: Severity| report.diagnoses.iter().filter(|entry| entry.severity == severity).count();
    json!({
        "schema_version": SCHEMA_VERSION,
        "diagnoses": report.diagnoses.iter().map(entry).collect::<Vec<_>>(),
        "unknown": report.unknown.iter().map(|unknown| json!({
            "rule": unknown.rule,
            "title": unknown.title,
            "fact": unknown.fact,
            "why": unknown.why,
            "source": unknown.source,
            "took_ms": u64::try_from(unknown.took.as_millis()).unwrap_or(u64::MAX),
        })).collect::<Vec<_>>(),
        "unrecognised": quotes(&report.unrecognised),
        "last_lines": quotes(&report.last_lines),
        "summary": {
            "errors": count(Severity::Error),
            "warnings": count(Severity::Warning),
            "infos": count(Severity::Info),
            "unknown": report.unknown.len(),
            "rules": report.summary.rules,
            "requirements": report.summary.requirements,
            "lines": report.summary.lines,
            "took_ms": report.summary.took_ms,
        },
    })
}

fn quotes(quotes: &[Quote]) -> Vec<Json> {
    quotes.iter().map(|quote| json!({"line": quote.line, "text": quote.text})).collect()
}

fn entry(entry: &Entry) -> Json {
    json!({
        "rule": entry.rule,
        "title": entry.title,
        "message": entry.message,
        "severity": entry.severity,
        "explanation": entry.explanation,
        "references": entry.references,
        "evidence": entry.evidence.iter().map(proof).collect::<Vec<_>>(),
        "inner": quotes(&entry.inner),
        "occurrences": entry.occurrences,
        "captures": entry.captures,
        "status": match entry.status {
            Status::Seen => "seen",
            Status::Confirmed => "confirmed",
            Status::Refuted => "refuted",
        },
        "consequences": entry.consequences.iter().map(|follower| &follower.rule).collect::<Vec<_>>(),
        "remedies": entry.remedies.iter().map(remedy_to_json).collect::<Vec<_>>(),
    })
}

fn proof(proof: &Proof) -> Json {
    match proof {
        Proof::Line { source, quote } => json!({"source": source, "line": quote.line, "text": quote.text}),
        Proof::Fact { fact, value, source, places } => {
            let mut proof = json!({"fact": fact, "value": value.as_ref().map(fact_value), "source": source});
            if !places.is_empty() {
                proof["places"] = json!(places);
            }
            proof
        }
    }
}

/// Facts as JSON, by name.
pub fn facts_to_json(facts: &Facts) -> Json {
    let one = |fact: &Fact| {
        let mut json = json!({
            "value": fact.reading.as_present().map(fact_value),
            "unknown": fact.reading.why_unknown(),
            "source": fact.source,
            "took_ms": u64::try_from(fact.took.as_millis()).unwrap_or(u64::MAX),
        });
        if !fact.places.is_empty() {
            json["places"] = json!(fact.places);
        }
        json
    };
    let facts: serde_json::Map<String, Json> =
        facts.iter().map(|(name, fact)| (name.to_owned(), one(fact))).collect();
    json!({"schema_version": SCHEMA_VERSION, "facts": facts})
}

/// A fact's value as plain JSON.
fn fact_value(value: &Value) -> Json {
    match value {
        Value::Bool(value) => json!(value),
        Value::Integer(value) => json!(value),
        Value::Text(value) => json!(value),
        Value::List(value) => json!(value),
    }
}

/// A remedy as JSON.
pub fn remedy_to_json(treatment: &Treatment) -> Json {
    let command = match &treatment.step {
        Step::Run(run) => json!(run.argv),
        step => json!(step.kind()),
    };
    let mut remedy = json!({
        "title": treatment.title,
        "risk": treatment.risk,
        "command": command,
        "applicable": treatment.obstacle.is_none(),
    });
    let mut add = |key: &str, value: Json| remedy[key] = value;
    match &treatment.step {
        Step::Edit(edits) if !edits.is_empty() => {
            add("edits", edits.iter().map(|edit| json!({"path": edit.path, "diff": edit.diff()})).collect());
        }
        Step::Remove(paths) | Step::Track(paths) => add("paths", json!(paths)),
        Step::Tell(text) => add("text", json!(text)),
        Step::Run(run) => {
            add("changes", json!(run.changes));
            add("undo", json!(run.undo));
        }
        Step::Edit(_) => {}
    }
    if !treatment.needs.is_empty() {
        add("needs", json!(treatment.needs));
    }
    if let Some(caution) = &treatment.caution {
        add("caution", json!(caution));
    }
    if let Some(obstacle) = &treatment.obstacle {
        add("obstacle", json!(obstacle.why()));
    }
    remedy
}
