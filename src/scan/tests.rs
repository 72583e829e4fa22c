use super::*;
use crate::rules::{Source, read_rule};

fn rules(symptoms: &str) -> RuleSet {
    let text = format!(
        "id: a-rule\ntitle: T\nseverity: error\nfamily: nix\nsince: 0.1.0\nexplanation: E\nsymptoms:\n{symptoms}\nremedies:\n  - {{title: T, tell: T}}\nexamples: [x]\n"
    );
    let source = Source { name: "a-rule.yaml".to_owned(), text };
    let read = read_rule(source, "a-rule", None).unwrap_or_else(|p| panic!("{}", p[0]));
    RuleSet::default().with(&[read]).unwrap()
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

fn places(scan: &Scan) -> u64 {
    scan.sightings.iter().map(|sighting| sighting.count).sum()
}

#[test]
fn each_occurrence_is_counted_once() {
    let rules = rules(HASH);
    let one = "hash mismatch in 'd':\n   specified: a\n   got:  b\n";
    assert_eq!(places(&scan(&rules, one.repeat(5).as_bytes())), 5);
    let many = scan(&rules, one.repeat(500).as_bytes());
    assert_eq!((places(&many), many.sightings.len()), (500, 3));
    let apart = format!("{one}{}{one}", "noise\n".repeat(1000));
    assert_eq!(places(&scan(&rules, apart.as_bytes())), 2);
}

#[test]
fn the_place_where_a_window_ends_is_no_text() {
    let rules = rules("  - 'pages missing:\\n(?:pages missing:\\n)*(?<what>[^p\\s])'");
    assert!(scan(&rules, "pages missing:\n".repeat(100).as_bytes()).sightings.is_empty());
    assert_eq!(scan(&rules, b"pages missing:\npages missing:\nall").sightings[0].captures["what"], "a");
}

#[test]
fn a_prefix_that_nobody_has_named_is_known_by_the_line_that_follows() {
    let rules = rules(HASH);
    let log = |prefix: &str| {
        format!("{prefix}error: hash mismatch in 'd':\n{prefix}   specified: a\n{prefix}   got:  b\n")
    };
    for prefix in ["web-7d4b9 app ", "(worker 3) ", "node@host:12> ", "10:00:00 [pool-7] "] {
        assert_eq!(scan(&rules, log(prefix).as_bytes()).sightings.len(), 1, "{prefix}");
    }
    for quoted in ["+ ", "// ", "lib.rs-  # "] {
        assert!(scan(&rules, log(quoted).as_bytes()).sightings.is_empty(), "{quoted}");
    }
    let counted = "08 app hash mismatch in 'd':\n09 app   specified: a\n10 app   got: b\n";
    assert_eq!(scan(&rules, counted.as_bytes()).sightings.len(), 1);
}

#[test]
fn utf_16_and_buildkite_do_not_hide_it() {
    let rules = rules(HASH);
    let log = "\u{feff}hash mismatch in ‘d’:\r\n  specified: a\r\n  got: b\r\n";
    let utf_16: Vec<u8> = log.encode_utf16().flat_map(u16::to_le_bytes).collect();
    let seen = scan(&rules, &utf_16);
    assert_eq!((seen.sightings.len(), seen.lines, seen.is_binary()), (1, 3, false));
    let log = "\x1b_bk;t=1700000000000\x07hash mismatch in 'd':\r\n\x1b_bk;t=1700000000001\x07  specified: a\r\n\x1b_bk;t=1700000000002\x07  got: b\r\n";
    let seen = scan(&rules, log.as_bytes());
    assert_eq!((seen.sightings.len(), seen.blank), (1, false));
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
fn failures_of_many_tools_are_suspects() {
    let rules = rules(HASH);
    for line in [
        "##[error]Process completed with exit code 1.",
        "3 tests, 1 failure",
        "2 doctests, 3 tests, 2 failures, 1 skipped",
        "E   RuntimeError: no device",
        "E       ValueError",
        "FAILED tests/test_x.py::test_y - RuntimeError: no device",
        "Failed: 1 test",
        "FATAL:  role \"me\" does not exist",
        "curl: (6) Could not resolve host: example.org",
        "error[E0382]: borrow of moved value: `x`",
        "web-7d4b9 app error: attribute 'x' missing",
        "12:00 worker ** (RuntimeError) boom",
        "we saw a hash mismatch in 'd' here",
    ] {
        assert_eq!(scan(&rules, format!("{line}\n").as_bytes()).suspects.len(), 1, "{line}");
    }
    for line in [
        "3 tests, 0 failures",
        "Compiling error_handler.ex",
        "0 errors, 0 warnings",
        "  * test returns error: hash mismatch in 'd' (1.0ms) [L#4]",
        "test error: hash mismatch ... ok",
        "the download gave error: timeout, retrying",
        "evaluation warning: error: old",
        "1a2b3c4 Fix error: hash mismatch in 'd'",
        "9f8e7d6 2026-11-22 me Handle ** (Mix) errors",
    ] {
        assert!(scan(&rules, format!("{line}\n").as_bytes()).suspects.is_empty(), "{line}");
    }
}

#[test]
fn a_repetition_may_end_within_a_character() {
    let rules = rules("  - 'error: the (?<what>[^\\n]{3})'");
    let scan = scan(&rules, "error: the üü is broken\n".as_bytes());
    assert_eq!(scan.sightings[0].captures["what"], "ü\u{fffd}");
}

#[test]
fn a_long_line_is_a_suspect_once() {
    let rules = rules(HASH);
    let line = format!("{}error: jammed{}\n", "x ".repeat(2000), " y".repeat(2000));
    let suspects = scan(&rules, line.repeat(3).as_bytes()).suspects;
    assert_eq!(suspects.len(), 1);
    assert!(suspects[0].text.contains("error: jammed"));
}

#[test]
fn binary_input_is_known() {
    let rules = rules(HASH);
    let bytes: Vec<u8> = (0..=255u8).cycle().take(10_000).collect();
    assert!(scan(&rules, &bytes).is_binary());
    assert!(!scan(&rules, "grüße\n\x1b[0m".as_bytes()).is_binary());
    assert!(scan(&rules, b"  \n\n").blank);
}

#[test]
fn two_symptoms_on_a_long_line_overlap() {
    let rules = rules("  - 'error: the hatch'\n  - 'is jammed shut'");
    let line = format!("{}error: the hatch{} is jammed shut\n", "x ".repeat(2000), " y".repeat(2000));
    let sightings = scan(&rules, line.as_bytes()).sightings;
    assert!(sightings.len() == 2 && sightings[0].overlaps(&sightings[1]));
}
