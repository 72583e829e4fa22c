//! The keys of `require:`: the reader knows these and no others, and the JSON Schema is made of them.

mod look;
mod machine;
mod network;
mod programs;

use super::tools::RequiredTool;
use crate::facts::Severity;
use crate::rules::format::{Key, Shape, words};

pub(crate) use look::TOOL_VERSION;
pub(crate) use machine::{FILES, GROUPS, MOUNTS, PACKAGES, PROCESSES, SERVICES, SYSCTL, USERS};
pub(crate) use network::{ADDRESSES, DNS, HTTP, PORTS, SEND};
pub(crate) use programs::{COMMANDS, ENV, FACTS, NOT_RUN, OF_RUN};

/// A list of requirements of one kind.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Section {
    /// Its name.
    pub(crate) name: &'static str,
    /// What stands for a thing of which no more is said than that it must be there; `None`: more must be said.
    pub(crate) alone: Option<Shape>,
    /// What else can be said of it: its own keys, whose first names it, and perhaps those of a matcher.
    pub(crate) keys: &'static [&'static [Key]],
    /// What it says.
    pub(crate) about: &'static str,
}

impl Section {
    /// The key that names the thing.
    pub(crate) fn name_key(&self) -> &'static str {
        self.keys.iter().copied().flatten().next().map_or("name", |key| key.name)
    }

    /// Every key of a thing.
    pub(crate) fn all_keys(&self) -> impl Iterator<Item = &'static Key> {
        self.keys.iter().copied().flatten().chain(COMMON)
    }

    /// The keys that say what the thing is: of one that must not be there, none of them can be said.
    pub(crate) fn says(&self) -> impl Iterator<Item = &'static str> {
        let own = self.keys.iter().copied().flatten().map(|key| key.name);
        own.filter(|name| *name != self.name_key() && *name != ABSENT.name)
    }
}

/// What any requirement may say.
pub(crate) const COMMON: &[Key] = &[
    Key::new(
        "severity",
        Shape::OneOf(|| words(Severity::ALL)),
        "How bad it is where this is not so; as the finding's rule says where it is left out.",
    ),
    Key::new("why", Shape::Text, "Why it is required: shown with the finding."),
    Key::new("remedy", Shape::Text, "What to do where it is not so, in your team's words."),
];

pub(crate) const ABSENT: Key = Key::new("absent", Shape::Flag, "true: it must not be there.");

const NAME: Key = Key::new("name", Shape::Word, "Its name.").needed();

/// What a text, a number or a list must be. Several keys hold together.
pub(crate) const MATCHER: &[Key] = &[
    Key::new("equals", Shape::Equal, "Just that; of a list: these items and no others."),
    Key::new(
        "contains",
        Shape::Either(&[Shape::Text, Shape::List(&Shape::Text)]),
        "That stands in it, and all of these do; of a list: they are items of it.",
    ),
    Key::new("matches", Shape::Text, "A regular expression; `^` and `$` stand at the ends of lines."),
    Key::new(
        "satisfies",
        Shape::Like(&look::VERSION),
        "The first version in it meets this requirement, such as `~> 1.7`.",
    ),
    Key::new("greater_than", Shape::Like(&look::NUMBER), "A greater number."),
    Key::new("less_than", Shape::Like(&look::NUMBER), "A smaller number."),
    Key::new("at_least", Shape::Like(&look::NUMBER), "This number or a greater one."),
    Key::new("at_most", Shape::Like(&look::NUMBER), "This number or a smaller one."),
    Key::new("empty", Shape::Flag, "Nothing is in it (true), or something is (false)."),
    Key::new("json", Shape::Pointers, "It is JSON, and what stands at each JSON Pointer is so."),
    Key::new("all", Shape::List(&Shape::Value), "All of these hold."),
    Key::new("any", Shape::List(&Shape::Value), "One of these holds."),
    Key::new("not", Shape::Value, "This does not hold."),
];

/// What can be said of a tool.
pub(crate) const TOOL: &[Key] =
    &[Key::new("version", Shape::Like(&look::VERSION), "The version that it must have, such as `~> 1.17`.")];

/// What can be said of a tool that has a server, too.
pub(crate) const SERVER: &[Key] = &[
    Key::new(
        "port",
        Shape::Like(&look::PORT),
        "The port at which its server must answer; the usual one where only `host` is given.",
    ),
    Key::new(
        "host",
        Shape::Like(&look::HOST),
        "The host on which its server must answer; localhost where only `port` is given.",
    ),
];

/// The keys of a tool that may be required.
pub(crate) fn keys_of(tool: RequiredTool) -> impl Iterator<Item = &'static Key> {
    let server = tool.port.map_or::<&[Key], _>(&[], |_| SERVER);
    TOOL.iter().chain(server).chain(COMMON)
}
