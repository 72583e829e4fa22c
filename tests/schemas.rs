//! The published JSON Schemas: they are what `envdoctor schema` prints, every report of the fixtures holds to them and has no key
//! that they do not name, and a report with something else in it does not.

#![allow(clippy::disallowed_methods, clippy::unwrap_used, clippy::panic)]

use std::path::{Path, PathBuf};

use assert_cmd::Command;
use jsonschema::Validator;
use serde_json::{Value, json};

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// Runs envdoctor in a folder of its own, and reads what it prints.
fn doctor(arguments: &[&str], stdin: &str) -> Value {
    let home = tempfile::tempdir().unwrap();
    let output = Command::new(env!("CARGO_BIN_EXE_envdoctor"))
        .args(arguments)
        .current_dir(home.path())
        .env("HOME", home.path())
        .env_remove("XDG_CONFIG_HOME")
        .env("XDG_STATE_HOME", home.path().join("state"))
        .env("XDG_CACHE_HOME", home.path().join("cache"))
        .write_stdin(stdin)
        .output()
        .unwrap();
    serde_json::from_slice(&output.stdout)
        .unwrap_or_else(|error| panic!("{arguments:?}: {error}\n{}", String::from_utf8_lossy(&output.stderr)))
}

fn published(name: &str) -> Value {
    let text = std::fs::read_to_string(root().join(format!("docs/schemas/{name}.json"))).unwrap();
    serde_json::from_str(&text).unwrap()
}

/// The schema, which also refuses keys that it does not name: so a key that is added and not described is found.
fn closed(mut schema: Value) -> Value {
    fn close(schema: &mut Value) {
        let Some(object) = schema.as_object_mut() else {
            schema.as_array_mut().into_iter().flatten().for_each(close);
            return;
        };
        object.values_mut().for_each(close);
        let is_whole = object.contains_key("properties") && object.get("type") == Some(&json!("object"));
        if is_whole {
            object.insert("unevaluatedProperties".to_owned(), json!(false));
        }
    }
    /// Each of several that are taken together sees keys of the others: the whole is closed, and not its parts.
    fn open_parts(schema: &mut Value) {
        let Some(object) = schema.as_object_mut() else {
            schema.as_array_mut().into_iter().flatten().for_each(open_parts);
            return;
        };
        object.values_mut().for_each(open_parts);
        if object.contains_key("unevaluatedProperties") {
            for parts in ["oneOf", "anyOf", "allOf"] {
                for part in object.get_mut(parts).and_then(Value::as_array_mut).into_iter().flatten() {
                    part.as_object_mut().unwrap().remove("unevaluatedProperties");
                }
            }
        }
    }
    close(&mut schema);
    open_parts(&mut schema);
    schema
}

fn validator(schema: &Value) -> Validator {
    jsonschema::draft202012::meta::validate(schema).unwrap_or_else(|error| panic!("no schema: {error}"));
    jsonschema::draft202012::new(schema).unwrap()
}

#[track_caller]
fn holds(validator: &Validator, json: &Value, what: &str) {
    let errors: Vec<String> =
        validator.iter_errors(json).map(|error| format!("{}: {error}", error.instance_path())).collect();
    assert!(errors.is_empty(), "{what}:\n{}", errors.join("\n"));
}

fn files(pattern: &str) -> Vec<PathBuf> {
    let files = glob::glob(root().join(pattern).to_str().unwrap()).unwrap();
    files.map(Result::unwrap).collect()
}

#[test]
fn what_is_published_is_what_the_command_prints() {
    let write = std::env::var("ENVDOCTOR_DOCS").is_ok_and(|value| value == "write");
    let folder = root().join("docs/schemas");
    let names = ["config", "explain", "facts", "fix", "report"];
    for name in names {
        let printed = Command::new(env!("CARGO_BIN_EXE_envdoctor")).args(["schema", name]).output().unwrap();
        let file = folder.join(format!("{name}.json"));
        if write {
            std::fs::create_dir_all(&folder).unwrap();
            std::fs::write(&file, &printed.stdout).unwrap();
        }
        let published = std::fs::read(&file).unwrap();
        assert!(
            published == printed.stdout,
            "{name} differs: ENVDOCTOR_DOCS=write cargo test --test schemas"
        );
    }
}

#[test]
fn every_report_of_a_log_holds_to_the_schema() {
    let (open, closed) = (validator(&published("report")), validator(&closed(published("report"))));
    let (mut known, logs) = (0, files("fixtures/logs/*/*.log"));
    assert!(logs.len() > 500);
    // Several at once are one report.
    for logs in logs.chunks(100) {
        let logs = logs.iter().map(|log| log.to_str().unwrap());
        let arguments: Vec<&str> = ["diagnose", "--format", "json"].into_iter().chain(logs).collect();
        let report = doctor(&arguments, "");
        let what = format!("those from {} on", arguments[3]);
        holds(&open, &report, &what);
        holds(&closed, &report, &what);
        known += report["diagnoses"].as_array().unwrap().len();
    }
    assert!(known > 500, "{known} diagnoses");
}

#[test]
fn every_report_of_a_machine_holds_to_the_schema() {
    let (report, facts) = (validator(&closed(published("report"))), validator(&closed(published("facts"))));
    let machines = files("fixtures/machines/*.yaml");
    assert!(machines.len() > 10);
    for machine in machines {
        let machine = machine.to_str().unwrap();
        holds(&report, &doctor(&["check", "--facts", machine, "--format", "json"], ""), machine);
    }
    holds(&facts, &doctor(&["facts", "--format", "json"], ""), "facts");
}

#[test]
fn every_rule_and_a_plan_hold_to_their_schemas() {
    let rule = validator(&closed(published("explain")));
    for id in ["hex-missing", "nix-syntax-error", "fixed-output-hash-mismatch", "port-in-use"] {
        holds(&rule, &doctor(&["explain", id, "--format", "json"], ""), id);
    }
    let fix = validator(&closed(published("fix")));
    let log = files("fixtures/logs/fixed-output-hash-mismatch/*.log").remove(0);
    for arguments in [vec!["fix", "--dry-run"], vec!["fix", "--dry-run", "--log", log.to_str().unwrap()]] {
        let arguments: Vec<&str> = arguments.into_iter().chain(["--format", "json"]).collect();
        holds(&fix, &doctor(&arguments, ""), &arguments.join(" "));
    }
    let outcome = json!({"rule": "a", "remedy": "b", "risk": "cache", "outcome": "held_back", "why": null, "notes": []});
    let mut report = doctor(&["fix", "--dry-run", "--format", "json"], "");
    report["outcomes"] = json!([outcome]);
    holds(&fix, &report, "an outcome");
    report["outcomes"][0]["outcome"] = json!("held back");
    assert!(!fix.is_valid(&report));
}

#[test]
fn a_diagnosis_that_is_set_aside_says_why() {
    let report = validator(&closed(published("report")));
    let mut json = a_report();
    let entry = json["diagnoses"][0].clone();
    let with = |more: Value| {
        let mut entry = entry.clone();
        entry.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        json!([entry])
    };
    for (why, is_right) in [
        (json!({"why": "baseline"}), true),
        (
            json!({"why": "ignored", "reason": "later", "until": "2026-12-31", "from": "envdoctor.yaml:3"}),
            true,
        ),
        (json!({"why": "ignored", "reason": "later", "until": null, "from": "envdoctor.yaml:3"}), true),
        (json!({"why": "ignored"}), false),
        (json!({"why": "disliked"}), false),
        (json!({}), false),
        (json!({"why": "baseline", "because": "x"}), false),
    ] {
        json["set_aside"] = with(why.clone());
        assert_eq!(report.is_valid(&json), is_right, "{why}");
    }
}

/// A report with a line, a fact that stands in a file, and each kind of remedy.
fn a_report() -> Value {
    let machine = "project: /p\notherwise: absent\nwhich: {mix: /usr/bin/mix}\nfiles:\n  /p/mix.exs: |\n    defmodule A do\n      \
                   use Mix.Project\n      def project, do: [app: :a, version: \"0.1.0\", deps: [{:jason, \"~> 1.4\"}]]\n    end\n";
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("machine.yaml");
    std::fs::write(&file, machine).unwrap();
    let mut report = doctor(&["check", "--facts", file.to_str().unwrap(), "--format", "json"], "");
    let log = files("fixtures/logs/fixed-output-hash-mismatch/*.log").remove(0);
    let other = doctor(&["diagnose", log.to_str().unwrap(), "--format", "json"], "");
    let both = report["diagnoses"].as_array_mut().unwrap();
    both.insert(0, other["diagnoses"][0].clone());
    assert!(both.iter().any(|entry| entry["rule"] == "hex-missing"), "{report}");
    report
}

#[test]
fn a_report_with_something_else_in_it_is_refused() {
    let schema = validator(&published("report"));
    let report = a_report();
    holds(&schema, &report, "the report itself");
    let mut refused = 0;
    let mut each = |path: &str, value: Value| {
        let mut report = report.clone();
        let at = report.pointer_mut(path).unwrap_or_else(|| panic!("no {path}"));
        *at = value;
        assert!(!schema.is_valid(&report), "{path} is {}", report.pointer(path).unwrap());
        refused += 1;
    };
    let lines = json!({"line": "4"});
    for (path, value) in [
        ("/schema_version", json!(2)),
        ("/diagnoses", json!({})),
        ("/diagnoses/0/severity", json!("fatal")),
        ("/diagnoses/0/status", json!("guessed")),
        ("/diagnoses/0/rule", json!(null)),
        ("/diagnoses/0/captures", json!({"a": 1})),
        ("/diagnoses/0/occurrences", json!(-1)),
        ("/diagnoses/0/evidence/0", json!({"text": "a line without a number"})),
        ("/diagnoses/0/evidence/0/line", json!("4")),
        ("/diagnoses/0/inner", json!([lines])),
        ("/diagnoses/0/consequences", json!([{"rule": "a"}])),
        ("/diagnoses/0/remedies/0/command", json!("delete")),
        ("/diagnoses/0/remedies/0/command", json!([1])),
        ("/diagnoses/0/remedies/0/risk", json!("none at all")),
        ("/diagnoses/0/remedies/0/applicable", json!("yes")),
        ("/diagnoses/1/evidence/0/places/0/column", json!(null)),
        ("/diagnoses/1/evidence/0/value", json!({"a": "map"})),
        ("/examined/0/verdict", json!("well")),
        ("/unknown", json!([{"rule": "a"}])),
        ("/unrecognised", json!(["a line"])),
        ("/summary/lines", json!("many")),
        ("/summary/errors", json!(1.5)),
    ] {
        each(path, value);
    }
    // Whatever key is taken away, its absence is noticed, but for those that not every remedy and not every fact has.
    for at in ["", "/diagnoses/0", "/diagnoses/1", "/summary", "/diagnoses/0/remedies/0", "/examined/0"] {
        let keys: Vec<String> = report.pointer(at).unwrap().as_object().unwrap().keys().cloned().collect();
        for key in keys {
            let may_lack = ["caution", "obstacle", "edits", "paths", "text", "changes", "undo", "needs"];
            let mut report = report.clone();
            report.pointer_mut(at).unwrap().as_object_mut().unwrap().remove(&key);
            let may_lack = at.contains("remedies") && may_lack.contains(&key.as_str());
            assert_eq!(schema.is_valid(&report), may_lack, "{at}/{key}");
            refused += 1;
        }
    }
    assert!(refused > 50);
    // A later version's key is no mistake for a reader of today.
    let mut later = report.clone();
    later["diagnoses"][0]["later"] = json!(true);
    holds(&schema, &later, "a later version");
    assert!(!validator(&closed(published("report"))).is_valid(&later));
}
