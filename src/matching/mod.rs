//! What a text, a number or a list is required to be: data that can be asked of a machine, and judged without one.

mod requirement;
mod version;

use regex::RegexBuilder;
use serde::{Deserialize, Serialize};

pub use requirement::{meets, spelled_out};
pub use version::version_in;

/// A pattern that would need more memory than this, in bytes, is refused.
const PATTERN_LIMIT: usize = 1 << 20;

/// What a text or a list is required to be.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Matcher {
    /// Just this text, white space at its ends aside; of a list: these items and no others.
    Equals(Vec<String>),
    /// This text stands in it; of a list: this is one of its items.
    Contains(String),
    /// This pattern is found in it, `^` and `$` at the ends of lines; of a list: in one of its items.
    Matches(String),
    /// The first version in it meets this requirement, as a person writes it.
    Satisfies(String),
    /// It is a number, and it compares so with this one.
    Compares(Order, String),
    /// Nothing is in it, or something is.
    Empty(bool),
    /// It is JSON, and what stands at this JSON Pointer is so.
    Json(String, Box<Matcher>),
    /// All of these hold.
    All(Vec<Matcher>),
    /// One of these holds.
    Any(Vec<Matcher>),
    /// None of these holds.
    None(Vec<Matcher>),
}

/// How a number compares with another.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Order {
    /// Less.
    Less,
    /// Less or equal.
    AtMost,
    /// Greater.
    Greater,
    /// Greater or equal.
    AtLeast,
}

/// Says why a text is no pattern; `None` if it is one.
pub fn mistake_in_pattern(pattern: &str) -> Option<String> {
    let error = compiled(pattern).err()?;
    // regex draws the pattern with a mark below it; the last line says what is wrong.
    let text = error.to_string();
    let last = text.lines().rfind(|line| !line.trim().is_empty()).unwrap_or_default();
    Some(last.trim().trim_start_matches("error: ").to_owned())
}

fn compiled(pattern: &str) -> Result<regex::Regex, regex::Error> {
    RegexBuilder::new(pattern)
        .multi_line(true)
        .size_limit(PATTERN_LIMIT)
        .dfa_size_limit(PATTERN_LIMIT)
        .build()
}

impl Matcher {
    /// Whether a text is so.
    pub fn holds(&self, text: &str) -> bool {
        match self {
            Matcher::Equals(texts) => {
                texts.iter().any(|wanted| wanted.trim() == text.trim() || numbers_equal(wanted, text))
            }
            Matcher::Contains(part) => text.contains(part.as_str()),
            Matcher::Matches(pattern) => compiled(pattern).is_ok_and(|pattern| pattern.is_match(text)),
            Matcher::Satisfies(requirement) => {
                version_in(text).is_some_and(|version| meets(version, requirement) == Some(true))
            }
            Matcher::Compares(order, other) => match (number(text), number(other)) {
                (Some(one), Some(other)) => order.holds(one, other),
                _ => false,
            },
            Matcher::Empty(empty) => text.trim().is_empty() == *empty,
            Matcher::Json(pointer, matcher) => {
                let json = serde_json::from_str::<serde_json::Value>(text).ok();
                match json.as_ref().and_then(|json| json.pointer(pointer)) {
                    Some(serde_json::Value::String(text)) => matcher.holds(text),
                    Some(serde_json::Value::Array(items)) => {
                        let items: Vec<String> = items
                            .iter()
                            .map(|item| item.as_str().map_or_else(|| item.to_string(), str::to_owned))
                            .collect();
                        matcher.holds_of(&items)
                    }
                    Some(value) => matcher.holds(&value.to_string()),
                    None => false,
                }
            }
            Matcher::All(parts) => parts.iter().all(|part| part.holds(text)),
            Matcher::Any(parts) => parts.iter().any(|part| part.holds(text)),
            Matcher::None(parts) => !parts.iter().any(|part| part.holds(text)),
        }
    }

    /// Whether a list is so.
    pub fn holds_of(&self, items: &[String]) -> bool {
        match self {
            Matcher::Equals(wanted) => {
                items.iter().all(|item| wanted.contains(item))
                    && wanted.iter().all(|item| items.contains(item))
            }
            Matcher::Contains(wanted) => items.contains(wanted),
            Matcher::Empty(empty) => items.is_empty() == *empty,
            Matcher::All(parts) => parts.iter().all(|part| part.holds_of(items)),
            Matcher::Any(parts) => parts.iter().any(|part| part.holds_of(items)),
            Matcher::None(parts) => !parts.iter().any(|part| part.holds_of(items)),
            other => items.iter().any(|item| other.holds(item)),
        }
    }

    /// The same with other texts in it; versions and numbers stay. `with` is also given the name of what is to be so, that of a value
    /// in JSON with its pointer behind.
    pub fn with_texts(&self, name: &str, with: &dyn Fn(&str, &str) -> String) -> Matcher {
        let all = |parts: &[Matcher]| parts.iter().map(|part| part.with_texts(name, with)).collect();
        match self {
            Matcher::Equals(texts) => Matcher::Equals(texts.iter().map(|text| with(name, text)).collect()),
            Matcher::Contains(text) => Matcher::Contains(with(name, text)),
            Matcher::Matches(pattern) => Matcher::Matches(with(name, pattern)),
            Matcher::Satisfies(_) | Matcher::Compares(..) | Matcher::Empty(_) => self.clone(),
            Matcher::Json(pointer, matcher) => {
                let matcher = matcher.with_texts(&format!("{name}{pointer}"), with);
                Matcher::Json(pointer.clone(), Box::new(matcher))
            }
            Matcher::All(parts) => Matcher::All(all(parts)),
            Matcher::Any(parts) => Matcher::Any(all(parts)),
            Matcher::None(parts) => Matcher::None(all(parts)),
        }
    }

    /// The requirement as the end of a sentence that begins with "it": `contains "x"`.
    pub fn told(&self) -> String {
        let listed = |parts: &[Matcher], word: &str| {
            parts.iter().map(Matcher::told).collect::<Vec<_>>().join(&format!(" {word} "))
        };
        match self {
            Matcher::Equals(texts) => format!("is {}", texts.join(", ")),
            Matcher::Contains(text) => format!("contains \"{text}\""),
            Matcher::Matches(pattern) => format!("matches {pattern}"),
            Matcher::Satisfies(requirement) => format!("is {requirement}"),
            Matcher::Compares(order, number) => format!("is {} {number}", order.told()),
            Matcher::Empty(true) => "is empty".to_owned(),
            Matcher::Empty(false) => "is not empty".to_owned(),
            Matcher::Json(pointer, matcher) => format!("has JSON in which {pointer} {}", matcher.told()),
            Matcher::All(parts) => listed(parts, "and"),
            Matcher::Any(parts) => listed(parts, "or"),
            Matcher::None(parts) => format!("is not such that it {}", listed(parts, "or")),
        }
    }
}

impl Order {
    fn holds(self, one: f64, other: f64) -> bool {
        match self {
            Order::Less => one < other,
            Order::AtMost => one <= other,
            Order::Greater => one > other,
            Order::AtLeast => one >= other,
        }
    }

    fn told(self) -> &'static str {
        match self {
            Order::Less => "less than",
            Order::AtMost => "at most",
            Order::Greater => "greater than",
            Order::AtLeast => "at least",
        }
    }
}

/// A text as a number; `None`: it is none.
pub fn number(text: &str) -> Option<f64> {
    text.trim().parse().ok().filter(|number: &f64| number.is_finite())
}

fn numbers_equal(one: &str, other: &str) -> bool {
    // Only where both are written as plain numbers: a version 1.10 is not 1.1.
    let plain = |text: &str| text.trim().parse::<i64>().ok();
    plain(one).is_some_and(|one| plain(other) == Some(one))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn matches(pattern: &str) -> Matcher {
        Matcher::Matches(pattern.to_owned())
    }

    #[test]
    fn texts() {
        let equals = |text: &str| Matcher::Equals(vec![text.to_owned()]);
        assert!(equals("dev").holds("dev\n") && !equals("dev").holds("devel"));
        assert!(equals("08").holds("8") && !equals("1.10").holds("1.1"));
        assert!(matches("^(dev|test)$").holds("x\ntest\ny") && !matches("^dev$").holds("devel"));
        assert!(Matcher::Satisfies("~> 1.7".into()).holds("jq-1.7.1\n"));
        assert!(!Matcher::Satisfies("~> 1.8".into()).holds("jq-1.7.1\n"));
        assert!(!Matcher::Satisfies("~> 1.8".into()).holds("no version"));
        let at_least = Matcher::Compares(Order::AtLeast, "262144".into());
        assert!(at_least.holds("262144\n") && !at_least.holds("65530") && !at_least.holds("many"));
        assert!(Matcher::Empty(true).holds(" \n") && Matcher::Empty(false).holds("x"));
        assert!(Matcher::None(vec![matches("x")]).holds("y"));
        assert!(Matcher::Any(vec![matches("x"), matches("y")]).holds("y"));
        assert!(!Matcher::All(vec![matches("x"), matches("y")]).holds("y"));
    }

    #[test]
    fn json() {
        let text = r#"{"status": "ok", "pools": [{"size": 10}], "tags": ["a", "b"], "up": true}"#;
        let at = |pointer: &str, matcher| Matcher::Json(pointer.to_owned(), Box::new(matcher)).holds(text);
        assert!(at("/status", Matcher::Equals(vec!["ok".into()])));
        assert!(at("/pools/0/size", Matcher::Compares(Order::Greater, "9".into())));
        assert!(at("/tags", Matcher::Contains("b".into())));
        assert!(at("/up", Matcher::Equals(vec!["true".into()])));
        assert!(!at("/none", Matcher::Empty(true)));
        assert!(!Matcher::Json("/a".into(), Box::new(Matcher::Empty(false))).holds("no JSON"));
    }

    #[test]
    fn lists() {
        let list = ["127.0.0.1".to_owned(), "::1".to_owned()];
        assert!(Matcher::Contains("::1".into()).holds_of(&list));
        assert!(!Matcher::Contains("::".into()).holds_of(&list));
        assert!(Matcher::Equals(vec!["::1".into(), "127.0.0.1".into()]).holds_of(&list));
        assert!(!Matcher::Equals(vec!["127.0.0.1".into()]).holds_of(&list));
        assert!(matches("^127").holds_of(&list) && !matches("^10").holds_of(&list));
        assert!(Matcher::Empty(false).holds_of(&list) && Matcher::Empty(true).holds_of(&[]));
    }

    #[test]
    fn a_pattern_that_would_be_huge_is_a_mistake() {
        assert_eq!(mistake_in_pattern("^a+$"), None);
        assert!(mistake_in_pattern("(").unwrap().contains("unclosed group"));
        assert!(mistake_in_pattern(r"(\w{1000}){1000}").is_some());
    }

    proptest::proptest! {
        #[test]
        fn nothing_is_too_odd(pattern in r"[a(\[*+?|)\]\\d{}0-9]{0,16}", text in r".{0,32}") {
            let _ = mistake_in_pattern(&pattern);
            for matcher in [matches(&pattern), Matcher::Satisfies(pattern.clone()), Matcher::Json(pattern.clone(), Box::new(Matcher::Empty(true)))] {
                let _ = matcher.holds(&text);
            }
        }
    }
}
