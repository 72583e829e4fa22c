//! Changing one thing in a settings file, with every other byte as it was: pure.

mod json;
mod lines;
mod nix;
mod nix_conf;
mod shell;
mod toml;
mod tool_versions;

use std::collections::BTreeMap;

use crate::rules::SettingsFormat;

/// What a key is to hold, with every value filled in.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Wanted {
    /// A text.
    Text(String),
    /// A list of texts.
    List(Vec<String>),
    /// A whole number.
    Integer(i64),
    /// Yes or no.
    Bool(bool),
}

impl Wanted {
    /// The texts of it, where a format has nothing but texts.
    fn words(&self) -> Vec<String> {
        match self {
            Wanted::Text(text) => vec![text.clone()],
            Wanted::List(items) => items.clone(),
            Wanted::Integer(number) => vec![number.to_string()],
            Wanted::Bool(flag) => vec![flag.to_string()],
        }
    }
}

/// A key that is to be set.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Key<'a> {
    /// Its name.
    pub(super) name: &'a str,
    /// What it is to hold.
    pub(super) value: &'a Wanted,
    /// Whether the list's other items stay.
    pub(super) append: bool,
    /// Whether it is added where it is not there.
    pub(super) add: bool,
}

/// What a settings file says: the path of each key, with its value in one notation of the format's.
type Settings = BTreeMap<Vec<String>, String>;

/// A file with the key set, and what that has made of the key.
struct Done {
    text: String,
    path: Vec<String>,
    value: String,
}

/// The file's text with the key set; `None`: it is set so already, or is not there and shall not be added.
///
/// # Errors
/// Why it cannot be done, as a clause that follows the file's name.
pub(super) fn set(format: SettingsFormat, text: &str, key: &Key<'_>) -> Result<Option<String>, String> {
    let before = read(format, text)?;
    let done = match format {
        SettingsFormat::NixConf => nix_conf::set(text, key),
        SettingsFormat::ToolVersions => tool_versions::set(text, key),
        SettingsFormat::Envrc => shell::set(text, key, &shell::ENVRC),
        SettingsFormat::Env => shell::set(text, key, &shell::ENV),
        SettingsFormat::Toml => toml::set(text, key),
        SettingsFormat::Json => json::set(text, key),
        SettingsFormat::Nix => nix::set(text, key),
    };
    let Some(done) = done? else { return Ok(None) };
    let mut expected = before.clone();
    // A key with keys below it is no single setting, and an empty table above it is empty no more.
    expected.retain(|path, value| !(done.path.starts_with(path) && (path == &done.path || value == "{}")));
    expected.insert(done.path, done.value);
    if before == expected {
        return Ok(None);
    }
    match read(format, &done.text) {
        Ok(after) if after == expected => Ok(Some(done.text)),
        _ => Err(format!("has `{}` in a form that this cannot set", key.name)),
    }
}

/// The file's text with one line made a comment: the one that holds `find`, and has that number if there is one.
///
/// # Errors
/// Why it cannot be done, as a clause that follows the file's name.
pub(super) fn comment(
    format: SettingsFormat,
    text: &str,
    find: &str,
    line: Option<usize>,
) -> Result<String, String> {
    let at = lines::holding(text, find, line)?;
    let mut after = text.to_owned();
    after.insert_str(at, "# ");
    let alone = match format {
        SettingsFormat::NixConf | SettingsFormat::ToolVersions => true,
        SettingsFormat::Json | SettingsFormat::Nix => {
            return Err("is no file in which lines are made comments".to_owned());
        }
        SettingsFormat::Envrc => shell::ENVRC.is_statement(text, at),
        SettingsFormat::Env => shell::ENV.is_statement(text, at),
        SettingsFormat::Toml => {
            let before = read(format, text)?;
            // What is left of a table that held nothing else is empty.
            read(format, &after)?.iter().all(|(path, value)| value == "{}" || before.get(path) == Some(value))
        }
    };
    match alone {
        true => Ok(after),
        false => Err(format!("has `{find}` as a part of something else")),
    }
}

fn read(format: SettingsFormat, text: &str) -> Result<Settings, String> {
    match format {
        SettingsFormat::NixConf => Ok(nix_conf::read(text)),
        SettingsFormat::ToolVersions => Ok(tool_versions::read(text)),
        SettingsFormat::Envrc => shell::read(text, &shell::ENVRC),
        SettingsFormat::Env => shell::read(text, &shell::ENV),
        SettingsFormat::Toml => toml::read(text),
        SettingsFormat::Json => json::read(text),
        SettingsFormat::Nix => nix::read(text),
    }
}

/// The value of each key of a tree.
fn leaves(value: &serde_json::Value, path: &mut Vec<String>, found: &mut Settings) {
    match value {
        serde_json::Value::Object(entries) if !entries.is_empty() => {
            for (name, value) in entries {
                path.push(name.clone());
                leaves(value, path, found);
                path.pop();
            }
        }
        value => _ = found.insert(path.clone(), value.to_string()),
    }
}

#[cfg(test)]
mod tests;
