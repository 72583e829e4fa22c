//! What changed since the last healthy check.

use serde_json::Value;

use crate::world::{BAD_FLAKE, World};

fn changes(report: &Value) -> Vec<String> {
    let changes = report["since_green"]["changes"].as_array().unwrap();
    changes
        .iter()
        .map(|it| format!("{} {}", it["what"].as_str().unwrap(), it["how"].as_str().unwrap()))
        .collect()
}

#[test]
fn a_healthy_check_is_remembered_and_compared_with() {
    let world = World::new().with("flake.nix", "{ outputs = { self }: { }; }\n");
    let (none, _) = world.check(&["--since-green", "--only", "nix-syntax-error"]);
    assert_eq!(none["since_green"]["at"], Value::Null);
    assert_eq!(world.check(&["--only", "nix-syntax-error"]).1, 0);
    // Who asked for a part only does not know that all was well.
    assert_eq!(world.check(&["--since-green"]).0["since_green"]["at"], Value::Null);
    let (same, _) = world.check(&["--since-green"]);
    assert!(same["since_green"]["at"].is_string() && changes(&same).is_empty(), "{same}");
    world.put("flake.nix", BAD_FLAKE);
    world.put(".envrc", "use flake\n");
    let (report, code) = world.check(&["--since-green"]);
    assert_eq!(code, 1);
    let changed = changes(&report);
    assert!(changed.contains(&"flake.nix changed".to_owned()), "{changed:?}");
    assert!(changed.contains(&".envrc is new".to_owned()), "{changed:?}");
    assert!(changed.iter().any(|it| it.starts_with("project.files also has .envrc")), "{changed:?}");
    let told = world.run(&["check", "--since-green"]).stdout;
    assert!(told.contains("Since the last healthy check, 2") && told.contains("flake.nix"), "{told}");
    // What was not healthy is not remembered.
    assert_eq!(changes(&world.check(&["--since-green"]).0), changed);
}

#[test]
fn another_project_has_its_own_past() {
    let world = World::new();
    assert_eq!(world.check(&[]).1, 0);
    std::fs::create_dir(world.home.join("other")).unwrap();
    let (other, _) = world.check(&["-C", "../other", "--since-green"]);
    assert_eq!(other["since_green"]["at"], Value::Null);
}

#[test]
fn what_is_only_not_new_is_not_healthy() {
    let world = World::broken();
    let before = world.run(&["check", "--format", "json"]);
    world.put("known.json", &before.stdout);
    assert_eq!(world.check(&["--baseline", "known.json"]).1, 0);
    assert_eq!(world.check(&["--since-green"]).0["since_green"]["at"], Value::Null);
    // Nor is what only does not count as an error.
    world.put("envdoctor.yaml", "severity: {nix-syntax-error: warning}\n");
    assert_eq!(world.check(&[]).1, 0);
    assert_eq!(world.check(&["--since-green"]).0["since_green"]["at"], Value::Null);
    // What somebody has thought about is another matter.
    world.put("envdoctor.yaml", "ignore: [{rule: nix-syntax-error, reason: it is a template}]\n");
    assert_eq!(world.check(&[]).1, 0);
    assert!(world.check(&["--since-green"]).0["since_green"]["at"].is_string());
}
