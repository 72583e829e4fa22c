//! The keys at the top of a rule file.

use super::{Key, Shape, words};
use crate::facts::Severity;
use crate::rules::{Candidates, MOST_LINES, RequirementKind, Tag};

/// What a rule's id looks like.
pub const ID: &str = "^[a-z0-9]+(-[a-z0-9]+)*$";

/// The families of the built-in rules.
pub const FAMILIES: &[&str] = &[
    "beam",
    "envdoctor",
    "git",
    "gpu",
    "llm",
    "machine",
    "network",
    "nix",
    "node",
    "postgres",
    "project",
    "python",
    "require",
];

const TEXTS: Shape = Shape::List(&Shape::Text);

fn tags() -> Vec<(&'static str, &'static str)> {
    Tag::ALL.iter().map(|(name, tag)| (*name, tag.meaning())).collect()
}

/// The keys that a rule about requirements cannot have.
pub const NOT_OF_REQUIREMENTS: &[&str] = &["symptoms", "not_if", "applies", "checks", "derive"];

/// The keys of a rule.
pub const RULE: &[Key] = &[
    Key::new("id", Shape::Id, "The file's name without its ending. Names the problem, never the cure.")
        .needed(),
    Key::new("title", Shape::Text, "The problem in one line, the same for every occurrence.").needed(),
    Key::new(
        "message",
        Shape::Either(&[Shape::Text, TEXTS]),
        "The problem in one line with what was found: `${capture}`, `${some.fact}`. Of several, the first whose placeholders are all known.",
    ),
    Key::new("severity", Shape::OneOf(|| words(Severity::ALL)), "How bad it is.").needed(),
    Key::new("family", Shape::Family, "What it is about; of a built-in rule, the folder's name.").needed(),
    Key::new(
        "tags",
        Shape::Set(&Shape::OneOf(tags)),
        "What the failure has to do with, whichever family it is of: words by which rules are chosen or left out.",
    ),
    Key::new("since", Shape::Text, "The version of envdoctor that brought the rule.").needed(),
    Key::new("references", Shape::List(&Shape::Address), "The tool makers' own documentation."),
    Key::new(
        "explanation",
        Shape::Text,
        "Two to six sentences that a newcomer understands: what the tool was doing, and why it stops.",
    )
    .needed(),
    Key::new(
        "symptoms",
        Shape::List(&Shape::Either(&[Shape::Text, Shape::Map(SYMPTOM)])),
        "How tools report it, as regexes with named groups `(?<name>…)`: any of these.",
    ),
    Key::new(
        "not_if",
        TEXTS,
        "Known look-alikes, as regexes: no sighting where one is found in the match's lines.",
    ),
    Key::new("applies", Shape::Condition, "Where the checks mean anything."),
    Key::new("checks", Shape::Checks, "What the machine shows when it is broken in this way."),
    Key::new(
        "requirement",
        Shape::OneOf(|| words(RequirementKind::ALL)),
        "The kind of requirement in envdoctor.yaml that is not met where the rule holds; then there are no symptoms and no checks.",
    ),
    Key::new("leads_to", TEXTS, "The ids of rules whose failures this one brings about: folded beneath it."),
    Key::new("generic", Shape::Flag, "Says little by itself: gives way to every other finding."),
    Key::new(
        "derive",
        Shape::List(&Shape::Map(DERIVATION)),
        "Captures that are worked out, where the tool did not print them.",
    ),
    Key::new("remedies", Shape::List(&Shape::Remedy), "What would help, the best first.").needed(),
    Key::new(
        "examples",
        Shape::List(&Shape::Either(&[Shape::Text, Shape::Map(EXAMPLE)])),
        "Outputs in which the rule must be seen; one at least where it has symptoms.",
    ),
    Key::new("near_misses", TEXTS, "Outputs with nearly the same words, in which it must not be seen."),
];

/// The keys of a symptom's long form.
pub const SYMPTOM: &[Key] = &[
    Key::new("pattern", Shape::Text, "The regex.").needed(),
    Key::new(
        "lines",
        Shape::Count(MOST_LINES),
        "The most lines that a match may span; 12 where it is left out.",
    ),
];

/// The keys of a capture that is worked out.
pub const DERIVATION: &[Key] = &[
    Key::new("capture", Shape::Text, "The capture's name; one that was matched is kept.").needed(),
    Key::new("nearest", Shape::Text, "The capture to be near to.").needed(),
    Key::new("among", Shape::OneOf(|| words(Candidates::ALL)), "Where the candidates come from.").needed(),
    Key::new("file", Shape::Text, "The capture that names the file to look in.").needed(),
];

/// The keys of an example's long form.
pub const EXAMPLE: &[Key] = &[
    Key::new("text", Shape::Text, "The tool's output.").needed(),
    Key::new("captures", Shape::Captures, "The captures that must come out, with their values."),
];
