//! Misspelt attributes where more than the obvious place could be edited: just the one that fails is.

use serde_json::Value;

use crate::lab::{Lab, Machine, on_each_machine};

const EVALUATE: [&str; 4] = ["nix-instantiate", "--eval", "--strict", "default.nix"];

on_each_machine! {
    one_of_several_places needs ["nix-instantiate"];
    host: Machine::Host, trixie: Machine::Root("trixie"), sid: Machine::Root("sid"),
}

fn one_of_several_places(first: Lab) {
    for (wrong, right) in [
        (
            r#"let s = { elixir = "1.17"; }; in { elxir = s.elxir; desc = "the elxir tool"; }.elxir"#,
            r#"let s = { elixir = "1.17"; }; in { elxir = s.elixir; desc = "the elxir tool"; }.elxir"#,
        ),
        (
            r#"let s = { "my pkg" = 1; "my pkgs" = 2; }; in [ "my pgk" s."my pgk" ]"#,
            r#"let s = { "my pkg" = 1; "my pkgs" = 2; }; in [ "my pgk" s."my pkg" ]"#,
        ),
        (r#"let s = { "a b" = 1; }; in s.a_b"#, r#"let s = { "a b" = 1; }; in s."a b""#),
        (
            r#"let s = { elixir = 1; }; in [ "é" (let inherit (s) elxir; in elxir) s.elixir ]"#,
            r#"let s = { elixir = 1; }; in [ "é" (let inherit (s) elixir; in elxir) s.elixir ]"#,
        ),
    ] {
        let lab = first.another();
        lab.write("default.nix", wrong);
        lab.doctor(&[&["run", "--"], &EVALUATE[..]].concat()).exits(1).complains("missing-attribute");
        lab.doctor(&["fix", "--yes=project"]).shows_diff(wrong, right);
        assert_eq!(lab.read("default.nix"), right);
    }
}

on_each_machine! {
    name_that_is_put_together needs ["nix-instantiate"];
    host: Machine::Host, trixie: Machine::Root("trixie"), sid: Machine::Root("sid"),
}

/// The name stands nowhere, only its parts do: the reason is told, and nothing is edited.
fn name_that_is_put_together(lab: Lab) {
    let text =
        "let s = { elixir_1_17 = 1; }; v = \"1_17\"; elxir_1_17 = 1; in s.\"elxir_${v}\" + elxir_1_17\n";
    lab.write("default.nix", text);
    let ran = lab.doctor(&[&["run", "--"], &EVALUATE[..]].concat());
    ran.exits(1).complains("not done").complains("written out");
    lab.doctor(&["fix", "--yes=project"]).fails();
    assert_eq!(lab.read("default.nix"), text);
}

on_each_machine! {
    flake_in_a_folder needs ["nix", "git"];
    host: Machine::Host, trixie: Machine::Root("trixie"), sid: Machine::Root("sid"),
}

/// Nix up to 2.26 names the copy in its store; a person is told of their own file.
fn flake_in_a_folder(lab: Lab) {
    lab.write("sub/flake.nix", "{\n  outputs = { self }: {\n    shell = { elixir = 1; }.elxir;\n  };\n}\n");
    lab.run(&["git", "init", "--quiet"]).exits(0);
    lab.run(&["git", "add", "."]).exits(0);
    lab.doctor(&["run", "--report", "report.json", "--", "nix", "eval", "./sub#shell"]).exits(1);
    let report: Value = serde_json::from_str(&lab.read("report.json")).unwrap();
    let message = report["diagnoses"][0]["message"].as_str().unwrap();
    assert!(message.contains("sub/flake.nix:3:13") && !message.contains("/nix/store"), "{message}");
    lab.doctor(&["fix", "--yes=project"]).exits(0).shows_diff(".elxir", ".elixir");
}
