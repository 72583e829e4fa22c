//! A recording tells elsewhere what this machine told, and keeps nothing private.

use crate::world::World;

#[test]
fn a_recording_is_judged_as_the_machine_was() {
    let mut world = World::new(
        r#"
env: [SET, UNSET, {name: API_TOKEN, matches: "^s3"}, {name: API_TOKEN, matches: "^x"}]
files: [{path: private.txt, contains: zebra}, {path: private.txt, contains: lion}, {path: private.txt, sha256: "0000000000000000000000000000000000000000000000000000000000000000"}, none]
commands: [sh, no-such-program, {run: [sh, -c, "printf 'pass%s=hunter2' word"], version: ">= 1.8"}, {run: [sh, -c, "exit 0"]}]
packages: [dpkg, no-such-package]
processes: [no-such-process, envdoctor]
users: [root, no-such-user]
mounts: [/proc]
ports: [1]
dns: [localhost]
"#,
    );
    world.set("SET", "1");
    world.set("API_TOKEN", "s3cret-value");
    world.write("private.txt", "a zebra, and more that is private\n");
    world.trust();
    let live = world.check();
    assert!(live.findings.len() > 7 && live.unknown.is_empty(), "{live:?}");
    assert!(!live.report.to_string().contains("password=hunter2"), "{}", live.report);
    let recorded = world.run(&["facts", "--record", "machine.yaml"]);
    assert!(recorded.status.success(), "{}", String::from_utf8_lossy(&recorded.stderr));
    let text = std::fs::read_to_string(world.project().join("machine.yaml")).unwrap();
    for private in ["s3cret", "more that is private", "hunter2"] {
        let line = text.lines().find(|line| line.contains(private) && !line.contains("printf"));
        assert_eq!(line, None, "{private}");
    }
    let replayed = world.check_with(&["--facts", "machine.yaml", "--timeout", "10"]);
    let sorted = |mut findings: Vec<(String, String)>| {
        findings.sort();
        findings
    };
    assert_eq!(sorted(replayed.findings), sorted(live.findings), "{:?}", replayed.unknown);
    assert_eq!(replayed.unknown, []);
}
