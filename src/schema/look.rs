//! Texts, as schemas.

use serde_json::{Value, json};

use crate::rules::format::{Bare, LONGEST_WORD, Look};

/// Text that is not blank; what YAML takes for a number or a truth value is read as text too.
pub(super) fn text() -> Value {
    json!({
        "type": ["string", "number", "boolean"],
        "pattern": r"\S",
        "patternErrorMessage": "this is empty",
    })
}

/// Text that may be a name, a path or an argument.
pub(super) fn word() -> Value {
    json!({
        "type": ["string", "number", "boolean"],
        "pattern": r"^[^\u0000]*[^\s\u0000][^\u0000]*$",
        "patternErrorMessage": "this is empty, or holds a NUL byte",
        "maxLength": LONGEST_WORD,
    })
}

/// The same, which may be empty.
pub(super) fn argument() -> Value {
    let mut schema = word();
    schema["pattern"] = json!(r"^([^\u0000]*[^\s\u0000][^\u0000]*)?$");
    schema["patternErrorMessage"] = json!("this is blank, or holds a NUL byte");
    schema
}

/// Text that looks so, or what YAML takes it for.
pub(super) fn like(look: &Look) -> Value {
    let types: &[&str] = match look.bare {
        Bare::Text => &["string"],
        Bare::Number | Bare::Positive => &["string", "number"],
        Bare::Whole(..) => &["string", "integer"],
        Bare::Word | Bare::AnyWord => &["string", "number", "boolean"],
    };
    let mut schema = json!({"type": types, "pattern": look.pattern, "patternErrorMessage": look.otherwise});
    schema["maxLength"] = json!(LONGEST_WORD);
    match look.bare {
        Bare::Positive | Bare::Word => schema["minimum"] = json!(0),
        Bare::Whole(least, most) => {
            schema["minimum"] = json!(least);
            schema["maximum"] = json!(most);
        }
        Bare::Text | Bare::Number | Bare::AnyWord => {}
    }
    schema
}

/// More than no seconds, as a number or as text.
pub(super) fn seconds() -> Value {
    json!({
        "type": ["string", "number"],
        "exclusiveMinimum": 0,
        "pattern": r"^\+?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]+)?$",
        "patternErrorMessage": "this must be a number of seconds above 0",
    })
}
