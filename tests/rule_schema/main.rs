//! `rules/schema.json` is what the keys make, each rule file names it, and it refuses what the reader refuses.

#![allow(clippy::disallowed_methods, clippy::panic, clippy::unwrap_used)]

mod change;
mod coverage;
mod mistakes;

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use assert_cmd::Command;
use envdoctor::rules::format::{EDIT, FAMILIES, TEST};
use envdoctor::rules::{EditKind, Operator, Source, Tag, read_rule};
use envdoctor::{built_in, schema};
use jsonschema::Validator;
use serde_json::Value;

use mistakes::Mistake;

/// The files that this pattern names, from the repository's root.
fn files(pattern: &str) -> Vec<PathBuf> {
    let pattern = Path::new(env!("CARGO_MANIFEST_DIR")).join(pattern);
    let files: Vec<_> = glob::glob(pattern.to_str().unwrap()).unwrap().map(Result::unwrap).collect();
    assert!(!files.is_empty());
    files
}

fn validator() -> Validator {
    let schema = schema::rule_file();
    jsonschema::meta::validate(&schema).unwrap();
    jsonschema::draft7::new(&schema).unwrap()
}

fn as_json(yaml: &str) -> Value {
    serde_yaml::from_str(yaml).unwrap()
}

/// What the reader says of a rule that lies in a file of its id's name.
fn read(rule: &Value) -> Result<(), String> {
    let id = rule.get("id").and_then(Value::as_str).unwrap_or("a-rule");
    // JSON is YAML, in which a text keeps its quotes.
    let source = Source { name: format!("{id}.yaml"), text: format!("{rule:#}") };
    read_rule(source, id, None).map(drop).map_err(|problems| problems[0].message.clone())
}

/// The rules that have every key between them.
fn whole() -> Vec<Value> {
    files("tests/rule_schema/rules/*.yaml")
        .iter()
        .map(|file| as_json(&fs::read_to_string(file).unwrap()))
        .collect()
}

#[test]
fn the_schema_in_rules_is_what_the_keys_make() {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("rules/schema.json");
    let there: Value = serde_json::from_str(&fs::read_to_string(file).unwrap()).unwrap();
    assert!(there == schema::rule_file(), "`envdoctor rules schema > rules/schema.json` writes it anew");
}

#[test]
fn it_is_printed_whatever_the_rules_are_like() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("broken.yaml"), "id: [").unwrap();
    let run = |arguments: &[&str]| {
        let mut command = Command::cargo_bin("envdoctor").unwrap();
        command.current_dir(folder.path()).args(arguments).assert()
    };
    run(&["rules", "list", "--rules", "."]).code(2);
    let printed = run(&["rules", "schema", "--rules", "."]).success();
    let printed: Value = serde_json::from_slice(&printed.get_output().stdout).unwrap();
    assert_eq!(printed, schema::rule_file());
}

#[test]
fn a_new_rule_names_the_schema_where_there_is_one() {
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name);
    fs::write(at("log"), "** (RuntimeError) acme: no licence at /etc/acme/licence.key\n").unwrap();
    let first_line = |id: &str, output: &str| {
        let mut command = Command::cargo_bin("envdoctor").unwrap();
        let arguments = ["rules", "new", "--from", "log", "--id", id, "--output", output];
        command.current_dir(folder.path()).env("HOME", folder.path()).args(arguments).assert().success();
        let text = fs::read_to_string(at(output).join(format!("{id}.yaml"))).unwrap();
        fs::remove_file(at(output).join(format!("{id}.yaml"))).unwrap();
        text.lines().next().unwrap().to_owned()
    };
    let modeline = "# yaml-language-server: $schema=";
    assert!(!first_line("one", "mine").starts_with(modeline));
    fs::write(at("mine/schema.json"), "{\"title\": \"Something else\"}").unwrap();
    assert!(!first_line("two", "mine").starts_with(modeline));
    fs::write(at("schema.json"), schema::rule_file().to_string()).unwrap();
    assert_eq!(first_line("three", "mine"), format!("{modeline}../schema.json"));
    assert_eq!(first_line("four", "."), format!("{modeline}schema.json"));
}

#[test]
fn every_rule_file_names_the_schema_and_keeps_to_it() {
    let validator = validator();
    let modeline = schema::modeline("../schema.json");
    let rules = files("rules/**/*.yaml");
    assert_eq!(rules.len(), built_in::rules().rules().len());
    for file in rules {
        let text = fs::read_to_string(&file).unwrap();
        assert!(text.starts_with(&modeline), "{}: its first line is not {modeline}", file.display());
        assert!(file.parent().unwrap().join("../schema.json").is_file());
        let errors: Vec<_> = validator.iter_errors(&as_json(&text)).map(|e| e.to_string()).collect();
        assert!(errors.is_empty(), "{}: {errors:?}", file.display());
    }
}

#[test]
fn each_key_is_in_a_rule_that_both_accept() {
    let (schema, validator) = (schema::rule_file(), validator());
    let mut met = BTreeSet::new();
    let conditions = whole().into_iter().find(|rule| rule["id"] == "all-conditions").unwrap();
    let as_checks = conditions_in(&conditions["checks"]).into_iter().map(|condition| {
        let mut rule = conditions.clone();
        rule["checks"] = condition.clone();
        rule
    });
    for rule in whole().into_iter().chain(as_checks) {
        assert_eq!(read(&rule), Ok(()), "{}", rule["id"]);
        let errors: Vec<_> = validator.iter_errors(&rule).map(|e| e.to_string()).collect();
        assert!(errors.is_empty(), "{}: {errors:?}", rule["id"]);
        coverage::meet(&schema, "", &schema, &rule, &mut met);
    }
    let all = coverage::keys(&schema);
    assert!(all.len() > 60, "{}", all.len());
    assert_eq!(all.difference(&met).collect::<Vec<_>>(), Vec::<&String>::new());
}

/// A condition and all that it is made of.
fn conditions_in(condition: &Value) -> Vec<&Value> {
    let parts = condition
        .as_object()
        .unwrap()
        .iter()
        .filter(|(key, _)| matches!(key.as_str(), "all" | "any" | "not"));
    let parts =
        parts.flat_map(|(_, value)| value.as_array().map_or(std::slice::from_ref(value), Vec::as_slice));
    std::iter::once(condition).chain(parts.flat_map(conditions_in)).collect()
}

#[test]
fn what_one_refuses_the_other_refuses() {
    let (mut refused, mut left_to_the_reader, mut wrong) = (0, BTreeSet::new(), Vec::new());
    let compared: Vec<_> = std::thread::scope(|scope| {
        let threads: Vec<_> = whole().into_iter().map(|rule| scope.spawn(move || compared(&rule))).collect();
        threads.into_iter().flat_map(|thread| thread.join().unwrap()).collect()
    });
    for (Mistake { what, why_only_the_reader, .. }, read, valid) in compared {
        match (read, valid) {
            (Ok(()), true) => {}
            (Err(_), false) => refused += 1,
            (Ok(()), false) => wrong.push(format!("{what}: only the schema refuses it")),
            (Err(_), true) if why_only_the_reader.is_some() => left_to_the_reader.extend(why_only_the_reader),
            (Err(why), true) => wrong.push(format!("{what}: only the reader refuses it: {why}")),
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(refused > 1000, "{refused} mistakes were refused");
    assert_eq!(
        left_to_the_reader,
        mistakes::REASONS.iter().copied().collect(),
        "a reason is of no use any more"
    );
}

/// Each mistake in a rule, with what the reader and the schema say of it.
fn compared(rule: &Value) -> Vec<(Mistake, Result<(), String>, bool)> {
    let validator = validator();
    let mistakes = mistakes::all(rule).into_iter();
    mistakes
        .map(|mistake| {
            let (read, valid) = (read(&mistake.rule), validator.is_valid(&mistake.rule));
            (mistake, read, valid)
        })
        .collect()
}

#[test]
fn a_misspelt_key_is_always_refused() {
    let validator = validator();
    for rule in whole() {
        for Mistake { rule, what, .. } in mistakes::misspelt(&rule) {
            assert!(read(&rule).is_err() && !validator.is_valid(&rule), "{what}");
        }
    }
}

/// Else a key could be known to a reader alone.
#[test]
fn keys_are_described_in_the_formats_alone() {
    let mut described = 0;
    for file in files("src/**/*.rs") {
        let calls = fs::read_to_string(&file).unwrap().matches("Key::new(").count();
        let is_format =
            file.ends_with("format.rs") || file.components().any(|part| part.as_os_str() == "format");
        assert!(calls == 0 || is_format, "{}: keys are described in a `format`", file.display());
        described += calls;
    }
    assert!(described > 100, "{described}");
}

#[test]
fn operators_and_kinds_of_edits_have_the_formats_keys() {
    let operators: Vec<&str> = Operator::ALL.iter().map(|(name, _)| *name).collect();
    let tests: Vec<&str> = TEST[1..].iter().map(|key| key.name).collect();
    assert_eq!(operators, tests);
    let of_kinds =
        EditKind::ALL.iter().flat_map(|(_, keys)| keys.needed.iter().chain(keys.possible).copied());
    let of_kinds: BTreeSet<&str> = of_kinds.chain(["kind", "in"]).collect();
    assert_eq!(of_kinds, EDIT.iter().map(|key| key.name).collect());
}

#[test]
fn a_rules_tags_are_shown() {
    let printed = |arguments: &[&str]| {
        let folder = tempfile::tempdir().unwrap();
        let mut command = Command::cargo_bin("envdoctor").unwrap();
        let said =
            command.current_dir(folder.path()).env("HOME", folder.path()).args(arguments).assert().success();
        String::from_utf8(said.get_output().stdout.clone()).unwrap()
    };
    let tags = serde_json::json!(["dependencies", "lockfile"]);
    let explained: Value =
        serde_json::from_str(&printed(&["explain", "mix-lock-outdated", "--format", "json"])).unwrap();
    assert_eq!(explained["tags"], tags);
    assert!(
        explained["page"].as_str().unwrap().contains("\n\nTags: dependencies, lockfile\n\n"),
        "{explained}"
    );
    assert!(printed(&["explain", "mix-lock-outdated"]).contains("\ntags: dependencies, lockfile\n"));
    let listed: Value = serde_json::from_str(&printed(&["rules", "list", "--format", "json"])).unwrap();
    let row =
        listed["rules"].as_array().unwrap().iter().find(|row| row["id"] == "mix-lock-outdated").unwrap();
    assert_eq!(row["tags"], tags);
    assert!(printed(&["rules", "list", "-v"]).contains("  [dependencies, lockfile]\n"));
    assert!(!printed(&["rules", "list"]).contains("[dependencies, lockfile]"));
}

#[test]
fn the_page_about_rules_says_what_each_tag_means() {
    let page =
        fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/writing-rules.md")).unwrap();
    let rows: Vec<String> =
        Tag::ALL.iter().map(|(name, tag)| format!("| `{name}` | {} |\n", tag.meaning())).collect();
    assert!(page.contains(&rows.concat()));
}

#[test]
fn a_word_means_an_id_a_family_or_a_tag() {
    let rules = built_in::rules();
    let tags: BTreeSet<&str> = Tag::ALL.iter().map(|(name, _)| *name).collect();
    let ids: BTreeSet<&str> = rules.rules().iter().map(|rule| rule.id.as_str()).collect();
    let families: BTreeSet<&str> = rules.rules().iter().map(|rule| rule.family.as_str()).collect();
    assert_eq!(families, FAMILIES.iter().copied().collect());
    assert_eq!(rules.words().len(), ids.len() + families.len() + tags.len());
    for (name, tag) in Tag::ALL {
        assert_eq!(tag.to_string(), *name);
        assert!(!tag.meaning().is_empty() && !tag.meaning().ends_with('.'), "{name}");
        let tagged = rules.rules().iter().filter(|rule| rule.is_named(name)).count();
        assert!(tagged >= 3, "{name}: {tagged}");
        assert!(tagged * 4 < ids.len(), "{name} says little: {tagged} rules have it");
    }
    let rule = rules.get("mix-lock-outdated").unwrap();
    for word in ["mix-lock-outdated", "beam", "lockfile", "dependencies"] {
        assert!(rule.is_named(word), "{word}");
    }
    for word in ["mix-lock", "nix", "shell", "lock", ""] {
        assert!(!rule.is_named(word), "{word}");
    }
    assert!(rules.rules().iter().all(|rule| rule.tags.len() <= 3));
}
