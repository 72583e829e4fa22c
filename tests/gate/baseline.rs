//! Only what is new counts.

use crate::world::{MIX_EXS, World, rules};

#[test]
fn what_was_there_before_does_not_count_and_what_is_new_does() {
    let world = World::broken();
    let before = world.run(&["check", "--format", "json"]);
    assert_eq!(before.code, 1);
    world.put("known.json", &before.stdout);
    let (report, code) = world.check(&["--baseline", "known.json"]);
    assert_eq!((rules(&report, "diagnoses").len(), code), (0, 0));
    assert_eq!(rules(&report, "set_aside"), ["nix-syntax-error"]);
    assert_eq!(report["set_aside"][0]["why"], "baseline");
    // Its place in the file tells nothing.
    world.put("flake.nix", &format!("# a line more\n{}", crate::world::BAD_FLAKE));
    assert_eq!(world.check(&["--baseline", "known.json"]).1, 0);
    world.put("opencode.json", "{ nothing");
    let (report, code) = world.check(&["--baseline", "known.json"]);
    assert_eq!(code, 1, "{report}");
    assert_eq!(rules(&report, "diagnoses"), ["opencode-config-invalid"]);
    assert_eq!(rules(&report, "set_aside"), ["nix-syntax-error"]);
    // What is made with it knows all that it knew.
    let again = world.run(&["check", "--format", "json", "--baseline", "known.json"]);
    world.put("known.json", &again.stdout);
    assert_eq!(world.check(&["--baseline", "known.json"]).1, 0);
}

#[test]
fn what_could_not_be_told_before_is_nothing_new_either() {
    let world = World::new().with("mix.exs", MIX_EXS);
    // Something stands where flake.lock is to be read, and cannot be.
    std::fs::create_dir(world.project().join("flake.lock")).unwrap();
    world.put("flake.nix", "{ outputs = { self }: { }; }\n");
    let before = world.run(&["check", "--format", "json", "--skip", "beam"]);
    assert_eq!(before.code, 3, "{}", before.stdout);
    world.put("known.json", &before.stdout);
    let (report, code) = world.check(&["--skip", "beam", "--baseline", "known.json"]);
    assert_eq!(code, 0, "{report}");
    assert!(report["unknown"].as_array().unwrap().iter().all(|it| it["baseline"] == true));
    let told = world.run(&["check", "--skip", "beam", "--baseline", "known.json"]).stdout;
    assert!(told.starts_with("Nothing new. "), "{told}");
}

#[test]
fn the_settings_can_name_it() {
    let world = World::broken();
    let before = world.run(&["check", "--format", "json"]);
    world.put("ci/known.json", &before.stdout);
    world.put("envdoctor.yaml", "baseline: ci/known.json\n");
    std::fs::create_dir_all(world.project().join("lib/app")).unwrap();
    assert_eq!(world.run(&["check", "-C", "lib/app"]).code, 0);
}

#[test]
fn a_baseline_that_is_none_is_told_with_what_makes_one() {
    let world = World::new().with("notes.json", "{}\n");
    let missing = world.run(&["check", "--baseline", "nowhere.json"]);
    assert_eq!(missing.code, 2);
    assert!(
        missing.stderr.contains("nowhere.json (--baseline): there is no such file"),
        "{}",
        missing.stderr
    );
    assert!(missing.stderr.contains("--output json="), "{}", missing.stderr);
    let other = world.run(&["check", "--baseline", "notes.json"]);
    assert_eq!(other.code, 2);
    assert!(other.stderr.contains("it is no JSON report of envdoctor"), "{}", other.stderr);
}

#[test]
fn a_projects_baseline_lies_in_the_project() {
    let world = World::new();
    std::fs::write(world.home.join("secret"), "root:x").unwrap();
    world.put("envdoctor.yaml", "baseline: ../secret\n");
    let did = world.run(&["check"]);
    assert_eq!(did.code, 2);
    assert!(did.stderr.contains("it leads out of the project"), "{}", did.stderr);
    assert!(!did.stderr.contains("root:x") && !did.stderr.contains("--output json="), "{}", did.stderr);
}
