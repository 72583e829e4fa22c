//! Each output, read by a parser that knows nothing of envdoctor.

use std::collections::{BTreeMap, BTreeSet};

use envdoctor::report::Format;
use pulldown_cmark::{Event, Options, Parser, Tag, TagEnd};
use regex::Regex;
use serde_json::Value;

/// What an output says, as far as all of them say it.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Said {
    /// The rules that were found, with their severity, as often as each was.
    pub(crate) found: Vec<(String, String)>,
    /// The rules that nobody could decide; `None`: this form does not tell them.
    pub(crate) unknown: Option<BTreeSet<String>>,
    /// The fingerprints; `None`: this form does not tell them.
    pub(crate) fingerprints: Option<BTreeSet<String>>,
}

impl Said {
    fn of(mut found: Vec<(String, String)>) -> Said {
        found.sort();
        Said { found, ..Said::default() }
    }
}

/// Reads an output of that form.
pub(crate) fn read(format: Format, text: &str) -> Said {
    match format {
        Format::Human => human(text),
        Format::Json => json(text),
        Format::Junit => junit(text),
        Format::Sarif => sarif(text),
        Format::Github => github(text),
        Format::Gitlab => gitlab(text),
        Format::Markdown => markdown(text),
        Format::Prometheus => prometheus(text),
        Format::Tap => tap(text),
    }
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_else(|| panic!("no text: {value}")).to_owned()
}

fn list(value: &Value) -> &Vec<Value> {
    value.as_array().unwrap_or_else(|| panic!("no list: {value}"))
}

fn human(output: &str) -> Said {
    let heading = Regex::new(r"(?m)^([✗!i]) (?s:.*?) {3,}([a-z0-9]+(?:-[a-z0-9]+)+)$").unwrap();
    let severity = |mark: &str| match mark {
        "✗" => "error",
        "!" => "warning",
        _ => "info",
    };
    let found = heading.captures_iter(output).map(|it| (it[2].to_owned(), severity(&it[1]).to_owned()));
    let undecided = Regex::new(r"nobody can tell about ([a-z0-9, -]+)").unwrap();
    let unknown = undecided.captures_iter(output).flat_map(|it| {
        it[1]
            .split(',')
            .map(|rule| rule.trim().to_owned())
            .filter(|rule| !rule.is_empty())
            .collect::<Vec<_>>()
    });
    Said { unknown: Some(unknown.collect()), ..Said::of(found.collect()) }
}

fn json(output: &str) -> Said {
    let report: Value = serde_json::from_str(output).unwrap();
    let diagnoses = list(&report["diagnoses"]);
    Said {
        unknown: Some(list(&report["unknown"]).iter().map(|it| text(&it["rule"])).collect()),
        fingerprints: Some(diagnoses.iter().map(|it| text(&it["fingerprint"])).collect()),
        ..Said::of(diagnoses.iter().map(|it| (text(&it["rule"]), text(&it["severity"]))).collect())
    }
}

fn junit(output: &str) -> Said {
    let document = roxmltree::Document::parse(output).unwrap();
    let name = |case: roxmltree::Node<'_, '_>| {
        let name = case.attribute("name").unwrap();
        name.split(' ').next().unwrap().to_owned()
    };
    let cases: Vec<_> = document.descendants().filter(|node| node.has_tag_name("testcase")).collect();
    let child = |case: &roxmltree::Node<'_, '_>, tag: &str| {
        case.children()
            .find(|child| child.has_tag_name(tag))
            .map(|child| child.attribute("type").unwrap().to_owned())
    };
    let found = cases.iter().filter_map(|case| Some((name(*case), child(case, "failure")?)));
    let unknown = cases.iter().filter(|case| child(case, "error").is_some_and(|kind| kind == "unknown"));
    let said = Said { unknown: Some(unknown.map(|case| name(*case)).collect()), ..Said::of(found.collect()) };
    for suite in document.descendants().filter(|node| node.has_tag_name("testsuite")) {
        let cases = |tag: &str| {
            let cases = suite.children().filter(|case| case.has_tag_name("testcase"));
            cases
                .filter(|case| tag.is_empty() || case.children().any(|it| it.has_tag_name(tag)))
                .count()
                .to_string()
        };
        for (count, tag) in
            [("tests", ""), ("failures", "failure"), ("errors", "error"), ("skipped", "skipped")]
        {
            assert_eq!(suite.attribute(count), Some(cases(tag).as_str()), "{count} of {suite:?}");
        }
    }
    said
}

fn sarif(output: &str) -> Said {
    let log: Value = serde_json::from_str(output).unwrap();
    let run = &log["runs"][0];
    let rules = list(&run["tool"]["driver"]["rules"]);
    let counts =
        |result: &&Value| result.get("suppressions").is_none() && result["baselineState"] != "unchanged";
    let results: Vec<&Value> = list(&run["results"]).iter().filter(counts).collect();
    for result in &results {
        let index = usize::try_from(result["ruleIndex"].as_u64().unwrap()).unwrap();
        assert_eq!(rules[index]["id"], result["ruleId"]);
    }
    let severity = |level: &Value| match text(level).as_str() {
        "note" => "info".to_owned(),
        level => level.to_owned(),
    };
    let notifications = list(&run["invocations"][0]["toolExecutionNotifications"]);
    let unknown = notifications.iter().filter_map(|it| Some(text(it.get("associatedRule")?.get("id")?)));
    Said {
        unknown: Some(unknown.collect()),
        fingerprints: Some(
            results.iter().map(|it| text(&it["partialFingerprints"]["envdoctor/v1"])).collect(),
        ),
        ..Said::of(results.iter().map(|it| (text(&it["ruleId"]), severity(&it["level"]))).collect())
    }
}

/// A workflow command: its name, its properties and its message.
pub(crate) type Command = (String, BTreeMap<String, String>, String);

/// The workflow commands of an output that holds nothing else, as GitHub's runner takes them apart.
pub(crate) fn commands(output: &str) -> Vec<Command> {
    let form = Regex::new(r"^::([a-z]+) ([^:\r\n]*)::([^\r\n]*)$").unwrap();
    let unescaped = |text: &str, pairs: &[(&str, &str)]| {
        // Every % begins one of the known escapes.
        let mut rest = text;
        let mut out = String::new();
        while let Some(at) = rest.find('%') {
            out.push_str(&rest[..at]);
            let (escape, plain) = *pairs.iter().find(|(escape, _)| rest[at..].starts_with(escape)).unwrap();
            out.push_str(plain);
            rest = &rest[at + escape.len()..];
        }
        out + rest
    };
    let data = [("%25", "%"), ("%0D", "\r"), ("%0A", "\n")];
    let property = [data.as_slice(), &[("%3A", ":"), ("%2C", ",")]].concat();
    let lines = output.split_terminator('\n').map(|line| {
        let parts = form.captures(line).unwrap_or_else(|| panic!("no command: {line:?}"));
        let properties = parts[2].split(',').map(|pair| {
            let (name, value) = pair.split_once('=').unwrap();
            (name.to_owned(), unescaped(value, &property))
        });
        (parts[1].to_owned(), properties.collect(), unescaped(&parts[3], &data))
    });
    lines.collect()
}

fn github(output: &str) -> Said {
    let (mut found, mut unknown) = (Vec::new(), BTreeSet::new());
    for (name, properties, _) in commands(output) {
        let title = &properties["title"];
        match (title.strip_suffix(" (not known)"), name.as_str()) {
            (Some(rule), "notice") => drop(unknown.insert(rule.to_owned())),
            (None, "error") if title == "unrecognised-failure" => {}
            (None, "notice") => found.push((title.clone(), "info".to_owned())),
            (None, "error" | "warning") => found.push((title.clone(), name)),
            other => panic!("{other:?}"),
        }
    }
    Said { unknown: Some(unknown), ..Said::of(found) }
}

fn gitlab(output: &str) -> Said {
    let issues: Value = serde_json::from_str(output).unwrap();
    let severity = |it: &Value| match text(it).as_str() {
        "critical" => "error".to_owned(),
        "minor" => "warning".to_owned(),
        other => other.to_owned(),
    };
    let fingerprints: Vec<String> = list(&issues).iter().map(|it| text(&it["fingerprint"])).collect();
    let different: BTreeSet<String> = fingerprints.iter().cloned().collect();
    assert_eq!(different.len(), fingerprints.len(), "GitLab takes two of one fingerprint for one");
    Said {
        fingerprints: Some(different),
        ..Said::of(
            list(&issues).iter().map(|it| (text(&it["check_name"]), severity(&it["severity"]))).collect(),
        )
    }
}

fn markdown(output: &str) -> Said {
    let mut found = Vec::new();
    let (mut unknown, mut names_rules) = (BTreeSet::new(), false);
    let (mut cells, mut in_unknown, mut in_heading, mut heading) =
        (Vec::<String>::new(), false, false, String::new());
    for event in Parser::new_ext(output, Options::all()) {
        match event {
            Event::Start(Tag::TableRow) => cells.clear(),
            Event::Start(Tag::TableCell) => cells.push(String::new()),
            Event::End(TagEnd::TableRow) => {
                assert_eq!(cells.len(), 4, "{cells:?}");
                found.push((cells[1].clone(), cells[0].clone()));
            }
            Event::Start(Tag::Heading { .. }) => (in_heading, heading) = (true, String::new()),
            Event::End(TagEnd::Heading(_)) => {
                in_heading = false;
                in_unknown = heading == "? Not known";
            }
            Event::Text(text) | Event::Code(text) if in_heading => heading.push_str(&text),
            Event::Start(Tag::Item) => names_rules = false,
            Event::Text(text) if in_unknown => names_rules |= text.contains("nobody can tell about"),
            Event::Code(text) if in_unknown && names_rules => drop(unknown.insert(text.into_string())),
            Event::Text(text) | Event::Code(text) => {
                if let Some(cell) = cells.last_mut() {
                    cell.push_str(&text);
                }
            }
            Event::End(TagEnd::Table) => cells.clear(),
            _ => {}
        }
    }
    Said { unknown: Some(unknown), ..Said::of(found) }
}

fn prometheus(output: &str) -> Said {
    let lines = output.lines().map(|line| Ok(line.to_owned()));
    let scrape = prometheus_parse::Scrape::parse(lines).unwrap();
    let value = |sample: &prometheus_parse::Sample| match sample.value {
        prometheus_parse::Value::Gauge(value) => value as usize,
        ref other => panic!("{other:?}"),
    };
    let label = |sample: &prometheus_parse::Sample, name: &str| sample.labels.get(name).unwrap().to_owned();
    let of = |metric: &'static str| scrape.samples.iter().filter(move |sample| sample.metric == metric);
    let found: Vec<_> = of("envdoctor_findings")
        .flat_map(|sample| vec![(label(sample, "rule"), label(sample, "severity")); value(sample)])
        .collect();
    for problems in of("envdoctor_problems") {
        let severity = label(problems, "severity");
        assert_eq!(value(problems), found.iter().filter(|(_, it)| *it == severity).count(), "{severity}");
    }
    Said::of(found)
}

/// What Prometheus's form says of rules that nobody could decide: their number.
pub(crate) fn unknown_in_metrics(output: &str) -> usize {
    let line = output.lines().find_map(|line| line.strip_prefix("envdoctor_unknown "));
    line.unwrap().parse().unwrap()
}

fn tap(output: &str) -> Said {
    let test = Regex::new(r"^(not )?ok (\d+) - ([a-z0-9-]+)[: ].*$").unwrap();
    let mut lines = output.lines().peekable();
    assert_eq!(lines.next(), Some("TAP version 14"));
    let planned: usize = lines.next().unwrap().strip_prefix("1..").unwrap().parse().unwrap();
    let (mut found, mut unknown, mut tests) = (Vec::new(), BTreeSet::new(), 0);
    let mut fingerprints = BTreeSet::new();
    while let Some(line) = lines.next() {
        let parts = test.captures(line).unwrap_or_else(|| panic!("no test: {line:?}"));
        tests += 1;
        assert_eq!(parts[2].parse::<usize>().unwrap(), tests);
        let mut yaml = String::new();
        if lines.next_if_eq(&"  ---").is_some() {
            for line in lines.by_ref().take_while(|line| *line != "  ...") {
                yaml.push_str(line);
                yaml.push('\n');
            }
        }
        let yaml: Value = serde_yaml::from_str(&yaml).unwrap();
        if parts.get(1).is_some() {
            let rule = parts[3].to_owned();
            match text(&yaml["severity"]).as_str() {
                "unknown" => drop(unknown.insert(rule)),
                "unrecognised" => {}
                severity => {
                    assert_eq!(text(&yaml["rule"]), rule);
                    fingerprints.insert(text(&yaml["fingerprint"]));
                    found.push((rule, severity.to_owned()));
                }
            }
        }
    }
    assert_eq!(tests, planned);
    Said { unknown: Some(unknown), fingerprints: Some(fingerprints), ..Said::of(found) }
}
