//! Tools that hang, flood, leave daemons behind or are none: each costs its own answer and no other's.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::time::{Duration, Instant};

use serde_json::Value;

use crate::lab::Lab;

const RULE: &str = "id: house-direnv-painted\ntitle: The direnv of this house is painted\nseverity: error\n\
    family: house\nsince: 0.1.0\nreferences: [https://example.com]\nexplanation: It is.\n\
    checks: {fact: tool.direnv.version, equals: painted}\nremedies:\n  - {title: Paint it, tell: Paint it.}\n";

/// A lab whose direnv is that script, and whose other tools do as they should.
fn lab(script: &str, mode: u32) -> Option<Lab> {
    let mut lab = Lab::host(&["git"])?;
    fs::create_dir(lab.path("bin")).unwrap();
    fs::write(lab.path("bin/direnv"), script).unwrap();
    fs::set_permissions(lab.path("bin/direnv"), fs::Permissions::from_mode(mode)).unwrap();
    fs::create_dir_all(lab.project().join("rules/house")).unwrap();
    lab.write("rules/house/house-direnv-painted.yaml", RULE);
    lab.put_on_path(&lab.inside("bin"));
    Some(lab)
}

/// Of a tool that misbehaves, everything but its own version is known, and soon.
fn costs_only_itself(script: &str, why: &str) {
    let Some(lab) = lab(script, 0o755) else { return };
    let begun = Instant::now();
    let facts = lab.doctor(&["facts", "tool.", "--timeout", "0.5", "--format", "json"]);
    assert!(begun.elapsed() < Duration::from_secs(4), "{why}: {:?}", begun.elapsed());
    let facts: Value = serde_json::from_str(&facts.exits(0).stdout).unwrap();
    let fact = |name: &str| &facts["facts"][name];
    assert!(fact("tool.direnv.path")["value"].is_string(), "{why}");
    assert!(fact("tool.git.version")["value"].is_string(), "{why}: {facts:#}");
    let unknown = fact("tool.direnv.version")["unknown"].as_str().unwrap_or("known");
    assert!(unknown.contains(why), "{unknown}");

    let check = lab.doctor(&["check", "--rules", "rules", "--timeout", "0.5", "-v"]);
    check
        .exits(3)
        .shows("house-direnv-painted")
        .shows(why)
        .shows("tool.direnv.version")
        .shows("direnv --version,");
}

#[test]
fn a_tool_that_hangs() {
    costs_only_itself("#!/bin/sh\ntrap '' TERM INT HUP\nsleep 600\nsleep 600\n", "no answer in 0.5 s");
}

#[test]
fn a_tool_that_floods() {
    costs_only_itself("#!/bin/sh\nexec yes\n", "no answer in 0.5 s");
}

#[test]
fn a_tool_that_prints_no_text() {
    costs_only_itself("#!/bin/sh\nprintf '\\377\\376\\000'\n", "not UTF-8");
}

#[test]
fn a_tool_that_fails() {
    costs_only_itself("#!/bin/sh\necho broken >&2\nexit 3\n", "exit status 3: broken");
    costs_only_itself("#!/bin/sh\nkill -SEGV $$\n", "killed by signal 11");
}

#[test]
fn a_tool_whose_interpreter_is_gone() {
    costs_only_itself("#!/no/such/interpreter\n", "interpreter or loader is not there");
}

#[test]
fn a_daemon_that_holds_the_pipe_is_not_waited_for() {
    let Some(lab) = lab("#!/bin/sh\nsetsid sleep 20 &\necho 2.35.0\n", 0o755) else { return };
    let begun = Instant::now();
    lab.doctor(&["facts", "tool.direnv.version"]).exits(0).shows("2.35.0");
    assert!(begun.elapsed() < Duration::from_secs(2), "{:?}", begun.elapsed());
}

#[test]
fn a_file_that_may_not_be_run_is_no_tool() {
    let Some(lab) = lab("#!/bin/sh\necho 2.35.0\n", 0o644) else { return };
    let facts = lab.doctor(&["facts", "tool.direnv.path", "--format", "json"]);
    assert!(!facts.exits(0).stdout.contains(&lab.inside("bin")), "{}", facts.stdout);
}

/// With its whole group, and so that nothing of it is left.
#[test]
fn what_hangs_is_killed() {
    let Some(lab) = lab("#!/bin/sh\n(sleep 1.5; touch \"$MARK\") &\nsleep 600\n", 0o755) else { return };
    let mut lab = lab;
    let mark = lab.path("mark");
    lab.set("MARK", mark.to_str().unwrap());
    lab.doctor(&["facts", "tool.direnv.version", "--timeout", "0.3"]).exits(0).shows("no answer");
    std::thread::sleep(Duration::from_millis(2000));
    assert!(!mark.exists(), "a child of the tool outlived it");
}
