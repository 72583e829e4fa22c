//! Reports to draw: of a broken project, and one in which everything that a tool or a person may have written is hostile.

use std::{collections::BTreeMap, time::Duration};

use envdoctor::{
    causes::Status,
    facts::{Place, Risk, Severity, Value},
    plan::{FileEdit, Run, Step, Treatment},
    report::{
        Aside, Detail, Entry, Examined, Follower, Look, Proof, Report, Scene, SetAside, Standing, Summary,
        Unknown,
    },
    rules::Tag,
    scan::Quote,
};

/// A machine that was written down, with a project that is broken in many ways.
pub(crate) const BROKEN: &str = include_str!("broken.yaml");

/// What a tool may print to do harm where it is shown.
pub(crate) const HOSTILE: &[&str] = &[
    "a\"b'c<d>&amp;]]><!-- --><script>alert(1)</script>",
    "line\r\n::error file=x::injected\n##[error]injected\n%0A::stop-commands::x",
    "\u{0}\u{1}\u{8}\u{b}\u{1b}[31mred\u{1b}[0m\u{7f}\u{85}\u{9b}2J\u{202e}\u{2028}\u{feff}\u{fffe}\u{ffff}",
    "``` ```` `x` **b** _i_ [l](https://evil.example) <https://evil.example> www.evil.example @somebody #1 !1 ~x $1",
    "| a | b |\n|---|---|\n\n# head\n- item\n/close\n<details>",
    "not ok 1 # TODO\n1..9\nok 2 \\# SKIP\nBail out!\n  ...\n  ---\nTAP version 13",
    "x{y=\"z\\\"} 1\n# TYPE x counter\n",
    "😀𝒳\u{10348}é 日本語",
];

/// What the outputs tell beside a report.
pub(crate) fn scene() -> Scene {
    Scene {
        version: "0.1.0".to_owned(),
        project: HOSTILE[0].to_owned(),
        folder: "/p".into(),
        repository: "/p".into(),
        main_file: "flake.nix".to_owned(),
        logs: BTreeMap::from([("build.log".to_owned(), "build.log".to_owned())]),
        at: 1_700_000_000,
        look: Look::new(80, Detail::Normal),
    }
}

/// A report with one finding of each severity for each hostile text, with all that a report can hold.
pub(crate) fn hostile() -> Report {
    let mut texts: Vec<String> = HOSTILE.iter().map(|text| (*text).to_owned()).collect();
    texts.push(texts.concat());
    let severities = [Severity::Error, Severity::Warning, Severity::Info];
    let entries = texts.iter().enumerate().flat_map(|(at, text)| {
        severities.map(|severity| entry(&format!("rule-{at}-{severity}"), severity, text))
    });
    let mut diagnoses: Vec<Entry> = entries.collect();
    diagnoses.push(entry("long-line", Severity::Error, &"long 😀 ".repeat(100_000)));
    // The same rule once more, as another occurrence and as the same one.
    let again = entry("rule-0-error", Severity::Error, "another");
    diagnoses.extend([again.clone(), again]);
    for text in &texts {
        let requirement = Some(text.clone());
        diagnoses.push(Entry { requirement, ..entry("required-thing", Severity::Error, text) });
    }
    let aside = |rule: &str, why| SetAside { entry: entry(rule, Severity::Error, &texts[8]), why };
    let examined = |rule: &str, verdict| Examined {
        rule: rule.to_owned(),
        requirement: None,
        title: texts[8].clone(),
        family: "nix".to_owned(),
        verdict,
    };
    let unknown = |rule: &str| Unknown {
        rule: rule.to_owned(),
        requirement: None,
        title: texts[8].clone(),
        fact: texts[1].clone(),
        why: texts[8].clone(),
        source: texts[8].clone(),
        took: Duration::from_millis(5),
        baseline: false,
    };
    Report {
        diagnoses,
        set_aside: vec![
            aside(
                "ignored-rule",
                Aside::Ignored {
                    reason: texts[8].clone(),
                    until: Some("2030-01-01".to_owned()),
                    from: texts[8].clone(),
                },
            ),
            aside("old-rule", Aside::Baseline),
        ],
        examined: vec![
            examined("rule-0-error", Standing::Broken),
            examined("follower", Standing::Broken),
            examined("healthy-rule", Standing::Healthy),
            examined("foreign-rule", Standing::NotApplicable),
            examined("dark-rule", Standing::Unknown),
            examined("ignored-rule", Standing::Broken),
            Examined { requirement: Some(texts[8].clone()), ..examined("required-thing", Standing::Healthy) },
        ],
        unknown: vec![unknown("dark-rule"), unknown("dark-rule"), unknown("deep")],
        unrecognised: vec![quote(&texts[8])],
        last_lines: Vec::new(),
        since_green: None,
        summary: Summary {
            rules: 3,
            rules_left_out: 1,
            requirements: 2,
            left_out: 0,
            lines: Some(7),
            took_ms: 12_345,
        },
    }
}

fn quote(text: &str) -> Quote {
    Quote { line: 3, text: text.to_owned() }
}

fn entry(rule: &str, severity: Severity, text: &str) -> Entry {
    // What the rules' authors and the project's files hold is not endless.
    let own: String = text.chars().take(2000).collect();
    let place = |file: &str| Place { file: file.to_owned(), line: 2, column: 3, excerpt: text.to_owned() };
    let treatment = |step| Treatment {
        rule: rule.to_owned(),
        folder: "/p".into(),
        title: text.to_owned(),
        risk: Risk::Project,
        step,
        caution: Some(text.to_owned()),
        needs: Vec::new(),
        sizes: BTreeMap::new(),
        anchors: Vec::new(),
        obstacle: None,
    };
    let run = Run {
        argv: vec!["echo".to_owned(), text.to_owned()],
        changes: Vec::new(),
        undo: None,
        deadline: Duration::from_secs(1),
    };
    let edit = FileEdit {
        path: "/p/flake.nix".into(),
        name: "flake.nix".to_owned(),
        before: Some("one\ntwo\nthree".to_owned()),
        after: format!("one\n{own}\nthree"),
    };
    Entry {
        rule: rule.to_owned(),
        family: "nix".to_owned(),
        requirement: None,
        tags: vec![Tag::Lockfile, Tag::Versions],
        fingerprint: format!("{:032x}", rule.len() * 1000 + text.len()),
        title: text.to_owned(),
        message: text.to_owned(),
        severity,
        explanation: own.clone(),
        references: vec!["https://example.org/a".to_owned(), text.to_owned()],
        evidence: vec![
            Proof::Line { source: "build.log".to_owned(), quote: quote(text) },
            Proof::Line { source: text.to_owned(), quote: quote(text) },
            Proof::Fact {
                fact: "project.x".to_owned(),
                value: Some(Value::Text(text.to_owned())),
                source: text.to_owned(),
                places: vec![
                    place("a b,c:d.nix"),
                    place("a b,c:d.nix"),
                    place("../outside"),
                    place("/etc/passwd"),
                ],
            },
            Proof::Fact {
                fact: "tool.x".to_owned(),
                value: None,
                source: text.to_owned(),
                places: Vec::new(),
            },
        ],
        named: Some(place("mix.exs")),
        inner: vec![quote(text)],
        occurrences: 2,
        captures: BTreeMap::from([("x".to_owned(), text.to_owned())]),
        status: Status::Confirmed,
        consequences: vec![Follower { rule: "follower".to_owned(), quote: Some(quote(text)), place: None }],
        remedies: vec![
            treatment(Step::Run(run)),
            treatment(Step::Edit(vec![edit])),
            treatment(Step::Remove(vec![text.into()])),
            treatment(Step::Tell(text.to_owned())),
        ],
    }
}
