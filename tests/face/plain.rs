//! `--plain`: every line can be listened to by itself. And locales without UTF-8.

use std::process::Stdio;

use regex::Regex;

use crate::tools::project;
use crate::world::World;

/// Runs commands of every kind, each with its output.
fn everything(world: &World, options: &[&str]) -> Vec<(String, String)> {
    let commands: &[&[&str]] = &[
        &["check"],
        &["check", "-v"],
        &["diagnose", "build.log"],
        &["diagnose", "-v", "build.log"],
        &["diagnose", "other.log"],
        &["run", "--", "sh", "-c", "cat build.log; exit 1"],
        &["fix", "--dry-run"],
        &["fix", "--log", "hash.log", "--yes=project"],
        &["history"],
        &["undo", "--yes"],
        &["versions"],
        &["facts"],
        &["facts", "-v"],
        &["explain", "hex-missing"],
        &["rules", "list"],
        &["rules", "test", "--rules", "own", "--without-built-in"],
        &["rules", "lint", "--rules", "own", "--without-built-in"],
        &["trust", "--yes"],
        &["report", "--yes"],
    ];
    let mut outputs = Vec::new();
    for args in commands {
        let output = world.doctor(options).args(*args).stdin(Stdio::null()).output().unwrap();
        // Of `run` only stderr is ours.
        let ours = if args[0] == "run" { output.stderr } else { [output.stdout, output.stderr].concat() };
        outputs.push((args.join(" "), String::from_utf8(ours).unwrap()));
    }
    outputs
}

fn world() -> World {
    let world = project();
    world.write("project/other.log", "checking the frobnicator\nerror: the frobnicator is jammed\n");
    world.write("project/hash.log", "error: hash mismatch in fixed-output derivation '/nix/store/xjvlx6ji5nnbpxm0nzkg08myshhpxpdj-source.txt.drv':\n         specified: sha256-AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\n            got:    sha256-WJG1tSLV3whtD/CxEPvZ0hu0/HFjrzTQgoai6Eb2vgM=\n");
    world.write(
        "project/fod.nix",
        "derivation {\n  outputHash = \"sha256-AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\";\n}\n",
    );
    world.write("project/.tool-versions", "elixir 1.17.3-otp-27\nnodejs 22.1.0\n");
    world.write(
        "project/own/jammed.yaml",
        "id: jammed\ntitle: It jams\nseverity: error\nfamily: house\nsince: 0.1.0\nexplanation: E\nsymptoms: ['frobnicator at (?<place>\\S+)']\nremedies: [{title: Wait, tell: A while.}]\nexamples: [the frobnicator is jammed]\n",
    );
    world
}

#[test]
fn every_line_begins_with_a_word() {
    // A word or a number, a name with dots, a file, an address, or code that a rule's text begins with. A log's line that a
    // page shows stands as it is.
    let begins = Regex::new(r#"^[\p{L}\p{N}`~/"'(<{$*._:%-]"#).unwrap();
    for (command, text) in everything(&world(), &["--plain"]) {
        assert!(!text.is_empty(), "{command}");
        for line in text.lines().filter(|line| !line.is_empty()) {
            assert!(begins.is_match(line), "{command}: {line:?}\n{text}");
            assert!(!line.contains(['✗', '✓', '│', '╭', '·', '\u{1b}']), "{command}: {line:?}");
            assert!(!line.starts_with(" ") && !line.starts_with("| "), "{command}: {line:?}");
        }
    }
}

#[test]
fn nothing_is_aligned_by_runs_of_spaces() {
    for (command, text) in everything(&world(), &["--plain"]) {
        // A log's own lines and a rule's own texts have what spaces they have.
        let own = |line: &&str| {
            line.contains("   ")
                && !line.starts_with("line ")
                && !line.contains("got:")
                && !command.starts_with("explain")
        };
        let aligned: Vec<_> = text.lines().filter(own).collect();
        assert!(aligned.is_empty(), "{command}: {aligned:?}");
    }
}

#[test]
fn the_words_are_there() {
    let world = world();
    let diagnosed = world.printed(&["diagnose", "--plain", "hash.log"]);
    for line in [
        "error: The source 'source.txt' does not have the hash that its expression states\n",
        "\nrule: fixed-output-hash-mismatch\n",
        "\nline 1: error: hash mismatch in",
        "\nwhy: A fixed-output derivation",
        "\nfix: Replace the hash",
        "\nrisk: project\n",
        "\nedit: fod.nix\n",
        "\nremove line 2: outputHash = \"sha256-AAAA",
        "\nadd line 2: outputHash = \"sha256-WJG1",
        "\nor: Update the input",
        "\nsummary: 1 problem, ",
    ] {
        assert!(diagnosed.contains(line), "{line:?} is not in\n{diagnosed}");
    }
    let unknown = world.printed(&["diagnose", "--plain", "other.log"]);
    assert!(
        unknown.starts_with("unknown: This failure is not one")
            && unknown.contains("\nline 2: error: the frob"),
        "{unknown}"
    );
    let listed = world.printed(&["rules", "list", "--plain"]);
    assert!(listed.contains("hex-missing: Hex, Mix's package manager, is not installed (beam)\n"));
    assert!(world.printed(&["facts", "env.LC_ALL", "--plain"]).starts_with("env.LC_ALL: C.UTF-8\n"));
    let output = world.doctor(&["facts", "env.LC_ALL"]).env("ENVDOCTOR_PLAIN", "yes").output().unwrap();
    assert_eq!(String::from_utf8_lossy(&output.stdout), "env.LC_ALL: C.UTF-8\n");
}

#[test]
fn mistakes_are_told_without_excerpts() {
    let world = world();
    world.write("project/own/wrong-rule.yaml", "id: wrong-rule\ntitel: It jams\nseverity: error\n");
    let output = world.doctor(&["rules", "list", "--plain", "--rules", "own"]).output().unwrap();
    assert_eq!(output.status.code(), Some(2));
    let told = String::from_utf8(output.stderr).unwrap();
    assert!(told.contains("wrong-rule.yaml:2:1: ") && told.contains("help: "), "{told}");
    let begins = Regex::new(r"^[a-z]+: ").unwrap();
    assert!(told.lines().all(|line| begins.is_match(line)), "{told}");
}

#[test]
fn without_utf8_no_sign_of_ours_is_left() {
    let world = world();
    for locale in [("LC_ALL", "C"), ("LC_ALL", "de_DE.ISO-8859-1"), ("LC_ALL", "POSIX")] {
        for args in [
            &["diagnose", "hash.log"][..],
            &["versions"],
            &["check"],
            &["explain", "hex-missing"],
            &["facts", "-v"],
        ] {
            let output = world.doctor(args).envs([locale]).output().unwrap();
            let text = String::from_utf8(output.stdout).unwrap();
            assert!(text.is_ascii(), "{locale:?} {args:?}\n{text}");
        }
    }
    let drawn = |name: &str, value: &str| {
        let output = world
            .doctor(&["diagnose", "hash.log"])
            .env_remove("LC_ALL")
            .env_remove("LANG")
            .env(name, value)
            .output();
        String::from_utf8(output.unwrap().stdout).unwrap()
    };
    assert!(drawn("LC_ALL", "C").starts_with("error: The source"));
    assert!(drawn("LC_CTYPE", "en_US.ISO-8859-1").starts_with("error: The source"));
    assert!(drawn("LANG", "C.UTF-8").starts_with("✗ The source"));
    assert!(drawn("LC_ALL", "").starts_with("✗ The source"), "none is set");
}

#[test]
fn who_is_healthy_reads_one_line() {
    let world = World::new();
    world.write("project/README", "all went well\n");
    let text = world.printed(&["diagnose", "README"]);
    assert_eq!(text.lines().count(), 1, "{text}");
    world.write("project/own/house-jams.yaml", "id: house-jams\ntitle: A\nseverity: error\nfamily: house\nsince: 0.1.0\nexplanation: E\nchecks: {fact: os.family, equals: vms}\nremedies: [{title: Wait, tell: A while.}]\n");
    let text = world.printed(&["check", "--rules", "own", "--without-built-in"]);
    assert!(text.starts_with("Healthy") && text.lines().count() == 1, "{text}");
}
