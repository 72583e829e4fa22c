//! The schema of the settings is what `envdoctor schema config` prints, and it refuses what their reader refuses.

#![allow(clippy::disallowed_methods, clippy::panic, clippy::unwrap_used)]

#[path = "../rule_schema/change.rs"]
mod change;
#[path = "../rule_schema/coverage.rs"]
mod coverage;
mod examples;
mod mistakes;
mod reader;

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use assert_cmd::Command;
use envdoctor::{built_in, schema};
use jsonschema::Validator;
use regex::Regex;
use serde_json::Value;

use change::Change;
use reader::{Reader, Whose};

/// The files that this pattern names, from the repository's root.
fn files(pattern: &str) -> Vec<PathBuf> {
    let pattern = Path::new(env!("CARGO_MANIFEST_DIR")).join(pattern);
    let files: Vec<_> = glob::glob(pattern.to_str().unwrap()).unwrap().map(Result::unwrap).collect();
    assert!(!files.is_empty());
    files
}

fn settings_schema() -> Value {
    schema::settings_file(&built_in::rules())
}

fn validator() -> Validator {
    let schema = settings_schema();
    jsonschema::meta::validate(&schema).unwrap();
    jsonschema::draft7::new(&schema).unwrap()
}

fn as_json(yaml: &str) -> Value {
    serde_yaml::from_str(yaml).unwrap()
}

/// What the schema says against a value.
fn errors(validator: &Validator, value: &Value) -> Vec<String> {
    validator.iter_errors(value).map(|error| format!("{}: {error}", error.instance_path())).collect()
}

/// The settings that have every key between them, each list of requirements apart.
fn whole() -> Vec<Value> {
    let files = files("tests/config_schema/settings/*.yaml").into_iter();
    let all = files.map(|file| as_json(&fs::read_to_string(file).unwrap()));
    all.flat_map(|mut settings| {
        let required = settings.as_object_mut().unwrap().remove("require").unwrap();
        let parts = required.as_object().unwrap().iter();
        let mut apart: Vec<Value> =
            parts.map(|(name, value)| serde_json::json!({"require": {name.as_str(): value}})).collect();
        apart.push(settings);
        apart
    })
    .collect()
}

#[test]
fn it_is_printed_whatever_the_settings_are_like() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("envdoctor.yaml"), "fail_onn: [").unwrap();
    let mut command = Command::cargo_bin("envdoctor").unwrap();
    let printed = command.current_dir(folder.path()).args(["schema", "config"]).assert().success();
    let printed: Value = serde_json::from_slice(&printed.get_output().stdout).unwrap();
    assert_eq!(printed, settings_schema());
}

#[test]
fn each_key_is_in_settings_that_both_accept() {
    let (schema, validator, reader) = (settings_schema(), validator(), Reader::new());
    let mut met = BTreeSet::new();
    for file in files("tests/config_schema/settings/*.yaml") {
        let text = fs::read_to_string(&file).unwrap();
        let settings = as_json(&text);
        assert_eq!(reader.read(Whose::Mine, &text), Ok(()), "{}", file.display());
        assert_eq!(errors(&validator, &settings), Vec::<String>::new(), "{}", file.display());
        coverage::meet(&schema, "", &schema, &settings, &mut met);
    }
    let all = coverage::keys(&schema);
    assert!(all.len() > 100, "{}", all.len());
    assert_eq!(all.difference(&met).collect::<Vec<_>>(), Vec::<&String>::new());
}

#[test]
fn what_one_refuses_the_other_refuses() {
    let (validator, reader, whole) = (validator(), Reader::new(), whole());
    let compared: Vec<_> = std::thread::scope(|scope| {
        let (validator, reader) = (&validator, &reader);
        let threads: Vec<_> =
            whole.iter().map(|settings| scope.spawn(move || compared(settings, validator, reader))).collect();
        threads.into_iter().flat_map(|thread| thread.join().unwrap()).collect()
    });
    let only_the_reader: Vec<Regex> =
        mistakes::ONLY_THE_READER.iter().map(|(path, _)| Regex::new(&format!("^{path}$")).unwrap()).collect();
    let (mut refused, mut used, mut wrong) = (0, BTreeSet::new(), Vec::new());
    for (Change { path, what, value }, accepted, valid) in compared {
        let why_only_the_reader = only_the_reader.iter().position(|at| at.is_match(&path));
        let what = what.chars().take(80).collect::<String>();
        match (accepted, valid) {
            (true, true) => {}
            (false, false) => refused += 1,
            (true, false) => {
                wrong.push(format!(
                    "{path} {what}: only the schema refuses it: {:?}",
                    errors(&validator, &value)
                ));
            }
            (false, true) => match why_only_the_reader {
                Some(at) => drop(used.insert(at)),
                None => {
                    let why = reader.read(Whose::Mine, &as_yaml(&value)).unwrap_err();
                    let why = why.lines().next().unwrap_or_default();
                    wrong.push(format!("{path} {what}: only the reader refuses it: {why}"));
                }
            },
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(refused > 5000, "{refused} mistakes were refused");
    let superfluous = mistakes::ONLY_THE_READER.iter().enumerate().filter(|(at, _)| !used.contains(at));
    assert_eq!(superfluous.collect::<Vec<_>>(), [], "the schema refuses all of that, too");
}

/// JSON is YAML, in which a text keeps its quotes.
fn as_yaml(value: &Value) -> String {
    format!("{value:#}")
}

/// Each change of some settings: whether the reader accepts it, and whether the schema does.
fn compared(settings: &Value, validator: &Validator, reader: &Reader) -> Vec<(Change, bool, bool)> {
    let changes = mistakes::changes(settings).into_iter();
    changes
        .map(|change| {
            let accepted = reader.accepts(Whose::Mine, &as_yaml(&change.value));
            let valid = validator.is_valid(&change.value);
            (change, accepted, valid)
        })
        .collect()
}

#[test]
fn a_misspelt_key_is_always_refused() {
    let (validator, reader) = (validator(), Reader::new());
    let mut refused = 0;
    for settings in whole() {
        for Change { path, what, value } in mistakes::misspelt(&settings) {
            let accepted = reader.accepts(Whose::Mine, &as_yaml(&value));
            assert!(!accepted && !validator.is_valid(&value), "{path} {what}");
            refused += 1;
        }
    }
    assert!(refused > 200, "{refused}");
}

#[test]
fn a_requirement_states_what_goes_together() {
    let (validator, reader) = (validator(), Reader::new());
    for wrong in [
        "env: [{name: A, absent: true, equals: b}]",
        "files: [{path: a, absent: true, mode: 644}]",
        "users: [{name: a, absent: true, uid: 1}]",
        "commands: [{name: jq, stdout: x}]",
        "commands: [{name: jq, run: [jq]}]",
        "commands: [{run: [jq], absent: true}]",
        "commands: [{absent: true}]",
        "sysctl: [vm.swappiness]",
        "sysctl: [{name: vm.swappiness}]",
        "elixir: {port: 1}",
        "elixir: latest",
        "env: [{name: A, json: {}}]",
        "http: [{url: 'http://a/', body: {}}]",
    ] {
        let text = format!("require:\n  {wrong}\n");
        assert!(reader.read(Whose::Project, &text).is_err(), "{wrong}");
        assert!(!validator.is_valid(&as_json(&text)), "{wrong}");
    }
}

/// There is one schema for both files: whose a file is, it cannot know.
#[test]
fn only_the_reader_knows_whose_file_it_is() {
    let (validator, reader, schema) = (validator(), Reader::new(), settings_schema());
    for (text, why, described, about) in [
        (
            "fix: {keep: {days: 1}}\n",
            "not for a project to say",
            "/properties/fix/properties/keep/description",
            "only in your own config.yaml",
        ),
        (
            "timeout: 31\n",
            "30 seconds at most",
            "/properties/timeout/description",
            "In a project's envdoctor.yaml 30 at most",
        ),
    ] {
        assert!(validator.is_valid(&as_json(text)), "{text}");
        assert_eq!(reader.read(Whose::Mine, text), Ok(()));
        let said = reader.read(Whose::Project, text).unwrap_err();
        assert!(said.contains(why), "{said}");
        assert!(schema.pointer(described).unwrap().as_str().unwrap().contains(about), "{schema}");
    }
}
