//! Every output that the README shows is the output of that command. `UPDATE_README=1` writes it anew.

#![allow(clippy::unwrap_used, clippy::disallowed_methods)]

use assert_cmd::Command;
use regex::Regex;

const README: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/README.md");

/// The README with each console block's output as the command prints it now.
fn redrawn(readme: &str) -> String {
    let blocks = Regex::new(r"(?s)```console\n\$ envdoctor ([^\n]+)\n(.*?)```").unwrap();
    let time = Regex::new(r"\b\d+ ms\b").unwrap();
    let redrawn = blocks.replace_all(readme, |block: &regex::Captures<'_>| {
        let mut command = Command::new(assert_cmd::cargo::cargo_bin!("envdoctor"));
        command.args(block[1].split(' ')).current_dir(env!("CARGO_MANIFEST_DIR")).env("COLUMNS", "80");
        command.env_remove("CLICOLOR_FORCE");
        let output = String::from_utf8(command.output().unwrap().stdout).unwrap();
        assert!(!output.is_empty(), "{} prints nothing", &block[1]);
        // The time is another at each run: the one that stands in the README stays.
        let shown = time.find(&block[2]).map_or("3 ms", |time| time.as_str()).to_owned();
        format!("```console\n$ envdoctor {}\n{}```", &block[1], time.replace_all(&output, shown.as_str()))
    });
    redrawn.into_owned()
}

#[test]
fn the_picture_is_true() {
    let readme = std::fs::read_to_string(README).unwrap();
    assert!(readme.contains("```console\n$ envdoctor "));
    let redrawn = redrawn(&readme);
    if std::env::var_os("UPDATE_README").is_some() {
        std::fs::write(README, &redrawn).unwrap();
    } else {
        assert_eq!(
            readme, redrawn,
            "run `UPDATE_README=1 cargo test --test readme` and look at what changed"
        );
    }
}
