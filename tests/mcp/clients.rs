//! Real clients: the official SDK for Python, and OpenCode.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use serde_json::{Value, json};

use crate::lab::{Lab, Machine, lab_folder, left_out};
use crate::model::model;

/// A lab, and the client's Python.
fn lab_with_python() -> Option<(Lab, String)> {
    let python = lab_folder().join("mcp/bin/python");
    if !python.exists() {
        left_out(Machine::Host, &format!("PyPI's mcp in {}", lab_folder().join("mcp").display()));
        return None;
    }
    Some((Lab::host(&[])?, python.to_str().unwrap().to_owned()))
}

/// What the client says of these calls: each `[tool, arguments]`.
fn ask(lab: &Lab, python: &str, calls: &Value) -> Value {
    std::fs::write(lab.path("client.py"), include_str!("client.py")).unwrap();
    let argv = [python, &lab.inside("client.py"), &lab.inside("envdoctor")];
    let ran = lab.run_in("project", &argv, calls.to_string().as_bytes());
    ran.exits(0);
    ran.json()
}

/// One recorded log of each rule.
fn logs() -> BTreeMap<String, PathBuf> {
    let pattern = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/logs/*/*.log");
    let logs = glob::glob(pattern.to_str().unwrap()).unwrap().map(Result::unwrap);
    let rule = |log: &Path| log.parent().unwrap().file_name().unwrap().to_str().unwrap().to_owned();
    logs.map(|log| (rule(&log), log)).collect()
}

/// A report without what differs from run to run, and without the name that the output goes by.
fn bare(mut report: Value) -> Value {
    report["summary"]["took_ms"] = json!(0);
    for entry in report["diagnoses"].as_array_mut().unwrap() {
        for proof in entry["evidence"].as_array_mut().unwrap() {
            if proof.get("line").is_some() {
                proof["source"] = json!("the output");
            }
        }
    }
    report
}

#[test]
fn the_official_client_gets_what_the_terminal_gets() {
    let Some((lab, python)) = lab_with_python() else { return };
    let (mut calls, mut expected) = (Vec::new(), Vec::new());
    for (rule, log) in
        logs().iter().step_by(4).chain(logs().iter().filter(|(rule, _)| rule.starts_with("hex-")))
    {
        // The SDK takes text; what is none, only a file holds.
        let Ok(text) = std::fs::read_to_string(log) else { continue };
        lab.write(&format!("{rule}.log"), &text);
        let terminal = lab.doctor(&["diagnose", "--format", "json", &format!("{rule}.log")]);
        for arguments in [json!({"log": text}), json!({"file": format!("{rule}.log")})] {
            calls.push(json!(["diagnose", arguments]));
            expected.push((rule.clone(), terminal.json()));
        }
    }
    assert!(calls.len() > 60, "{} calls", calls.len());
    let said = ask(&lab, &python, &json!(calls));
    let mut known = 0;
    for ((rule, terminal), said) in expected.into_iter().zip(said["results"].as_array().unwrap()) {
        assert_eq!(said["is_error"], false, "{rule}: {said}");
        let roots = |report: &Value| -> Vec<Value> {
            report["diagnoses"].as_array().unwrap().iter().map(|it| it["rule"].clone()).collect()
        };
        assert_eq!(roots(&said["structured"]), roots(&terminal), "{rule}");
        assert_eq!(bare(said["structured"].clone()), bare(terminal), "{rule}");
        known += usize::from(roots(&said["structured"]).first() == Some(&json!(rule)));
        if let Some(first) = roots(&said["structured"]).first() {
            assert!(said["text"].as_str().unwrap().contains(first.as_str().unwrap()), "{rule}: {said}");
        }
    }
    assert!(known > 40, "{known} named as their folder");
}

#[test]
fn the_official_client_calls_every_tool() {
    let Some((lab, python)) = lab_with_python() else { return };
    lab.write("flake.nix", "{ outputs = _: { a = 1 }; }\n");
    let calls = json!([
        ["check", {}],
        ["check", {"examined": true}],
        ["explain", {"rule": "nix-syntax-error"}],
        ["facts", {"prefix": "project."}],
        ["plan", {}],
        ["diagnose", {"file": "../../etc/passwd"}],
        ["explain", {}],
    ]);
    let said = ask(&lab, &python, &calls);
    assert_eq!(said["tools"], json!(["check", "diagnose", "explain", "facts", "plan"]));
    let result = |at: usize| &said["results"][at];
    for (at, arguments) in [
        (2, vec!["explain", "nix-syntax-error"]),
        (3, vec!["facts", "project."]),
        (1, vec!["check"]),
        (4, vec!["fix", "--dry-run"]),
    ] {
        let arguments: Vec<&str> = arguments.into_iter().chain(["--format", "json"]).collect();
        let terminal = lab.doctor(&arguments).json();
        assert_eq!(timeless(result(at)["structured"].clone()), timeless(terminal), "{arguments:?}");
    }
    let check = &result(0)["structured"];
    assert_eq!(check["diagnoses"][0]["rule"], "nix-syntax-error");
    assert_eq!(check["examined"], json!([]));
    assert!(result(1)["structured"]["examined"].as_array().unwrap().len() > 50);
    assert!(result(5)["is_error"] == true && result(6)["is_error"] == true, "{said}");
}

/// Without what differs from run to run.
fn timeless(mut json: Value) -> Value {
    match &mut json {
        Value::Object(object) => {
            object.remove("took_ms");
            object.values_mut().for_each(|value| *value = timeless(value.take()));
        }
        Value::Array(items) => items.iter_mut().for_each(|value| *value = timeless(value.take())),
        _ => {}
    }
    json
}

/// A lab with the configuration of the page `docs/agents.md` and more of it, and OpenCode.
fn lab_with_opencode(more: &Value) -> Option<(Lab, String)> {
    let program = lab_folder().join("opencode/node_modules/.bin/opencode");
    if !program.exists() {
        left_out(Machine::Host, &format!("npm's opencode-ai in {}", lab_folder().join("opencode").display()));
        return None;
    }
    let mut lab = Lab::host(&[])?;
    let page = include_str!("../../docs/agents.md");
    let (_, rest) = page.split_once("```json opencode.json\n").unwrap();
    let mut configuration: Value = serde_json::from_str(rest.split_once("```").unwrap().0).unwrap();
    configuration.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    lab.write("opencode.json", &configuration.to_string());
    lab.put_on_path(&lab.inside("."));
    lab.set("OPENCODE_DISABLE_AUTOUPDATE", "1");
    lab.set("OPENCODE_DISABLE_MODELS_FETCH", "1");
    Some((lab, program.to_str().unwrap().to_owned()))
}

#[test]
fn opencode_connects_with_the_configuration_of_the_page() {
    let Some((lab, opencode)) = lab_with_opencode(&json!({})) else { return };
    lab.run(&[&opencode, "mcp", "list"]).exits(0).shows("envdoctor").shows("connected");
}

#[test]
fn an_agent_in_opencode_is_told_the_root_cause() {
    let log = "** (Mix) No package with name jsonn (from: mix.exs) in registry\n";
    let model = model("envdoctor_diagnose", &json!({"log": log}));
    let provider = json!({
        "npm": "@ai-sdk/openai-compatible",
        "options": {"baseURL": model.address, "apiKey": "none"},
        "models": {"stand-in": {"tool_call": true}},
    });
    let more =
        json!({"model": "local/stand-in", "small_model": "local/stand-in", "provider": {"local": provider}});
    let Some((lab, opencode)) = lab_with_opencode(&more) else { return };
    lab.run(&[&opencode, "run", "Why does this log fail?"]).exits(0).shows("That is why.");
    let told = model.told.try_recv().unwrap();
    let terminal = lab.doctor_with(&["diagnose", "--format", "json"], log.as_bytes()).report();
    assert_eq!(terminal.roots(), ["hex-package-not-found"]);
    assert!(told.contains(terminal.roots()[0]), "{told}");
}
