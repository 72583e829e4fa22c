//! Exit codes: 0 nothing, 1 something, 2 wrong usage, 3 could not tell; and those of a command that is run.

use std::{fs, os::unix::fs::PermissionsExt};

use crate::{inputs::LOG, lab::Lab};

/// A rule of one's own, in the folder of its family.
fn write_rule(lab: &Lab, id: &str, severity: &str, rest: &str) {
    lab.write(
        &format!("rules/house/{id}.yaml"),
        &format!(
            "id: {id}
title: The house rule {id}
severity: {severity}
family: house
since: 0.1.0
references: [https://example.org/house]
explanation: |
  A rule of this test. It says nothing about any tool.
{rest}"
        ),
    );
}

/// What such a rule is seen in.
fn symptom(words: &str) -> String {
    format!(
        "symptoms:
  - |-
    ^{words}$
remedies:
  - title: Look after it
    tell: Look after it.
examples:
  - |
    {words}
near_misses:
  - |
    all is well
"
    )
}

#[test]
fn threshold() {
    let Some(lab) = Lab::host(&[]) else { return };
    write_rule(&lab, "house-warning", "warning", &symptom("frobnicator runs low"));
    write_rule(&lab, "house-info", "info", &symptom("frobnicator was painted"));
    let code = |log: &str, fail_on: &[&str]| {
        let arguments = [&["diagnose", "--rules", "rules"], fail_on, &["-"]].concat();
        lab.doctor_with(&arguments, log.as_bytes()).code()
    };
    assert_eq!(code(LOG, &[]), 1);
    assert_eq!(code(LOG, &["--fail-on", "info"]), 1);
    assert_eq!(code("frobnicator runs low\n", &[]), 0);
    assert_eq!(code("frobnicator runs low\n", &["--fail-on", "error"]), 0);
    assert_eq!(code("frobnicator runs low\n", &["--fail-on", "warning"]), 1);
    assert_eq!(code("frobnicator was painted\n", &["--fail-on", "warning"]), 0);
    assert_eq!(code("frobnicator was painted\n", &["--fail-on", "info"]), 1);
    assert_eq!(code("all is well\n", &["--fail-on", "info"]), 0);
}

#[test]
fn wrong_usage() {
    let Some(lab) = Lab::host(&[]) else { return };
    for arguments in [
        &["frobnicate"][..],
        &["diagnose", "--format", "prose", "-"],
        &["diagnose", "--fail-on", "never", "-"],
        &["run"],
        &["fix", "--yes=everything"],
        &["explain", "no-such-rule"],
        &["check", "--rules", "no-such-folder"],
        &["-C", "no-such-folder", "check"],
    ] {
        let ran = lab.doctor(arguments);
        ran.exits(2).must(!ran.stderr.is_empty(), "it must say why");
    }
}

/// A tool that never answers is no proof of health.
#[test]
fn could_not_tell() {
    let Some(mut lab) = Lab::host(&[]) else { return };
    write_rule(
        &lab,
        "house-direnv-painted",
        "error",
        "checks: {fact: tool.direnv.version, equals: painted}\nremedies:\n  - {title: Paint it, tell: Paint it.}\n",
    );
    let hanging = lab.path("hanging");
    fs::create_dir(&hanging).unwrap();
    fs::write(hanging.join("direnv"), "#!/bin/sh\nexec sleep 600\n").unwrap();
    fs::set_permissions(hanging.join("direnv"), fs::Permissions::from_mode(0o755)).unwrap();
    lab.set("PATH", &format!("{}:/usr/bin:/bin", hanging.display()));

    let check = lab.doctor(&["check", "--rules", "rules", "--format", "json"]);
    let report = check.exits(3).report();
    assert!(!report.unknown.is_empty(), "{}", check.stdout);
    assert!(!report.roots().contains(&"house-direnv-painted"));
}

#[test]
fn codes_of_the_command() {
    let Some(lab) = Lab::host(&[]) else { return };
    let run = |words: &[&str]| lab.doctor(&[&["run", "--"], words].concat());
    run(&["true"]).exits(0);
    run(&["sh", "-c", "exit 7"]).exits(7);
    run(&["sh", "-c", "kill -TERM $$"]).exits(143);
    run(&["sh", "-c", "kill -KILL $$"]).exits(137);
    run(&["no-such-program"]).exits(127).complains("no-such-program");
    fs::write(lab.project().join("no-program"), "text").unwrap();
    run(&["./no-program"]).exits(126).complains("no-program");
}

#[test]
fn streams_of_the_command() {
    let Some(lab) = Lab::host(&[]) else { return };
    let healthy =
        lab.doctor_with(&["run", "--", "sh", "-c", "cat; printf 'aside\\n' >&2"], b"\x00\xff in\r\n");
    healthy.exits(0);
    assert_eq!(healthy.stdout, String::from_utf8_lossy(b"\x00\xff in\r\n"));
    assert_eq!(healthy.stderr, "aside\n", "nothing is said of a command that did well");
}

#[test]
fn unrecognised_failure_is_no_guess() {
    let Some(lab) = Lab::host(&[]) else { return };
    let report = lab.doctor(&[
        "run",
        "--report",
        "report.json",
        "--",
        "sh",
        "-c",
        "echo 'error: the frobnicator is jammed' >&2; exit 5",
    ]);
    report.exits(5);
    let own = report.stderr.strip_prefix("error: the frobnicator is jammed\n");
    report.must(
        own.is_some_and(|own| own.contains("the frobnicator is jammed")),
        "the likeliest line is quoted",
    );
    let json: serde_json::Value = serde_json::from_str(&lab.read("report.json")).unwrap();
    assert_eq!(json["diagnoses"], serde_json::json!([]));
}
