//! The keys of a file with settings: the reader knows these and no others, and the JSON Schema is made of them.

use crate::facts::{Risk, Severity};
use crate::rules::format::{Key, Look, Shape, words};

const SEVERITY: Shape = Shape::OneOf(|| words(Severity::ALL));

const DATE: Look =
    Look::new("^[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])$", "a day is written such as 2026-12-31");

/// The keys at the top.
pub(crate) const SETTINGS: &[Key] = &[
    Key::new("fail_on", SEVERITY, "The severity from which the exit code is 1; error where it is left out."),
    Key::new(
        "timeout",
        Shape::Seconds,
        "The seconds that one question to the machine may take; 2 where it is left out. In a project's envdoctor.yaml 30 at most.",
    ),
    Key::new(
        "baseline",
        Shape::Text,
        "A JSON report of before, from where this file lies: what stands in it does not count.",
    ),
    Key::new("only", CHOSEN, "Rules, families or tags: nothing else is asked."),
    Key::new("skip", CHOSEN, "Rules, families or tags that are left out."),
    Key::new(
        "severity",
        Shape::Entries(&Shape::KnownRule, &SEVERITY),
        "How bad findings of a rule are here, by its id.",
    ),
    Key::new(
        "ignore",
        Shape::List(&Shape::Map(IGNORE)),
        "Findings that do not count. One whose last day has passed is a finding of its own.",
    ),
    Key::new("require", Shape::Requirements, "What has to be there."),
    Key::new("fix", Shape::Map(FIX), "What `envdoctor fix` may do. Each place can only narrow it."),
];

const CHOSEN: Shape = Shape::List(&Shape::KnownWord);

/// The keys of an ignore.
pub(crate) const IGNORE: &[Key] = &[
    Key::new("rule", Shape::KnownRule, "The rule's id.").needed(),
    Key::new("reason", Shape::Text, "Why its findings do not count.").needed(),
    Key::new(
        "until",
        Shape::Like(&DATE),
        "The last day (UTC) on which they do not; for good where it is left out.",
    ),
];

/// The keys of `fix`.
pub(crate) const FIX: &[Key] = &[
    Key::new("most", Shape::OneOf(|| words(Risk::ALL)), "The greatest risk of what is repaired."),
    Key::new("never", Shape::List(&Shape::KnownRule), "Rules that are not repaired."),
    Key::new(
        "keep",
        Shape::Map(KEEP),
        "How long and how much of backups is kept; only in your own config.yaml, never in a project's envdoctor.yaml.",
    ),
];

/// The keys of `fix.keep`.
pub(crate) const KEEP: &[Key] = &[
    Key::new("days", Shape::Whole, "Days for which backups are kept."),
    Key::new("megabytes", Shape::Whole, "Megabytes of backups that are kept."),
];
