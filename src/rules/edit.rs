//! The edits that a remedy can make, as its rule says them.

use serde::{Deserialize, Serialize};

use super::Template;

/// An edit.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Edit {
    /// Files, from the project's folder; one without a placeholder can be a glob, or a file of the home (`~/…`).
    pub files: Vec<Template>,
    /// What is done to them.
    pub kind: EditKind,
}

impl Edit {
    /// Whether a path as a rule writes it lies in the person's home.
    pub fn is_in_home(path: &Template) -> bool {
        path.0.starts_with("~/")
    }
}

/// What an edit does to a file.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum EditKind {
    /// Replaces a whole word.
    Word {
        /// The word.
        find: Template,
        /// What to put there.
        replace: Template,
        /// The one line (from 1) in which to look; `None`: it must stand just once in the files.
        line: Option<Template>,
    },
    /// Replaces a Nix hash, found and written in whichever notation the file uses.
    NixHash {
        /// The hash.
        find: Template,
        /// The one to put there.
        replace: Template,
    },
    /// Replaces the misspelt name of an attribute that a Nix file selects.
    NixAttribute {
        /// The name.
        find: Template,
        /// The one to put there.
        replace: Template,
        /// The line (from 1) that Nix names.
        line: Template,
        /// The column (from 1, in bytes) that Nix names.
        column: Template,
    },
    /// Inserts a text into a Nix file that does not parse.
    Insert {
        /// The text.
        text: String,
        /// The line (from 1) in which to insert.
        line: Template,
        /// The column (from 1, in characters) before which to insert.
        column: Template,
    },
    /// Puts the system into a flake where it is missing.
    NixSystem,
    /// Sets a key in a settings file.
    Set(SetKey),
    /// Puts `# ` before one line of a settings file.
    Comment {
        /// What the line holds.
        find: Template,
        /// The line (from 1); `None`: there must be just one that holds it.
        line: Option<Template>,
        /// The file's format; `None`: its name tells.
        format: Option<SettingsFormat>,
    },
    /// Writes asdf's commands as a version of asdf has them.
    AsdfCommand {
        /// The version.
        version: Template,
    },
}

impl EditKind {
    /// The kinds by name, each with the keys that it needs and those that it can have.
    pub const ALL: &'static [(&'static str, EditKeys)] = &[
        ("word", EditKeys { needed: &["find", "replace"], possible: &["line"] }),
        ("nix-hash", EditKeys { needed: &["find", "replace"], possible: &[] }),
        ("nix-attribute", EditKeys { needed: &["find", "replace", "line", "column"], possible: &[] }),
        ("insert", EditKeys { needed: &["text", "line", "column"], possible: &[] }),
        ("nix-system", EditKeys { needed: &[], possible: &[] }),
        ("set", EditKeys { needed: &["key", "value"], possible: &["append", "add", "create", "format"] }),
        ("comment", EditKeys { needed: &["find"], possible: &["line", "format"] }),
        ("asdf-command", EditKeys { needed: &["version"], possible: &[] }),
    ];

    /// Every text with placeholders in it.
    pub fn templates(&self) -> Vec<&Template> {
        match self {
            EditKind::Word { find, replace, line } => [find, replace].into_iter().chain(line).collect(),
            EditKind::NixHash { find, replace } => vec![find, replace],
            EditKind::NixAttribute { find, replace, line, column } => vec![find, replace, line, column],
            EditKind::Insert { line, column, .. } => vec![line, column],
            EditKind::NixSystem => Vec::new(),
            EditKind::Set(set) => set.value.templates(),
            EditKind::Comment { find, line, .. } => std::iter::once(find).chain(line).collect(),
            EditKind::AsdfCommand { version } => vec![version],
        }
    }
}

/// The keys of a kind of edit, beside `kind` and `in`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct EditKeys {
    /// Those that it needs.
    pub needed: &'static [&'static str],
    /// Those that it can have.
    pub possible: &'static [&'static str],
}

/// A key that is set in a settings file, or several that are set to the same.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SetKey {
    /// The keys; in TOML and JSON each a path such as `tools.elixir`.
    pub keys: Vec<String>,
    /// What they are set to.
    pub value: SetValue,
    /// Whether what the list holds already stays in it.
    pub append: bool,
    /// Whether a key is added where it is not there.
    pub add: bool,
    /// Whether the file is made where it is not there.
    pub create: bool,
    /// The file's format; `None`: its name tells.
    pub format: Option<SettingsFormat>,
}

/// What a key is set to.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum SetValue {
    /// A text.
    Text(Template),
    /// A list of texts.
    List(Vec<Template>),
    /// A whole number.
    Integer(i64),
    /// Yes or no.
    Bool(bool),
}

impl SetValue {
    /// Every text with placeholders in it.
    pub fn templates(&self) -> Vec<&Template> {
        match self {
            SetValue::Text(text) => vec![text],
            SetValue::List(items) => items.iter().collect(),
            SetValue::Integer(_) | SetValue::Bool(_) => Vec::new(),
        }
    }
}

/// The format of a settings file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum SettingsFormat {
    /// Nix's settings: `key = words`.
    NixConf,
    /// asdf's and mise's `.tool-versions`: `tool version`.
    ToolVersions,
    /// direnv's `.envrc`, which is shell code: `export KEY=value`.
    Envrc,
    /// A `.env`: `KEY=value`.
    Env,
    /// TOML.
    Toml,
    /// JSON, with or without comments.
    Json,
    /// Nix: the variables that a file's shells set.
    Nix,
}

impl SettingsFormat {
    /// Every format by its name in a rule file.
    pub const ALL: &'static [(&'static str, SettingsFormat)] = &[
        ("nix.conf", SettingsFormat::NixConf),
        (".tool-versions", SettingsFormat::ToolVersions),
        (".envrc", SettingsFormat::Envrc),
        (".env", SettingsFormat::Env),
        ("toml", SettingsFormat::Toml),
        ("json", SettingsFormat::Json),
        ("nix", SettingsFormat::Nix),
    ];

    /// The format of a file with this name, where the name tells it.
    pub fn of(name: &str) -> Option<SettingsFormat> {
        let ending = name.rsplit_once('.').map(|(_, ending)| ending);
        match (name, ending) {
            ("nix.conf", _) => Some(SettingsFormat::NixConf),
            (".tool-versions", _) => Some(SettingsFormat::ToolVersions),
            (".envrc", _) => Some(SettingsFormat::Envrc),
            (_, Some("toml")) => Some(SettingsFormat::Toml),
            (_, Some("json" | "jsonc")) => Some(SettingsFormat::Json),
            (_, Some("nix")) => Some(SettingsFormat::Nix),
            _ if name == ".env" || name.starts_with(".env.") => Some(SettingsFormat::Env),
            _ => None,
        }
    }
}
