//! Callers' mistakes are answered, and the next request finds a server.

use std::os::unix::fs::symlink;
use std::os::unix::process::ExitStatusExt;

use serde_json::{Value, json};

use crate::lab::Lab;
use crate::session::Session;

const LOG: &str = "** (Mix) No package with name jsonn (from: mix.exs) in registry\n";

fn lab() -> Lab {
    let lab = Lab::host(&[]).unwrap();
    lab.write("mix.exs", "defmodule A.MixProject do\n  use Mix.Project\nend\n");
    lab.write("build.log", LOG);
    lab.write("sub/mix.exs", "defmodule B.MixProject do\n  use Mix.Project\nend\n");
    lab
}

fn roots(report: &Value) -> Vec<&str> {
    report["diagnoses"].as_array().unwrap().iter().map(|it| it["rule"].as_str().unwrap()).collect()
}

#[test]
fn the_tools_say_that_they_only_read_and_what_they_take_and_give() {
    let lab = lab();
    let mut session = Session::start(&lab, &["mcp"]);
    let hello = session.shake_hands();
    assert_eq!(hello["result"]["serverInfo"]["name"], "envdoctor");
    let tools = session.request("tools/list", json!({}))["result"]["tools"].clone();
    let tools = tools.as_array().unwrap();
    let names: Vec<&str> = tools.iter().map(|tool| tool["name"].as_str().unwrap()).collect();
    assert_eq!(names, ["check", "diagnose", "explain", "facts", "plan"]);
    for tool in tools {
        assert_eq!(tool["annotations"]["readOnlyHint"], true);
        assert_eq!(tool["annotations"]["destructiveHint"], false);
        jsonschema::draft202012::meta::validate(&tool["inputSchema"]).unwrap();
        jsonschema::draft202012::meta::validate(&tool["outputSchema"]).unwrap();
        let required = if tool["name"] == "explain" { json!(["rule"]) } else { Value::Null };
        assert_eq!(tool["inputSchema"].get("required").cloned().unwrap_or_default(), required, "{tool}");
        let takes = |name: &str| tool["inputSchema"]["properties"].get(name).cloned();
        let words = json!({"type": "array", "items": {"type": "string"}});
        for choice in ["only", "skip"] {
            let mut taken = takes(choice);
            if let Some(Value::Object(taken)) = &mut taken {
                taken.remove("description");
                taken.remove("default");
            }
            let chooses = tool["name"] == "check" || tool["name"] == "diagnose";
            assert_eq!(taken, chooses.then(|| words.clone()), "{tool}");
        }
    }
}

#[test]
fn what_is_asked_about_can_be_chosen_as_on_the_command_line() {
    let lab = lab();
    lab.write("envdoctor.yaml", "skip: [require]\nrequire:\n  files: [missing]\n  env: [NO_SUCH]\n");
    let mut session = Session::begin(&lab);
    let files = ["required-file-missing"];
    assert_eq!(roots(&session.ask("check", json!({"only": files}))), files);
    let both = session.ask("check", json!({"only": ["require"]}));
    assert_eq!(roots(&both), ["required-file-missing", "required-variable-unset"]);
    let one = session.ask("check", json!({"only": ["require"], "skip": ["required-variable-unset"]}));
    assert_eq!(roots(&one), files);
    // As `--only` and `--skip` of the command line.
    let argv = ["check", "--only", "require", "--skip", "required-variable-unset", "--format", "json"];
    assert_eq!(roots(&lab.doctor(&argv).exits(1).json()), roots(&one));
    let none: [&str; 0] = [];
    assert_eq!(roots(&session.ask("diagnose", json!({"log": LOG, "only": ["gpu"]}))), none);
    assert_eq!(roots(&session.ask("diagnose", json!({"log": LOG, "skip": ["beam"]}))), none);
    assert_eq!(
        roots(&session.ask("diagnose", json!({"log": LOG, "skip": ["gpu"]}))),
        ["hex-package-not-found"]
    );
    drop(session);
    // What a call says stands for what the server was started with; without it, that holds.
    let mut session = Session::start(&lab, &["mcp", "--only", "required-variable-unset"]);
    session.shake_hands();
    assert_eq!(roots(&session.ask("check", json!({}))), ["required-variable-unset"]);
    assert_eq!(roots(&session.ask("check", json!({"only": files}))), files);
}

#[test]
fn wrong_calls_are_told_what_is_wrong() {
    let lab = lab();
    let mut session = Session::begin(&lab);
    let unknown = session.request("tools/call", json!({"name": "fix", "arguments": {}}));
    assert_eq!(unknown["error"]["code"], -32602);
    let why = unknown["error"]["message"].as_str().unwrap();
    assert!(why.contains("no tool `fix`") && why.contains("diagnose"), "{why}");
    for (tool, arguments, said) in [
        ("explain", json!({}), "missing field `rule`"),
        ("explain", json!({"rule": 7}), "invalid type: integer `7`"),
        ("explain", json!({"rule": "hex-mising"}), "did you mean `hex-missing`?"),
        ("diagnose", json!({}), "`log` or `file` must be given"),
        ("diagnose", json!({"log": ["a"]}), "invalid type"),
        ("diagnose", json!({"log": LOG, "file": "build.log"}), "not both"),
        ("diagnose", json!({"log": LOG, "here": "yes"}), "expected a boolean"),
        ("diagnose", json!({"log": " \n"}), "is empty"),
        ("diagnose", json!({"file": "no-such.log"}), "there is no such file"),
        ("diagnose", json!({"file": "sub"}), "is not a file"),
        ("check", json!({"only": ["no-such"]}), "there is no rule, family or tag `no-such`"),
        ("diagnose", json!({"log": LOG, "skip": "nix"}), "invalid type"),
        ("plan", json!({"only": ["nix"]}), "unknown field `only`"),
        ("check", json!({"deep": true}), "unknown field `deep`"),
        ("check", json!({"project": "no-such"}), "there is no such folder"),
        ("check", json!({"project": "build.log"}), "build.log"),
        ("facts", json!({"prefix": 1}), "invalid type"),
        ("plan", json!({"rule": "no-such-rule"}), "there is no rule `no-such-rule`"),
        ("plan", json!({"yes": "destructive"}), "unknown field `yes`"),
    ] {
        let why = session.refusal(tool, arguments.clone());
        assert!(why.contains(said), "{tool} {arguments}: {why}");
    }
    assert_eq!(session.ask("explain", json!({"rule": "hex-missing"}))["id"], "hex-missing");
}

#[test]
fn nothing_outside_the_folder_can_be_asked_about() {
    let lab = lab();
    std::fs::write(lab.path("outside.log"), LOG).unwrap();
    std::fs::create_dir(lab.path("project-2")).unwrap();
    symlink(lab.path("outside.log"), lab.project().join("link.log")).unwrap();
    symlink(lab.path("home"), lab.project().join("link")).unwrap();
    let mut session = Session::begin(&lab);
    let absolute = lab.inside("outside.log");
    for file in
        ["../outside.log", "../../../../../../etc/passwd", "link.log", "sub/../../outside.log", &absolute]
    {
        let why = session.refusal("diagnose", json!({"file": file}));
        assert!(why.contains("outside"), "{file}: {why}");
        assert!(session.refusal("plan", json!({"file": file})).contains("outside"));
    }
    for project in ["..", "/", "link", "../project-2", &lab.inside("home")] {
        for tool in ["check", "facts", "plan"] {
            let why = session.refusal(tool, json!({"project": project}));
            assert!(why.contains("outside"), "{tool} {project}: {why}");
        }
    }
    assert_eq!(roots(&session.ask("diagnose", json!({"file": "build.log"}))), ["hex-package-not-found"]);
    let absolute = lab.inside("project/build.log");
    assert_eq!(roots(&session.ask("diagnose", json!({"file": absolute}))), ["hex-package-not-found"]);
    assert_eq!(
        roots(&session.ask("diagnose", json!({"file": "../build.log", "project": "sub"}))),
        ["hex-package-not-found"]
    );
}

#[test]
fn in_the_home_folder_no_file_is_read() {
    let lab = lab();
    std::fs::write(lab.path("home/build.log"), LOG).unwrap();
    let mut session = Session::start(&lab, &["-C", &lab.inside("home"), "mcp"]);
    session.shake_hands();
    let why = session.refusal("diagnose", json!({"file": "build.log"}));
    assert!(why.contains("-C PROJECT mcp"), "{why}");
    assert_eq!(roots(&session.ask("diagnose", json!({"log": LOG}))), ["hex-package-not-found"]);
}

#[test]
fn a_log_may_have_16_mebibytes() {
    let lab = lab();
    let mut session = Session::begin(&lab);
    let line = "\u{1b}[32mcompiling\u{1b}[0m\n";
    let room = 16 * 1024 * 1024 - LOG.len();
    let mut log = line.repeat(room / line.len());
    log.push_str(LOG);
    assert_eq!(roots(&session.ask("diagnose", json!({"log": log}))), ["hex-package-not-found"]);
    log.push_str(line);
    let why = session.refusal("diagnose", json!({"log": log}));
    assert!(why.contains("16 MiB") && why.contains("`file`"), "{why}");
    lab.write("large.log", &log);
    assert_eq!(roots(&session.ask("diagnose", json!({"file": "large.log"}))), ["hex-package-not-found"]);
}

#[test]
fn requests_that_come_at_once_are_all_answered() {
    let lab = lab();
    let mut session = Session::begin(&lab);
    let calls = 12;
    for id in 0..calls {
        let project = if id % 2 == 0 { "sub" } else { "." };
        let call = json!({"name": "check", "arguments": {"project": project}});
        session.send(
            &json!({"jsonrpc": "2.0", "id": 100 + id, "method": "tools/call", "params": call}).to_string(),
        );
    }
    let mut ids: Vec<u64> = (0..calls)
        .map(|_| {
            let answer = session.next();
            assert_eq!(answer["result"]["isError"], false, "{answer}");
            answer["id"].as_u64().unwrap()
        })
        .collect();
    ids.sort_unstable();
    assert_eq!(ids, (100..100 + calls).collect::<Vec<_>>());
}

#[test]
fn each_call_looks_anew() {
    let lab = lab();
    let mut session = Session::begin(&lab);
    let broken = json!({"project": "sub"});
    let before = session.ask("facts", json!({"prefix": "project.flake", "project": "sub"}));
    assert!(!roots(&session.ask("check", broken.clone())).contains(&"nix-syntax-error"));
    lab.write("sub/flake.nix", "{ outputs = _: { a = 1 }; }\n");
    assert!(roots(&session.ask("check", broken)).contains(&"nix-syntax-error"));
    assert_ne!(before, session.ask("facts", json!({"prefix": "project.flake", "project": "sub"})));
}

#[test]
fn it_ends_when_its_input_does_or_when_it_is_asked_to() {
    let lab = lab();
    assert_eq!(Session::start(&lab, &["mcp"]).close().code(), Some(0));
    let mut session = Session::begin(&lab);
    session.ask("explain", json!({"rule": "hex-missing"}));
    assert_eq!(session.close().code(), Some(0));
    let mut session = Session::begin(&lab);
    session.ask("diagnose", json!({"file": "build.log"}));
    assert_eq!(session.terminate().signal(), Some(15));
}

#[test]
fn what_was_asked_before_the_input_ended_is_answered() {
    let lab = lab();
    let hello = json!({"jsonrpc": "2.0", "id": 0, "method": "initialize", "params": {"protocolVersion": "2025-06-18",
        "capabilities": {}, "clientInfo": {"name": "test", "version": "1"}}});
    let ready = json!({"jsonrpc": "2.0", "method": "notifications/initialized"});
    let call = json!({"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": {"name": "check", "arguments": {}}});
    let ran = lab.doctor_with(&["mcp"], format!("{hello}\n{ready}\n{call}\n").as_bytes());
    ran.exits(0);
    let answers: Vec<Value> = ran.stdout.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(answers.len(), 2, "{answers:?}");
    assert_eq!(answers[1]["result"]["isError"], false);
}
