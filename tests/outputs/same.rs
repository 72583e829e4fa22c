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
    assert_eq!(said.unknown, Some(BTreeSet::from(["nixpkgs-release-ended".to_owned()])));
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
