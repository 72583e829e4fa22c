use super::*;
use crate::rules::{Source, read_rule};

fn rules(symptoms: &str) -> RuleSet {
    let text = format!(
        "id: a-rule\ntitle: T\nseverity: error\nfamily: nix\nsince: 0.1.0\nexplanation: E\nsymptoms:\n{symptoms}\nremedies:\n  - {{title: T, tell: T}}\nexamples: [x]\n"
    );
    let source = Source { name: "a-rule.yaml".to_owned(), text };
    let read = read_rule(source, "a-rule", None).unwrap_or_else(|p| panic!("{}", p[0]));
    RuleSet::default().with(vec![read]).unwrap()
}

fn scan(rules: &RuleSet, input: &[u8]) -> Scan {
    let mut whole = Scanner::new(rules);
    whole.feed(input);
    let whole = whole.finish();
    let mut bytewise = Scanner::new(rules);
    input.iter().for_each(|byte| bytewise.feed(&[*byte]));
    assert_eq!(bytewise.finish().sightings, whole.sightings, "the cut of the input must not matter");
    whole
}

const HASH: &str = "  - |-\n    hash mismatch in '(?<drv>[^']+)':\n    \\s+specified: (?<specified>\\S+)\n    \\s+got: +(?<got>\\S+)";

#[test]
fn a_match_may_span_lines_and_knows_them() {
    let rules = rules(HASH);
    let seen =
        scan(&rules, b"x\r\n\x1b[31merror:\x1b[0m hash mismatch in 'd':\n   specified: a\n   got:  b\nend\n")
            .sightings;
    assert_eq!(seen.len(), 1);
    assert_eq!(seen[0].quotes.iter().map(|quote| quote.line).collect::<Vec<_>>(), [2, 3, 4]);
    assert_eq!(seen[0].captures["got"], "b");
}

#[test]
fn prefixes_between_the_lines_do_not_hide_it() {
    let rules = rules(HASH);
    let log = "┃ error: hash mismatch in ‘d’:\n┃    specified: a\n┃    got:  b\n";
    assert_eq!(scan(&rules, log.as_bytes()).sightings.len(), 1);
    let log = "t> a: hash mismatch in 'd':\n2026-01-01T00:00:00Z    specified: a\n##[error]   got:  b";
    assert_eq!(scan(&rules, log.as_bytes()).sightings.len(), 1);
}

#[test]
fn the_end_of_the_text_is_the_end_of_the_input() {
    let rules = rules("  - 'Install it\\? \\[Yn\\]\\s*\\z'");
    assert_eq!(scan(&rules, b"Install it? [Yn] ").sightings.len(), 1);
    let answered = format!("Install it? [Yn]\n{}", "going on\n".repeat(50));
    assert!(scan(&rules, answered.as_bytes()).sightings.is_empty());
}

#[test]
fn each_occurrence_is_one_sighting() {
    let rules = rules(HASH);
    let one = "hash mismatch in 'd':\n   specified: a\n   got:  b\n";
    assert_eq!(scan(&rules, one.repeat(5).as_bytes()).sightings.len(), 5);
    let apart = format!("{one}{}{one}", "noise\n".repeat(1000));
    assert_eq!(scan(&rules, apart.as_bytes()).sightings.len(), 2);
}

#[test]
fn progress_and_bytes_that_are_no_text_do_not_hide_it() {
    let rules = rules("  - 'error: the (?<what>\\w+) is broken'");
    let seen = scan(&rules, b"\xff\n10%\r20%\rerror: the disk is broken\x00\n").sightings;
    assert_eq!((seen[0].line(), seen[0].captures["what"].as_str()), (2, "disk"));
}

#[test]
fn suspects_are_the_lines_that_look_like_errors() {
    let rules = rules(HASH);
    let log = b"ok\nTraceback (most recent call last):\n  File x\nValueError: [x] y\nerror: foo\n0 errors\nerror_handler.ex compiled\n";
    let suspects = scan(&rules, log).suspects;
    assert_eq!(suspects.iter().map(|quote| quote.line).collect::<Vec<_>>(), [2, 4, 5]);
}

#[test]
fn binary_input_is_known() {
    let rules = rules(HASH);
    let bytes: Vec<u8> = (0..=255u8).cycle().take(10_000).collect();
    assert!(scan(&rules, &bytes).is_binary());
    assert!(!scan(&rules, "grüße\n\x1b[0m".as_bytes()).is_binary());
    assert!(scan(&rules, b"  \n\n").blank);
}
