//! `envdoctor config`.

use crate::world::World;

#[test]
fn each_value_is_told_with_where_it_comes_from() {
    let world = World::new();
    world.user("fail_on: info\nskip: [gpu]\nfix: {most: project}\n");
    world.put(
        "envdoctor.yaml",
        "fail_on: warning\nseverity: {nix-syntax-error: warning}\nignore:\n  - {rule: hex-missing, reason: not here, until: 2999-01-01}\n",
    );
    let did = world.run_with(
        &["config", "--format", "json", "--only", "nix"],
        &[("ENVDOCTOR_TIMEOUT", "5"), ("ENVDOCTOR_FAILON", "info")],
    );
    assert_eq!(did.code, 0, "{}", did.stderr);
    let json: serde_json::Value = serde_json::from_str(&did.stdout).unwrap();
    let rows: Vec<String> = json["settings"]
        .as_array()
        .unwrap()
        .iter()
        .map(|it| ["key", "value", "from"].map(|key| it[key].as_str().unwrap()).join(" | "))
        .collect();
    assert_eq!(
        rows,
        [
            "fail_on | warning | envdoctor.yaml:1",
            "timeout | 5 | ENVDOCTOR_TIMEOUT",
            "only | nix | --only",
            "skip | gpu | ~/.config/envdoctor/config.yaml:2",
            "severity.nix-syntax-error | warning | envdoctor.yaml:2",
            "ignore.hex-missing | not here (until 2999-01-01) | envdoctor.yaml:4",
            "fix.most | project | ~/.config/envdoctor/config.yaml:3",
        ]
    );
    assert_eq!(json["unread_variables"], serde_json::json!(["ENVDOCTOR_FAILON"]));
    let told = world.run(&["config"]).stdout;
    assert!(told.contains("fail_on") && told.contains("envdoctor.yaml:1"), "{told}");
}

#[test]
fn a_mistake_is_told_with_a_suggestion_and_does_not_keep_a_command_from_running() {
    let world = World::new().with("envdoctor.yaml", "fail_onn: warning\n");
    for args in [&["check"][..], &["config"], &["diagnose", "/dev/null"], &["fix", "--dry-run"]] {
        let did = world.run(args);
        assert_eq!(did.code, 2, "{args:?}");
        assert!(did.stderr.contains("envdoctor.yaml:1:1: unknown key `fail_onn`"), "{}", did.stderr);
        assert!(did.stderr.contains("did you mean `fail_on`?"), "{}", did.stderr);
    }
    let did = world.run(&["run", "--", "/bin/sh", "-c", "echo done"]);
    assert_eq!((did.code, did.stdout.as_str()), (0, "done\n"));
    assert!(did.stderr.contains("unknown key `fail_onn`"), "{}", did.stderr);
    // What has nothing to do with it goes on.
    assert_eq!(world.run(&["explain", "hex-missing"]).code, 0);
}
