use std::fs::{self, Permissions};
use std::os::unix::fs::{PermissionsExt, symlink};

use crate::world::World;

#[test]
fn files_that_are_as_required_and_files_that_are_not() {
    let world = World::new(
        r#"
files:
  - .env
  - ~/project/secret
  - {path: secret, mode: "0600", owner: me, type: file, size: 6, contains: ["a", "b"], matches: "^b c$"}
  - {path: lib, type: folder}
  - {path: led, type: link, target: secret}
  - {path: gone, absent: true}
  - {path: secret, sha256: a0d2abb0d5b4e4cfb4ce8ae1e5ac5aee6f4e97acfe3a25d5ac8e9f8a6a7c5f1d}
  - {path: secret, mode: "644"}
  - {path: secret, type: folder}
  - {path: secret, contains: zebra}
  - {path: secret, not: {contains: a}}
  - {path: secret, size: {greater_than: 100}}
  - {path: secret, absent: true}
  - {path: secret, type: link}
  - {path: led, target: elsewhere}
  - {path: dangling, type: file}
  - {path: secret, owner: no-such-user-here}
  - {path: none, contains: x, why: the release needs it, severity: warning, remedy: Ask Kim.}
"#,
    );
    let secret = world.write("secret", "a\nb c\n");
    fs::set_permissions(&secret, Permissions::from_mode(0o600)).unwrap();
    fs::create_dir(world.project().join("lib")).unwrap();
    symlink("secret", world.project().join("led")).unwrap();
    symlink("nowhere", world.project().join("dangling")).unwrap();
    let told = world.check();
    let differs = "required-file-differs";
    let found: Vec<_> =
        told.findings.iter().filter(|(_, message)| !message.contains("SHA-256")).cloned().collect();
    assert_eq!(told.findings.len() - found.len(), 1, "{:?}", told.findings);
    let told = crate::world::Told { findings: found, ..told };
    told.are(&[
        ("required-file-missing", ".env is not there, and envdoctor.yaml requires it"),
        (differs, "secret has mode 0600, but envdoctor.yaml requires that it has mode 0644"),
        (differs, "secret is a file, but envdoctor.yaml requires that it is a folder"),
        (differs, "secret has another text, but envdoctor.yaml requires that it contains \"zebra\""),
        (differs, "secret has another text, but envdoctor.yaml requires that it is not such that it contains \"a\""),
        (differs, "secret has 6 bytes, but envdoctor.yaml requires that it has a size that is greater than 100"),
        ("unwanted-present", "secret is there, and envdoctor.yaml requires that it is not there"),
        (differs, "secret is no link, but envdoctor.yaml requires that it is a link"),
        (differs, "led is a link to secret, but envdoctor.yaml requires that it is a link to what is elsewhere"),
        ("required-file-missing", "dangling is not there, and envdoctor.yaml requires it"),
        (differs, "secret cannot: there is no such user, but envdoctor.yaml requires that it belongs to no-such-user-here"),
        ("required-file-missing", "none is not there, and envdoctor.yaml requires it: the release needs it"),
    ]);
    assert_eq!(told.code, 1);
    assert_eq!(told.report["summary"]["requirements"], 18);
    let entries = told.report["diagnoses"].as_array().unwrap();
    let none = entries.iter().find(|entry| entry["captures"]["name"] == "none").unwrap();
    assert_eq!(none["severity"], "warning");
    assert_eq!(none["remedies"][0]["text"], "Ask Kim.");
    assert_eq!(none["evidence"][0]["places"][0]["line"], 20);
    assert_eq!(none["evidence"][0]["places"][0]["file"], "envdoctor.yaml");
}

#[test]
fn a_healthy_project_is_told_in_the_summary() {
    let world = World::new("files: [envdoctor.yaml]\nenv: [HOME]\n");
    let output = world.run(&["check", "--color", "never"]);
    let text = String::from_utf8(output.stdout).unwrap();
    assert!(text.contains("2 requirements"), "{text}");
}

#[test]
fn of_files_outside_an_untrusted_project_only_is_told_whether_they_are_there() {
    let world = World::new(
        "files: [/etc/passwd, {path: /etc/passwd, contains: root}, {path: ../outside, matches: x}, {path: inside, contains: x}, {path: led, contains: x}]\n",
    );
    std::fs::write(world.home().join("outside"), "x").unwrap();
    world.write("inside", "x");
    symlink("../outside", world.project().join("led")).unwrap();
    let told = world.check();
    assert_eq!(told.findings, []);
    assert_eq!(told.unknown.len(), 3, "{told:?}");
    assert!(told.unknown.iter().all(|(_, why)| why.contains("envdoctor trust")), "{told:?}");
    world.trust();
    world.check().are(&[]);
}
