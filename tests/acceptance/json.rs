//! The JSON that callers rely on.

use serde_json::Value;

use crate::{
    inputs::{LINE, LOG},
    lab::Lab,
};

fn keys(value: &Value) -> Vec<&str> {
    value.as_object().map(|object| object.keys().map(String::as_str).collect()).unwrap_or_default()
}

#[track_caller]
fn has_keys(value: &Value, wanted: &[&str]) {
    let there = keys(value);
    for key in wanted {
        assert!(there.contains(key), "no key '{key}' in {value:#}");
    }
}

#[test]
fn report_has_the_documented_keys() {
    let Some(lab) = Lab::host(&[]) else { return };
    let ran = lab.doctor_with(&["diagnose", "--format", "json", "-"], LOG.as_bytes());
    let report = ran.exits(1).json();

    has_keys(&report, &["schema_version", "diagnoses", "unknown", "summary"]);
    assert_eq!(report["schema_version"], 1);
    assert!(report["unknown"].is_array() && report["summary"].is_object(), "{report:#}");
    let diagnoses = report["diagnoses"].as_array().unwrap();
    assert_eq!(diagnoses.len(), 1, "{report:#}");
    let diagnosis = &diagnoses[0];
    has_keys(
        diagnosis,
        &[
            "rule",
            "title",
            "severity",
            "explanation",
            "evidence",
            "captures",
            "status",
            "consequences",
            "remedies",
        ],
    );
    assert_eq!(diagnosis["rule"], "fixed-output-hash-mismatch");
    assert_eq!(diagnosis["severity"], "error");
    assert!(["seen", "confirmed", "refuted"].contains(&diagnosis["status"].as_str().unwrap()));
    assert_eq!(diagnosis["captures"]["specified"], "sha256-AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=");
    assert_eq!(diagnosis["captures"]["got"], "sha256-WJG1tSLV3whtD/CxEPvZ0hu0/HFjrzTQgoai6Eb2vgM=");
    assert!(diagnosis["captures"]["drv"].as_str().unwrap().ends_with("-greeting.drv"));
}

#[test]
fn evidence_names_the_line() {
    let Some(lab) = Lab::host(&[]) else { return };
    lab.write("build.log", LOG);
    let report = lab.doctor(&["diagnose", "--format", "json", "build.log"]).exits(1).json();
    let evidence = report["diagnoses"][0]["evidence"].as_array().unwrap();
    for piece in evidence {
        has_keys(piece, &["source", "line", "text"]);
    }
    let first = evidence.iter().find(|piece| piece["line"] == LINE).expect("evidence on the failure's line");
    assert!(
        first["text"].as_str().unwrap().contains("hash mismatch in fixed-output derivation"),
        "{first:#}"
    );
    assert!(first["source"].as_str().unwrap().contains("build.log"), "{first:#}");
}

#[test]
fn remedies_say_what_they_do() {
    let Some(lab) = Lab::host(&[]) else { return };
    let ran = lab.doctor_with(&["diagnose", "--format", "json", "-"], LOG.as_bytes());
    let report = ran.exits(1).json();
    let remedies = report["diagnoses"][0]["remedies"].as_array().unwrap();
    assert!(!remedies.is_empty());
    for remedy in remedies {
        has_keys(remedy, &["title", "risk", "applicable"]);
        let risks = ["none", "cache", "project", "user", "system", "destructive"];
        assert!(risks.contains(&remedy["risk"].as_str().unwrap()), "{remedy:#}");
        assert!(remedy["applicable"].is_boolean(), "{remedy:#}");
        match &remedy["command"] {
            Value::Array(argv) => assert!(argv.iter().all(Value::is_string), "{remedy:#}"),
            Value::String(kind) => assert!(["edit", "remove", "tell"].contains(&kind.as_str()), "{remedy:#}"),
            _ => panic!("{remedy:#}"),
        }
    }
    // The new hash comes before any cache is cleared.
    assert_eq!(remedies[0]["risk"], "project");
    assert_eq!(remedies[0]["command"], "edit");
}

#[test]
fn check_prints_json_alone() {
    let Some(lab) = Lab::host(&[]) else { return };
    let report = lab.doctor(&["check", "--format", "json"]).json();
    has_keys(&report, &["schema_version", "diagnoses", "unknown", "summary"]);
}

#[test]
fn run_keeps_standard_output_to_the_command() {
    let Some(lab) = Lab::host(&[]) else { return };
    let script = format!("printf 'kept\\n'; cat >&2 <<'E'\n{LOG}E\nexit 9");
    let ran = lab.doctor(&["--format", "json", "run", "--report", "report.json", "--", "sh", "-c", &script]);
    ran.exits(9);
    assert_eq!(ran.stdout, "kept\n");
    assert!(ran.stderr.starts_with(LOG), "the command's own lines come first, unchanged:\n{}", ran.stderr);
    let report: Value = serde_json::from_str(&lab.read("report.json")).unwrap();
    assert_eq!(report["diagnoses"][0]["rule"], "fixed-output-hash-mismatch");
}
