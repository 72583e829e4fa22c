//! Structured conditions over facts, so that a finding can say which part of one held.

use serde::{Deserialize, Serialize};

use crate::facts::Value;

/// A condition over facts. It holds, does not hold, or is unknown when a fact that decides it is.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Condition {
    /// Every one holds.
    All(Vec<Condition>),
    /// At least one holds.
    Any(Vec<Condition>),
    /// It does not hold.
    Not(Box<Condition>),
    /// One test of one fact.
    Test(Test),
}

/// One test of one fact.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Test {
    /// The fact's name.
    pub fact: String,
    /// How it is compared.
    pub operator: Operator,
    /// What with.
    pub operand: Operand,
}

/// How a fact is compared. Only `exists` is decided by an absent fact; every other test of one does not hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Operator {
    /// Present or absent, as the operand says.
    Exists,
    /// The same value.
    Equals,
    /// A greater number.
    GreaterThan,
    /// A smaller number.
    LessThan,
    /// A list with that item, or a text with that part.
    Contains,
    /// An empty list or text, or not, as the operand says.
    Empty,
    /// A version that meets a requirement such as `~> 1.17`.
    Satisfies,
}

impl Operator {
    /// Every operator by its name in a rule file.
    pub const ALL: &'static [(&'static str, Operator)] = &[
        ("exists", Operator::Exists),
        ("equals", Operator::Equals),
        ("greater_than", Operator::GreaterThan),
        ("less_than", Operator::LessThan),
        ("contains", Operator::Contains),
        ("empty", Operator::Empty),
        ("satisfies", Operator::Satisfies),
    ];
}

/// What a fact is compared with.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Operand {
    /// A value that stands in the rule.
    Literal(Value),
    /// Another fact, by name.
    Fact(String),
}

impl Condition {
    /// Every test in it, from left to right.
    pub fn tests(&self) -> Vec<&Test> {
        match self {
            Condition::All(parts) | Condition::Any(parts) => {
                parts.iter().flat_map(Condition::tests).collect()
            }
            Condition::Not(part) => part.tests(),
            Condition::Test(test) => vec![test],
        }
    }
}
