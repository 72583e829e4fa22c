//! The rules that a project brings of its own: read as `trust` has shown them, and not before.

use std::fs;
use std::os::unix::fs::symlink;

use crate::lab::{Lab, output::Ran};

/// A rule with a remedy of each kind, and with escapes in its texts.
const RULE: &str = r#"id: licence-missing
title: "The licence\e[31m is missing"
severity: error
family: house
since: 0.1.0
explanation: It is kept elsewhere.
symptoms:
  - "no licence at (?<place>\\S+)"
remedies:
  - {title: Fetch it, risk: user, run: [fetch-licence, --to, "${place}", "two words\e]0;owned\a"]}
  - {title: Name another place, risk: project, edit: {find: "${place}", replace: /srv/licence, in: [licence.conf]}}
  - {title: Drop the old one, risk: cache, remove: [cache/licence]}
examples:
  - "no licence at /etc/licence"
"#;

const FILE: &str = ".envdoctor/rules/licence-missing.yaml";
const LOG: &[u8] = b"error: no licence at /etc/licence\n";
const NOT_READ: &str = "envdoctor: this project brings 1 rule of its own; it is not read";

fn diagnose(lab: &Lab) -> Ran {
    lab.doctor_with(&["diagnose", "--format", "json", "-"], LOG)
}

/// The rule is not known, and one line says why.
#[track_caller]
fn is_not_read(lab: &Lab) -> Ran {
    let ran = diagnose(lab);
    ran.exits(3).complains(NOT_READ);
    assert!(ran.report().roots().is_empty());
    ran.must(ran.stderr.lines().count() == 1, "one line says so");
    ran
}

#[track_caller]
fn is_read(lab: &Lab) {
    let ran = diagnose(lab);
    ran.exits(1).report().first("licence-missing");
    ran.must(ran.stderr.is_empty(), "nothing is to be said of trust");
}

#[test]
fn a_projects_rules_are_read_as_they_were_trusted() {
    let Some(lab) = Lab::host(&[]) else { return };
    lab.write(FILE, RULE);
    lab.write("flake.nix", "{ }\n");
    is_not_read(&lab).complains("before `envdoctor trust` has shown it");
    let quiet = lab.doctor_with(&["diagnose", "--quiet", "-"], LOG);
    quiet.must(quiet.stderr.is_empty(), "it is told to be quiet");
    // A command that goes well is not talked into.
    let ran = lab.doctor(&["run", "--", "true"]);
    ran.exits(0).must(ran.stderr.is_empty(), "nothing failed");
    lab.doctor(&["run", "--", "false"]).complains(NOT_READ);

    lab.doctor(&["trust"]).exits(1).complains("nothing is trusted");
    is_not_read(&lab);
    lab.doctor(&["trust", "--yes"]).exits(0);
    is_read(&lab);

    // What a repair edits is not what is trusted here.
    lab.write("flake.nix", "{ a = 1; }\n");
    is_read(&lab);
    lab.doctor(&["check", "--deep"]).exits(2).complains("changed since it was trusted (flake.nix)");

    lab.write(FILE, &RULE.replace("/srv/licence", "/srv/other"));
    is_not_read(&lab).complains("changed since they were trusted (.envdoctor/rules/licence-missing.yaml)");
    lab.write(FILE, RULE);
    is_read(&lab);
    lab.write(".envdoctor/notes", "new\n");
    is_not_read(&lab).complains("(.envdoctor/notes)");
    fs::remove_file(lab.project().join(".envdoctor/notes")).unwrap();
    is_read(&lab);
    fs::rename(lab.project().join(FILE), lab.project().join(".envdoctor/rules/licence-gone.yaml")).unwrap();
    is_not_read(&lab).complains("licence-gone.yaml, .envdoctor/rules/licence-missing.yaml");
    lab.doctor(&["trust", "--forget"]).exits(0);
    is_not_read(&lab).complains("before `envdoctor trust` has shown it");
}

#[test]
fn trust_shows_every_command_file_and_risk_and_obeys_none() {
    let Some(lab) = Lab::host(&[]) else { return };
    lab.write(FILE, RULE);
    lab.write(".envdoctor/rules/a\u{1b}[2Jb.txt", "");
    let shown = lab.doctor(&["--color", "always", "trust"]);
    shown.exits(1);
    for part in [
        "licence-missing",
        r"The licence\u{1b}[31m is missing",
        r"fetch-licence --to '${place}' 'two words\u{1b}]0;owned\u{7}'",
        "in `licence.conf`",
        "Moves `cache/licence` into the backup",
        "[user]",
        "[project]",
        "[cache]",
        r"a\u{1b}[2Jb.txt",
    ] {
        shown.shows(part);
    }
    for obeyed in ["\u{1b}[31m is", "\u{1b}]0;", "\u{7}", "\u{1b}[2J"] {
        shown.must(!shown.all().contains(obeyed), "a terminal must not obey the project's texts");
    }
    shown.must(!shown.stderr.contains("of its own"), "trust itself is not told to trust");
}

#[test]
fn rules_with_mistakes_are_not_parsed_before_and_not_trusted() {
    let Some(lab) = Lab::host(&[]) else { return };
    lab.write(FILE, &RULE.replace("severity: error", "severity: \"fatal\\e[2J\""));
    is_not_read(&lab);
    let trust = lab.doctor(&["--color", "always", "trust", "--yes"]);
    trust.exits(2).complains("licence-missing.yaml:3:11: ").complains("is no severity");
    trust.must(!trust.stderr.contains("\u{1b}[2J"), "a terminal must not obey the project's texts");
    lab.write(FILE, RULE);
    is_not_read(&lab);

    lab.write(".envdoctor/rules/hex-missing.yaml", &RULE.replace("id: licence-missing", "id: hex-missing"));
    lab.doctor(&["trust", "--yes"]).exits(2).complains("there is a rule `hex-missing` already");
    assert!(!lab.state().join("trusted.json").exists(), "nothing is trusted");
}

#[test]
fn a_link_out_of_the_project_is_refused() {
    let Some(lab) = Lab::host(&[]) else { return };
    fs::write(lab.path("outside.yaml"), RULE).unwrap();
    lab.write(".envdoctor/rules/.keep", "");
    symlink(lab.path("outside.yaml"), lab.project().join(FILE)).unwrap();
    let ran = diagnose(&lab);
    ran.exits(3).complains(
        "this project's own rules are not read: .envdoctor/rules/licence-missing.yaml leads out of",
    );
    lab.doctor(&["trust", "--yes"]).exits(2).complains("leads out of the project");

    // Within the project a link is as good as a file.
    fs::remove_file(lab.project().join(FILE)).unwrap();
    lab.write("house/licence.yaml", RULE);
    symlink("../../house/licence.yaml", lab.project().join(FILE)).unwrap();
    lab.doctor(&["trust", "--yes"]).exits(0);
    is_read(&lab);
    lab.write("house/licence.yaml", &RULE.replace("/srv", "/opt"));
    is_not_read(&lab);
}

#[test]
fn packs_stand_beside_each_other() {
    let Some(lab) = Lab::host(&[]) else { return };
    let rule = |id: &str, words: &str| {
        let rule = RULE.replace("licence-missing", id).replace("no licence at", words);
        (format!("{id}.yaml"), rule)
    };
    // As tools leave it that keep a configuration: a link.
    let (name, mine) = rule("mine-missing", "no mine at");
    fs::create_dir_all(lab.path("home/.config/envdoctor/rules/deep")).unwrap();
    fs::write(lab.path("mine"), mine).unwrap();
    symlink(lab.path("mine"), lab.path("home/.config/envdoctor/rules/deep").join(name)).unwrap();
    lab.write(FILE, RULE);
    let (name, named) = rule("named-missing", "no name at");
    lab.write(&format!("named/{name}"), &named);
    lab.doctor(&["trust", "--yes"]).exits(0);

    let ids = |arguments: &[&str]| {
        let list = lab.doctor(&[arguments, &["rules", "list", "--format", "json"]].concat());
        let rules = list.exits(0).json()["rules"].as_array().unwrap().clone();
        let ids: Vec<String> = rules.iter().map(|rule| rule["id"].as_str().unwrap().to_owned()).collect();
        ids
    };
    let all = ids(&["--rules", "named"]);
    assert!(
        all.len() > 3
            && all.ends_with(&["mine-missing", "licence-missing", "named-missing"].map(str::to_owned))
    );
    assert_eq!(ids(&["--rules", "named", "--without-built-in"]), ["named-missing"]);
    // A pack can be named as well, and is then read once; from below the project it is the same pack.
    assert_eq!(ids(&["--rules", ".envdoctor/rules"]).len(), all.len() - 1);
    lab.write(".git/HEAD", "");
    fs::create_dir(lab.project().join("lib")).unwrap();
    assert_eq!(ids(&["-C", "lib"]).len(), all.len() - 1);
    // Only those that the person names are looked at, and they need no trust.
    lab.doctor(&["trust", "--forget"]).exits(0);
    let lint = lab.doctor(&["rules", "lint", "--rules", ".envdoctor/rules"]);
    lint.must(!lint.stderr.contains("of its own"), "they are read");
    lint.shows("licence-missing.yaml")
        .must(!lint.all().contains("mine-missing.yaml"), "only what is named is meant");
}

#[test]
fn settings_with_mistakes_keep_fix_from_beginning() {
    let Some(mut lab) = Lab::host(&[]) else { return };
    lab.write(FILE, RULE);
    lab.write("a.log", "error: no licence at /etc/licence\n");
    lab.write("envdoctor.yaml", "fix:\n  most: projct\n  never: [hex-mising, licence-missing]\n");
    let fix = lab.doctor(&["fix", "--log", "a.log", "--yes"]);
    fix.exits(2)
        .complains("envdoctor.yaml:2:9: `projct` is no risk")
        .complains("did you mean `hex-missing`?");
    // It may name the project's own rules before they are trusted.
    fix.must(!fix.stderr.contains("no rule `licence-missing`"), "the project has that rule");
    // Nobody knows what would count.
    lab.doctor(&["check"]).exits(2).complains("envdoctor.yaml:2:9: `projct` is no risk");

    lab.write("envdoctor.yaml", "fix: {never: [licence-missing]}\n");
    lab.doctor(&["fix", "--log", "a.log"]).exits(3);
    lab.set("ENVDOCTOR_FIX_MOST", "everything");
    lab.doctor(&["fix", "--log", "a.log"]).exits(2).complains("ENVDOCTOR_FIX_MOST: `everything` is no risk");
}
