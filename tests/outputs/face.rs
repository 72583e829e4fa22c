//! `--format` and `--output`: what they take, what they refuse, and where it goes.

use envdoctor::report::Format;

use crate::lab::Lab;
use crate::readers::read;

const LOG: &str = "Could not find Hex, which is needed to build dependency :jason\n";

fn lab() -> Lab {
    let lab = Lab::host(&[]).unwrap();
    lab.write("build.log", LOG);
    lab
}

#[test]
fn commands_without_a_report_refuse_its_forms() {
    let lab = lab();
    for command in
        [vec!["facts"], vec!["rules", "list"], vec!["explain", "hex-missing"], vec!["fix"], vec!["history"]]
    {
        let ran = lab.doctor(&[command.as_slice(), &["--format", "junit"]].concat());
        ran.exits(2)
            .complains("`check`, `diagnose` and `run`")
            .must(ran.stdout.is_empty(), "nothing is printed");
        let ran = lab.doctor(&[command.as_slice(), &["--output", "junit=report.xml"]].concat());
        ran.exits(2).complains("--output").must(ran.stdout.is_empty(), "nothing is printed");
    }
    assert!(!lab.project().join("report.xml").exists());
}

#[test]
fn an_output_that_cannot_be_is_told_with_advice() {
    let lab = lab();
    let refused = |output: &str, why: &str| {
        lab.doctor(&["diagnose", "build.log", "--output", output]).exits(2).complains(why);
    };
    refused("report.xml", "junit=report.xml");
    refused("xml=report.xml", "there is no form `xml`; there are: human, json");
    refused("junit=-", "--format junit prints it on stdout");
    refused("junit=", "needs a file");
    refused("junit=no/such/folder/report.xml", "no/such/folder/report.xml");
    refused("junit=build.log/report.xml", "build.log");
    refused("junit=/dev/stdout", "is no regular file");
    refused("junit=./build.log", "that file is read here");
    let twice = ["diagnose", "build.log", "--output", "junit=a.xml", "--output", "sarif=./a.xml"];
    lab.doctor(&twice).exits(2).complains("another --output goes to the same file");
}

#[test]
fn several_outputs_are_written_beside_what_is_printed() {
    let lab = lab();
    lab.write("report.xml", "old");
    let ran = lab.doctor(&[
        "diagnose",
        "build.log",
        "--output",
        "junit=report.xml",
        "--output",
        "json=report.json",
    ]);
    ran.exits(1).shows("✗").must(!ran.stdout.contains("<?xml"), "stdout holds the chosen form alone");
    let (xml, json) = (lab.read("report.xml"), lab.read("report.json"));
    assert_eq!(read(Format::Junit, &xml).found, read(Format::Json, &json).found);
    assert_eq!(read(Format::Json, &json).found.len(), 1);
}

#[test]
fn what_run_finds_is_written_and_stdout_is_the_commands() {
    let lab = lab();
    let script = "echo out; cat build.log >&2; exit 7";
    let ran = lab.doctor(&["run", "--output", "tap=out.tap", "--format", "sarif", "--", "sh", "-c", script]);
    ran.exits(7).must(ran.stdout == "out\n", "stdout is the command's");
    let report = ran.stderr.strip_prefix(LOG).unwrap();
    assert_eq!(read(Format::Sarif, report).found, read(Format::Tap, &lab.read("out.tap")).found);
    assert_eq!(read(Format::Sarif, report).found.len(), 1);
    // A command that did well has a report too, so that what reads it finds one.
    lab.doctor(&["run", "--output", "junit=well.xml", "--", "true"]).exits(0);
    assert!(read(Format::Junit, &lab.read("well.xml")).found.is_empty());
}
