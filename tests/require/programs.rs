use std::time::{Duration, Instant};

use crate::world::World;

#[test]
fn variables() {
    let mut world = World::new(
        "env: [SET, UNSET, {name: SET, equals: here}, {name: SET, matches: ^x}, {name: API_TOKEN, matches: ^x}, {name: SET, absent: true}, {name: UNSET, absent: true}]\n",
    );
    world.set("SET", "here");
    world.set("API_TOKEN", "s3cret-value");
    let told = world.check();
    told.are(&[
        ("required-variable-unset", "The variable UNSET is not set, and envdoctor.yaml requires it"),
        (
            "required-variable-differs",
            "The variable SET is here, but envdoctor.yaml requires that it matches ^x",
        ),
        (
            "required-variable-differs",
            "The variable API_TOKEN is set to another value, but envdoctor.yaml requires that it matches redacted",
        ),
        (
            "required-variable-differs",
            "The variable SET is set, but envdoctor.yaml requires that it is not set",
        ),
    ]);
    assert!(!told.report.to_string().contains("s3cret"), "{}", told.report);
}

#[test]
fn commands() {
    let world = World::new(
        r#"
commands:
  - sh
  - no-such-program
  - {name: no-such-program, absent: true}
  - {name: sh, absent: true}
  - {run: [sh, -c, "echo tool 1.7.1; echo warned >&2; exit 3"], exit: 3, stdout: [tool], stderr: warned, version: "~> 1.7"}
  - {run: [sh, -c, "echo tool 1.6"], version: ">= 1.7"}
  - {run: [sh, -c, "echo broken >&2; exit 2"]}
  - {run: [sh, -c, "cat; echo end"], stdout: {matches: "^end$"}}
  - {run: [sh, -c, "sleep 30"], timeout: 1}
  - {run: [sh, -c, "pwd"], stdout: {matches: "/project$"}}
  - {run: [sh, -c, "echo $GIVEN"], stdout: given}
  - {run: [no-such-program]}
  - {run: [./bin/own], stdout: own}
"#,
    );
    let mut world = world;
    world.set("GIVEN", "given");
    let own = world.write("bin/own", "#!/bin/sh\necho own\n");
    std::fs::set_permissions(own, std::os::unix::fs::PermissionsExt::from_mode(0o755)).unwrap();
    world.trust();
    let begun = Instant::now();
    let told = world.check();
    assert!(begun.elapsed() < Duration::from_secs(25), "{:?}", begun.elapsed());
    let missing = "no-such-program is not on PATH, and envdoctor.yaml requires it";
    told.are(&[
        ("required-command-missing", missing),
        ("required-command-missing", missing),
        ("unwanted-present", "sh is there, and envdoctor.yaml requires that it is not there"),
        (
            "required-command-failed",
            "`sh -c 'echo tool 1.6'` prints something else: tool 1.6, but envdoctor.yaml requires that it prints on its standard output what has a version >= 1.7",
        ),
        (
            "required-command-failed",
            "`sh -c 'echo broken >&2; exit 2'` ended with status 2: broken, but envdoctor.yaml requires that it ends with a status that is 0",
        ),
        (
            "required-command-failed",
            "`sh -c 'sleep 30'` did not end within 1 s, but envdoctor.yaml requires that it ends within 1 s",
        ),
    ]);
}

#[test]
fn tools() {
    let world = World::new("git: any\npython: \">= 3.0\"\nmise: \"~> 2099.1\"\n");
    let told = world.check();
    assert!(told.findings.iter().all(|(_, message)| message.starts_with("mise ")), "{told:?}");
    world.require("git: \">= 999\"");
    let told = world.check();
    let [(rule, message)] = told.findings.as_slice() else { panic!("{told:?}") };
    assert_eq!(rule, "required-version-not-met");
    assert!(message.starts_with("Git 2.") && message.ends_with("which requires >= 999"), "{message}");
}

#[test]
fn facts() {
    let world = World::new(
        "facts: [cpu.count, {name: cpu.count, at_least: 1}, {name: cpu.count, greater_than: 4096}]\n",
    );
    let told = world.check();
    let [(rule, message)] = told.findings.as_slice() else { panic!("{told:?}") };
    assert_eq!(rule, "required-fact-differs");
    assert!(message.ends_with("but envdoctor.yaml requires that it is greater than 4096"), "{message}");
}
