//! Reading what a text or a value is required to be. A rule's words for it are these, too.

use crate::facts::mistake_in_requirement;
use crate::matching::{Matcher, Order, mistake_in_pattern, number};
use crate::rules::{Fields, Kind, Node, Reader};

/// The keys of a matcher.
pub(super) const KEYS: &[&str] = &[
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
    // PostgreSQL 16 and OTP 27 are versions, too.
    let spelled = spelled_out(&text);
    match mistake_in_requirement(&spelled) {
        None => Some(spelled),
        Some(why) => {
            let help = "such as \"~> 1.17\", \">= 16\" or \">= 1.17.0 and < 1.19.0\"".to_owned();
            reader.problem(node.span.clone(), format!("`{text}` requires no version: {why}"), Some(help));
            None
        }
    }
}

/// A requirement as the format has it, whose versions have three numbers. A version alone means its releases: 27 is any
/// OTP 27, and 1.17 any 1.17.
fn spelled_out(text: &str) -> String {
    let mut spelled = Vec::new();
    let mut before = String::new();
    for word in text.split_whitespace() {
        let start = word.find(|c| !"~><=!".contains(c)).unwrap_or(word.len());
        let (operator, rest) = word.split_at(start);
        before.push_str(operator);
        if rest.is_empty() {
            continue;
        }
        let operator = std::mem::take(&mut before);
        let is_version = rest.chars().all(|c| c.is_ascii_digit() || c == '.');
        spelled.push(match (operator.as_str(), is_version.then(|| rest.matches('.').count())) {
            ("", Some(0 | 1)) | ("~>", Some(0)) => format!("~> {rest}.0"),
            ("", Some(_)) => format!("== {rest}"),
            (">" | ">=" | "<" | "<=" | "==" | "!=", Some(0)) => format!("{operator} {rest}.0.0"),
            (">" | ">=" | "<" | "<=" | "==" | "!=", Some(1)) => format!("{operator} {rest}.0"),
            ("", None) => rest.to_owned(),
            _ => format!("{operator} {rest}"),
        });
    }
    spelled.extend(Some(before).filter(|operator| !operator.is_empty()));
    spelled.join(" ")
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
        "not" => value(reader, node).map(|part| Matcher::Not(Box::new(part))),
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
            let help = format!("write /{}", pointer.trim_start_matches('$').replace('.', "/").trim_matches('/'));
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::facts::satisfies;

    #[test]
    fn requirements_of_any_version() {
        for (text, version, meets) in [
            (">= 16", "16.2", true),
            (">=16", "15.14", false),
            ("~> 1.17", "1.18.3", true),
            ("~> 1.17", "2.0.0", false),
            ("~> 27", "27.3.4", true),
            ("27", "27.3.4", true),
            ("27", "28.0", false),
            ("1.17", "1.17.3", true),
            ("1.17", "1.18.0", false),
            ("1.17.3", "1.17.4", false),
            (">= 1.17 and < 1.19", "1.18.4", true),
            ("== 1.17.3", "1.17.3", true),
            ("> 3.9 or == 2.7.18", "2.7.18", true),
        ] {
            let spelled = spelled_out(text);
            assert_eq!(satisfies(version, &spelled), Some(meets), "{text} as {spelled}");
        }
        assert!(mistake_in_requirement(&spelled_out("latest")).is_some());
        assert!(mistake_in_requirement(&spelled_out(">=")).is_some());
    }

    proptest::proptest! {
        #[test]
        fn no_requirement_is_too_odd(text in r"(~>|[><=!]=?| |and|or|[0-9]{1,3}|[.a-zé-]){0,12}") {
            let _ = mistake_in_requirement(&spelled_out(&text));
        }
    }
}
