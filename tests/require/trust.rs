//! A project is somebody else's until it is trusted.

use crate::world::World;

const COMMAND: &str = "commands: [{run: [sh, own.sh], stdout: own}]\n";

#[test]
fn nothing_runs_before_the_project_is_trusted_as_it_is() {
    let world = World::new(COMMAND);
    let mark = world.home().join("mark");
    world.write("own.sh", &format!("touch '{}'\necho own\n", mark.display()));
    let told = world.check();
    assert_eq!(told.code, 3);
    let [(fact, why)] = told.unknown.as_slice() else { panic!("{told:?}") };
    assert_eq!(fact, "sh own.sh (envdoctor.yaml:2)");
    assert!(why.contains("it runs `sh own.sh`") && why.contains("`envdoctor trust`"), "{why}");
    assert!(!mark.exists(), "it ran all the same");

    let shown = world.trust();
    assert!(shown.contains("runs `sh own.sh`   (envdoctor.yaml:2)"), "{shown}");
    assert!(shown.contains("own.sh"), "{shown}");
    world.check().are(&[]);
    assert!(mark.exists());

    // Another script, another list of requirements, another file that tools evaluate: each ends it.
    std::fs::remove_file(&mark).unwrap();
    world.write("own.sh", &format!("touch '{}'; echo own # changed\n", mark.display()));
    let why = world.check().unknown.remove(0).1;
    assert!(why.contains("has changed since it was trusted (own.sh)"), "{why}");
    world.trust();
    world.check().are(&[]);
    std::fs::remove_file(&mark).unwrap();
    world.require(&format!("{COMMAND}env: [HOME]\n"));
    let why = world.check().unknown.remove(0).1;
    assert!(why.contains("(envdoctor.yaml)"), "{why}");
    world.trust();
    world.write("flake.nix", "{}");
    let why = world.check().unknown.remove(0).1;
    assert!(why.contains("(flake.nix)"), "{why}");
    assert!(!mark.exists(), "it ran all the same");
}

#[test]
fn no_command_runs_anything_for_a_project_that_is_not_trusted() {
    let world = World::new("");
    // Whatever else is wrong with this machine is not to be repaired here.
    let only = "only: [require, hex-missing]\n";
    world.write("envdoctor.yaml", &format!("{only}require: {{{}}}\n", COMMAND.trim()));
    let mark = world.home().join("mark");
    let script = format!("touch '{}'\necho own\n", mark.display());
    world.write("own.sh", &script);
    world.write("sub/.keep", "");
    world.write("hex.log", "Could not find Hex, which is needed to build dependency :jason\n");
    let recorded = world.run(&["facts", "--record", "machine.yaml"]);
    assert!(recorded.status.success() && !mark.exists(), "facts --record runs it");
    for arguments in [
        ["check", "--since-green"].as_slice(),
        &["check", "--facts", "machine.yaml"],
        &["-C", "sub", "check"],
        &["fix", "--dry-run"],
        &["fix", "--only", "require", "--yes=destructive"],
        &["fix", "required-command-failed", "--yes=destructive"],
        &["fix", "--log", "hex.log"],
        &["fix", "--plan", "plan.json"],
        &["run", "--", "sh", "-c", "cat hex.log; exit 3"],
        &["run", "--report", "out.json", "--", "sh", "-c", "exit 3"],
        &["fix"],
        &["diagnose", "--here", "hex.log"],
        &["report", "out.md"],
        &["report", "-"],
        &["config"],
        &["versions"],
        &["explain", "required-command-failed"],
        &["trust"],
    ] {
        let output = world.run(arguments);
        let told = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.code().is_some_and(|code| code < 4), "{arguments:?}: {told}");
        assert!(!told.contains("unexpected argument"), "{arguments:?}: {told}");
        assert!(!mark.exists(), "{arguments:?} runs it");
    }
    let report = std::fs::read_to_string(world.project().join("out.md")).unwrap();
    assert!(report.contains("this project is not trusted"), "{report}");
    // The same once it is trusted: it could have run.
    world.trust();
    world.check().are(&[]);
    assert!(mark.exists());
}

#[test]
#[cfg(feature = "mcp")]
fn no_agent_runs_anything_for_a_project_that_is_not_trusted() {
    use std::io::{BufRead, BufReader, Write};
    use std::process::Stdio;

    use serde_json::{Value, json};

    let world = World::new(COMMAND);
    let mark = world.home().join("mark");
    world.write("own.sh", &format!("touch '{}'\necho own\n", mark.display()));
    let mut command = world.command(std::path::Path::new(env!("CARGO_BIN_EXE_envdoctor")));
    let mut server = command.arg("mcp").stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
    let (mut to, mut from) = (server.stdin.take().unwrap(), BufReader::new(server.stdout.take().unwrap()));
    let mut ask = |method: &str, params: Value| -> Value {
        writeln!(to, "{}", json!({"jsonrpc": "2.0", "id": 1, "method": method, "params": params})).unwrap();
        let mut line = String::new();
        from.read_line(&mut line).unwrap();
        serde_json::from_str(&line).unwrap()
    };
    let client = json!({"protocolVersion": "2025-06-18", "capabilities": {}, "clientInfo": {"name": "t", "version": "1"}});
    ask("initialize", client);
    for (tool, arguments) in [
        ("check", json!({"examined": true})),
        ("check", json!({"only": ["required-command-failed"]})),
        ("plan", json!({})),
        ("plan", json!({"rule": "required-command-failed"})),
        ("diagnose", json!({"log": "Could not find Hex", "here": true})),
        ("facts", json!({"prefix": "env."})),
        ("explain", json!({"rule": "required-command-failed"})),
    ] {
        let answer = ask("tools/call", json!({"name": tool, "arguments": arguments}));
        assert_eq!(answer["result"]["isError"], false, "{answer}");
        assert!(!mark.exists(), "{tool} {arguments} runs it");
        if tool == "check" {
            assert!(answer.to_string().contains("this project is not trusted"), "{answer}");
        }
    }
    server.kill().unwrap();
    server.wait().unwrap();
}

#[test]
fn what_is_to_be_done_about_a_requirement_stands_in_fixs_plan() {
    let world = World::new("env: [{name: REGION, remedy: Put REGION=eu into .envrc.}]\nfiles: [none.txt]\n");
    let planned = world.run(&["fix", "--dry-run", "--only", "require"]);
    let told = String::from_utf8(planned.stdout).unwrap();
    let words = told.split_whitespace().collect::<Vec<_>>().join(" ");
    for part in [
        "The variable REGION is not set, and envdoctor.yaml requires it",
        "Do what envdoctor.yaml says Put REGION=eu into .envrc.",
        "none.txt is not there, and envdoctor.yaml requires it",
        "do Make it",
        "There is nothing here that envdoctor can repair by itself.",
    ] {
        assert!(words.contains(part), "{part} is not in\n{told}");
    }
    let one = world.run(&["fix", "required-variable-unset", "--yes=destructive"]);
    let told = String::from_utf8(one.stdout).unwrap();
    assert!(told.contains("Put REGION=eu into .envrc.") && !told.contains("none.txt"), "{told}");
    assert_eq!(one.status.code(), Some(1), "what is told is not done");
}

#[test]
fn a_required_command_that_changes_what_fix_trusts_does_not_run_again() {
    // It runs once for each look at the machine, and only as long as all is as it was trusted.
    let world = World::new("commands: [{run: [sh, own.sh]}]\nfiles: [none.txt]\n");
    let count = world.home().join("count");
    world.write("own.sh", &format!("echo ran >> '{}'; echo '# more' >> own.sh\n", count.display()));
    world.trust();
    world.run(&["fix", "--only", "require", "--yes=destructive"]);
    world.run(&["fix", "--only", "require", "--yes=destructive"]);
    assert_eq!(std::fs::read_to_string(count).unwrap(), "ran\n");
}

#[test]
fn the_users_own_requirements_need_no_trust() {
    let world = World::new("env: [HOME]\n");
    let config = world.home().join(".config/envdoctor/config.yaml");
    std::fs::write(config, "require:\n  commands: [{run: [sh, -c, exit 4]}]\n  env: [NOT_SET_BY_ANYBODY]\n")
        .unwrap();
    world.check().are(&[
        (
            "required-command-failed",
            "`sh -c 'exit 4'` ended with status 4, but ~/.config/envdoctor/config.yaml requires that it ends with a status that is 0",
        ),
        (
            "required-variable-unset",
            "The variable NOT_SET_BY_ANYBODY is not set, and ~/.config/envdoctor/config.yaml requires it",
        ),
    ]);
}

#[test]
fn mistakes_are_told_with_their_place() {
    let world = World::new("elxir: 1.17\nports: [0]\n");
    let output = world.run(&["check"]);
    assert_eq!(output.status.code(), Some(2));
    let told = String::from_utf8(output.stderr).unwrap();
    for part in
        ["envdoctor.yaml:2:3: `elxir`", "did you mean `elixir`?", "envdoctor.yaml:3:11: `0` is no TCP port"]
    {
        assert!(told.contains(part), "{told}");
    }
}
