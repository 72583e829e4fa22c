//! Completion in real shells.

use std::process::{Command, Stdio};

use crate::terminal::Terminal;
use crate::tools::{project, tool};
use crate::world::World;

fn said(command: &mut Command) -> String {
    let output = command.stdin(Stdio::null()).output().unwrap();
    assert!(output.status.success(), "{output:?}");
    String::from_utf8(output.stdout).unwrap()
}

/// A world in which a fix was made that can be taken back; its id.
fn mended() -> (World, String) {
    let world = project();
    world.write("project/hash.log", "error: hash mismatch in fixed-output derivation '/nix/store/xjvlx6ji5nnbpxm0nzkg08myshhpxpdj-source.txt.drv':\n         specified: sha256-AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\n            got:    sha256-WJG1tSLV3whtD/CxEPvZ0hu0/HFjrzTQgoai6Eb2vgM=\n");
    world.write(
        "project/fod.nix",
        "{ outputHash = \"sha256-AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\"; }\n",
    );
    let fixed =
        world.doctor(&["fix", "--log", "hash.log", "--yes=project", "--format", "json"]).output().unwrap();
    let json: serde_json::Value = serde_json::from_slice(&fixed.stdout).unwrap();
    (world, json["fix"].as_str().unwrap().to_owned())
}

#[test]
fn fish() {
    let Some(fish) = tool("fish") else { return };
    let (world, fix) = mended();
    let complete = |line: &str| {
        let script = format!("envdoctor completions fish | source; complete -C'{line}'");
        said(world.other(&fish).args(["--no-config", "-c", &script]))
    };
    assert!(complete("envdoctor exp").starts_with("explain\t"));
    let rules = complete("envdoctor explain hex-m");
    assert_eq!(rules, "hex-missing\tHex, Mix's package manager, is not installed\n");
    assert!(complete("envdoctor fix --allow hex-m").starts_with("hex-missing\t"));
    assert!(complete("envdoctor fix hex-m").starts_with("hex-missing\t"));
    assert!(complete("envdoctor undo ").starts_with(&format!("{fix}\t")));
    assert_eq!(complete("envdoctor facts tool.hex."), "tool.hex.path\ntool.hex.shadowed\ntool.hex.version\n");
    assert!(complete("envdoctor facts ").contains("nix.\n"));
    assert!(complete("envdoctor check --only hex-m").starts_with("hex-missing\t"));
    assert!(complete("envdoctor --skip gp").starts_with("gpu\ta family of rules"));
    assert!(complete("envdoctor check --skip lockf").starts_with("lockfile\tmix.lock"));
    assert!(complete("envdoctor check --only gpu,nix,hex-m").starts_with("gpu,nix,hex-missing\t"));
    assert!(complete("envdoctor check --only=gpu,lockf").starts_with("--only=gpu,lockfile\t"));
    assert!(complete("envdoctor check --fo").starts_with("--format"));
    assert!(complete("envdoctor check --color al").starts_with("always"));
    assert!(complete("envdoctor rules li").contains("lint\t"));
    assert!(complete("envdoctor diagnose bui").starts_with("build.log"));
}

#[test]
fn bash() {
    let Some(bash) = tool("bash") else { return };
    let (world, fix) = mended();
    let mut command = world.other(&bash);
    command.args(["--norc", "--noprofile", "-i"]).env("PS1", "$ ");
    let mut terminal = Terminal::start(command);
    terminal.expect("$ ");
    terminal.press("bind 'set bell-style none'; source <(envdoctor completions bash); echo rea''dy\n");
    terminal.expect("ready");
    terminal.press("envdoctor exp\thex-mi\t");
    terminal.expect("envdoctor explain hex-missing");
    terminal.press("\n");
    terminal.expect("Hex, Mix's package manager, is not installed");
    terminal.press("envdoctor undo 2\t");
    terminal.expect(&fix);
    terminal.press("\u{15}envdoctor fix --allow hex-mi\t");
    terminal.expect("--allow hex-missing");
    terminal.press("\u{15}envdoctor facts tool.hex.v\t");
    terminal.expect("tool.hex.version");
    terminal.press("\u{15}envdoctor check --only gpu,lockf\t");
    terminal.expect("--only gpu,lockfile");
    terminal.press("\u{15}envdoctor check --skip hex-mi\t");
    terminal.expect("--skip hex-missing");
    terminal.press("\u{15}exit\n");
    terminal.finish();
}

#[test]
fn bash_by_its_function() {
    let Some(bash) = tool("bash") else { return };
    let world = project();
    let script = r#"source <(envdoctor completions bash); COMP_WORDS=(envdoctor explain hex-); COMP_CWORD=2; COMP_TYPE=9
        _clap_complete_envdoctor envdoctor hex- explain; printf '%s\n' "${COMPREPLY[@]}""#;
    let replies = said(world.other(&bash).args(["--norc", "-c", script]));
    assert!(replies.lines().count() > 5 && replies.lines().all(|id| id.starts_with("hex-")), "{replies}");
}

#[test]
fn zsh() {
    let Some(zsh) = tool("zsh") else { return };
    let world = project();
    let mut command = world.other(&zsh);
    command.args(["-f", "-i"]).env("PS1", "$ ").env("PROMPT_EOL_MARK", "");
    let mut terminal = Terminal::start(command);
    terminal.expect("$ ");
    terminal
        .press("autoload -Uz compinit; compinit -D -u; source <(envdoctor completions zsh); echo rea''dy\n");
    terminal.expect("ready");
    terminal.press("envdoctor explain hex-mi\t\n");
    terminal.expect("Hex, Mix's package manager, is not installed");
    terminal.press("envdoctor facts tool.hex.v\t\n");
    terminal.expect("$ ");
    terminal.press("envdoctor check --only gpu,lockf\t");
    terminal.expect("envdoctor check --only gpu,lockfile");
    terminal.press("\u{15}envdoctor explain hex-c\t\t");
    terminal.expect("hex-cache-corrupt");
    terminal.expect("hex-checksum-mismatch");
    terminal.press("\u{15}exit\n");
    terminal.finish();
}

#[test]
fn nushell() {
    let Some(nu) = tool("nu") else { return };
    let (world, fix) = mended();
    world.write("project/envdoctor.nu", &world.printed(&["completions", "nushell"]));
    let complete = |line: &str| {
        let script = format!("source envdoctor.nu\n{line}");
        world.write("project/line.nu", &script);
        said(world.other(&nu).args([
            "--no-config-file",
            "--ide-complete",
            &script.len().to_string(),
            "line.nu",
        ]))
    };
    assert!(complete("envdoctor explain hex-m").contains("\"hex-missing\""));
    assert!(complete("envdoctor fix --allow hex-m").contains("\"hex-missing\""));
    assert!(complete("envdoctor undo ").contains(&fix));
    assert!(complete("envdoctor check --only hex-m").contains("\"hex-missing\""));
    assert!(complete("envdoctor check --skip lockf").contains("\"lockfile\""));
    assert!(complete("envdoctor check --only gpu,lockf").contains("\"gpu,lockfile\""));
    assert!(complete("envdoctor facts too").contains("\"tool.\""));
    assert!(complete("envdoctor rules li").contains("rules list"));
    // The commands themselves work as before, whatever options stand behind `--`.
    let script =
        "source envdoctor.nu; envdoctor run -- sh -c 'echo --foo -x'; envdoctor facts env.LC_ALL --plain";
    let ran = said(world.other(&nu).args(["--no-config-file", "-c", script]));
    assert_eq!(ran, "--foo -x\nenv.LC_ALL: C.UTF-8\n");
}

#[test]
fn elvish_and_powershell_are_registered() {
    let world = project();
    assert!(world.printed(&["completions", "elvish"]).contains("edit:completion:arg-completer[envdoctor]"));
    assert!(
        world
            .printed(&["completions", "powershell"])
            .contains("Register-ArgumentCompleter -Native -CommandName envdoctor")
    );
}

#[test]
fn own_rules_are_completed_and_the_project_is_not_looked_at() {
    let Some(strace) = tool("strace") else { return };
    let world = project();
    world.write("envdoctor/rules/house/jammed-door.yaml", "nothing that could be read");
    world.write("project/.envdoctor/rules/jammed-project.yaml", "nothing that could be read");
    let doctor = assert_cmd::cargo::cargo_bin!("envdoctor");
    let mut asked = world.other(&strace);
    asked.args(["-f", "-e", "trace=%file", "-o"]).arg(world.path("trace")).arg(doctor);
    asked.args(["--", "envdoctor", "explain", "jammed-"]).env("ENVDOCTOR_COMPLETE", "fish");
    assert_eq!(said(&mut asked), "jammed-door\ta rule of yours\n");
    let trace = world.read("trace");
    let project = world.path("project").canonicalize().unwrap();
    let inside = format!("{}/", project.display());
    assert!(trace.contains("jammed-door") || trace.contains("rules"), "something was traced");
    let looked: Vec<_> = trace
        .lines()
        .filter(|line| line.contains(&inside) || line.contains("\".envdoctor") || line.contains("\"mix.exs"))
        .collect();
    assert!(looked.is_empty(), "{looked:?}");
}
