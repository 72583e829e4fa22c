//! The regression table: what is diagnosed in every log that was recorded from a real tool.

#![allow(clippy::unwrap_used, clippy::disallowed_methods)]

use std::collections::BTreeMap;
use std::fmt::Write;
use std::path::PathBuf;
use std::sync::{Arc, LazyLock};

use envdoctor::built_in;
use envdoctor::causes::{Diagnosis, diagnose, findings_from_log};
use envdoctor::rules::RuleSet;
use envdoctor::scan::{Index, Scan, Scanner};

static RULES: LazyLock<RuleSet> = LazyLock::new(built_in::rules);
static INDEX: LazyLock<Arc<Index<'_>>> = LazyLock::new(|| Arc::new(Index::new(&RULES)));

fn logs() -> BTreeMap<String, Vec<PathBuf>> {
    let mut logs: BTreeMap<String, Vec<PathBuf>> = BTreeMap::new();
    for log in glob::glob(concat!(env!("CARGO_MANIFEST_DIR"), "/fixtures/logs/*/*.log")).unwrap() {
        let log = log.unwrap();
        let folder = log.parent().unwrap().file_name().unwrap().to_str().unwrap().to_owned();
        logs.entry(folder).or_default().push(log);
    }
    logs
}

fn scan(log: &PathBuf) -> Scan {
    let mut scanner = Scanner::over(Arc::clone(&INDEX));
    scanner.feed(&std::fs::read(log).unwrap());
    scanner.finish()
}

fn diagnoses(log: &PathBuf) -> Vec<Diagnosis> {
    diagnose(&RULES, findings_from_log(&RULES, scan(log).sightings, None))
}

#[test]
fn the_folder_names_the_first_diagnosis() {
    let mut wrong = Vec::new();
    for (folder, logs) in logs() {
        for log in logs {
            let found = diagnoses(&log);
            let first = found.first().map_or("healthy", |diagnosis| diagnosis.root.rule.as_str());
            if first != folder {
                wrong.push(format!("{}: {first}", log.display()));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn what_a_collector_writes_before_each_line_does_not_hide_it() {
    let prefixes = [
        "test / unit\tRun mix test\t2026-11-22T10:00:00.1234567Z ",
        "2026-11-22T10:00:00+0100 host nix-daemon[12]: ",
        "2026-11-22T10:00:00.123456789+01:00 stderr F ",
        "[pod/web-7d4b9/app] ",
        "10:00:01 web.1   | ",
        "10:00:00 ",
        "              +build | ",
        "@acme/web:build: ",
        "     7\t",
        "\x1b_bk;t=1700000000000\x07",
    ];
    // Forms that nobody has named: what follows from the hit's line alone must come out, context lines may stay hidden.
    let unnamed = ["web-7d4b9 app ", "(worker 3) ", "[12:00:00 PM] deploy: "];
    let mut wrong = Vec::new();
    for log in logs().into_iter().filter(|(folder, _)| folder != "healthy").map(|(_, logs)| logs[0].clone()) {
        let expected = diagnoses(&log);
        let text = std::fs::read_to_string(&log).unwrap();
        for prefix in prefixes.into_iter().chain(unnamed) {
            let mut scanner = Scanner::over(Arc::clone(&INDEX));
            text.lines().for_each(|line| scanner.feed(format!("{prefix}{line}\n").as_bytes()));
            let found = diagnose(&RULES, findings_from_log(&RULES, scanner.finish().sightings, None));
            let first = |found: &[Diagnosis]| {
                let root = &found.first()?.root;
                let captures =
                    if unnamed.contains(&prefix) { BTreeMap::new() } else { root.captures.clone() };
                Some((root.rule.clone(), captures))
            };
            if first(&found) != first(&expected) {
                wrong.push(format!("{} after {prefix:?}: {:?}", log.display(), first(&found)));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn nothing_in_a_healthy_log_looks_like_a_failure() {
    for log in &logs()["healthy"] {
        let scan = scan(log);
        assert!(scan.ended_well || scan.suspects.is_empty(), "{}: {:#?}", log.display(), scan.suspects);
    }
}

#[test]
fn the_whole_table() {
    let mut table = String::new();
    for (folder, logs) in logs() {
        for log in logs.iter().filter(|_| folder != "healthy") {
            let name = log.file_stem().unwrap().to_string_lossy();
            let _ = writeln!(table, "{folder}/{name}");
            for diagnosis in diagnoses(log) {
                let root = &diagnosis.root;
                let _ = writeln!(table, "  {} line {}", root.rule, root.line().unwrap_or(0));
                for (capture, value) in &root.captures {
                    let _ = writeln!(table, "    {capture}: {value}");
                }
                for follower in &diagnosis.consequences {
                    let _ =
                        writeln!(table, "    then {} line {}", follower.rule, follower.line().unwrap_or(0));
                }
            }
        }
    }
    insta::assert_snapshot!(table);
}

#[test]
fn each_log_says_how_it_was_made() {
    for log in logs().into_values().flatten() {
        assert!(log.with_extension("cmd").exists(), "{} has no .cmd beside it", log.display());
    }
}
