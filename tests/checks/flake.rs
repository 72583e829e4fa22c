//! The project's Nix side: flake.nix, flake.lock, shell.nix, and the scripts beside them.

use std::fs;

use crate::project::Project;
use crate::recorded::check;

const NIXPKGS: &str = "inputs.nixpkgs.url = \"github:NixOS/nixpkgs/nixos-unstable\";";

#[track_caller]
fn fires(files: &[(&str, &str)], rule: &str, headline: &str, places: &[&str]) {
    let found = Project::new(files).finding(rule).unwrap_or_else(|| panic!("{rule} is not found"));
    assert!(found.message.contains(headline), "{found:?}");
    assert_eq!(found.places, places);
}

#[track_caller]
fn quiet(files: &[(&str, &str)], rule: &str) {
    Project::new(files).is_free_of(rule);
}

fn outputs(body: &str) -> String {
    format!("{{\n  {NIXPKGS}\n  outputs = {{ self, nixpkgs }}: {body};\n}}\n")
}

#[test]
fn a_flake_that_does_not_parse() {
    let rule = "nix-syntax-error";
    let broken = "{\n  outputs = { self }: {\n    a = { b = 1; }\n  };\n}\n";
    fires(&[("flake.nix", broken)], rule, "';' is missing after the value of `a`", &["flake.nix:3:19"]);
    fires(&[("shell.nix", "{ a = [ 1 }")], rule, "shell.nix does not parse: '}'", &["shell.nix:1:11"]);
    fires(&[("flake.nix", "let a = 1; in { }")], rule, "a flake is one set", &["flake.nix:1:1"]);
    quiet(&[("flake.nix", &broken.replace("; }\n", "; };\n")), ("shell.nix", "{ a = [ 1 ]; }")], rule);
}

#[test]
fn the_missing_semicolon_is_inserted() {
    let project = Project::new(&[("flake.nix", "{\n  outputs = { self }: {\n    é = \"é\"\n  };\n}\n")]);
    // `é` is no name in Nix: nothing is offered that would not help.
    let said = project.says(&["fix", "--yes=project"]);
    assert!(!said.text.contains("fixed: Insert"), "{}", said.text);
    let project = Project::new(&[("flake.nix", "{\n  outputs = { self }: {\n    a = \"é\"\n  };\n}\n")]);
    let said = project.says(&["fix", "--yes=project"]);
    assert!(
        said.text.contains("fixed: Insert the ';' that is missing in flake.nix, line 3"),
        "{}",
        said.text
    );
    assert_eq!(said.code, 0, "{}", said.text);
    assert_eq!(project.read("flake.nix"), "{\n  outputs = { self }: {\n    a = \"é\";\n  };\n}\n");
}

/// The sample flakes of the document that the project started from: they do not parse, and more is wrong with them.
#[test]
fn the_sample_flakes() {
    let common = [
        ("flake-output-without-system", "devShells.default"),
        ("nixpkgs-flake-used-as-packages", "has no mkShell"),
    ];
    let attributes = "nixpkgs-attribute-impossible";
    for (number, semicolon, next) in [
        (
            1,
            "flake.nix:30:6",
            [
                (attributes, "has beamPackages.erlang_27, credo, dialyxir, excoveralls"),
                ("flake-input-undeclared", "nixpkgs"),
            ],
        ),
        (
            2,
            "flake.nix:23:6",
            [
                (attributes, "has asdf_2_7_5, asdf_elixir_1_17_3"),
                ("asdf-command-of-another-version", "asdf elixir local"),
            ],
        ),
        (3, "flake.nix:47:6", [("undefined-variable", "pkgs"), ("nixpkgs-release-ended", "nixos-24.05")]),
    ] {
        let sample = format!("{}/fixtures/projects/source-sample-flake-{number}", env!("CARGO_MANIFEST_DIR"));
        let text = fs::read_to_string(format!("{sample}/flake.nix")).unwrap();
        let project = Project::new(&[("flake.nix", &text)]);
        let report = project.check();
        assert_eq!((report.rules()[0], report.code), ("nix-syntax-error", 1), "{:#}", report.json);
        let found = report.finding("nix-syntax-error").unwrap();
        assert!(found.message.ends_with("';' is missing after the value of `outputs`"), "{found:?}");
        assert_eq!(found.places, [semicolon]);
        project.says(&["fix", "--yes=project"]);
        let report = project.check();
        assert_eq!(report.finding("nix-syntax-error"), None);
        for (rule, headline) in common.into_iter().chain(next) {
            let found = report.finding(rule).unwrap_or_else(|| panic!("flake {number}: {rule}"));
            assert!(found.message.contains(headline), "{found:?}");
        }
    }
}

#[test]
fn attributes_that_no_nixpkgs_has() {
    let rule = "nixpkgs-attribute-impossible";
    let shell = |package: &str| {
        outputs(&format!("let pkgs = nixpkgs.legacyPackages.x86_64-linux; in {{ x = [ pkgs.{package} ]; }}"))
    };
    let place = &["flake.nix:3:91"];
    fires(&[("flake.nix", &shell("elixir_1_17_3"))], rule, "No nixpkgs has elixir_1_17_3", place);
    fires(&[("shell.nix", "{ pkgs }: pkgs.credo")], rule, "No nixpkgs has credo", &["shell.nix:1:11"]);
    quiet(&[("flake.nix", &shell("elixir_1_17"))], rule);
    quiet(&[("shell.nix", "{ pkgs }: (pkgs.extend (final: prev: { credo = 1; })).credo")], rule);
}

#[test]
fn the_flake_is_not_its_packages() {
    let rule = "nixpkgs-flake-used-as-packages";
    let text = outputs("{ x = nixpkgs.mkShell { }; }");
    fires(&[("flake.nix", &text)], rule, "has no mkShell", &["flake.nix:3:38"]);
    quiet(
        &[("flake.nix", &text.replace("nixpkgs.mkShell", "nixpkgs.legacyPackages.x86_64-linux.mkShell"))],
        rule,
    );
}

#[test]
fn a_shell_without_a_system() {
    let rule = "flake-output-without-system";
    let text = outputs("let pkgs = import nixpkgs { }; in { devShells.default = pkgs.mkShell { }; }");
    fires(&[("flake.nix", &text)], rule, "defines devShells.default without a system", &["flake.nix:3:68"]);
    quiet(&[("flake.nix", &text.replace("devShells.default", "devShells.aarch64-darwin.default"))], rule);
}

#[test]
fn inputs_that_nothing_declares() {
    let undeclared = "{ outputs = { self, nixpkgs }: { }; }";
    fires(&[("flake.nix", undeclared)], "flake-input-undeclared", "no input nixpkgs", &["flake.nix:1:21"]);
    quiet(&[("flake.nix", undeclared)], "flake-registry-lookup-failed");
    let unknown = "{ outputs = { self, mlx-tools }: { }; }";
    fires(
        &[("flake.nix", unknown)],
        "flake-registry-lookup-failed",
        "no input mlx-tools",
        &["flake.nix:1:21"],
    );
    quiet(&[("flake.nix", &outputs("{ }"))], "flake-input-undeclared");
}

#[test]
fn inputs_that_outputs_does_not_take() {
    let rule = "flake-input-not-accepted";
    let text = outputs("{ }").replace("{ self, nixpkgs }:", "{ nixpkgs }:");
    fires(&[("flake.nix", &text)], rule, "does not take self", &["flake.nix:3:13"]);
    quiet(&[("flake.nix", &text.replace("{ nixpkgs }:", "{ nixpkgs, ... }:"))], rule);
    quiet(&[("flake.nix", &text.replace("{ nixpkgs }:", "inputs:"))], rule);
}

#[test]
fn a_name_that_nothing_defines() {
    let rule = "undefined-variable";
    let text = outputs("{ x = with pkgs; [ elixir ]; }");
    let files: &[(&str, &str)] = &[("flake.nix", &text)];
    let found = Project::new(files).finding(rule).unwrap();
    assert!(found.message.contains("nothing defines: pkgs"), "{found:?}");
    assert!(found.places.contains(&"flake.nix:3:43".to_owned()), "{found:?}");
    quiet(&[("flake.nix", &text.replace("{ x", "let pkgs = import nixpkgs { }; in { x"))], rule);
}

#[test]
fn files_that_git_does_not_track() {
    let rule = "untracked-file";
    let project = Project::new(&[("flake.nix", &outputs("{ x = import ./nix/x.nix; }")), ("nix/x.nix", "1")]);
    assert_eq!(project.finding(rule), None, "there is no repository");
    project.git(&["init", "-q"]);
    project.git(&["add", "flake.nix"]);
    let found = project.finding(rule).unwrap();
    assert!(found.message.contains("Git does not track nix/x.nix"), "{found:?}");
    assert_eq!(found.places, ["flake.nix:3:45"]);
    project.git(&["add", "--intent-to-add", "nix/x.nix"]);
    project.is_free_of(rule);
}

#[test]
fn a_release_that_has_ended() {
    let rule = "nixpkgs-release-ended";
    let text = outputs("{ }");
    let old = text.replace("nixos-unstable", "nixos-24.05");
    fires(&[("flake.nix", &old)], rule, "nixos-24.05 (maintained until 2024-12-31)", &["flake.nix:2:3"]);
    quiet(&[("flake.nix", &text)], rule);
}

/// A lock file that pins nixpkgs.
fn lock(branch: &str) -> String {
    format!(
        r#"{{"version": 7, "root": "root", "nodes": {{"root": {{"inputs": {{"nixpkgs": "nixpkgs"}}}}, "nixpkgs": {{
        "locked": {{"lastModified": 1735563628, "type": "github"}},
        "original": {{"type": "github", "owner": "NixOS", "repo": "nixpkgs", "ref": "{branch}"}}}}}}}}"#
    )
}

#[test]
fn a_lock_file_that_is_out_of_step() {
    let rule = "flake-lock-out-of-step";
    let text = outputs("{ }");
    let changed = [("flake.nix", &*text), ("flake.lock", &lock("nixos-24.11"))];
    fires(&changed, rule, "does not go with flake.nix", &["flake.nix:2:3"]);
    let more = text
        .replace("outputs", "inputs.extra.url = \"path:./extra\";\n  outputs")
        .replace("nixpkgs }", "nixpkgs, extra }");
    fires(
        &[("flake.nix", &more), ("flake.lock", &lock("nixos-unstable"))],
        rule,
        "does not go",
        &["flake.nix:3:3"],
    );
    quiet(&[("flake.nix", &text), ("flake.lock", &lock("nixos-unstable"))], rule);
    quiet(&[("flake.nix", &text)], rule);
}

#[test]
fn a_lock_file_with_a_merge_in_it() {
    let rule = "flake-lock-unreadable";
    let broken = "{\n  \"nodes\": {\n<<<<<<< HEAD\n";
    let files = [("flake.nix", &*outputs("{ }")), ("flake.lock", broken)];
    fires(&files, rule, "flake.lock is not valid", &["flake.lock:3:1"]);
    quiet(&[("flake.nix", &outputs("{ }")), ("flake.lock", &lock("nixos-unstable"))], rule);
}

#[test]
fn garbled_characters() {
    let rule = "mojibake-in-hooks";
    let files = [("scripts/link.sh", "#!/bin/sh\necho \"ðŸ”— Linking\"\n")];
    fires(&files, rule, "ðŸ”— for 🔗", &["scripts/link.sh:2:7"]);
    quiet(&[("scripts/link.sh", "#!/bin/sh\necho \"🔗 Linking – für „MENÜ“\"\n")], rule);
}

#[test]
fn a_command_that_no_asdf_has() {
    let rule = "asdf-command-of-another-version";
    fires(&[(".envrc", "asdf elixir local 1.17.3\n")], rule, "No asdf has the command", &[".envrc:1:1"]);
    quiet(&[(".envrc", "asdf install\nuse flake\n")], rule);
}

#[test]
fn commands_that_the_asdf_here_has_not() {
    let rule = "asdf-command-of-another-version";
    let with = |version: &str, command: &str| {
        let recording = format!(
            "project: /p\notherwise: absent\nwhich: {{asdf: /usr/bin/asdf}}\n\
             runs: [{{argv: [/usr/bin/asdf, --version], stdout: asdf version {version}}}]\n\
             files:\n  /usr/bin/asdf: ''\n  /p/.envrc: |\n    {command}\n"
        );
        check(&recording).finding(rule).is_some()
    };
    assert!(with("v0.16.7", "asdf local elixir 1.17.3"));
    assert!(!with("v0.15.0", "asdf local elixir 1.17.3"));
    assert!(with("v0.15.0", "asdf set elixir 1.17.3"));
    assert!(!with("v0.16.7", "asdf set elixir 1.17.3"));
}

#[test]
fn a_healthy_project_is_quiet() {
    let text = outputs(
        "let pkgs = nixpkgs.legacyPackages.x86_64-linux; in {\n    devShells.x86_64-linux.default = pkgs.mkShell {\n      \
         packages = with pkgs; [ elixir_1_18 erlang_27 git ];\n      shellHook = ''\n        export MIX_ENV=dev\n      '';\n    };\n  }",
    );
    let files = [("flake.nix", &*text), ("flake.lock", &lock("nixos-unstable")), (".envrc", "use flake\n")];
    let project = Project::new(&files);
    let report = project.check();
    for rule in [
        "nix-syntax-error",
        "nixpkgs-attribute-impossible",
        "nixpkgs-flake-used-as-packages",
        "flake-output-without-system",
        "flake-input-undeclared",
        "flake-registry-lookup-failed",
        "flake-input-not-accepted",
        "flake-lock-out-of-step",
        "flake-lock-unreadable",
        "undefined-variable",
        "untracked-file",
        "nixpkgs-release-ended",
        "mojibake-in-hooks",
        "asdf-command-of-another-version",
    ] {
        assert_eq!(report.finding(rule), None);
    }
}
