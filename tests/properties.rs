//! What holds for any input, however hostile.

#![allow(clippy::unwrap_used, clippy::disallowed_methods)]

use std::sync::LazyLock;

use envdoctor::built_in;
use envdoctor::causes::{diagnose, findings_from_log};
use envdoctor::rules::{RuleSet, Source, read_rule};
use envdoctor::scan::{Scan, Scanner};
use proptest::prelude::*;

static RULES: LazyLock<RuleSet> = LazyLock::new(built_in::rules);

/// Real messages, which a generator mixes and cuts.
static MESSAGES: LazyLock<Vec<String>> = LazyLock::new(|| {
    RULES.rules().iter().flat_map(|rule| rule.examples.iter().map(|it| it.text.clone())).collect()
});

static RULE_FILE: LazyLock<String> = LazyLock::new(|| {
    std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/rules/nix/missing-attribute.yaml")).unwrap()
});

fn scan(pieces: &[&[u8]]) -> Scan {
    let mut scanner = Scanner::new(&RULES);
    pieces.iter().for_each(|piece| scanner.feed(piece));
    scanner.finish()
}

fn output() -> impl Strategy<Value = Vec<u8>> {
    let noise = prop_oneof![
        Just(b"\n".to_vec()),
        Just(b"\r\n".to_vec()),
        Just(b"\x1b[31;1m".to_vec()),
        Just("┃ ".as_bytes().to_vec()),
        Just(b"2026-11-22T10:00:00.000Z ".to_vec()),
        Just(b"pkg> ".to_vec()),
        Just(b"\x1b_bk;t=1700000000000\x07".to_vec()),
        Just(b"pod-7 app ".to_vec()),
        prop::collection::vec(any::<u8>(), 0..40),
    ];
    let message = (0..MESSAGES.len()).prop_map(|at| MESSAGES[at].clone().into_bytes());
    let parts = prop::collection::vec(prop_oneof![noise, message], 0..12).prop_map(|parts| parts.concat());
    prop_oneof![8 => parts.clone(), 1 => parts.prop_map(utf_16)]
}

fn utf_16(output: Vec<u8>) -> Vec<u8> {
    let text = format!("\u{feff}{}", String::from_utf8_lossy(&output));
    text.encode_utf16().flat_map(u16::to_le_bytes).collect()
}

/// As `output`, with every part a few hundred times: more lines than a scan keeps.
fn repeated() -> impl Strategy<Value = Vec<u8>> {
    let parts = prop::collection::vec((output(), 1..60usize), 1..3);
    parts.prop_map(|parts| parts.into_iter().flat_map(|(part, times)| part.repeat(times)).collect())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn where_the_input_is_cut_does_not_matter(output in output(), cuts in prop::collection::vec(any::<prop::sample::Index>(), 0..5)) {
        let mut cuts: Vec<usize> = cuts.iter().map(|cut| cut.index(output.len() + 1)).collect();
        cuts.sort_unstable();
        let mut pieces = Vec::new();
        let mut from = 0;
        for cut in cuts {
            pieces.push(&output[from..cut]);
            from = cut;
        }
        pieces.push(&output[from..]);
        let (whole, cut) = (scan(&[&output]), scan(&pieces));
        prop_assert_eq!(&whole.sightings, &cut.sightings);
        prop_assert_eq!(whole.suspects, cut.suspects);
        prop_assert_eq!(whole.lines, cut.lines);
    }

    #[test]
    fn what_is_repeated_is_seen_alike_however_it_is_cut(output in repeated(), length in 1..5000usize) {
        let pieces: Vec<&[u8]> = output.chunks(length).collect();
        prop_assert_eq!(scan(&[&output]).sightings, scan(&pieces).sightings);
    }

    #[test]
    fn every_finding_is_told_once_and_quotes_lines_that_are_there(output in output()) {
        let seen = scan(&[&output]);
        let lines = seen.lines;
        let findings = findings_from_log(&RULES, seen.sightings, None);
        let count = findings.len();
        let diagnoses = diagnose(&RULES, findings);
        prop_assert_eq!(diagnoses.iter().map(|diagnosis| 1 + diagnosis.consequences.len()).sum::<usize>(), count);
        for quote in diagnoses.iter().flat_map(|diagnosis| &diagnosis.root.sightings).flat_map(|it| &it.quotes) {
            prop_assert!((1..=lines).contains(&quote.line));
            prop_assert!(!quote.text.chars().any(|it| it.is_control() && it != '\t'));
        }
    }

    #[test]
    fn a_damaged_rule_file_is_refused_with_places_in_it(
        at in any::<prop::sample::Index>(), length in 0..30usize, put in "[ -~\\n]{0,12}"
    ) {
        let text = RULE_FILE.as_str();
        let floor = |mut at: usize| { while !text.is_char_boundary(at) { at -= 1; } at };
        let from = floor(at.index(text.len()));
        let to = floor((from + length).min(text.len()));
        let damaged = format!("{}{put}{}", &text[..from], &text[to..]);
        let source = Source { name: "missing-attribute.yaml".to_owned(), text: damaged };
        if let Err(problems) = read_rule(source, "missing-attribute", Some("nix")) {
            prop_assert!(!problems.is_empty());
            for problem in problems {
                prop_assert!(problem.to_string().contains("missing-attribute.yaml:"));
            }
        }
    }
}
