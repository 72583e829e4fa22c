//! The text of settings without the secrets in what they require.

use std::ops::Range;

use super::format::MATCHER;
use crate::rules::{Kind, Node, parse_yaml};
use crate::secrets::{REDACTED, sealed, sealed_words, without_secrets};

/// What a settings file requires, with marks in place of the secrets in it, so that what is asked because of it is told
/// apart as before. `None`: it is no such file, or nothing in it is secret.
pub(crate) fn sealed_settings(text: &str) -> Option<String> {
    let root = parse_yaml(text).ok()??;
    let Kind::Map(entries) = &root.kind else { return None };
    let is_require = |key: &Node| matches!(&key.kind, Kind::Scalar { text, .. } if text == "require");
    let (_, node) = entries.iter().find(|(key, _)| is_require(key))?;
    let secrets = secrets(node);
    (!secrets.is_empty()).then(|| with(text, &secrets, |sealed| format!("\"{}\"", sealed.escape_default())))
}

/// The same with just a word in place of each value that has a secret in it, line by line.
pub(super) fn shown(text: &str, require: &Node) -> String {
    with(text, &secrets(require), |_| REDACTED.to_owned())
}

fn with(text: &str, secrets: &[(Range<usize>, String)], instead: impl Fn(&str) -> String) -> String {
    let mut out = String::with_capacity(text.len());
    let mut at = 0;
    for (span, sealed) in secrets {
        let (Some(before), Some(gone)) = (text.get(at..span.start), text.get(span.clone())) else { continue };
        out.push_str(before);
        out.push_str(&instead(sealed));
        // Whatever stands behind it keeps its line.
        out.extend(gone.chars().filter(|c| *c == '\n'));
        at = span.end;
    }
    out.push_str(text.get(at..).unwrap_or_default());
    out
}

/// The scalars with secrets in them, in their order, and what stands for each.
fn secrets(node: &Node) -> Vec<(Range<usize>, String)> {
    let mut found = Vec::new();
    walk(node, "", &mut found);
    found
}

fn walk(node: &Node, name: &str, found: &mut Vec<(Range<usize>, String)>) {
    let mut put = |node: &Node, text: &str, sealed: String| {
        if sealed != *text {
            found.push((node.span.clone(), sealed));
        }
    };
    match &node.kind {
        Kind::Scalar { text, .. } => put(node, text, sealed(name, text)),
        Kind::List(items) => {
            let texts: Option<Vec<String>> =
                items.iter().map(scalar).map(|text| text.map(str::to_owned)).collect();
            match texts.filter(|_| !is_secret(name)) {
                Some(texts) => {
                    let all = items.iter().zip(&texts).zip(sealed_words(&texts));
                    all.for_each(|((item, text), sealed)| put(item, text, sealed));
                }
                None => items.iter().for_each(|item| walk(item, name, found)),
            }
        }
        Kind::Map(entries) => {
            let named = entries.iter().find(|(key, _)| scalar(key) == Some("name"));
            let own = named.and_then(|(_, value)| scalar(value));
            let own = own.map(|own| own.strip_prefix("env.").unwrap_or(own));
            for (key, value) in entries {
                let key = scalar(key).unwrap_or_default();
                let of = match key {
                    "satisfies" | "greater_than" | "less_than" | "at_least" | "at_most" | "empty" => continue,
                    key if MATCHER.iter().any(|known| known.name == key) => own.unwrap_or(name),
                    _ if is_secret(name) => name,
                    // The name of a header, or a pointer into JSON.
                    key => key.rsplit('/').next().unwrap_or(key),
                };
                walk(value, of, found);
            }
        }
    }
}

fn is_secret(name: &str) -> bool {
    without_secrets(name, "x") != "x"
}

fn scalar(node: &Node) -> Option<&str> {
    match &node.kind {
        Kind::Scalar { text, .. } => Some(text),
        Kind::List(_) | Kind::Map(_) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_secret_in_settings_goes_and_they_still_say_as_much() {
        let text = r#"fail_on: warning
require:
  env: [HOME, {name: API_TOKEN, equals: s3cret, why: it is}, {equals: [s3cret, "s3\"cret"], name: MY_SECRET}, {name: A, equals: open}]
  http:
    - url: http://h/?token=s3cret
      headers: {X-Auth: {any: [s3cret, b]}, Content-Type: json}
  commands: [{run: [acme, --token, s3cret], exit: 0}]
"#;
        let sealed = sealed_settings(text).unwrap();
        assert!(!sealed.contains("s3"), "{sealed}");
        assert!(sealed.contains("{name: A, equals: open}") && sealed.contains("why: it is"), "{sealed}");
        assert!(parse_yaml(&sealed).is_ok(), "{sealed}");
        assert_eq!(
            sealed_settings(&sealed).as_deref().unwrap_or(&sealed).lines().count(),
            text.lines().count()
        );
        assert_eq!(sealed.matches("redacted").count(), 7, "{sealed}");
        assert_eq!(sealed_settings("require: {env: [HOME]}"), None);
        assert_eq!(sealed_settings("{"), None);
    }
}
