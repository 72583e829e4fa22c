//! Findings that do not count for a reason, and until a day.

use crate::world::{World, rules};

fn ignoring(until: &str) -> World {
    let world = World::broken();
    world.put(
        "envdoctor.yaml",
        &format!("ignore:\n  - rule: nix-syntax-error\n    reason: it is rewritten\n{until}"),
    );
    world
}

#[test]
fn what_is_ignored_does_not_count_and_can_be_seen() {
    let world = ignoring("    until: 2999-12-31\n");
    let (report, code) = world.check(&[]);
    assert_eq!((rules(&report, "diagnoses").len(), code), (0, 0));
    let aside = &report["set_aside"][0];
    assert_eq!(aside["rule"], "nix-syntax-error");
    assert_eq!(
        (aside["why"].as_str(), aside["reason"].as_str(), aside["until"].as_str(), aside["from"].as_str()),
        (Some("ignored"), Some("it is rewritten"), Some("2999-12-31"), Some("envdoctor.yaml:2"))
    );
    let told = world.run(&["check"]).stdout;
    assert!(told.starts_with("Nothing new. 1 ignored, "), "{told}");
    let told = world.run(&["check", "-v"]).stdout;
    assert!(told.contains("envdoctor.yaml:2 ignores it until 2999-12-31: it is rewritten"), "{told}");
}

#[test]
fn an_ignore_that_is_over_is_a_finding_itself() {
    let world = ignoring("    until: 2026-01-31\n");
    let (report, code) = world.check(&[]);
    assert_eq!(rules(&report, "diagnoses"), ["nix-syntax-error", "ignore-expired"]);
    assert_eq!((rules(&report, "set_aside").len(), code), (0, 1));
    let expired = &report["diagnoses"][1];
    assert_eq!(expired["message"], "No longer ignored: nix-syntax-error (until 2026-01-31)");
    let place = &expired["evidence"][0]["places"][0];
    assert_eq!((place["file"].as_str(), place["line"].as_u64()), (Some("envdoctor.yaml"), Some(2)));
}

#[test]
fn a_reason_is_not_left_out() {
    let world = World::new().with("envdoctor.yaml", "ignore: [{rule: nix-syntax-error}]\n");
    let did = world.run(&["check"]);
    assert_eq!(did.code, 2);
    assert!(did.stderr.contains("envdoctor.yaml:1:10: `reason` is missing"), "{}", did.stderr);
}
