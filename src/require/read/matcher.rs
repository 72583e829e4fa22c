//! Reading what a text or a value is required to be. A rule's words for it are these, too.

use crate::facts::mistake_in_requirement;
use crate::matching::{Matcher, Order, mistake_in_pattern, number, spelled_out};
use crate::rules::{Fields, Kind, Node, Reader};

/// The keys of a matcher.
pub(in crate::require) const KEYS: &[&str] = &[
    "equals",
    "contains",
    "matches",
    "satisfies",
    "greater_than",
    "less_than",
    "at_least",
    "at_most",
    "empty",
    "json",
    "all",
    "any",
    "not",
];

/// A value: a plain one must be equal, a list must be in it, a map says more.
pub(super) fn value(reader: &mut Reader, node: &Node) -> Option<Matcher> {
    match &node.kind {
        Kind::Scalar { text, .. } => Some(Matcher::Equals(vec![text.clone()])),
        Kind::List(_) => contains(reader, node),
        Kind::Map(_) => map(reader, node),
    }
}

/// What a program prints, or a server answers: a plain text must be in it, and so must each of a list.
pub(super) fn text(reader: &mut Reader, node: &Node) -> Option<Matcher> {
    match &node.kind {
        Kind::Map(_) => map(reader, node),
        Kind::Scalar { .. } | Kind::List(_) => contains(reader, node),
    }
}

/// A requirement of a version.
pub(super) fn version(reader: &mut Reader, node: &Node) -> Option<String> {
    let text = reader.text(node)?;
    match mistake_in_requirement(&spelled_out(&text)) {
        None => Some(text.trim().to_owned()),
        Some(why) => {
            let help = "such as \"~> 1.17\", \">= 16\" or \">= 1.17.0 and < 1.19.0\"".to_owned();
            reader.problem(node.span.clone(), format!("`{text}` requires no version: {why}"), Some(help));
            None
        }
    }
}

/// The matcher that the keys of a map with other keys make; `None`: there is none of them.
pub(super) fn inline(reader: &mut Reader, fields: &Fields<'_>) -> Option<Matcher> {
    let mut parts = Vec::new();
    for key in KEYS {
        let Some(node) = fields.get(key) else { continue };
        parts.extend(one(reader, key, node));
    }
    match parts.len() {
        0 | 1 => parts.pop(),
        _ => Some(Matcher::All(parts)),
    }
}

fn map(reader: &mut Reader, node: &Node) -> Option<Matcher> {
    let fields = reader.fields(node, KEYS)?;
    let found = inline(reader, &fields);
    if found.is_none() && fields.iter().next().is_none() {
        let help = format!("one of: {}", KEYS.join(", "));
        reader.problem(node.span.clone(), "this says nothing", Some(help));
    }
    found
}

fn one(reader: &mut Reader, key: &str, node: &Node) -> Option<Matcher> {
    let order = match key {
        "greater_than" => Some(Order::Greater),
        "less_than" => Some(Order::Less),
        "at_least" => Some(Order::AtLeast),
        "at_most" => Some(Order::AtMost),
        _ => None,
    };
    if let Some(order) = order {
        let text = reader.text(node)?;
        if number(&text).is_none() {
            reader.problem(node.span.clone(), format!("`{text}` is no number"), None);
            return None;
        }
        return Some(Matcher::Compares(order, text));
    }
    match key {
        "equals" => match &node.kind {
            Kind::List(items) => {
                let texts: Vec<String> = items.iter().filter_map(|item| reader.text(item)).collect();
                (texts.len() == items.len()).then_some(Matcher::Equals(texts))
            }
            Kind::Scalar { text, .. } => Some(Matcher::Equals(vec![text.clone()])),
            Kind::Map(_) => reader.text(node).map(|text| Matcher::Equals(vec![text])),
        },
        "contains" => contains(reader, node),
        "matches" => {
            let pattern = reader.text(node)?;
            match mistake_in_pattern(&pattern) {
                None => Some(Matcher::Matches(pattern)),
                Some(why) => {
                    reader.problem(node.span.clone(), format!("this is no pattern: {why}"), None);
                    None
                }
            }
        }
        "satisfies" => version(reader, node).map(Matcher::Satisfies),
        "empty" => reader.boolean(node).map(Matcher::Empty),
        "json" => json(reader, node),
        "all" => Some(Matcher::All(several(reader, node))),
        "any" => Some(Matcher::Any(several(reader, node))),
        "not" => value(reader, node).map(|part| Matcher::None(vec![part])),
        _ => None,
    }
}

fn several(reader: &mut Reader, node: &Node) -> Vec<Matcher> {
    let items = reader.items(node);
    items.iter().filter_map(|item| value(reader, item)).collect()
}

fn contains(reader: &mut Reader, node: &Node) -> Option<Matcher> {
    if !matches!(node.kind, Kind::List(_)) {
        return reader.text(node).map(Matcher::Contains);
    }
    let items = reader.items(node);
    let mut parts: Vec<Matcher> =
        items.iter().filter_map(|item| reader.text(item)).map(Matcher::Contains).collect();
    match parts.len() {
        0 | 1 => parts.pop(),
        _ => Some(Matcher::All(parts)),
    }
}

fn json(reader: &mut Reader, node: &Node) -> Option<Matcher> {
    let Kind::Map(entries) = &node.kind else {
        let help = "such as {/status: ok}".to_owned();
        reader.problem(node.span.clone(), "this must be a map of JSON Pointers", Some(help));
        return None;
    };
    let mut parts = Vec::new();
    for (key, wanted) in entries {
        let Some(pointer) = reader.text(key) else { continue };
        if !pointer.starts_with('/') {
            let help =
                format!("write /{}", pointer.trim_start_matches('$').replace('.', "/").trim_matches('/'));
            reader.problem(key.span.clone(), "a JSON Pointer begins with `/`", Some(help));
            continue;
        }
        parts.extend(value(reader, wanted).map(|matcher| Matcher::Json(pointer, Box::new(matcher))));
    }
    match parts.len() {
        0 => None,
        _ => Some(Matcher::All(parts)),
    }
}
