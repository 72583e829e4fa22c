//! Taking out of a machine's answers what belongs to its user alone.

use std::path::{Path, PathBuf};
use std::sync::LazyLock;

use regex::{Captures, Regex};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

use super::{Question, Reply};
use crate::facts::Reading;

/// Stands for what was taken out.
const REDACTED: &str = "redacted";
/// Stands for the user's home folder.
const HOME: &str = "/home/user";
/// A variable or a setting with one of these in its name holds a secret.
const SECRET: &[&str] = &["TOKEN", "KEY", "SECRET", "PASSWORD", "PASS", "AUTH", "CREDENTIAL"];
/// Debian's list of installed packages.
const PACKAGES: &str = "/var/lib/dpkg/status";

pub(super) struct Redaction {
    home: Option<String>,
    package: fn(&str) -> bool,
}

impl Redaction {
    pub(super) fn new(home: Option<Reply>, package: fn(&str) -> bool) -> Self {
        let home = match home {
            Some(Reply::Text(home)) => Some(home.trim_end_matches('/').to_owned()),
            _ => None,
        };
        Redaction { home: home.filter(|home| !home.is_empty()), package }
    }

    pub(super) fn path(&self, path: &Path) -> PathBuf {
        self.text(&path.to_string_lossy()).into()
    }

    /// The answer without secrets; `None` where it cannot be written down at all.
    pub(super) fn answer(
        &self,
        question: &Question,
        reading: &Reading<Reply>,
    ) -> Option<(Question, Reading<Reply>)> {
        let reading = match (question, reading) {
            (Question::Env(name), Reading::Present(Reply::Text(value))) => {
                Reading::Present(Reply::Text(variable(name, value)))
            }
            (Question::Read(file), Reading::Present(Reply::Text(text))) if file == Path::new(PACKAGES) => {
                Reading::Present(Reply::Text(self.packages(text)))
            }
            (Question::Read(_), Reading::Present(Reply::Text(text))) => {
                Reading::Present(Reply::Text(without_literal_secrets(text)))
            }
            _ => reading.clone(),
        };
        Some((self.every_text(question)?, self.every_text(&reading)?))
    }

    fn every_text<T: Serialize + DeserializeOwned>(&self, thing: &T) -> Option<T> {
        let mut value = serde_json::to_value(thing).ok()?;
        self.texts_in(&mut value);
        serde_json::from_value(value).ok()
    }

    fn texts_in(&self, value: &mut Value) {
        match value {
            Value::String(text) => *text = self.text(text),
            Value::Array(items) => items.iter_mut().for_each(|item| self.texts_in(item)),
            Value::Object(fields) => fields.values_mut().for_each(|field| self.texts_in(field)),
            Value::Null | Value::Bool(_) | Value::Number(_) => {}
        }
    }

    fn text(&self, text: &str) -> String {
        let text = without_credentials(text);
        match &self.home {
            Some(home) => replace_folder(&text, home, HOME),
            None => text,
        }
    }

    fn packages(&self, text: &str) -> String {
        let mut kept = String::new();
        for paragraph in text.split("\n\n") {
            let field = |name: &str| paragraph.lines().find(|line| line.starts_with(name));
            if field("Package: ").is_some_and(|line| (self.package)(&line["Package: ".len()..])) {
                if !kept.is_empty() {
                    kept.push('\n');
                }
                for line in ["Package: ", "Status: ", "Version: "].into_iter().filter_map(field) {
                    kept.push_str(line);
                    kept.push('\n');
                }
            }
        }
        kept
    }
}

fn variable(name: &str, value: &str) -> String {
    match name {
        "USER" | "LOGNAME" => "user".to_owned(),
        _ => without_secrets(name, value),
    }
}

/// An environment variable's value without what nobody else may read: secrets that its name tells of, credentials in
/// addresses, and the secret ones of several settings in it, as NIX_CONFIG has them.
pub(crate) fn without_secrets(name: &str, value: &str) -> String {
    if is_secret(name) {
        return REDACTED.to_owned();
    }
    without_credentials(&value.split_inclusive('\n').map(setting).collect::<String>())
}

fn setting(line: &str) -> String {
    match line.split_once(" = ") {
        Some((name, value)) if is_secret(name) => {
            format!("{name} = {REDACTED}{}", if value.ends_with('\n') { "\n" } else { "" })
        }
        _ => line.to_owned(),
    }
}

/// A file's text without the secrets that stand in it between quotes, after a name that tells of them, and without
/// credentials in addresses. What refers to a variable or a file stays.
pub(crate) fn without_literal_secrets(text: &str) -> String {
    static LITERAL: LazyLock<Option<Regex>> = LazyLock::new(|| {
        let names =
            "token|key|secret|password|passwd|passphrase|credential|credentials|salt|key_base|authorization";
        let after = r#"(?:["']?\s*(?::|=>|=)\s*|["']\s*,\s*)"#;
        let literal = r#"(?:"(?<a>(?:[^"\\\n]|\\.)*)"|'(?<b>[^'\n]*)')"#;
        Regex::new(&format!("(?i)(?<before>(?:{names}){after}){literal}")).ok()
    });
    let replace = |found: &Captures<'_>| {
        let literal = found.name("a").or_else(|| found.name("b")).map_or("", |literal| literal.as_str());
        match literal.starts_with("{env:") || literal.starts_with("{file:") {
            true => found[0].to_owned(),
            false => format!("{}\"{REDACTED}\"", &found["before"]),
        }
    };
    match LITERAL.as_ref() {
        Some(pattern) => without_credentials(&pattern.replace_all(text, replace)),
        None => REDACTED.to_owned(),
    }
}

fn is_secret(name: &str) -> bool {
    // The path of a socket, without which the agent cannot be asked.
    if name == "SSH_AUTH_SOCK" {
        return false;
    }
    let name = name.to_uppercase();
    SECRET.iter().any(|secret| name.contains(secret))
}

/// URLs without the name and password before their host.
fn without_credentials(text: &str) -> String {
    let mut kept = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(start) = rest.find("://") {
        let (before, after) = rest.split_at(start + 3);
        kept.push_str(before);
        let authority = after
            .find(|c: char| c.is_whitespace() || matches!(c, '/' | '?' | '#' | '"' | '\'' | '<' | '>'))
            .unwrap_or(after.len());
        rest = match after[..authority].rfind('@') {
            Some(at) => {
                kept.push_str(REDACTED);
                &after[at..]
            }
            None => after,
        };
    }
    kept.push_str(rest);
    kept
}

/// Puts one folder in place of another where it stands as a whole path's beginning.
fn replace_folder(text: &str, folder: &str, other: &str) -> String {
    let mut replaced = String::with_capacity(text.len());
    let mut rest = text;
    let mut before = None;
    while let Some(start) = rest.find(folder) {
        let (head, tail) = rest.split_at(start);
        let after = &tail[folder.len()..];
        replaced.push_str(head);
        let begins = head.chars().next_back().or(before).is_none_or(|c| !in_name(c) && c != '/');
        let ends = after.chars().next().is_none_or(|c| !in_name(c));
        replaced.push_str(if begins && ends { other } else { folder });
        before = folder.chars().next_back();
        rest = after;
    }
    replaced.push_str(rest);
    replaced
}

fn in_name(c: char) -> bool {
    c.is_alphanumeric() || matches!(c, '_' | '-' | '.')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn folders_are_replaced_as_wholes() {
        let replace = |text: &str| replace_folder(text, "/root", "/home/user");
        assert_eq!(replace("/root"), "/home/user");
        assert_eq!(replace("a=/root:/root/bin"), "a=/home/user:/home/user/bin");
        assert_eq!(replace("/rootfs /x/root/y /root-x"), "/rootfs /x/root/y /root-x");
        assert_eq!(replace("/root/root"), "/home/user/root");
        assert_eq!(replace("file:///root/x"), "file:///root/x");
    }

    #[test]
    fn credentials_go_and_the_rest_of_the_url_stays() {
        assert_eq!(without_credentials("git+https://u:p@h/x"), "git+https://redacted@h/x");
        assert_eq!(without_credentials("https://h/x@y"), "https://h/x@y");
        assert_eq!(without_credentials("a https://t@h b ://"), "a https://redacted@h b ://");
    }

    #[test]
    fn literal_secrets_go_and_what_refers_to_them_stays() {
        for (text, kept) in [
            ("username: \"me\", password: \"s3cret\",", "username: \"me\", password: \"redacted\","),
            (
                r#"{"apiKey": "s3\"cret", "url": "http://u:p@h"}"#,
                r#"{"apiKey": "redacted", "url": "http://redacted@h"}"#,
            ),
            (r#""apiKey": "{env:OPENAI_API_KEY}""#, r#""apiKey": "{env:OPENAI_API_KEY}""#),
            ("System.get_env(\"SECRET_KEY_BASE\") || x", "System.get_env(\"SECRET_KEY_BASE\") || x"),
            ("get_env(\"SECRET_KEY\", \"s3cret\")", "get_env(\"SECRET_KEY\", \"redacted\")"),
            ("\"a_token\": {:hex, :a_token, \"1.0.0\"}", "\"a_token\": {:hex, :a_token, \"1.0.0\"}"),
            ("signing_salt: 's3cret'", "signing_salt: \"redacted\""),
        ] {
            assert_eq!(without_literal_secrets(text), kept);
        }
        assert!(is_secret("AUTH_SOCK") && !is_secret("SSH_AUTH_SOCK"));
    }

    proptest::proptest! {
        #[test]
        fn credentials_never_stay(text in r"([a-z/ @:?é]|://|://s3cret@h)*") {
            assert!(!without_credentials(&text).contains("://s3cret@"));
            let _ = replace_folder(&text, "/", "/x");
        }
    }
}
