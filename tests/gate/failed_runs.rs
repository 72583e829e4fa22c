//! What settings say of a failure that is seen in an output, and of a command that `run` carries out.

use serde_json::Value;

use crate::world::{World, rules};

const HEX: &str = "Could not find Hex, which is needed to build dependency :jason\n";

/// A project with a log, and with these settings.
fn world(settings: &str) -> World {
    World::new().with("build.log", HEX).with("envdoctor.yaml", settings)
}

/// A failing command that prints the log, by the shell's own means: no tool stands on PATH.
const FAILS: &[&str] =
    &["--", "/bin/sh", "-c", "while read -r line; do echo \"$line\"; done < build.log; exit 7"];

/// What `run` tells on stderr, with its report, and with its exit code.
fn run(world: &World, options: &[&str]) -> (String, Value, i32) {
    let did = world.run(&[&["run", "--report", "out.json"], options, FAILS].concat());
    let json = std::fs::read_to_string(world.project().join("out.json")).unwrap();
    (did.stderr, serde_json::from_str(&json).unwrap(), did.code)
}

const IGNORE: &str = "ignore: [{rule: hex-missing, reason: the image brings it}]\n";

#[test]
fn a_runs_failure_that_is_ignored_is_told_as_such() {
    let world = world(IGNORE);
    let (told, report, code) = run(&world, &[]);
    assert_eq!(code, 7, "the command's own");
    assert_eq!(rules(&report, "set_aside"), ["hex-missing"]);
    assert_eq!(report["set_aside"][0]["reason"], "the image brings it");
    for key in ["diagnoses", "unrecognised", "last_lines"] {
        assert_eq!(report[key].as_array().unwrap().len(), 0, "{key}");
    }
    assert!(told.contains("envdoctor.yaml:1 ignores it: the image brings it"), "{told}");
    assert!(told.contains("hex-missing") && told.contains("1 ignored, 1 line"), "{told}");
    for wrong in ["not one that envdoctor knows", "No known failure", "Healthy", "last lines"] {
        assert!(!told.contains(wrong), "{told}");
    }
    let markdown = run(&world, &["--format", "markdown"]).0;
    assert!(markdown.contains("## envdoctor: nothing that counts"), "{markdown}");
    let tap = run(&world, &["--format", "tap"]).0;
    assert!(tap.contains("ok 1 - hex-missing: ") && tap.contains("# SKIP ignored"), "{tap}");
    // `fix` has nothing to do, and knows why.
    let fixed = world.run(&["fix", "--yes=destructive"]);
    assert_eq!(fixed.code, 0, "{}{}", fixed.stdout, fixed.stderr);
    assert!(fixed.stdout.contains("ignores it: the image brings it"), "{}", fixed.stdout);
    // And so is a log's.
    let did = world.run(&["diagnose", "build.log"]);
    assert!(did.code == 0 && did.stdout.contains("ignores it: the image brings it"), "{}", did.stdout);
}

#[test]
fn a_runs_failure_that_stands_in_the_baseline_is_told_as_such() {
    let world = world("");
    let did = world.run(&["diagnose", "build.log", "--output", "json=known.json"]);
    assert_eq!(did.code, 1, "{}", did.stderr);
    let (told, report, code) = run(&world, &["--baseline", "known.json"]);
    assert_eq!((code, rules(&report, "set_aside")), (7, vec!["hex-missing".to_owned()]), "{told}");
    assert_eq!(report["set_aside"][0]["why"], "baseline");
    assert!(told.contains("it stands in the baseline") && told.contains("1 in the baseline"), "{told}");
    assert!(!told.contains("not one that envdoctor knows"), "{told}");
}

#[test]
fn a_runs_failure_that_nobody_asked_for_is_not_called_unknown() {
    let world = world("skip: [hex-missing]\n");
    let (told, report, code) = run(&world, &[]);
    assert_eq!((code, &report["summary"]["left_out"]), (7, &Value::from(1)), "{told}");
    assert!(told.contains("1 not asked for, 1 line"), "{told}");
    assert!(!told.contains("not one that envdoctor knows") && !told.contains("No known"), "{told}");
    assert_eq!(report["last_lines"].as_array().unwrap().len(), 0);
    let did = world.run(&["diagnose", "build.log", "build.log"]);
    assert!(did.code == 0 && did.stdout.contains("2 not asked for, 2 lines"), "{}", did.stdout);
    // What no rule knows is still told.
    world.put("build.log", "the planet is gone\n");
    let (told, report, _) = run(&world, &[]);
    assert!(told.contains("not one that envdoctor knows"), "{told}");
    assert_eq!(report["last_lines"][0]["text"], "the planet is gone");
}

#[test]
fn a_severity_holds_for_an_output_too() {
    let world = world("severity: {hex-missing: info}\n");
    let (told, report, code) = run(&world, &[]);
    assert_eq!((code, &report["diagnoses"][0]["severity"]), (7, &Value::from("info")), "{told}");
    assert_eq!(world.run(&["diagnose", "build.log"]).code, 0);
    assert_eq!(world.run(&["diagnose", "build.log", "--fail-on", "info"]).code, 1);
}
