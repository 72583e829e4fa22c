//! A recording tells elsewhere what this machine told, and keeps nothing private.

use crate::world::World;

/// A machine with a project of its own settings.
const ELSEWHERE: &str = "
project: /home/user/shop
otherwise: absent
env: {HOME: /home/user}
files:
  /home/user/shop/.git/HEAD: ''
  /home/user/shop/envdoctor.yaml: |
    skip: [required-variable-unset]
    severity: {required-file-missing: info}
    ignore: [{rule: required-command-missing, reason: of that project}]
    require:
      env: [THERE]
      files: [there.txt]
      commands: [no-such-program-there]
";

#[test]
fn a_recording_brings_its_requirements_and_the_settings_are_those_where_one_stands() {
    let world = World::new("env: [HERE]\n");
    world.write("elsewhere.yaml", ELSEWHERE);
    let check = || world.check_with(&["--facts", "elsewhere.yaml"]);
    let severities = |told: &crate::world::Told| -> Vec<(String, String)> {
        let all = told.report["diagnoses"].as_array().unwrap().iter();
        let mut all: Vec<_> = all
            .filter(|it| it["family"] == "require")
            .map(|it| (it["rule"].as_str().unwrap().into(), it["severity"].as_str().unwrap().into()))
            .collect();
        all.sort();
        all
    };
    let of = |all: &[(&str, &str)]| -> Vec<(String, String)> {
        all.iter().map(|(rule, severity)| ((*rule).to_owned(), (*severity).to_owned())).collect()
    };
    // Neither what is required here, nor what that project skips, ignores or holds for bad.
    assert_eq!(
        severities(&check()),
        of(&[
            ("required-command-missing", "error"),
            ("required-file-missing", "error"),
            ("required-variable-unset", "error"),
        ])
    );
    world.write(
        "envdoctor.yaml",
        "severity: {required-file-missing: warning}\nskip: [required-command-missing]\n\
         ignore: [{rule: required-variable-unset, reason: of this project}]\nrequire: {env: [HERE]}\n",
    );
    let told = check();
    assert_eq!(severities(&told), of(&[("required-file-missing", "warning")]));
    let aside = &told.report["set_aside"][0];
    assert_eq!(
        (&aside["rule"], &aside["reason"]),
        (&"required-variable-unset".into(), &"of this project".into())
    );
    assert_eq!(aside["captures"]["name"], "THERE");
}

#[test]
fn a_recording_is_judged_as_the_machine_was() {
    let mut world = World::new(
        r#"
env: [SET, UNSET, {name: API_TOKEN, matches: "^s3"}, {name: API_TOKEN, matches: "^x"}, {name: API_TOKEN, equals: exp3cted}, {matches: "exp3cted", name: API_TOKEN}]
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

#[test]
fn what_is_secret_in_requirements_is_neither_told_nor_kept() {
    let port = crate::network::web_server();
    let mut world = World::new(&format!(
        r#"
env:
  - {{name: MY_SECRET, equals: s3cret-1}}
  - {{name: MY_SECRET, any: [s3cret-2, {{matches: "s3cret-3"}}], why: the seeds}}
  - matches: s3cret-4
    name: MY_SECRET
  - {{name: UNSET_TOKEN, equals: s3cret-5}}
  - {{name: URL, equals: "postgres://u:s3cret-6@h/x"}}
http:
  - http://127.0.0.1:{port}/broken?a=1&b=2&c=3&d=4&token=s3cret-7
  - {{url: "http://127.0.0.1:{port}/health?api_key=s3cret-8", body: ok}}
  - {{url: "http://127.0.0.1:{port}/health?api_key=s3cret-9", body: nok}}
  - {{url: "http://127.0.0.1:{port}/cookie", status: 500, headers: {{Set-Cookie: s3cret-10}}}}
  - {{url: "http://127.0.0.1:{port}/cookie", status: 500, headers: {{Set-Cookie: s3cret-11}}}}
commands:
  - {{run: [sh, -c, "exit 1", --token, s3cret-12]}}
  - {{run: [sh, -c, "exit 0", --token, s3cret-13]}}
"#
    ));
    world.set("MY_SECRET", "s3cret-4");
    world.set("URL", "x");
    world.trust();
    let live = world.check();
    let count = |rule: &str| live.findings.iter().filter(|(it, _)| it == rule).count();
    assert_eq!((count("required-variable-differs"), count("required-variable-unset")), (3, 1), "{live:?}");
    assert_eq!((count("required-http-failed"), count("required-command-failed")), (3, 1), "{live:?}");
    assert!(live.unknown.is_empty(), "{live:?}");
    let message =
        "The variable MY_SECRET is set to another value, but envdoctor.yaml requires that it is redacted";
    assert!(live.findings.iter().any(|(_, it)| it == message), "{live:?}");
    assert!(world.run(&["facts", "--record", "machine.yaml"]).status.success());
    let told = |args: &[&str]| String::from_utf8(world.run(args).stdout).unwrap();
    let recording = std::fs::read_to_string(world.project().join("machine.yaml")).unwrap();
    for text in [
        live.report.to_string(),
        told(&["check", "-v"]),
        told(&["check", "--format", "sarif"]),
        told(&["check", "--format", "junit"]),
        told(&["report", "-"]),
        recording,
    ] {
        let line = text.lines().find(|line| line.contains("s3cret"));
        assert_eq!(line, None);
    }
    let replayed = world.check_with(&["--facts", "machine.yaml", "--timeout", "10"]);
    let sorted = |mut findings: Vec<(String, String)>| {
        findings.sort();
        findings
    };
    assert_eq!(sorted(replayed.findings), sorted(live.findings), "{:?}", replayed.unknown);
    assert_eq!(replayed.unknown, []);
}
