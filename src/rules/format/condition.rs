//! The keys of conditions over facts.

use super::{Key, Shape, words};
use crate::facts::Severity;

/// The keys of a condition that is made of others: it has just one.
pub const BRANCH: &[Key] = &[
    Key::new("all", Shape::List(&Shape::Condition), "Every one of these holds."),
    Key::new("any", Shape::List(&Shape::Condition), "At least one of these holds."),
    Key::new("not", Shape::Condition, "This does not hold."),
];

/// The keys of one test of one fact: the fact, and just one operator, by its name in [`crate::rules::Operator::ALL`].
pub const TEST: &[Key] = &[
    Key::new("fact", Shape::Fact, "The fact that is tested; `envdoctor facts -v` shows them all."),
    Key::new("exists", Shape::Flag, "The fact is present (true) or absent (false)."),
    Key::new("equals", Shape::Operand, "The fact has this value."),
    Key::new("greater_than", Shape::Operand, "The fact is a greater number."),
    Key::new("less_than", Shape::Operand, "The fact is a smaller number."),
    Key::new("contains", Shape::Operand, "The fact is a list with this item, or a text with this part."),
    Key::new("empty", Shape::Flag, "The fact is an empty list or text (true), or is not (false)."),
    Key::new(
        "satisfies",
        Shape::Requirement,
        "The fact is a version that meets this requirement, such as `~> 1.17` or `>= 26.0.0 and < 29.0.0`.",
    ),
];

/// The keys that `checks` has beside its condition's.
pub const CHECKS: &[Key] = &[
    Key::new(
        "severity",
        Shape::OneOf(|| words(Severity::ALL)),
        "How bad it is when only the machine shows it; the rule's severity where it is left out.",
    ),
    Key::new(
        "refutes",
        Shape::Flag,
        "false: they are but one way to this failure, and cannot refute that a tool saw it. True where it is left out.",
    ),
];

/// The keys of an operand that is another fact.
pub const OPERAND: &[Key] = &[Key::new("fact", Shape::Fact, "The fact to compare with.").needed()];
