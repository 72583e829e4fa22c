//! `--only`, `--skip`, `--fail-on` and severities.

use crate::world::{World, rules};

#[test]
fn only_what_is_asked_for_is_judged() {
    let world = World::broken();
    let (all, code) = world.check(&[]);
    assert_eq!((rules(&all, "diagnoses"), code), (vec!["nix-syntax-error".to_owned()], 1));
    let (only, code) = world.check(&["--only", "nix-syntax-error"]);
    assert_eq!((rules(&only, "diagnoses"), code), (vec!["nix-syntax-error".to_owned()], 1));
    assert_eq!(only["summary"]["rules"], 1);
    assert_eq!(rules(&only, "examined"), ["nix-syntax-error"]);
    let (other, code) = world.check(&["--only", "beam,git"]);
    assert_eq!((rules(&other, "diagnoses").len(), code), (0, 0));
    assert!(
        other["examined"]
            .as_array()
            .unwrap()
            .iter()
            .all(|it| it["family"] == "beam" || it["family"] == "git")
    );
    let (less, code) = world.check(&["--skip", "nix"]);
    assert_eq!((rules(&less, "diagnoses").len(), code), (0, 0));
    let unasked = less["unknown"].as_array().unwrap().iter().find(|it| it["rule"] == "nix-syntax-error");
    assert!(unasked.is_none());
}

#[test]
fn what_is_left_out_of_a_log_does_not_come_back_as_what_it_brought_about() {
    let world = World::new();
    let log = concat!(env!("CARGO_MANIFEST_DIR"), "/fixtures/logs/hex-fetch-failed/deps-get-hex-2.6.0.log");
    let diagnose = |args: &[&str]| {
        let did = world.run(&[&["diagnose", "--format", "json", log], args].concat());
        (serde_json::from_str::<serde_json::Value>(&did.stdout).unwrap(), did.code)
    };
    let (all, code) = diagnose(&[]);
    assert_eq!((rules(&all, "diagnoses"), code), (vec!["hex-fetch-failed".to_owned()], 1));
    let (less, code) = diagnose(&["--skip", "hex-fetch-failed"]);
    assert_eq!((rules(&less, "diagnoses").len(), code), (0, 0), "{less}");
    // It is there because of something else, which is told.
    let (only, code) = diagnose(&["--only", "hex-package-not-found"]);
    assert_eq!((rules(&only, "diagnoses"), code), (vec!["hex-fetch-failed".to_owned()], 1));
    let (none, code) = diagnose(&["--only", "gpu"]);
    assert_eq!((rules(&none, "diagnoses").len(), code), (0, 0));
}

#[test]
fn a_word_that_names_nothing_is_told() {
    let did = World::new().run(&["check", "--only", "hex-fetch-fialed"]);
    assert_eq!(did.code, 2);
    assert_eq!(
        did.stderr.trim(),
        "envdoctor: --only: there is no rule, family or tag `hex-fetch-fialed` (did you mean `hex-fetch-failed`?)"
    );
}

#[test]
fn a_severity_can_be_another_one_here() {
    let world = World::broken();
    world.put("envdoctor.yaml", "severity: {nix-syntax-error: info}\n");
    let (report, code) = world.check(&[]);
    assert_eq!((report["diagnoses"][0]["severity"].as_str(), code), (Some("info"), 0));
    assert_eq!(world.check(&["--fail-on", "info"]).1, 1);
    assert_eq!(world.run_with(&["check"], &[("ENVDOCTOR_FAIL_ON", "info")]).code, 1);
    assert_eq!(world.run_with(&["check", "--fail-on", "warning"], &[("ENVDOCTOR_FAIL_ON", "info")]).code, 0);
}

#[test]
fn fix_repairs_what_it_is_told_to_whatever_is_left_out() {
    let world = World::broken();
    world.put("envdoctor.yaml", "skip: [nix]\n");
    let did = world.run(&["fix", "--dry-run"]);
    assert!(!did.stdout.contains("nix-syntax-error"), "{}", did.stdout);
    let did = world.run(&["fix", "nix-syntax-error", "--dry-run"]);
    assert!(did.stdout.contains("nix-syntax-error"), "{}{}", did.stdout, did.stderr);
}

#[test]
fn where_no_rule_is_left_nothing_is_called_healthy() {
    let did = World::new().run(&["check", "--only", "nix", "--skip", "nix"]);
    assert_eq!(did.code, 2, "{}", did.stdout);
    assert!(did.stderr.contains("leaves no rule to ask about"), "{}", did.stderr);
    let less = World::new().run(&["check", "--skip", "nix"]).stdout;
    assert!(less.contains(" left out, "), "{less}");
}

#[test]
fn what_cannot_be_read_is_not_called_healthy() {
    let world = World::new();
    world.put("flake.nix", "{\n  inputs.nixpkgs.url = \"github:NixOS/nixpkgs/nixos-24.05\";\n  outputs = { self, nixpkgs }: { a = 1 };\n}\n");
    let verdict = |world: &World| {
        let (report, _) = world.check(&["--only", "nixpkgs-release-ended"]);
        report["examined"][0]["verdict"].as_str().unwrap().to_owned()
    };
    assert_eq!(verdict(&world), "not-applicable");
    world.put("flake.nix", "{\n  inputs.nixpkgs.url = \"github:NixOS/nixpkgs/nixos-24.05\";\n  outputs = { self, nixpkgs }: { a = 1; };\n}\n");
    assert_eq!(verdict(&world), "broken");
}
