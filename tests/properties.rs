//! What holds for any input, however hostile.

#![allow(clippy::unwrap_used, clippy::disallowed_methods)]

use std::sync::{Arc, LazyLock};

use envdoctor::built_in;
use envdoctor::causes::{diagnose, findings_from_log};
use envdoctor::rules::{RuleSet, Source, read_rule};
use envdoctor::scan::{Index, Scan, Scanner, by_likelihood};
use envdoctor::stub::{Private, Stub, stub};
use envdoctor::{examples, lint};
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
    static INDEX: LazyLock<Arc<Index<'_>>> = LazyLock::new(|| Arc::new(Index::new(&RULES)));
    let mut scanner = Scanner::over(Arc::clone(&INDEX));
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

/// A line of what tools print, and of what nobody expects of them.
fn messy_line() -> impl Strategy<Value = String> {
    let part = prop_oneof![
        4 => "[a-z]{1,9}",
        2 => prop::sample::select(&[
            "error", "failed", "not found", "** (Mix) ", "error: ", "acme: ", "pkg> ", "10:00:00 ", "RuntimeError",
            "2026-11-22T10:00:00Z ", "a1b2c3d", "127.0.0.1:4000", "v1.2.3-rc.1", "/etc/acme/x.key:12:3", "https://u:p@h.org/x",
            "~/x y", "token=s3cr3t", "password: \"x\"", "${x}", "$${", "}", "'", "\"", "`", "'two words'", "\"key\":", "|", "- ",
            "# ", ": ", "%d", "&a", "*b", "!c", "---", "...", "\\n", "\\", "\t", "   ", "[x]", "(", ")", "{", "^", "$", "?", "redacted", "Q", "cafQ ",
        ][..]).prop_map(str::to_owned),
        1 => "[ -~]{0,12}",
        1 => "\\PC{0,6}",
        1 => any::<String>(),
        1 => "[a-z]{200,400}",
    ];
    prop::collection::vec((part, prop::bool::ANY), 0..12).prop_map(|parts| {
        let spaced = parts.into_iter().map(|(part, space)| if space { format!("{part} ") } else { part });
        spaced.collect::<String>().replace(['\n', '\r'], "")
    })
}

/// Lines as bytes, of which some are no text.
fn bytes(lines: &str) -> Vec<u8> {
    lines.bytes().map(|byte| if byte == b'Q' { 0xe9 } else { byte }).collect()
}

/// The stub for an output, as the command makes it.
fn stub_for(rules: &RuleSet, output: &[u8]) -> Option<Stub> {
    let mut scanner = Scanner::new(rules);
    scanner.feed(output);
    let scan = scanner.finish();
    let mut lines = by_likelihood(&scan.suspects);
    lines.extend(scan.tail.iter().rev());
    let private = Private::new(["jdoe".to_owned()], ["mill".to_owned()]);
    scan.sightings.is_empty().then(|| stub(rules, &lines, None, &private)).flatten()
}

/// What is wrong with a stub, by the same tests as any rule's, and in the output that it was made of.
fn wrong_with(rules: &RuleSet, stub: &Stub, output: &[u8]) -> Vec<String> {
    let source = Source { name: format!("{}.yaml", stub.id), text: stub.text.clone() };
    let read = match read_rule(source, &stub.id, None) {
        Ok(read) => read,
        Err(problems) => return problems.iter().map(ToString::to_string).collect(),
    };
    let rules = rules.clone().with(&[read]).unwrap();
    let mut wrong: Vec<String> = examples::run(&rules).1.iter().map(ToString::to_string).collect();
    let doubts = lint::run(&rules).into_iter().filter(|doubt| doubt.weight == lint::Weight::Warning);
    wrong.extend(doubts.map(|doubt| doubt.message));
    let mut scanner = Scanner::new(&rules);
    scanner.feed(output);
    if !scanner.finish().sightings.iter().any(|it| it.rule == stub.id) {
        wrong.push("it is not seen in its output".to_owned());
    }
    wrong
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(250))]

    #[test]
    fn a_stub_is_a_sound_rule_whatever_it_is_made_of(lines in prop::collection::vec(messy_line(), 0..5)) {
        let (rules, output) = (RuleSet::default(), bytes(&lines.join("\n")));
        if let Some(stub) = stub_for(&rules, &output) {
            prop_assert_eq!(wrong_with(&rules, &stub, &output), Vec::<String>::new(), "{}", stub.text);
            prop_assert!(!stub.text.contains("s3cr3t") && !stub.text.contains("u:p@"), "{}", stub.text);
        }
    }

    #[test]
    fn a_line_with_words_of_its_own_makes_a_stub(
        words in prop::collection::vec("zz[a-z]{3,8}", 2..5), mess in messy_line(), before in messy_line()
    ) {
        // Quotes, and what reads as a setting, can take the words away.
        let mess = mess.replace(['"', '\'', '`', ':', '='], "");
        let output = bytes(&format!("{before}\nerror: {} {mess}\n", words.join(" ")));
        let rules = RuleSet::default();
        let stub = stub_for(&rules, &output);
        prop_assert!(stub.is_some(), "{}", String::from_utf8_lossy(&output));
    }
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
