//! The keys of an edit; which kind has which says [`EditKind::ALL`].

use super::{Key, Shape, words};
use crate::rules::{EditKind, SettingsFormat};

/// The keys of edits of every kind.
pub const EDIT: &[Key] = &[
    Key::new("kind", Shape::OneOf(|| words(EditKind::ALL)), "What is done; `word` where it is left out."),
    Key::new(
        "in",
        Shape::List(&Shape::Text),
        "Files, from the project's folder; one without a placeholder can be a glob, or a file of the home: `~/…`.",
    )
    .needed(),
    Key::new("find", Shape::Text, "The word, hash, name or line that is looked for."),
    Key::new("replace", Shape::Text, "What is put in its place."),
    Key::new("line", Shape::Text, "The line, from 1."),
    Key::new("column", Shape::Text, "The column, from 1: in bytes for `nix-attribute`, in characters for `insert`."),
    Key::new("text", Shape::Fixed, "What is inserted, written out."),
    Key::new(
        "key",
        Shape::Either(&[Shape::Fixed, Shape::List(&Shape::Fixed)]),
        "The key that is set; of several, each is set to the same. In TOML and JSON a path such as `tools.elixir`.",
    ),
    Key::new(
        "value",
        Shape::Either(&[Shape::Text, Shape::List(&Shape::Text)]),
        "What the key is set to: a text or a list of texts. 4 and true are no texts in TOML and JSON, \"4\" is one.",
    ),
    Key::new("append", Shape::Flag, "What the list holds already stays in it."),
    Key::new("add", Shape::Flag, "false: the key is set only where it stands already. True where it is left out."),
    Key::new("create", Shape::Flag, "The file is made where it is not there."),
    Key::new(
        "format",
        Shape::OneOf(|| words(SettingsFormat::ALL)),
        "The file's format; its name tells it where it is left out.",
    ),
    Key::new("version", Shape::Text, "The version of asdf whose commands are written."),
];
