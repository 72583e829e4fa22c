//! `shellHook` in the shell of a project's flake, entered by real `nix develop`.

use std::fs;

use crate::flake;
use crate::lab::{Lab, Machine, on_each_machine, output::Ran};
use crate::project::{RULE, broken, healthy, snippet};

/// Runs a command in the project's shell.
fn in_shell(lab: &Lab, script: &str) -> Ran {
    let project = format!("path:{}", lab.inside("project"));
    let nixpkgs = format!("path:{}", lab.inside("nixpkgs"));
    let envdoctor = format!("path:{}", lab.inside("envdoctor-flake"));
    let inputs = ["--override-input", "nixpkgs", &nixpkgs, "--override-input", "envdoctor", &envdoctor];
    let develop = [&["nix", "develop", &project, "--no-write-lock-file"], &inputs[..]].concat();
    lab.run(&[&develop[..], &["--command", "sh", "-c", script]].concat())
}

on_each_machine! {
    tells_in_the_shell needs ["nix", "elixir"];
    host: Machine::Host, trixie: Machine::Root("trixie"), sid: Machine::Root("sid"),
}

fn tells_in_the_shell(mut lab: Lab) {
    flake::bring(&lab);
    // The stand-in builds no program.
    let here = lab.inside("");
    lab.put_on_path(&here);
    lab.write("flake.nix", &snippet("flake.nix"));

    broken(&lab);
    let told = in_shell(&lab, "echo entered");
    told.exits(0).complains(RULE);
    told.must(told.stdout == "entered\n", "stdout is the command's own");

    healthy(&lab);
    let quiet = in_shell(&lab, "echo entered; exit 7");
    quiet.exits(7).must(!quiet.stderr.contains("problem"), "it is quiet when healthy");
    quiet.must(quiet.stdout == "entered\n", "stdout is the command's own");

    fs::remove_file(lab.path("envdoctor")).unwrap();
    in_shell(&lab, "echo entered").exits(0).shows("entered");
}
