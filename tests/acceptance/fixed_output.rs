//! A fixed-output derivation whose hash is wrong: named, repaired in the file's own notation, and built.

use std::fs;

use walkdir::WalkDir;

use crate::lab::{Lab, Machine, on_each_machine};

/// The hash of what the derivation makes (a file with "hello"), in each notation that Nix knows.
const SRI: &str = "sha256-WJG1tSLV3whtD/CxEPvZ0hu0/HFjrzTQgoai6Eb2vgM=";
const BASE_32: &str = "00xyyr3fi8l6hb839bv3f7yb86yjv7xi1cgh1xnhipym4asvb4aq";
const BASE_16: &str = "5891b5b522d5df086d0ff0b110fbd9d21bb4fc7163af34d08286a2e846f6be03";

/// What stands in the file, and what must stand there after the repair.
const NOTATIONS: &[(&str, &str)] = &[
    (r#""sha256-q8b9WV/AedMRTUtxpNhLHR0Ped8ecPiBMhLypl2JFt8=""#, SRI),
    (r#""sha256-AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=""#, SRI),
    (r#""1pqni5fsdwhj6a0zhw0yvxwhy78x9gca8wab9l8x6yf0bxczvimb""#, BASE_32),
    (r#""0000000000000000000000000000000000000000000000000000""#, BASE_32),
    (r#""abc6fd595fc079d3114d4b71a4d84b1d1d0f79df1e70f8813212f2a65d8916df""#, BASE_16),
    (r#""0000000000000000000000000000000000000000000000000000000000000000""#, BASE_16),
    (r#""""#, SRI),
    ("lib.fakeHash", SRI),
];

/// A derivation that needs nothing but a shell; `lib` stands outside the project, as nixpkgs' does.
fn derivation(name: &str, hash: &str) -> String {
    format!(
        r#"let
  lib = import ../lib.nix;
in
derivation {{
  name = "{name}";
  system = builtins.currentSystem;
  builder = "/bin/sh";
  args = [ "-c" "echo hello > $out" ];
  outputHashMode = "flat";
  outputHashAlgo = "sha256";
  outputHash = {hash};
}}
"#
    )
}

const LIB: &str = r#"{ fakeHash = "sha256-AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="; }"#;

on_each_machine! {
    every_notation needs ["nix-build"];
    host: Machine::Host, trixie: Machine::Root("trixie"), sid: Machine::Root("sid"),
}

fn every_notation(first: Lab) {
    for (old, new) in NOTATIONS {
        let lab = first.another();
        fs::write(lab.path("lib.nix"), LIB).unwrap();
        let broken = derivation("greeting", old);
        lab.write("fod.nix", &broken);

        let alone = lab.run(&["nix-build", "fod.nix"]);
        alone.fails().complains("hash mismatch in fixed-output derivation");

        let ran = lab.doctor(&["run", "--", "nix-build", "fod.nix"]);
        ran.exits(alone.code()).complains("hash mismatch in fixed-output derivation");
        ran.complains("fixed-output-hash-mismatch").complains(SRI);

        let plan = lab.doctor(&["fix", "--dry-run"]);
        plan.shows_diff(old, new);
        assert_eq!(lab.read("fod.nix"), broken, "--dry-run changes nothing");
        let refusal = lab.doctor(&["fix"]);
        refusal.fails().shows(new);
        assert_eq!(lab.read("fod.nix"), broken, "without a terminal and --yes nothing changes");
        let too_little = lab.doctor(&["fix", "--yes"]);
        too_little.fails();
        assert_eq!(lab.read("fod.nix"), broken, "--yes alone covers no change of the project");

        let fix = lab.doctor(&["fix", "--yes=project"]);
        fix.exits(0).shows_diff(old, new);
        assert_eq!(lab.read("fod.nix"), derivation("greeting", &format!("\"{new}\"")));
        lab.run(&["nix-build", "fod.nix"]).exits(0);
        assert!(holds_copy(&lab, &broken), "no backup of the old file in {}", lab.state().display());
    }
}

on_each_machine! {
    hash_in_another_file needs ["nix-build"];
    host: Machine::Host, trixie: Machine::Root("trixie"), sid: Machine::Root("sid"),
}

fn hash_in_another_file(lab: Lab) {
    let (old, new) = NOTATIONS[0];
    let source = |hash: &str| derivation("greeting", hash).replace("import ../lib.nix", "{ }");
    lab.write("nix/source.nix", &source(old));
    lab.write("default.nix", "import ./nix/source.nix\n");

    lab.doctor(&["run", "--", "nix-build"]).fails().complains("fixed-output-hash-mismatch");
    lab.doctor(&["fix", "--yes=project"]).exits(0);
    assert_eq!(lab.read("nix/source.nix"), source(&format!("\"{new}\"")));
    assert_eq!(lab.read("default.nix"), "import ./nix/source.nix\n");
}

on_each_machine! {
    same_placeholder_twice needs ["nix-build"];
    host: Machine::Host, trixie: Machine::Root("trixie"),
}

/// Which of two placeholders belongs to the hash is not known: guessing would break the other.
fn same_placeholder_twice(lab: Lab) {
    let (placeholder, _) = NOTATIONS[1];
    for name in ["one", "two"] {
        let text = derivation(name, placeholder).replace("import ../lib.nix", "{ }");
        lab.write(&format!("{name}.nix"), &text);
    }
    lab.doctor(&["run", "--", "nix-build", "one.nix"]).fails().complains("fixed-output-hash-mismatch");

    lab.doctor(&["fix", "--yes=project"]).fails();
    for file in ["one.nix", "two.nix"] {
        assert!(lab.read(file).contains(placeholder), "{file} was edited by a guess");
    }
}

/// Whether a file with this content lies beneath envdoctor's state.
fn holds_copy(lab: &Lab, content: &str) -> bool {
    WalkDir::new(lab.state()).into_iter().filter_map(Result::ok).any(|entry| {
        entry.file_type().is_file() && fs::read(entry.path()).is_ok_and(|held| held == content.as_bytes())
    })
}
