//! `rules new`: from the output of a failure that no rule knows to a rule that passes every test.

use std::fs;

use crate::inputs::LOG;
use crate::lab::Lab;
use crate::lab::output::Ran;

const UNKNOWN: &str = "Compiling 3 files (.ex)
frobnicator: cannot open the hatch 'front door' of /srv/mill/hatch.toml: jammed 3 times
frobnicator: see https://frobnicator.example.org/hatches
";

fn lab() -> Lab {
    Lab::host(&[]).expect("a lab on this machine needs no tools")
}

/// The rule that was made of an output, which must pass `rules lint`, hold in `rules test`, and be named first for the output.
#[track_caller]
fn sound(lab: &Lab, log: &[u8]) -> String {
    sound_among(lab, log, &["--rules", "house"])
}

/// The same among these rules.
#[track_caller]
fn sound_among(lab: &Lab, log: &[u8], rules: &[&str]) -> String {
    let made =
        lab.doctor_with(&["rules", "new", "--from", "-", "--output", "house", "--format", "json"], log);
    let json: serde_json::Value = serde_json::from_str(&made.exits(0).stdout).unwrap();
    let rule = json["rule"].as_str().unwrap();
    let file = json["file"].as_str().unwrap();
    assert_eq!(file, format!("house/{rule}.yaml"));
    lab.doctor(&[&["rules", "lint"], rules].concat()).exits(0).shows(" 0 warnings");
    lab.doctor(&["rules", "test", "--rules", "house", "--without-built-in"]).exits(0).shows(" 0 failures");
    let diagnosed = lab.doctor_with(&[&["diagnose", "--format", "json"], rules, &["-"]].concat(), log);
    diagnosed.exits(1).report().first(rule);
    lab.read(file)
}

#[track_caller]
fn writes_nothing(lab: &Lab, ran: &Ran) {
    let house = lab.project().join("house");
    ran.must(!house.exists(), "nothing may be written");
}

#[test]
fn new_log() {
    let lab = lab();
    lab.write("build.log", UNKNOWN);
    let ran = lab.doctor(&["rules", "new", "--from", "build.log", "--output", "house rules"]);
    let file = "house rules/frobnicator-cannot-open-hatch-jammed.yaml";
    ran.exits(0).shows(&format!("{file}\n")).shows("line 2 of build.log");
    for command in ["rules lint", "rules test", "diagnose"] {
        ran.shows(&format!("envdoctor {command} --rules 'house rules'"));
    }
    let text = lab.read(file);
    assert!(
        text.contains(
            "frobnicator: cannot open the hatch '(?<name>[^'\\n]+)' of (?<path>\\S+): jammed \\d+ times\n"
        ),
        "{text}"
    );
    assert!(
        text.contains(
            "message: \"frobnicator: cannot open the hatch '${name}' of ${path}: jammed … times\"\n"
        ),
        "{text}"
    );
    // What it says of the next occurrence.
    let next = "frobnicator: cannot open the hatch 'cellar' of /x: jammed 12 times\n";
    let ran = lab.doctor_with(&["diagnose", "--rules", "house rules", "-"], next.as_bytes());
    ran.exits(1).shows("hatch 'cellar' of /x: jammed … times");
    sound(&lab, UNKNOWN.as_bytes());
}

#[test]
fn name_and_folder_of_ones_own() {
    let lab = lab();
    lab.write("build.log", UNKNOWN);
    lab.doctor(&["rules", "new", "--from", "build.log", "--id", "hatch-jammed"]).exits(0);
    assert!(lab.read("hatch-jammed.yaml").contains("\nid: hatch-jammed\n"));
    lab.doctor(&["rules", "lint", "--rules", "."]).exits(0);
    lab.doctor(&["rules", "new", "--from", "build.log", "--id", "Hatch jammed"])
        .exits(2)
        .complains("joined by");
}

#[test]
fn known_log() {
    let lab = lab();
    let new = ["rules", "new", "--from", "-", "--output", "house"];
    let ran = lab.doctor_with(&new, LOG.as_bytes());
    ran.exits(1).complains("fixed-output-hash-mismatch");
    ran.must(ran.stdout.is_empty(), "stdout must be empty");
    writes_nothing(&lab, &ran);
    // The rule that was just written knows its own log, whether or not --rules names its folder.
    lab.doctor_with(&new, UNKNOWN.as_bytes()).exits(0);
    lab.doctor_with(&new, UNKNOWN.as_bytes()).exits(1).complains("frobnicator-cannot-open-hatch-jammed");
    assert_eq!(fs::read_dir(lab.project().join("house")).unwrap().count(), 1);
}

/// A rule that says little by itself gives way: what the builder printed is still to be named.
#[test]
fn known_only_in_general() {
    let lab = lab();
    let log = "error: builder for '/nix/store/8w24gp0l0ldn8zkwmbf1q5scx2yvqm1c-greeting.drv' failed with exit code 1;
       last 2 log lines:
       > building
       > frobnicator: fatal error: the hatch is jammed
       For full logs, run 'nix log /nix/store/8w24gp0l0ldn8zkwmbf1q5scx2yvqm1c-greeting.drv'.
";
    let general = lab.doctor_with(&["diagnose", "--format", "json", "-"], log.as_bytes());
    assert_eq!(general.exits(1).report().roots().len(), 1);
    let text = sound(&lab, log.as_bytes());
    assert!(text.contains("fatal error: the hatch is jammed"), "{text}");
}

#[test]
fn file_that_is_there() {
    let lab = lab();
    lab.write("house/mine.yaml", "precious: true\n");
    let new = ["rules", "new", "--from", "-", "--output", "house", "--id", "mine"];
    lab.doctor_with(&new, UNKNOWN.as_bytes()).exits(2).complains("house/mine.yaml").complains("--id");
    assert_eq!(lab.read("house/mine.yaml"), "precious: true\n");
    let builtin = ["rules", "new", "--from", "-", "--output", "house", "--id", "missing-attribute"];
    lab.doctor_with(&builtin, UNKNOWN.as_bytes()).exits(2).complains("missing-attribute");
    // Another name does, and what is beside it is told.
    let other = ["rules", "new", "--from", "-", "--output", "house"];
    lab.doctor_with(&other, UNKNOWN.as_bytes()).exits(0).complains("YAML that is no rule");
}

#[test]
fn nothing_to_make_a_rule_of() {
    let lab = lab();
    let new = ["rules", "new", "--from", "-", "--output", "house"];
    for (log, why) in [
        (&b""[..], "empty"),
        (b"\n \t\n", "empty"),
        (b"=====\n12 34\n", "words of its own"),
        (b"Compiling\nGenerated acme app\n", "all went well"),
    ] {
        let ran = lab.doctor_with(&new, log);
        ran.exits(3).complains(why);
        writes_nothing(&lab, &ran);
    }
    lab.doctor(&["rules", "new", "--from", "absent.log"]).exits(2).complains("absent.log");
    lab.doctor_with(&new, &fs::read("/bin/sh").unwrap()).exits(2).complains("not text");
    lab.doctor(&["rules", "new"]).exits(2);
}

#[test]
fn nothing_private_is_written() {
    let mut lab = lab();
    lab.set("HOME", "/home/jdoe");
    let log = b"error: frobnicator cannot reach https://bob:hunter2@hex.acme.test/repos as bob@acme.test, password=hunter3
error: jdoe@mill: frobnicator has no config in /home/jdoe/.frobnicator or /Users/Robert/x (owner: jdoe)
error: frobnicator sent 'Authorization: Bearer abcdefghijkl' to build.corp at 10.20.30.40
";
    let text = sound(&lab, log);
    for private in
        ["hunter", "bob", "acme.test", "jdoe", "mill", "Robert", "abcdefghijkl", "build.corp", "10.20.30.40"]
    {
        assert!(!text.contains(private), "{private} stands in\n{text}");
    }
    assert!(text.contains("https://redacted@example.com/repos"), "{text}");
}

#[test]
fn hostile_lines() {
    for line in [
        &b"frobnicator: 'it' \"broke\" `here` jammed hatch"[..],
        b"frobnicator: ${x} and ${env.HOME} $${y} jammed at '/x'",
        b"# frobnicator jammed: hatch # no comment",
        b"| frobnicator jammed",
        b">- frobnicator\tjammed:\thatch\t",
        b"%YAML frobnicator jammed %d 100%",
        b"   \t  frobnicator jammed",
        b"--- frobnicator jammed",
        b"\x1b[31;1mfrobnicator\x1b[0m jammed\r",
        b"2026-11-22T10:00:00Z pkg> frobnicator jammed",
        b"frobnicator jammed (.*) [a-z]+ \\d{3} ^$ (?<name>x)",
        b"frobnicator jammed caf\xe9 \xff\xfe",
        "frobnicator jammed \u{202e}\u{2028}\u{feff} 見つかりません — …".as_bytes(),
        b"error: {\"frobnicator\": \"jammed\", \"hatch\": [1, null]}",
        b"frobnicator jammed: !!python/object &anchor *alias",
    ] {
        let lab = lab();
        for log in [line.to_vec(), [b"error: what else\r\n", line, b"\r\n"].concat()] {
            fs::remove_dir_all(lab.project().join("house")).ok();
            sound_among(&lab, &log, &["--rules", "house", "--without-built-in"]);
        }
    }
    let lab = lab();
    sound(&lab, format!("frobnicator jammed {}\n", "and so on ".repeat(20_000)).as_bytes());
}
