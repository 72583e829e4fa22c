//! A project is somebody else's until it is trusted.

use crate::world::World;

const COMMAND: &str = "commands: [{run: [sh, own.sh], stdout: own}]\n";

#[test]
fn nothing_runs_before_the_project_is_trusted_as_it_is() {
    let world = World::new(COMMAND);
    let mark = world.home().join("mark");
    world.write("own.sh", &format!("touch '{}'\necho own\n", mark.display()));
    let told = world.check();
    assert_eq!(told.code, 3);
    let [(fact, why)] = told.unknown.as_slice() else { panic!("{told:?}") };
    assert_eq!(fact, "sh own.sh (envdoctor.yaml:2)");
    assert!(why.contains("it runs `sh own.sh`") && why.contains("`envdoctor trust`"), "{why}");
    assert!(!mark.exists(), "it ran all the same");

    let shown = world.trust();
    assert!(shown.contains("runs `sh own.sh`   (envdoctor.yaml:2)"), "{shown}");
    assert!(shown.contains("own.sh"), "{shown}");
    world.check().are(&[]);
    assert!(mark.exists());

    // Another script, another list of requirements, another file that tools evaluate: each ends it.
    std::fs::remove_file(&mark).unwrap();
    world.write("own.sh", &format!("touch '{}'; echo own # changed\n", mark.display()));
    let why = world.check().unknown.remove(0).1;
    assert!(why.contains("has changed since it was trusted (own.sh)"), "{why}");
    world.trust();
    world.check().are(&[]);
    std::fs::remove_file(&mark).unwrap();
    world.require(&format!("{COMMAND}env: [HOME]\n"));
    let why = world.check().unknown.remove(0).1;
    assert!(why.contains("(envdoctor.yaml)"), "{why}");
    world.trust();
    world.write("flake.nix", "{}");
    let why = world.check().unknown.remove(0).1;
    assert!(why.contains("(flake.nix)"), "{why}");
    assert!(!mark.exists(), "it ran all the same");
}

#[test]
fn the_users_own_requirements_need_no_trust() {
    let world = World::new("env: [HOME]\n");
    let config = world.home().join(".config/envdoctor/config.yaml");
    std::fs::write(config, "require:\n  commands: [{run: [sh, -c, exit 4]}]\n  env: [NOT_SET_BY_ANYBODY]\n")
        .unwrap();
    world.check().are(&[
        (
            "required-command-failed",
            "`sh -c exit 4` ended with status 4, but ~/.config/envdoctor/config.yaml requires that it ends with a status that is 0",
        ),
        (
            "required-variable-unset",
            "The variable NOT_SET_BY_ANYBODY is not set, and ~/.config/envdoctor/config.yaml requires it",
        ),
    ]);
}

#[test]
fn mistakes_are_told_with_their_place() {
    let world = World::new("elxir: 1.17\nports: [0]\n");
    let output = world.run(&["check"]);
    assert_eq!(output.status.code(), Some(2));
    let told = String::from_utf8(output.stderr).unwrap();
    for part in
        ["envdoctor.yaml:2:3: `elxir`", "did you mean `elixir`?", "envdoctor.yaml:3:11: `0` is no TCP port"]
    {
        assert!(told.contains(part), "{told}");
    }
}
