//! The keys of a rule file, each in one place: the reader knows these and no others, and the JSON Schema is made of them.
//! Those of the settings are described in the same way, where they are read.

mod condition;
mod edit;
mod look;
mod remedy;
mod rule;

pub use condition::{BRANCH, CHECKS, OPERAND, TEST};
pub use edit::EDIT;
pub use look::{Bare, LONGEST_WORD, Look};
pub use remedy::{ACTIONS, OF_RUN, REMEDY};
pub use rule::{DERIVATION, EXAMPLE, FAMILIES, ID, NOT_OF_REQUIREMENTS, RULE, SYMPTOM};

/// One key of a map in a file.
#[derive(Clone, Copy, Debug)]
pub struct Key {
    /// Its name.
    pub name: &'static str,
    /// What may stand behind it.
    pub shape: Shape,
    /// Whether it must always be there.
    pub needed: bool,
    /// What it says, for a person who writes the file.
    pub about: &'static str,
}

impl Key {
    pub(crate) const fn new(name: &'static str, shape: Shape, about: &'static str) -> Self {
        Key { name, shape, needed: false, about }
    }

    pub(crate) const fn needed(self) -> Self {
        Key { needed: true, ..self }
    }
}

/// What may stand behind a key.
#[derive(Clone, Copy, Debug)]
pub enum Shape {
    /// Text that is not blank. A number, `true` and `false` are read as text too.
    Text,
    /// Text without placeholders.
    Fixed,
    /// A rule's id.
    Id,
    /// What the rule is about; anything but a tag.
    Family,
    /// An https address.
    Address,
    /// `true` or `false`.
    Flag,
    /// A whole number from 1 to the most that is allowed.
    Count(u64),
    /// One of some words, each with its meaning, which may be empty.
    OneOf(fn() -> Vec<(&'static str, &'static str)>),
    /// A fact's name.
    Fact,
    /// A literal, or `{fact: NAME}`.
    Operand,
    /// A version requirement, or `{fact: NAME}`.
    Requirement,
    /// A condition over facts.
    Condition,
    /// A condition over facts, with the keys of [`CHECKS`].
    Checks,
    /// A list that is not empty.
    List(&'static Shape),
    /// A list that is not empty, with nothing in it twice.
    Set(&'static Shape),
    /// A program, which is fixed, and its arguments.
    Argv,
    /// One of these.
    Either(&'static [Shape]),
    /// Captures with their values.
    Captures,
    /// A map with these keys.
    Map(&'static [Key]),
    /// A remedy.
    Remedy,
    /// An edit.
    Edit,
    /// Text that may be a name, a path or an argument.
    Word,
    /// Text that looks so.
    Like(&'static Look),
    /// A program and its arguments, some of which may be empty, and which are at most so many.
    Command(u64),
    /// A whole number, from 0.
    Whole,
    /// More than no seconds.
    Seconds,
    /// A rule that there is, by its id.
    KnownRule,
    /// Rules that there are: an id, a family or a tag.
    KnownWord,
    /// Names that look so, each with such a value.
    Entries(&'static Shape, &'static Shape),
    /// Everything that is required.
    Requirements,
    /// What a value must be; alone, it is what it equals.
    Value,
    /// What a text must be; alone, it is what it contains.
    Content,
    /// A literal, or all items of a list.
    Equal,
    /// JSON Pointers, each with what must stand there.
    Pointers,
}

/// Words without meanings of their own.
pub(crate) fn words<T>(all: &'static [(&'static str, T)]) -> Vec<(&'static str, &'static str)> {
    all.iter().map(|(name, _)| (*name, "")).collect()
}
