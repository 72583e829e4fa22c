use super::*;
use crate::rules::ReadRule;

fn made(lines: &[&str]) -> Option<Stub> {
    made_beside(&RuleSet::default(), lines, None)
}

fn made_beside(rules: &RuleSet, lines: &[&str], id: Option<&str>) -> Option<Stub> {
    let lines: Vec<Quote> =
        (1..).zip(lines).map(|(line, text)| Quote { line, text: (*text).to_owned() }).collect();
    stub(rules, &lines.iter().collect::<Vec<_>>(), id, &Private::default())
}

fn read(stub: &Stub) -> ReadRule {
    let source = Source { name: String::new(), text: stub.text.clone() };
    read_rule(source, &stub.id, None).unwrap_or_else(|problems| panic!("{}", problems[0]))
}

#[test]
fn a_line_makes_a_rule() {
    let stub =
        made(&["** (RuntimeError) acme: no licence at /etc/acme/licence.key (ACME_LICENCE is not set)"]);
    let stub = stub.unwrap();
    assert_eq!(stub.id, "acme-no-licence");
    assert_eq!(
        stub.pattern,
        r"\*\* \(RuntimeError\) acme: no licence at (?<path>\S+) \(ACME_LICENCE is not set\)"
    );
    let rule = read(&stub).rule;
    assert_eq!(rule.title, "** (RuntimeError) acme: no licence at … (ACME_LICENCE is not set)");
    assert_eq!(rule.messages[0].0, "** (RuntimeError) acme: no licence at ${path} (ACME_LICENCE is not set)");
}

#[test]
fn what_varies_is_matched_in_other_occurrences() {
    let line = "error: the widget 'left door' of v1.2.3 jammed 7 times at 10:20:30 (a1b2c3d4)";
    let pattern = made(&[line]).unwrap().pattern;
    let regex = crate::scan::compile(&pattern).unwrap();
    assert!(regex.is_match("error: the widget 'hatch' of v2.0.0-rc.1 jammed 12 times at 23:59:59 (0f9e8d7)"));
    assert!(!regex.is_match("error: the gadget 'hatch' of v2.0.0 jammed 12 times at 23:59:59 (0f9e8d7)"));
}

#[test]
fn a_general_line_is_anchored_and_one_without_words_makes_none() {
    assert_eq!(made(&["Permission denied"]).unwrap().pattern, r"^[ \t]*Permission denied$");
    assert_eq!(
        made(&["error: 'frobnicator' failed"]).unwrap().pattern,
        "^[ \\t]*error: 'frobnicator' failed$"
    );
    for nothing in
        [&[][..], &[""], &["==== 12 %%"], &["a b c"], &["Warnings are not errors: they can be ignored."]]
    {
        assert_eq!(made(nothing), None, "{nothing:?}");
    }
}

#[test]
fn the_first_line_that_does_is_taken_with_its_neighbours() {
    let stub =
        made(&["=== 1", "error: frobnicator is jammed", "  see the hatch manual", "", "last one"]).unwrap();
    assert_eq!(stub.line, 2);
    assert_eq!(
        read(&stub).rule.examples[0].text,
        "=== 1\nerror: frobnicator is jammed\n  see the hatch manual"
    );
}

#[test]
fn nothing_private_stays() {
    let line = "frobnicator: cannot log in to https://zoe:pw1@git.acme.org/zoe as zoe@acme.org with token=s3cr3t \
                in /home/zoe/acme";
    let text = made(&[line]).unwrap().text;
    for private in ["zoe", "pw1", "s3cr3t", "git.acme"] {
        assert!(!text.contains(private), "{private}: {text}");
    }
}

#[test]
fn a_tools_text_is_no_placeholder_and_no_yaml() {
    for line in [
        "frobnicator: ${jammed} at '/x' $${y} ${1.2.3}",
        "frobnicator: # jammed | %d - [ ] { } & * ! ? > \\ \" at '/x'",
        "   \t frobnicator:\tjammed  at:  `x`",
        "frobnicator jammed \u{202e}backwards\u{2028} é 見つかりません \u{fffe}",
        "frobnicator jammed at (((([[[[ 'x'",
        "a> b> c> d> e> f> g> h> frobnicator jammed",
    ] {
        let stub = made(&[line]).unwrap_or_else(|| panic!("{line}"));
        let rule = read(&stub).rule;
        assert!(
            rule.messages.iter().all(|it| it
                .placeholders()
                .all(|name| rule.symptoms[0].captures.iter().any(|it| it == name)))
        );
    }
    let turned = made(&["frobnicator jammed \u{202e}backwards"]).unwrap();
    assert!(!turned.text.contains('\u{202e}'));
}

#[test]
fn a_long_line_is_cut() {
    let line = format!("frobnicator jammed: {}", "abcdefg ".repeat(10_000));
    let stub = made(&[&line]).unwrap();
    assert!(stub.text.len() < 4000, "{}", stub.text.len());
}

#[test]
fn it_gets_along_with_the_other_rules() {
    let first = made(&["frobnicator jammed at 'x'"]).unwrap();
    let rules = RuleSet::default().with(&[read(&first)]).unwrap();
    // The same pattern, which would name the other's example too.
    assert_eq!(made_beside(&rules, &["frobnicator jammed at 'y'"], None), None);
    let second = made_beside(&rules, &["frobnicator jammed at 12"], None).unwrap();
    assert_eq!(second.id, format!("{}-2", first.id));
    assert_ne!(read(&second).rule.title, read(&first).rule.title);
    assert_eq!(made_beside(&rules, &["frobnicator jammed at 12"], Some("mine")).unwrap().id, "mine");
}
