//! One report through every output: the same findings, the same ids, the same counts.

use std::collections::BTreeSet;

use envdoctor::report::Format;

use crate::lab::Lab;
use crate::readers::{Said, read, unknown_in_metrics};
use crate::reports::{BROKEN, hostile, scene};

#[test]
fn a_broken_project_is_the_same_through_every_output() {
    let lab = Lab::host(&[]).unwrap();
    lab.write("machine.yaml", BROKEN);
    let mut arguments = vec!["check", "--facts", "machine.yaml", "--format", "json"];
    let files: Vec<String> =
        Format::ALL.iter().map(|format| format!("--output={0}=out.{0}", format.name())).collect();
    arguments.extend(files.iter().map(String::as_str));
    let ran = lab.doctor(&arguments);
    let said = read(Format::Json, &ran.exits(1).silent("everything is a report").stdout);
    assert!(said.found.len() >= 10, "{said:?}");
    let severities: BTreeSet<&str> = said.found.iter().map(|(_, severity)| severity.as_str()).collect();
    assert_eq!(severities, BTreeSet::from(["error", "warning", "info"]));
    let unknown = ["nixpkgs-release-ended", "required-name-unresolved"].map(str::to_owned);
    assert_eq!(said.unknown, Some(BTreeSet::from(unknown)));
    let required = said.found.iter().filter(|(rule, _)| rule.starts_with("required-"));
    let required: Vec<&str> = required.map(|(rule, _)| rule.as_str()).collect();
    let unset = "required-variable-unset";
    assert_eq!(required, ["required-file-differs", "required-file-missing", unset, unset, unset]);
    for format in Format::ALL {
        same(*format, &said, &lab.read(&format!("out.{}", format.name())));
        // And so on stdout, alone.
        let printed = lab.doctor(&["check", "--facts", "machine.yaml", "--format", format.name()]);
        printed.exits(1).silent("everything is a report");
        same(*format, &said, &printed.stdout);
    }
}

#[test]
fn whatever_was_captured_every_output_says_the_same() {
    let (report, scene) = (hostile(), scene());
    let said = read(Format::Json, &Format::Json.draw(&report, &scene));
    assert_eq!(said.found.len(), report.diagnoses.len());
    for format in Format::ALL.iter().filter(|format| **format != Format::Human) {
        same(*format, &said, &format.draw(&report, &scene));
    }
}

#[track_caller]
fn same(format: Format, said: &Said, output: &str) {
    let read = read(format, output);
    let name = format.name();
    assert_eq!(read.found, said.found, "{name}");
    if format == Format::Prometheus {
        let unknown = said.unknown.as_ref().map_or(0, BTreeSet::len);
        assert_eq!(unknown_in_metrics(output), unknown, "{name}");
    }
    if read.unknown.is_some() {
        assert_eq!(read.unknown, said.unknown, "{name}");
    }
    if let (Some(read), Some(said)) = (&read.fingerprints, &said.fingerprints) {
        // GitLab wants each finding to have one of its own.
        let read: BTreeSet<String> = read.iter().map(|it| it.split('-').next().unwrap().to_owned()).collect();
        assert_eq!(&read, said, "{name}");
    }
}

/// Every requirement is a test of its own, whichever others of its rule there are, and however each stands.
#[test]
fn each_requirement_is_a_test_of_its_own() {
    let lab = Lab::host(&[]).unwrap();
    lab.write("machine.yaml", BROKEN);
    let check = |form: &str| {
        let arguments = ["check", "--facts", "machine.yaml", "--only", "require", "--format", form];
        lab.doctor(&arguments).exits(1).stdout.clone()
    };
    let expected = [
        ("required-file-differs (mix.exs)", "failure"),
        ("required-file-missing (mix.exs)", "passed"),
        ("required-file-missing (none.txt)", "failure"),
        ("required-name-unresolved (db.internal)", "error"),
        ("required-variable-unset (FIRST)", "failure"),
        ("required-variable-unset (LANG)", "passed"),
        ("required-variable-unset (SECOND)", "failure"),
        ("required-variable-unset (SECOND) (2)", "failure"),
    ];
    let junit = check("junit");
    let document = roxmltree::Document::parse(&junit).unwrap();
    let cases = document.descendants().filter(|node| node.has_tag_name("testcase"));
    let cases: Vec<(&str, &str)> = cases
        .map(|case| {
            let outcome = case.children().find(|it| it.is_element() && !it.has_tag_name("system-out"));
            (case.attribute("name").unwrap(), outcome.map_or("passed", |it| it.tag_name().name()))
        })
        .collect();
    assert_eq!(cases, expected, "{junit}");
    let tap = check("tap");
    let lines: Vec<&str> = tap.lines().filter(|line| line.contains("ok ")).collect();
    assert_eq!(lines.len(), expected.len(), "{tap}");
    for (line, (name, outcome)) in lines.iter().zip(expected) {
        let ok = if outcome == "passed" { "ok " } else { "not ok " };
        assert!(line.starts_with(ok) && line.contains(&format!(" - {name}: ")), "{name}: {line}");
    }
}
