//! Every output is accepted by what reads it elsewhere: a schema, or the tool itself.

use std::path::Path;

use envdoctor::report::{Format, Report, Summary};
use pulldown_cmark::{Event, Options, Parser, Tag};
use serde_json::Value;

use crate::lab::{Lab, node_package, output::Ran};
use crate::reports::{BROKEN, hostile, scene};

/// A failure that no rule knows.
const UNRECOGNISED: &str = "checking the frobnicator\nerror: the frobnicator is jammed\n";

/// Outputs of this form: of a broken machine, of an unknown failure, of nothing, and of all that is hostile.
pub(crate) fn samples(format: Format) -> Vec<String> {
    let lab = Lab::host(&[]).unwrap();
    lab.write("machine.yaml", BROKEN);
    lab.write("other.log", UNRECOGNISED);
    lab.write("good.log", "all is well\n");
    let name = format.name();
    vec![
        lab.doctor(&["check", "--facts", "machine.yaml", "--format", name]).exits(1).stdout.clone(),
        lab.doctor(&["diagnose", "other.log", "--format", name]).exits(3).stdout.clone(),
        lab.doctor(&["diagnose", "good.log", "--format", name]).exits(0).stdout.clone(),
        format.draw(
            &Report { summary: Summary { lines: Some(1), ..Summary::default() }, ..Report::default() },
            &scene(),
        ),
        format.draw(&hostile(), &scene()),
    ]
}

pub(crate) fn schema(name: &str) -> Value {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/schemas").join(name);
    serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap()
}

#[track_caller]
pub(crate) fn fits(schema: &Value, json: &str) {
    let json: Value = serde_json::from_str(json).unwrap();
    let validator = jsonschema::validator_for(schema).unwrap();
    let errors: Vec<String> =
        validator.iter_errors(&json).map(|error| format!("{}: {error}", error.instance_path())).collect();
    assert!(errors.is_empty(), "{errors:#?}");
}

#[test]
fn sarif_fits_the_official_schema() {
    // As a pattern of Unicode its `]` lacks its other half, so that the schema itself would be refused.
    let text = schema("sarif-2.1.0.json").to_string().replace("[a-zA-Z]{2}]?$", "[a-zA-Z]{2}?$");
    let schema = serde_json::from_str(&text).unwrap();
    for sample in samples(Format::Sarif) {
        fits(&schema, &sample);
    }
}

#[test]
fn gitlabs_report_has_what_gitlab_asks_for() {
    let schema = schema("gitlab-code-quality.json");
    for sample in samples(Format::Gitlab) {
        fits(&schema, &sample);
    }
}

#[test]
fn microsofts_validator_accepts_the_sarif() {
    if !cfg!(target_arch = "x86_64") {
        return; // It is made for no other processor.
    }
    let Some(mut lab) = Lab::host(&["sarif-multitool"]) else { return };
    lab.set("DOTNET_SYSTEM_GLOBALIZATION_INVARIANT", "1");
    let folder = node_package("@microsoft/sarif-multitool-linux").unwrap();
    let tool = folder.join("Sarif.Multitool");
    for sample in samples(Format::Sarif) {
        lab.write("report.sarif", &sample);
        let tool = tool.to_str().unwrap();
        let rules = ["--rule-kind", "Sarif;Ghas", "--log", "ForceOverwrite"];
        let ran =
            lab.run(&[&[tool, "validate", "report.sarif", "-o", "found.sarif"], rules.as_slice()].concat());
        ran.must(!ran.all().contains(": error "), "it must find no error");
        let found: Value = serde_json::from_str(&lab.read("found.sarif")).unwrap();
        let results = found["runs"][0]["results"].as_array().unwrap();
        // envdoctor has no page of its own yet, whose address `informationUri` would be.
        let wrong: Vec<&Value> = results.iter().filter(|it| it["ruleId"] != "SARIF2005").collect();
        assert!(wrong.is_empty(), "{wrong:#?}");
    }
}

#[test]
fn junit_fits_jenkinss_schema() {
    let Some(lab) = Lab::host(&["xmllint"]) else { return };
    let schema = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/schemas/junit-10.xsd");
    for sample in samples(Format::Junit) {
        lab.write("report.xml", &sample);
        lab.run(&["xmllint", "--noout", "--schema", schema.to_str().unwrap(), "report.xml"]).exits(0);
    }
}

#[test]
fn promtool_accepts_the_metrics() {
    let Some(lab) = Lab::host(&["promtool"]) else { return };
    for sample in samples(Format::Prometheus) {
        let ran = lab.run_in("project", &["promtool", "check", "metrics"], sample.as_bytes());
        ran.exits(0).must(ran.all().trim().is_empty(), "promtool must have nothing to say");
    }
}

/// Prints what Perl's parser, which `prove` is made of, reads.
const PERL: &str = r#"
    my $parser = TAP::Parser->new({ source => "report.tap" });
    while (my $result = $parser->next) {
        print $result->is_ok ? "ok" : "not ok", "\t", $result->description, "\t", $result->directive, "\n" if $result->is_test;
        print "LOST ", $result->as_string, "\n" if $result->is_unknown;
        print "yaml\t", join(",", sort keys %{ $result->data }), "\n" if $result->is_yaml;
    }
    print "WRONG $_\n" for $parser->parse_errors;
    print "planned ", $parser->tests_planned, " ran ", $parser->tests_run, "\n";
"#;

#[test]
fn perls_parser_reads_the_tap() {
    let Some(lab) = Lab::host(&["perl", "prove"]) else { return };
    for sample in samples(Format::Tap) {
        // Debian bookworm's Perl knows version 13, of which 14 only fixes what was left open.
        lab.write("report.tap", &sample.replacen("TAP version 14", "TAP version 13", 1));
        let ran = lab.run(&["perl", "-MTAP::Parser", "-e", PERL]);
        ran.exits(0).silent("it reads all of it");
        ran.must(!ran.stdout.contains("WRONG ") && !ran.stdout.contains("LOST "), "every line is understood");
        let wrong = sample.lines().filter(|line| line.starts_with("not ok ")).count();
        let read = |start: &str| ran.stdout.lines().filter(|line| line.starts_with(start)).count();
        assert_eq!((read("not ok\t"), read("yaml\t")), (wrong, wrong), "{}", ran.stdout);
        let proved = lab.run(&["prove", "--exec", "cat", "report.tap"]);
        proved.exits(if wrong == 0 { 0 } else { 1 });
    }
}

#[test]
fn the_parser_of_node_tap_reads_the_tap() {
    let Some(lab) = Lab::host(&["node", "tap-parser"]) else { return };
    let parser = node_package("tap-parser").unwrap().join("bin/cmd.cjs");
    for sample in samples(Format::Tap) {
        let argv = ["node", parser.to_str().unwrap(), "--strict", "-j"];
        let ran: Ran = lab.run_in("project", &argv, sample.as_bytes());
        let events = ran.json();
        let of = |kind: &str| {
            let events = events.as_array().unwrap().iter();
            events.filter(|event| event[0] == kind).map(|event| event[1].clone()).collect::<Vec<_>>()
        };
        assert_eq!(of("version"), [14]);
        let complete = of("complete");
        assert_eq!(
            complete[0]["failures"].as_array().unwrap().len() as u64,
            complete[0]["fail"].as_u64().unwrap()
        );
        assert!(of("extra").is_empty() && of("bailout").is_empty(), "{events:#}");
        for test in of("assert").iter().filter(|test| test["ok"] == false) {
            assert!(test["diag"]["severity"].is_string(), "{test:#}");
        }
    }
}

#[test]
fn nothing_that_was_captured_is_markup() {
    for sample in samples(Format::Markdown) {
        assert!(sample.len() < 65_536, "GitHub takes no longer issue: {}", sample.len());
        for event in Parser::new_ext(&sample, Options::all()) {
            match event {
                Event::Html(text) | Event::InlineHtml(text) => panic!("HTML: {text}"),
                Event::Start(Tag::Link { dest_url, .. } | Tag::Image { dest_url, .. }) => {
                    assert!(!dest_url.contains("evil"), "{dest_url}");
                }
                _ => {}
            }
        }
        for text in prose(&sample) {
            let read = ["@", "#1", "://", "www.", "!1", "~x", "<", "&", "**", "]("];
            assert!(read.iter().all(|it| !text.to_lowercase().contains(it)), "{text}");
            assert!(!text.starts_with('/'), "{text}");
        }
    }
}

/// What stands outside of code and of links.
fn prose(markdown: &str) -> Vec<String> {
    let (mut prose, mut depth) = (Vec::new(), 0);
    for event in Parser::new_ext(markdown, Options::all()) {
        match event {
            Event::Start(Tag::CodeBlock(_) | Tag::Link { .. }) => depth += 1,
            Event::End(pulldown_cmark::TagEnd::CodeBlock | pulldown_cmark::TagEnd::Link) => depth -= 1,
            Event::Text(text) if depth == 0 => prose.push(text.into_string()),
            _ => {}
        }
    }
    prose
}
