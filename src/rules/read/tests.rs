use super::*;
use crate::rules::{Action, EditKind, SetKey, SetValue, SettingsFormat};

const GOOD: &str = r#"id: a-rule
title: A problem
message: "It is '${what}'"
severity: error
family: nix
since: 0.1.0
references: [https://example.org/manual]
explanation: Why it happens.
symptoms:
  - |-
    error: the (?<what>\w+) is broken
applies: {fact: tool.nix.path, exists: true}
checks:
  severity: warning
  refutes: false
  any:
    - {fact: env.MLX_MAX_GPUS, greater_than: {fact: gpu.count}}
    - not: {fact: gpu.count, equals: 3}
leads_to: [builder-failed]
remedies:
  - title: Mend it
    risk: project
    run: [mend, "${what}"]
examples:
  - "error: the thing is broken"
near_misses:
  - "error: the thing is fine"
"#;

type Mistake = (String, (usize, usize));

fn read(text: &str) -> Result<Rule, Vec<Mistake>> {
    let source = Source { name: "a-rule.yaml".to_owned(), text: text.to_owned() };
    read_rule(source, "a-rule", Some("nix"))
        .map(|read| read.rule)
        .map_err(|problems| problems.iter().map(|p| (p.message.clone(), p.position())).collect())
}

fn mistake(wrong: &str, right: &str) -> Mistake {
    assert!(GOOD.contains(right), "{right}");
    let mut problems = read(&GOOD.replace(right, wrong)).unwrap_err();
    assert_eq!(problems.len(), 1, "{problems:?}");
    problems.remove(0)
}

#[test]
fn a_good_rule_is_read_whole() {
    let rule = read(GOOD).unwrap();
    assert_eq!(rule.symptoms[0].captures, ["what"]);
    assert_eq!(rule.symptoms[0].lines, 1);
    assert_eq!(rule.symptoms[0].literals[0].text, "error: the ");
    let checks = rule.checks.unwrap();
    assert_eq!((checks.severity, checks.refutes), (Some(Severity::Warning), false));
    assert_eq!(checks.condition.tests().len(), 2);
}

#[test]
fn each_mistake_is_told_with_its_place() {
    assert_eq!(mistake("mesage:", "message:").0, "unknown key `mesage`");
    assert_eq!(mistake("id: b-rule", "id: a-rule").1, (1, 5));
    assert_eq!(mistake("severity: fatal", "severity: error").0, "`fatal` is no severity");
    assert_eq!(mistake("title: A\ntitle: B", "title: A problem").1, (3, 1));
    assert_eq!(mistake("gpu.count", "gpu.count, equals: 3").0, "a test needs just one operator");
    assert_eq!(mistake("{fact: gpu.cuont}", "{fact: gpu.count}").0, "there is no fact `gpu.cuont`");
    assert_eq!(mistake("\"${hwat}\"]", "\"${what}\"]").0, "no symptom captures `hwat`");
    assert_eq!(mistake("[\"${what}\"]", "[mend, \"${what}\"]").0, "the program must be fixed");
    assert_eq!(
        mistake("[sh, -c, \"${what}\"]", "[mend, \"${what}\"]").0,
        "a captured value would be read as code here"
    );
    assert_eq!(mistake("http://", "https://").0, "a reference is an https:// address");
    assert_eq!(
        mistake("... (?<what>\\w+)", "error: the (?<what>\\w+) is broken").0,
        "no literal stands in every match of this pattern"
    );
    assert_eq!(mistake("family: beam", "family: nix").1, (5, 9));
}

#[test]
fn tags_are_of_a_closed_vocabulary() {
    let with = |tags: &str| read(&GOOD.replace("family: nix", &format!("family: nix\ntags: {tags}")));
    assert_eq!(with("[cache, lockfile]").unwrap().tags, [Tag::Cache, Tag::Lockfile]);
    assert_eq!(read(GOOD).unwrap().tags, []);
    for (tags, message, column) in [
        ("[cache, lokfile]", "`lokfile` is no tag", 15),
        ("[cache, shell, cache]", "`cache` stands here twice", 22),
        ("cache", "this must be a list with something in it", 7),
        ("[]", "this must be a list with something in it", 7),
    ] {
        assert_eq!(with(tags).unwrap_err(), [(message.to_owned(), (6, column))]);
    }
    let source =
        Source { name: "a-rule.yaml".to_owned(), text: GOOD.replace("since", "tags: [lokfile]\nsince") };
    let shown = read_rule(source, "a-rule", None).unwrap_err()[0].to_string();
    assert!(shown.contains("did you mean `lockfile`?"), "{shown}");
}

#[test]
fn neither_a_family_nor_a_rule_is_called_like_a_tag() {
    let read = |id: &str, family: &str| {
        let text = GOOD
            .replace("id: a-rule", &format!("id: {id}"))
            .replace("family: nix", &format!("family: {family}"));
        let problems = read_rule(Source { name: String::new(), text }, id, None).err().unwrap_or_default();
        problems.iter().map(|problem| (problem.message.clone(), problem.position())).collect::<Vec<_>>()
    };
    assert_eq!(read("caches", "house"), []);
    assert_eq!(read("cache", "house"), [("`cache` is a tag".to_owned(), (1, 5))]);
    assert_eq!(read("a-rule", "shell"), [("`shell` is a tag".to_owned(), (5, 9))]);
}

#[test]
fn nothing_is_no_text() {
    for nothing in ["~", "null", "Null", "NULL", "", "''"] {
        assert_eq!(
            mistake(&format!("title: {nothing}\n"), "title: A problem\n").0,
            "this is empty",
            "{nothing:?}"
        );
    }
    assert_eq!(mistake("equals: ~}", "equals: 3}").0, "this is empty");
    assert_eq!(
        mistake(
            " [{text: \"error: the thing is broken\", captures: what}]",
            "\n  - \"error: the thing is broken\""
        )
        .0,
        "this must be a map of keys and values"
    );
}

#[test]
fn what_is_inserted_is_written_out() {
    let insert = |keys: &str| {
        let edit = format!("edit: {{kind: insert, in: [x.nix], {keys}}}");
        read(&GOOD.replace("run: [mend, \"${what}\"]", &edit))
    };
    let rule = insert("text: ;, line: 1, column: \"${what}\"").unwrap();
    let template = |text: &str| Template(text.to_owned());
    let expected =
        EditKind::Insert { text: ";".to_owned(), line: template("1"), column: template("${what}") };
    assert_eq!(edit_kind(rule), expected);
    for (keys, message) in [
        ("text: \"${what}\", line: 1, column: 1", "what is inserted must be fixed"),
        ("line: 1, column: 1", "`text` is missing"),
        ("text: ;, line: 1", "`column` is missing"),
    ] {
        assert_eq!(insert(keys).unwrap_err()[0].0, message);
    }
}

fn edit_kind(mut rule: Rule) -> EditKind {
    match rule.remedies.remove(0).action {
        Action::Edit(edit) => edit.kind,
        other => panic!("{other:?}"),
    }
}

/// A rule with one edit that has these keys.
fn with_edit(risk: &str, keys: &str) -> Result<Rule, Vec<Mistake>> {
    let remedy = format!("risk: {risk}\n    edit: {{{keys}}}");
    read(&GOOD.replace("risk: project\n    run: [mend, \"${what}\"]", &remedy))
}

#[test]
fn an_edit_has_the_keys_of_its_kind() {
    let edit =
        |keys: &str| with_edit("project", &format!("find: \"${{what}}\", replace: b, in: [x.nix]{keys}"));
    let kind = |keys: &str| edit_kind(edit(keys).unwrap());
    let one = || Template("1".to_owned());
    let (find, replace) = (Template("${what}".to_owned()), Template("b".to_owned()));
    let word = |line| EditKind::Word { find: find.clone(), replace: replace.clone(), line };
    assert_eq!(kind(""), word(None));
    assert_eq!(kind(", kind: word, line: 1"), word(Some(one())));
    assert_eq!(kind(", kind: nix-hash"), EditKind::NixHash { find: find.clone(), replace: replace.clone() });
    assert_eq!(
        kind(", kind: nix-attribute, line: 1, column: 1"),
        EditKind::NixAttribute { find: find.clone(), replace: replace.clone(), line: one(), column: one() }
    );
    for (keys, message) in [
        (", column: 1", "an edit of kind `word` has no `column`"),
        (", kind: nix-hash, line: 1", "an edit of kind `nix-hash` has no `line`"),
        (", kind: nix-attribute, line: 1", "`column` is missing"),
        (", kind: nix-attribute, column: 1", "`line` is missing"),
        (", kind: nix", "`nix` is no kind of edit"),
        (", nix_hash: true", "unknown key `nix_hash`"),
        (", text: x", "an edit of kind `word` has no `text`"),
        (", kind: insert, text: x, line: 1, column: 1", "an edit of kind `insert` has no `find`"),
        (", kind: comment", "an edit of kind `comment` has no `replace`"),
    ] {
        assert_eq!(edit(keys).unwrap_err()[0].0, message);
    }
}

#[test]
fn an_edit_that_sets_a_key_is_read() {
    let set = |keys: &str| with_edit("user", &format!("kind: set, in: [\"~/.config/nix/nix.conf\"], {keys}"));
    let value = |value: &str| match edit_kind(set(&format!("key: a, value: {value}")).unwrap()) {
        EditKind::Set(set) => set.value,
        other => panic!("{other:?}"),
    };
    let text = |text: &str| Template(text.to_owned());
    assert_eq!(value("4"), SetValue::Integer(4));
    assert_eq!(value("'4'"), SetValue::Text(text("4")));
    assert_eq!(value("true"), SetValue::Bool(true));
    assert_eq!(value("[x, \"${what}\"]"), SetValue::List(vec![text("x"), text("${what}")]));
    let expected = SetKey {
        keys: vec!["a".to_owned()],
        value: SetValue::Text(text("b")),
        append: true,
        add: true,
        create: true,
        format: Some(SettingsFormat::Envrc),
    };
    assert_eq!(
        edit_kind(set("key: a, value: b, append: true, create: true, format: .envrc").unwrap()),
        EditKind::Set(expected)
    );
    let EditKind::Set(both) = edit_kind(set("key: [a, b.c], value: 1").unwrap()) else { panic!() };
    assert_eq!(both.keys, ["a", "b.c"]);
    for (keys, message) in [
        ("value: b", "`key` is missing"),
        ("key: a", "`value` is missing"),
        ("key: \"${what}\", value: b", "the key must be fixed"),
        ("key: [a, \"${what}\"], value: b", "the key must be fixed"),
        ("key: [], value: b", "this must be text"),
        ("key: a, value: b, format: yaml", "`yaml` is no format of settings"),
        ("key: a, value: {}", "this must be text"),
        ("key: a, value: b, create: 1", "this must be true or false"),
        (
            "key: a, value: b, add: false, create: true",
            "a file that is made has no key that could be set in it",
        ),
    ] {
        assert_eq!(set(keys).unwrap_err()[0].0, message);
    }
}

#[test]
fn a_file_of_the_home_is_fixed_and_the_users() {
    let edit = |risk: &str, file: &str| with_edit(risk, &format!("kind: comment, find: x, in: [\"{file}\"]"));
    edit("user", "~/.config/nix/nix.conf").unwrap();
    edit("project", ".envrc").unwrap();
    let wrong = |risk: &str, file: &str| edit(risk, file).unwrap_err();
    let place = (23, 41);
    let users = ("this file is the user's, not the project's".to_owned(), place);
    assert_eq!(wrong("project", "~/.config/nix/nix.conf"), std::slice::from_ref(&users));
    assert_eq!(wrong("cache", "~/x"), [users]);
    let fixed = ("a path in the home must be fixed".to_owned(), place);
    assert_eq!(wrong("user", "~/${what}"), std::slice::from_ref(&fixed));
    assert_eq!(wrong("user", "~/*.conf"), [fixed]);
}

#[test]
fn a_key_is_added_to_one_file_alone() {
    let set = |keys: &str| with_edit("project", &format!("kind: set, key: a, value: b, {keys}"));
    let which = "in which of these files would the key be added?";
    assert_eq!(set("in: [.env, .envrc]").unwrap_err()[0].0, which);
    assert_eq!(set("in: ['**/.env']").unwrap_err()[0].0, which);
    set("in: [.env, '**/.envrc'], add: false").unwrap();
    let made = "a file that is made must have a fixed name";
    assert_eq!(set("in: [\"${what}\"], create: true").unwrap_err()[0].0, made);
}

#[test]
fn a_mistake_within_a_block_pattern_is_pointed_at() {
    let (message, place) =
        mistake(r"error: the (?<what>[\w+ is broken", r"error: the (?<what>\w+) is broken");
    assert!(message.contains("unclosed character class"), "{message}");
    assert_eq!(place, (11, 24));
}

#[test]
fn all_mistakes_of_a_file_are_told_at_once() {
    let text = GOOD.replace("severity: error", "severity: bad").replace("since:", "sinze:");
    let problems = read(&text).unwrap_err();
    assert_eq!(problems.len(), 3, "{problems:?}");
}

#[test]
fn a_problem_shows_file_line_column_and_excerpt() {
    let source =
        Source { name: "x/a-rule.yaml".to_owned(), text: GOOD.replace("severity: error", "severity: bad") };
    let shown = read_rule(source, "a-rule", None).unwrap_err()[0].to_string();
    assert!(shown.contains("x/a-rule.yaml:4:11"), "{shown}");
    assert!(shown.contains("severity: bad"), "{shown}");
    assert!(shown.contains("^^^"), "{shown}");
}
