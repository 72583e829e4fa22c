//! The value of a fact.

use std::fmt;

use serde::{Deserialize, Serialize};

/// What a present fact holds.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Value {
    /// Yes or no.
    Bool(bool),
    /// A count, or a size in bytes.
    Integer(i64),
    /// A name, a path, a version as its tool writes it.
    Text(String),
    /// Several names, in the order in which they were found.
    List(Vec<String>),
}

impl Value {
    /// The value as a number: an integer itself, or text that is nothing but one.
    pub fn as_integer(&self) -> Option<i64> {
        match self {
            Value::Integer(number) => Some(*number),
            Value::Text(text) => text.trim().parse().ok(),
            Value::Bool(_) | Value::List(_) => None,
        }
    }

    /// Whether nothing is in it: an empty text or list.
    pub fn is_empty(&self) -> bool {
        match self {
            Value::Text(text) => text.is_empty(),
            Value::List(items) => items.is_empty(),
            Value::Bool(_) | Value::Integer(_) => false,
        }
    }

    /// Whether `needle` is one of a list's items or stands in a text.
    pub fn contains(&self, needle: &str) -> bool {
        match self {
            Value::List(items) => items.iter().any(|item| item == needle),
            Value::Text(text) => text.contains(needle),
            Value::Bool(_) | Value::Integer(_) => false,
        }
    }
}

impl fmt::Display for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Value::Bool(true) => f.write_str("yes"),
            Value::Bool(false) => f.write_str("no"),
            Value::Integer(number) => write!(f, "{number}"),
            Value::Text(text) => f.write_str(text),
            Value::List(items) => f.write_str(&items.join(", ")),
        }
    }
}

impl From<&str> for Value {
    fn from(text: &str) -> Self {
        Value::Text(text.to_owned())
    }
}

impl From<String> for Value {
    fn from(text: String) -> Self {
        Value::Text(text)
    }
}

impl From<bool> for Value {
    fn from(value: bool) -> Self {
        Value::Bool(value)
    }
}

impl From<i64> for Value {
    fn from(value: i64) -> Self {
        Value::Integer(value)
    }
}

impl From<u64> for Value {
    fn from(value: u64) -> Self {
        Value::Integer(i64::try_from(value).unwrap_or(i64::MAX))
    }
}

impl From<Vec<String>> for Value {
    fn from(items: Vec<String>) -> Self {
        Value::List(items)
    }
}
