//! What the binary offers is told on the pages: each command, each option and each variable.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::process::Command;

use envdoctor::config::VARIABLES;
use regex::Regex;

/// What the binary prints.
fn printed(words: &[String]) -> String {
    let output = Command::new(env!("CARGO_BIN_EXE_envdoctor"))
        .args(words)
        .env("COLUMNS", "100")
        .env_remove("CLICOLOR_FORCE")
        .output()
        .unwrap();
    assert!(output.status.success(), "envdoctor {words:?}");
    String::from_utf8(output.stdout).unwrap()
}

/// Each command, with those below it, as it is written behind `envdoctor`; and all long options.
fn offered(above: &[String], commands: &mut BTreeSet<String>, options: &mut BTreeSet<String>) {
    let command = Regex::new(r"(?m)^  ([a-z]+)(  |$)").unwrap();
    let option = Regex::new(r"(?m)^ +(?:-\w, )?(--[a-z][a-z-]*)").unwrap();
    let help = printed(&[above, &["--help".to_owned()]].concat());
    options.extend(option.captures_iter(&help).map(|found| found[1].to_owned()));
    let Some((_, list)) = help.split_once("\nCommands:\n") else { return };
    let list = list.split("\n\n").next().unwrap_or_default();
    for name in command.captures_iter(list).map(|found| found[1].to_owned()).filter(|name| name != "help") {
        let words = [above, &[name]].concat();
        commands.insert(words.join(" "));
        offered(&words, commands, options);
    }
}

/// The variables that the man page names.
fn variables_of_the_man_page() -> Vec<String> {
    let page = printed(&["man".to_owned()]);
    let (_, section) = page.split_once(".SH ENVIRONMENT").unwrap();
    let section = section.split(".SH").next().unwrap();
    let names = Regex::new(r"(?m)^\\fB(.+?)\\fR").unwrap();
    let names = names.captures_iter(section).map(|found| found[1].replace('\\', ""));
    names.flat_map(|names| names.split(", ").map(str::to_owned).collect::<Vec<_>>()).collect()
}

#[test]
fn every_command_option_and_variable_is_on_a_page() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut text = fs::read_to_string(root.join("README.md")).unwrap();
    for page in super::pages() {
        text.push_str(&fs::read_to_string(page).unwrap());
    }
    let (mut commands, mut options) = (BTreeSet::new(), BTreeSet::new());
    offered(&[], &mut commands, &mut options);
    assert!(commands.contains("rules lint") && options.contains("--fail-on"), "{commands:?} {options:?}");
    let variables: BTreeSet<_> =
        VARIABLES.iter().map(|(name, _)| (*name).to_owned()).chain(variables_of_the_man_page()).collect();
    assert!(variables.contains("NO_COLOR") && variables.contains("ENVDOCTOR_SKIP"), "{variables:?}");

    // As a whole: `--yes` is not told by `--yesterday`.
    let told =
        |words: &str| Regex::new(&format!(r"{}(?:[^\w-]|$)", regex::escape(words))).unwrap().is_match(&text);
    let untold: Vec<_> = commands
        .iter()
        .map(|command| format!("envdoctor {command}"))
        .chain(options)
        .chain(variables)
        .filter(|words| !told(words))
        .collect();
    assert!(untold.is_empty(), "no page tells of {untold:?}");
}

/// The names of all properties in a JSON Schema.
fn keys(schema: &serde_json::Value, found: &mut BTreeSet<String>) {
    match schema {
        serde_json::Value::Object(fields) => {
            for (name, value) in fields {
                if let ("properties", serde_json::Value::Object(properties)) = (name.as_str(), value) {
                    found.extend(properties.keys().cloned());
                }
                keys(value, found);
            }
        }
        serde_json::Value::Array(items) => items.iter().for_each(|item| keys(item, found)),
        _ => {}
    }
}

#[test]
fn every_key_of_the_json_is_on_the_page_about_outputs() {
    let docs = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs");
    let page = fs::read_to_string(docs.join("outputs.md")).unwrap();
    let mut found = BTreeSet::new();
    for schema in glob::glob(docs.join("schemas/*.json").to_str().unwrap()).unwrap().map(Result::unwrap) {
        if schema.ends_with("config.json") {
            continue;
        }
        keys(&serde_json::from_str(&fs::read_to_string(schema).unwrap()).unwrap(), &mut found);
    }
    assert!(found.contains("diagnoses"));
    let untold: Vec<_> = found.into_iter().filter(|key| !page.contains(&format!("`{key}`"))).collect();
    assert!(untold.is_empty(), "docs/outputs.md does not tell of {untold:?}");
}

#[test]
fn every_key_of_the_settings_is_on_their_pages() {
    let docs = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs");
    let read = |name: &str| fs::read_to_string(docs.join(name)).unwrap();
    let pages = read("configuration.md") + &read("requirements.md");
    let mut found = BTreeSet::new();
    keys(&serde_json::from_str(&read("schemas/config.json")).unwrap(), &mut found);
    assert!(found.contains("fail_on") && found.contains("at_least"));
    let told = |key: &str| Regex::new(&format!(r"\b{key}\b")).unwrap().is_match(&pages);
    let untold: Vec<_> = found.into_iter().filter(|key| !told(key)).collect();
    assert!(untold.is_empty(), "neither docs/configuration.md nor docs/requirements.md tells of {untold:?}");
}
