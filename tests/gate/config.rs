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

#[test]
fn a_file_of_thousands_of_lines_is_read_at_once() {
    let world = World::new();
    let ignores = |count: usize| {
        format!("ignore:\n{}", "  - {rule: hex-missing, reason: r, until: 2020-01-01}\n".repeat(count))
    };
    world.put("envdoctor.yaml", &ignores(1000));
    let begun = std::time::Instant::now();
    assert_eq!(world.run(&["config"]).code, 0);
    assert!(begun.elapsed() < std::time::Duration::from_secs(10), "{:?}", begun.elapsed());
    world.put("envdoctor.yaml", &ignores(1001));
    let did = world.run(&["config"]);
    assert_eq!(did.code, 2);
    assert!(
        did.stderr.contains("envdoctor.yaml:1002:5: nobody reads more than 1000 of these"),
        "{}",
        did.stderr
    );
}

#[test]
fn a_project_does_not_have_one_wait_for_ever() {
    let world = World::new().with("envdoctor.yaml", "timeout: 3600\n");
    let did = world.run(&["check"]);
    assert_eq!(did.code, 2);
    assert!(
        did.stderr.contains("envdoctor.yaml:1:10: a project may have one wait 30 seconds at most"),
        "{}",
        did.stderr
    );
    let world = World::new();
    world.user("timeout: 3600\n");
    assert_eq!(world.run(&["config"]).code, 0);
    // Whoever listens and never answers is not even asked for an untrusted project.
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}/", listener.local_addr().unwrap());
    let world = World::new();
    world.put("envdoctor.yaml", &format!("require: {{http: [{{url: \"{url}\", timeout: 300}}]}}\n"));
    let begun = std::time::Instant::now();
    let (report, code) = world.check(&["--timeout", "0.5"]);
    assert_eq!(code, 3, "{report}");
    let why = report["unknown"].to_string();
    assert!(why.contains("this project is not trusted"), "{why}");
    assert!(begun.elapsed() < std::time::Duration::from_secs(20), "{:?}", begun.elapsed());
}

#[test]
fn names_that_are_nearly_right_are_told() {
    let world = World::new().with("envdoctor.yml", "fail_on: info\n");
    let did = world.run(&["check"]);
    assert_eq!(did.code, 2);
    assert!(did.stderr.contains("it is read by the name envdoctor.yaml alone"), "{}", did.stderr);
    let world = World::new().with("envdoctor.yaml", "\u{feff}fail_on: warning\nonly: nix\n");
    let did = world.run(&["config"]);
    assert!(
        did.stderr.contains("help: write [nix]") && !did.stderr.contains("unknown key"),
        "{}",
        did.stderr
    );
    let did = World::new().run_with(&["check"], &[("ENVDOCTOR_FAILON", "info"), ("ENVDOCTOR_LAB", "/x")]);
    assert_eq!(
        (did.code, did.stderr.trim()),
        (0, "envdoctor: ENVDOCTOR_FAILON is not read; ENVDOCTOR_FAIL_ON is")
    );
    let list = World::new().run(&["rules", "list", "--only", "git"]).stdout;
    assert!(!list.is_empty() && list.lines().all(|line| line.starts_with("git ")), "{list}");
    let did = World::new().run(&["facts", "tol"]);
    assert_eq!(did.code, 2);
    assert!(did.stderr.contains("did you mean `tool`?"), "{}", did.stderr);
}
