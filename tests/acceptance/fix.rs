//! What `fix` says of what it did: true whatever came of it.

use crate::lab::{Lab, Machine, on_each_machine};

const TWO_WRONG_HASHES: &str = r#"let
  file = name: hash: derivation {
    inherit name;
    system = builtins.currentSystem;
    builder = "/bin/sh";
    args = [ "-c" "echo ${name} > $out" ];
    outputHashMode = "flat";
    outputHashAlgo = "sha256";
    outputHash = hash;
  };
in {
  one = file "one" "1111111111111111111111111111111111111111111111111111";
  two = file "two" "1222222222222222222222222222222222222222222222222222";
}
"#;

on_each_machine! {
    two_failures_in_one_file needs ["nix-build"];
    host: Machine::Host, trixie: Machine::Root("trixie"), sid: Machine::Root("sid"),
}

fn two_failures_in_one_file(lab: Lab) {
    lab.write("default.nix", TWO_WRONG_HASHES);
    lab.doctor(&["run", "--", "nix-build", "--keep-going"]).fails();
    let fix = lab.doctor(&["fix", "--yes=project", "--format", "json"]).exits(0).json();
    let outcomes = fix["outcomes"].as_array().unwrap();
    assert_eq!(outcomes.len(), 2, "{fix:#}");
    assert!(outcomes.iter().all(|outcome| outcome["outcome"] == "fixed"), "{fix:#}");
    lab.run(&["nix-build"]).exits(0);
}

on_each_machine! {
    a_remedy_that_fails needs ["mix"];
    host: Machine::Host,
}

/// Hex cannot be downloaded without a network: the remedy's own failure is diagnosed too.
fn a_remedy_that_fails(mut lab: Lab) {
    lab.unplug();
    lab.write(
        "mix.exs",
        "defmodule A.MixProject do\n  use Mix.Project\n  def project, do: [app: :a, version: \"0.1.0\", deps: [{:jason, \"~> 1.4\"}]]\nend\n",
    );
    lab.doctor(&["run", "--", "mix", "deps.get"]).fails().complains("hex-missing");
    let fix = lab.doctor(&["fix", "--yes=user"]);
    fix.fails().shows("failed: Install Hex").shows("hex-install-download-failed");
}

#[test]
fn a_command_that_fails_in_silence_is_not_called_healthy() {
    let Some(lab) = Lab::host(&[]) else { return };
    let ran = lab.doctor(&["run", "--", "false"]);
    ran.exits(1).complains("printed nothing");
    ran.must(!ran.all().contains("Healthy"), "it failed");
    let fix = lab.doctor(&["fix"]);
    fix.fails().must(!fix.all().contains("Healthy"), "it failed");
}

#[test]
fn an_empty_log_is_nothing_to_repair() {
    let Some(lab) = Lab::host(&[]) else { return };
    lab.write("empty.log", "\n");
    lab.doctor(&["fix", "--log", "empty.log"]).exits(2).complains("empty");
}

#[test]
fn nothing_happens_without_consent_however_small_the_risk() {
    let Some(lab) = Lab::host(&[]) else { return };
    lab.write(
        "rules/touching.yaml",
        "id: touching\ntitle: T\nseverity: error\nfamily: house\nsince: 0.1.0\nexplanation: E\n\
         symptoms: [touch me not]\nremedies:\n  - {title: Touch, risk: none, run: [touch, touched]}\nexamples: [touch me not]\n",
    );
    lab.write("a.log", "touch me not\n");
    let asked = lab.doctor(&["fix", "--rules", "rules", "--log", "a.log"]);
    asked.shows("--yes=none would allow it");
    assert!(!lab.project().join("touched").exists());
    lab.doctor(&["fix", "--rules", "rules", "--log", "a.log", "--yes=none"]).exits(3).shows("not verified");
    assert!(lab.project().join("touched").exists());
}

#[test]
fn what_cannot_be_printed_is_no_success() {
    let Some(lab) = Lab::host(&["sh"]) else { return };
    let full = lab.run(&["sh", "-c", "exec \"$0\" rules list > /dev/full", &lab.inside("envdoctor")]);
    full.exits(2).complains("stdout");
    lab.run(&["sh", "-c", "\"$0\" rules list | head -1", &lab.inside("envdoctor")]).exits(0);
}
