use std::collections::BTreeMap;

use super::*;
use crate::facts::{Facts, Reading, Severity, Value};
use crate::rules::{Source, read_rule};
use crate::scan::{Quote, Sighting};

fn rules() -> RuleSet {
    let rule = |id: &str, more: &str| {
        let text = format!(
            "id: {id}\ntitle: T\nseverity: error\nfamily: nix\nsince: 0.1.0\nexplanation: E\n{more}\nsymptoms: ['the (?<what>\\w+) failed(?: in (?<file>\\w+))?']\nremedies:\n  - {{title: \"Mend ${{what}}\", tell: T}}\nexamples: [x]\n"
        );
        let source = Source { name: format!("{id}.yaml"), text };
        read_rule(source, id, None).unwrap_or_else(|problems| panic!("{}", problems[0]))
    };
    let all = vec![
        rule("cause", "leads_to: [middle]"),
        rule("middle", "leads_to: [effect]"),
        rule("effect", ""),
        rule("vague", "generic: true"),
        rule("other", ""),
        rule("shown", "checks: {fact: gpu.count, equals: 1}"),
        rule("shown-among-others", "checks: {refutes: false, fact: gpu.count, equals: 1}"),
    ];
    RuleSet::default().with(&all).unwrap()
}

fn sighting(rule: &str, line: u64, captures: &[(&str, &str)]) -> Sighting {
    let captures =
        captures.iter().map(|(k, v)| ((*k).to_owned(), (*v).to_owned())).collect::<BTreeMap<_, _>>();
    let quotes = vec![Quote { line, text: "x".to_owned() }];
    Sighting { rule: rule.to_owned(), quotes, words: String::new(), inner: Vec::new(), captures, count: 1 }
}

fn tree(sightings: Vec<Sighting>) -> Vec<(String, Vec<String>)> {
    let rules = rules();
    let findings = findings_from_log(&rules, sightings, None);
    let of = |finding: &Finding| finding.rule.clone();
    diagnose(&rules, findings)
        .iter()
        .map(|d| (of(&d.root), d.consequences.iter().map(of).collect()))
        .collect()
}

#[test]
fn consequences_are_folded_beneath_their_cause_wherever_they_stand() {
    let seen =
        ["effect", "vague", "middle", "cause"].iter().zip(1..).map(|(rule, line)| sighting(rule, line, &[]));
    let expected = vec![("cause".to_owned(), ["effect", "middle", "vague"].map(str::to_owned).to_vec())];
    assert_eq!(tree(seen.collect()), expected);
}

#[test]
fn a_missing_link_does_not_break_the_chain() {
    let seen = vec![sighting("effect", 1, &[]), sighting("cause", 9, &[])];
    assert_eq!(tree(seen), [("cause".to_owned(), vec!["effect".to_owned()])]);
}

#[test]
fn what_says_little_stands_for_itself_where_all_else_came_much_later() {
    let seen = |line| tree(vec![sighting("vague", 10, &[]), sighting("other", line, &[])]);
    assert_eq!(seen(60), [("other".to_owned(), vec!["vague".to_owned()])]);
    assert_eq!(seen(500), [("other".to_owned(), vec![]), ("vague".to_owned(), vec![])]);
}

#[test]
fn what_says_little_is_named_only_when_nothing_else_is() {
    assert_eq!(tree(vec![sighting("vague", 1, &[])]), [("vague".to_owned(), vec![])]);
    let seen = vec![sighting("vague", 1, &[]), sighting("other", 2, &[])];
    assert_eq!(tree(seen), [("other".to_owned(), vec!["vague".to_owned()])]);
}

#[test]
fn one_failure_is_reported_once_with_all_that_is_known_of_it() {
    let rules = rules();
    let seen = vec![
        sighting("other", 5, &[("what", "disk"), ("file", "a")]),
        sighting("other", 1, &[("what", "disk")]),
        sighting("other", 9, &[("what", "disk"), ("file", "b")]),
        sighting("other", 3, &[("what", "net")]),
    ];
    let findings = findings_from_log(&rules, seen, None);
    assert_eq!(findings.len(), 2);
    assert_eq!((findings[0].line(), findings[0].sightings.len()), (Some(1), 3));
    assert_eq!(findings[0].captures["file"], "a");
}

#[test]
fn two_symptoms_on_one_line_have_seen_one_failure() {
    let rules = rules();
    let seen = vec![sighting("other", 5, &[("what", "disk")]), sighting("other", 5, &[("file", "a")])];
    let findings = findings_from_log(&rules, seen, None);
    assert_eq!((findings.len(), findings[0].sightings.len(), findings[0].sightings[0].count), (1, 1, 1));
    assert_eq!((&*findings[0].captures["what"], &*findings[0].captures["file"]), ("disk", "a"));
}

#[test]
fn circles_and_unknown_rules_are_refused() {
    let one = |id: &str, to: &str| {
        let text = format!(
            "id: {id}\ntitle: T\nseverity: error\nfamily: nix\nsince: 0.1.0\nexplanation: E\nleads_to: [{to}]\nsymptoms: [failed]\nremedies:\n  - {{title: T, tell: T}}\nexamples: [x]\n"
        );
        read_rule(Source { name: id.to_owned(), text }, id, None).unwrap_or_else(|p| panic!("{}", p[0]))
    };
    let circle = RuleSet::default().with(&[one("a", "b"), one("b", "a")]).unwrap_err();
    assert!(circle.to_string().contains("leads back"), "{circle}");
    let unknown = RuleSet::default().with(&[one("a", "zz")]).unwrap_err();
    assert!(unknown.to_string().contains("a:7:12: there is no rule `zz`"), "{unknown}");
}

#[test]
fn a_healthy_machine_refutes_unless_the_rule_says_that_it_cannot() {
    let status = |rule: &str, count: i64| {
        let mut facts = crate::facts::Facts::default();
        facts.add("gpu.count", crate::facts::Reading::Present(count.into()), "here");
        findings_from_log(&rules(), vec![sighting(rule, 1, &[])], Some(&facts))[0].status
    };
    assert_eq!((status("shown", 1), status("shown", 2)), (Status::Confirmed, Status::Refuted));
    assert_eq!(status("shown-among-others", 1), Status::Confirmed);
    assert_eq!(status("shown-among-others", 2), Status::Seen);
}

#[test]
fn a_warning_that_brings_about_an_error_is_as_bad_as_that() {
    let rules = rules();
    let mut findings =
        findings_from_log(&rules, vec![sighting("cause", 1, &[]), sighting("effect", 2, &[])], None);
    findings.iter_mut().filter(|it| it.rule == "cause").for_each(|it| it.severity = Severity::Warning);
    let severity = |findings: &[Finding]| diagnose(&rules, findings.to_vec())[0].severity();
    assert_eq!(severity(&findings), Severity::Error);
    findings.iter_mut().filter(|it| it.rule == "effect").for_each(|it| it.status = Status::Refuted);
    assert_eq!(severity(&findings[..1]), Severity::Warning);
}

#[test]
fn a_list_names_each_of_its_items_once() {
    let finding = Finding {
        rule: "shown".to_owned(),
        severity: Severity::Error,
        sightings: Vec::new(),
        evidence: Vec::new(),
        captures: BTreeMap::from([("what".to_owned(), "x, x".to_owned())]),
        status: Status::Confirmed,
    };
    let mut facts = Facts::default();
    let list =
        |items: &[&str]| Reading::Present(Value::List(items.iter().map(|&item| item.to_owned()).collect()));
    facts.add("gpu.names", list(&["b", "a", "b"]), "here");
    facts.add("gpu.vendors", list(&[]), "here");
    assert_eq!(finding.value("gpu.names", &facts).as_deref(), Some("b, a"));
    assert_eq!(finding.value("gpu.vendors", &facts), None);
    assert_eq!(finding.value("what", &facts).as_deref(), Some("x, x"));
}
