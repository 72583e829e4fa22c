//! Evaluation that fails: the misspelt attribute and what it is taken for, and the flakes of the source document.

use std::fs;

use serde_json::Value;

use crate::lab::{Lab, Machine, on_each_machine, output::Report};

const DEFAULT_NIX: &str = r#"let
  pkgs = {
    elixir_1_17 = "elixir-1.17.3";
    erlang_27 = "erlang-27.3";
  };
in
{
  shell = pkgs.elxir_1_17;
}
"#;

const FLAKE_NIX: &str = r#"{
  outputs = { self }:
    let
      pkgs = { elixir_1_17 = "elixir-1.17.3"; };
    in
    {
      shell = pkgs.elxir_1_17;
    };
}
"#;

on_each_machine! {
    misspelt_attribute needs ["nix-instantiate"];
    host: Machine::Host, trixie: Machine::Root("trixie"), sid: Machine::Root("sid"),
}

fn misspelt_attribute(lab: Lab) {
    let evaluate = ["nix-instantiate", "--eval", "--strict", "default.nix"];
    lab.write("default.nix", DEFAULT_NIX);
    lab.run(&evaluate).exits(1).complains("attribute 'elxir_1_17' missing");

    fails_by_attribute(&lab, &evaluate, "default.nix", ("8", "11"));
    lab.doctor(&["fix", "--yes=project"]).exits(0).shows_diff("elxir_1_17", "elixir_1_17");
    assert_eq!(lab.read("default.nix"), DEFAULT_NIX.replace("elxir", "elixir"));
    lab.run(&evaluate).exits(0).shows("elixir-1.17.3");
}

on_each_machine! {
    misspelt_attribute_in_a_flake needs ["nix", "git"];
    host: Machine::Host, trixie: Machine::Root("trixie"), sid: Machine::Root("sid"),
}

/// Nix up to 2.26 names the flake's copy in its store; what must be edited is the project's own file.
fn misspelt_attribute_in_a_flake(lab: Lab) {
    let evaluate = ["nix", "eval", ".#shell"];
    in_git(&lab, FLAKE_NIX);
    lab.run(&evaluate).exits(1).complains("attribute 'elxir_1_17' missing");

    fails_by_attribute(&lab, &evaluate, "flake.nix", ("7", "15"));
    lab.doctor(&["fix", "--yes=project"]).exits(0).shows_diff("elxir_1_17", "elixir_1_17");
    assert_eq!(lab.read("flake.nix"), FLAKE_NIX.replace("elxir", "elixir"));
    lab.run(&evaluate).exits(0).shows("elixir-1.17.3");
}

/// `run` names the attribute and where it stands, in its words and in its report.
fn fails_by_attribute(lab: &Lab, evaluate: &[&str], file: &str, (line, column): (&str, &str)) {
    let words = [&["run", "--report", "report.json", "--"], evaluate].concat();
    let ran = lab.doctor(&words);
    ran.exits(1).complains("missing-attribute").complains("elixir_1_17").complains(file);

    let report: Value = serde_json::from_str(&lab.read("report.json")).unwrap();
    let report = Report::new(report);
    let first = report.first("missing-attribute");
    assert_eq!(first.capture("attribute"), "elxir_1_17");
    assert!(first.capture("file").ends_with(file), "{first:#?}");
    assert_eq!((first.capture("line").as_str(), first.capture("column").as_str()), (line, column));
}

/// A flake in a Git repository of its own.
fn in_git(lab: &Lab, flake: &str) {
    lab.write("flake.nix", flake);
    lab.run(&["git", "init", "--quiet"]).exits(0);
    lab.run(&["git", "add", "flake.nix"]).exits(0);
}

on_each_machine! {
    look_alikes needs ["nix", "git"];
    host: Machine::Host, trixie: Machine::Root("trixie"), sid: Machine::Root("sid"),
}

fn look_alikes(lab: Lab) {
    lab.write("undefined.nix", "let\n  pkgs = { erlang_27 = 27; };\nin\n[ pkgs.erlang_27 erlnag_27 ]\n");
    let undefined = first_of(
        &lab,
        &["nix-instantiate", "--eval", "--strict", "undefined.nix"],
        "undefined variable 'erlnag_27'",
        "undefined-variable",
    );
    assert_eq!(undefined, ["undefined-variable"]);

    in_git(&lab, &FLAKE_NIX.replace("elxir", "elixir"));
    for command in [["nix", "eval", ".#shel"], ["nix", "build", ".#nothing"]] {
        first_of(&lab, &command, "does not provide attribute", "flake-missing-output");
    }
}

on_each_machine! {
    changed_flake_input needs ["nix", "git", "tar"];
    host: Machine::Host, trixie: Machine::Root("trixie"), sid: Machine::Root("sid"),
}

/// A flake.lock whose narHash is not that of the input, for each way to fetch one.
fn changed_flake_input(lab: Lab) {
    fs::create_dir(lab.path("input")).unwrap();
    fs::write(lab.path("input/flake.nix"), "{ outputs = { self }: { lib.answer = 42; }; }\n").unwrap();
    lab.run(&["tar", "-C", "..", "-czf", "../input.tar.gz", "input"]).exits(0);
    lab.run(&["cp", "-r", "../input", "../repository"]).exits(0);
    for git in [&["init", "--quiet"][..], &["add", "."], &["commit", "--quiet", "--message", "First"]] {
        let named = ["git", "-c", "user.name=Somebody", "-c", "user.email=somebody@example.org"];
        lab.run_in("repository", &[&named[..], git].concat(), b"").exits(0);
    }

    let (folder, tarball) = (lab.inside("input"), lab.inside("input.tar.gz"));
    for url in [
        format!("path:{folder}"),
        format!("file://{tarball}"),
        format!("git+file://{}", lab.inside("repository")),
    ] {
        lab.write(
            "flake.nix",
            &format!("{{\n  inputs.dep.url = \"{url}\";\n  outputs = {{ self, dep }}: {{ answer = dep.lib.answer; }};\n}}\n"),
        );
        let flake = format!("path:{}", lab.inside("project"));
        lab.run(&["nix", "flake", "lock", &flake]).exits(0);
        lab.write("flake.lock", &with_other_hash(&lab.read("flake.lock")));
        let answer = format!("{flake}#answer");
        // In the words of Nix 2.8, of 2.34, and of 2.26 (and 2.34 for a tarball).
        first_of(&lab, &["nix", "eval", &answer], "ismatch in ", "flake-input-nar-hash-mismatch");
        fs::remove_file(lab.project().join("flake.lock")).unwrap();
    }
}

/// The lock file with a narHash that no input has.
fn with_other_hash(lock: &str) -> String {
    let mut lock: Value = serde_json::from_str(lock).unwrap();
    let locked = lock.pointer_mut("/nodes/dep/locked/narHash").unwrap();
    *locked = Value::from("sha256-AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=");
    serde_json::to_string_pretty(&lock).unwrap()
}

on_each_machine! {
    sample_flakes_of_the_source needs ["nix"];
    host: Machine::Host, trixie: Machine::Root("trixie"), sid: Machine::Root("sid"),
}

/// None of them parses: a ';' is missing after the shell.
fn sample_flakes_of_the_source(first: Lab) {
    let samples = concat!(env!("CARGO_MANIFEST_DIR"), "/fixtures/projects/source-sample-flake-*/flake.nix");
    let samples: Vec<_> = glob::glob(samples).unwrap().map(Result::unwrap).collect();
    assert!(samples.len() >= 3, "sample flakes: {samples:?}");
    for sample in samples {
        let lab = first.another();
        let text = fs::read_to_string(&sample).unwrap();
        lab.write("flake.nix", &text);
        let flake = format!("path:{}", lab.inside("project"));
        let roots = first_of(
            &lab,
            &["nix", "develop", &flake],
            "syntax error, unexpected '}', expecting ';'",
            "nix-syntax-error",
        );
        assert_eq!(roots, ["nix-syntax-error"], "{}", sample.display());
        lab.doctor(&["run", "--", "nix", "develop", &flake]).exits(1).complains("flake.nix");
    }
}

/// The diagnoses of what a failing tool printed, of which the first must be this one.
#[track_caller]
fn first_of(lab: &Lab, tool: &[&str], words: &str, rule: &str) -> Vec<String> {
    let ran = lab.run(tool);
    ran.fails().complains(words);
    lab.write("tool.log", &ran.all());
    let diagnosed = lab.doctor(&["diagnose", "--format", "json", "tool.log"]);
    diagnosed.exits(1);
    let report = diagnosed.report();
    report.first(rule);
    fs::remove_file(lab.project().join("tool.log")).unwrap();
    report.roots().into_iter().map(str::to_owned).collect()
}
