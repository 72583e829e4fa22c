//! The keys of a remedy.

use super::{Key, Shape, words};
use crate::facts::Risk;
use crate::rules::Need;

const TEXTS: Shape = Shape::List(&Shape::Text);

/// What a remedy can do: it has just one of these keys.
pub const ACTIONS: &[&str] = &["run", "edit", "remove", "track", "tell"];

/// What only a remedy has that runs something.
pub const OF_RUN: &[&str] = &["changes", "undo", "deadline"];

/// The keys of a remedy.
pub const REMEDY: &[Key] = &[
    Key::new("title", Shape::Text, "What it does, in one line.").needed(),
    Key::new(
        "risk",
        Shape::OneOf(|| words(Risk::ALL)),
        "How far it reaches; needed of all but `tell`, whose risk is none.",
    ),
    Key::new("run", Shape::Argv, "A program and its arguments, never a shell line."),
    Key::new("edit", Shape::Edit, "A change of files of the project, or of the person's home."),
    Key::new("remove", TEXTS, "Files or folders below the project or `~/`, which are moved into a backup."),
    Key::new("track", TEXTS, "Files that Git is made to know, without their content."),
    Key::new("tell", Shape::Text, "What the person is to do."),
    Key::new(
        "changes",
        TEXTS,
        "What the program, or what it mends, makes or changes: kept, and brought back by undo.",
    ),
    Key::new("undo", Shape::Argv, "A program and its arguments that take it back."),
    Key::new(
        "deadline",
        Shape::Count(u64::MAX),
        "The seconds that the program may take; 900 where it is left out.",
    ),
    Key::new("needs", Shape::List(&Shape::OneOf(|| words(Need::ALL))), "What it needs beside its program."),
    Key::new("caution", Shape::Text, "What to think of first."),
    Key::new("when", Shape::Condition, "It does not fit where this is known not to hold."),
];
