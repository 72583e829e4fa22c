//! What differs from one occurrence of a message to the next, by its form.

use std::sync::LazyLock;

use regex_automata::meta::Regex;
use regex_automata::{Anchored, Input};

use super::private::{HOST, Private};
use crate::scan::compile;

/// A varying part of a line.
pub(super) struct Shape {
    /// How many bytes of the line it is.
    pub(super) length: usize,
    /// A regex for all its values.
    pub(super) pattern: &'static str,
    /// The name under which it is worth capturing.
    pub(super) capture: Option<&'static str>,
    /// What an example shows of it.
    pub(super) shown: String,
}

/// A form, tried in this order.
struct Form {
    regex: &'static str,
    pattern: &'static str,
    capture: Option<&'static str>,
    /// What else must hold of it, and of what stands before and behind.
    is: fn(Place<'_>) -> bool,
    /// What an example shows of it.
    shown: fn(&str, &Private) -> String,
}

/// What was found, and the characters around it.
#[derive(Clone, Copy)]
struct Place<'t> {
    found: &'t str,
    before: Option<char>,
    after: Option<char>,
}

/// Hosts that everybody knows.
const PUBLIC: &[&str] = &[
    "anthropic.com",
    "apple.com",
    "cachix.org",
    "crates.io",
    "debian.org",
    "docker.io",
    "elixir-lang.org",
    "erlang.org",
    "ghcr.io",
    "github.com",
    "githubusercontent.com",
    "gitlab.com",
    "hex.pm",
    "hexdocs.pm",
    "huggingface.co",
    "localhost",
    "nixos.org",
    "nvidia.com",
    "ollama.com",
    "python.org",
];

/// Values are shown up to so many characters.
const LONGEST: usize = 80;

const FORMS: &[Form] = &[
    Form { regex: "redacted", pattern: ".+", capture: None, is: is_whole, shown: as_it_is },
    Form {
        regex: r#"[A-Za-z][A-Za-z0-9+.-]*://[^\s"'<>`|\\^{}()\[\],;]*[^\s"'<>`|\\^{}()\[\],;.:!?]"#,
        pattern: r"\S+",
        capture: Some("address"),
        is: |_| true,
        shown: address,
    },
    Form {
        regex: r"[A-Za-z0-9][\w.+-]*@[A-Za-z][\w-]*(?:\.[\w-]+)*",
        pattern: r"\S+@\S+",
        capture: None,
        is: |_| true,
        shown: |_, _| "user@example.com".to_owned(),
    },
    Form {
        regex: r#"(?:(?:~[\w.-]*|\.{1,2})?/|[A-Za-z]:\\)[^\s"'<>`|(){}\[\],;:]*[^\s"'<>`|(){}\[\],;:.!?]"#,
        pattern: r"\S+",
        capture: Some("path"),
        is: is_rooted,
        shown: private,
    },
    Form {
        regex: r"[\w.@+-]+(?:/[\w.@+~-]*[\w@+~-])+",
        pattern: r"\S+",
        capture: Some("path"),
        is: |it| it.found.contains('.') || it.found.matches('/').count() > 1,
        shown: private,
    },
    Form {
        regex: r"\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d(?::\d\d(?:[.,]\d+)?)?(?: ?(?:Z|[+-]\d\d:?\d\d))?)?",
        pattern: r"\d[\dT:.,Z+ -]*",
        capture: None,
        is: is_whole,
        shown: as_it_is,
    },
    Form {
        regex: r"\d{1,2}:\d\d:\d\d(?:[.,]\d+)?",
        pattern: r"[\d:.,]+",
        capture: None,
        is: is_whole,
        shown: as_it_is,
    },
    Form {
        regex: r"[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}",
        pattern: r"[\da-fA-F-]+",
        capture: None,
        is: is_whole,
        shown: |_, _| "00000000-0000-0000-0000-000000000000".to_owned(),
    },
    Form {
        regex: r"sha(?:1|256|512)[-:][A-Za-z0-9+/]{20,}=*",
        pattern: r"sha\d+\S+",
        capture: None,
        is: is_whole,
        shown: as_it_is,
    },
    Form { regex: "0x[0-9a-fA-F]+", pattern: r"0x[\da-fA-F]+", capture: None, is: is_whole, shown: as_it_is },
    Form {
        regex: "[0-9a-fA-F]{7,}",
        pattern: r"[\da-fA-F]+",
        capture: None,
        is: |it| is_whole(it) && it.found.contains(is_digit) && !it.found.chars().all(is_digit),
        shown: as_it_is,
    },
    Form {
        regex: "[A-Za-z0-9+/_=-]{32,}",
        pattern: r"\S+",
        capture: None,
        is: |it| {
            let has = |is: fn(char) -> bool| it.found.contains(is);
            has(is_digit) && has(char::is_alphabetic)
        },
        shown: opaque,
    },
    Form {
        regex: r"[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)*\.(?:local|localdomain|internal|corp|lan|intranet)",
        pattern: r"\S+",
        capture: None,
        is: is_whole,
        shown: |_, _| HOST.to_owned(),
    },
    Form {
        regex: r"(?:10|127|192\.168|172\.(?:1[6-9]|2\d|3[01]))(?:\.\d{1,3}){2,3}",
        pattern: r"[\d.]+",
        capture: None,
        is: |it| is_whole(it) && it.found.matches('.').count() == 3,
        shown: |found, _| if found.starts_with("127.") { found } else { "192.0.2.1" }.to_owned(),
    },
    Form {
        regex: r"\d+(?:\.\d+)+",
        pattern: r"[\d.]+",
        capture: Some("version"),
        is: is_whole,
        shown: as_it_is,
    },
    Form {
        regex: r"v?\d+(?:\.\d+)+[\w.+-]*\w",
        pattern: r"[\w.+-]+",
        capture: Some("version"),
        is: |_| true,
        shown: as_it_is,
    },
    Form { regex: r"\d+", pattern: r"\d+", capture: None, is: is_number, shown: as_it_is },
    Form { regex: "\u{fffd}+", pattern: r"\S+", capture: None, is: |_| true, shown: as_it_is },
];

/// As rules' patterns are read: what is a digit here must be one there.
static REGEXES: LazyLock<Vec<(&Form, Regex)>> =
    LazyLock::new(|| FORMS.iter().filter_map(|form| Some((form, compile(form.regex).ok()?))).collect());

/// What varies at the beginning of `rest`, which stands behind the character `before`.
pub(super) fn at(before: Option<char>, rest: &str, private: &Private) -> Option<Shape> {
    // A byte that is no text can stand within a word.
    if before.is_some_and(in_word) && !rest.starts_with(char::REPLACEMENT_CHARACTER) {
        return None;
    }
    let named = || {
        let (length, instead) = private.at(rest)?;
        Some(Shape { length, pattern: r"[\w.-]+", capture: None, shown: instead.to_owned() })
    };
    let formed = REGEXES.iter().find_map(|(form, regex)| {
        let found = rest.get(regex.find(Input::new(rest).anchored(Anchored::Yes))?.range())?;
        let after = rest[found.len()..].chars().next();
        (form.is)(Place { found, before, after }).then(|| {
            let shown = (form.shown)(found, private).chars().take(LONGEST).collect();
            Shape { length: found.len(), pattern: form.pattern, capture: form.capture, shown }
        })
    });
    // A name within an address or a path is no word of its own.
    formed.or_else(named)
}

pub(super) fn in_word(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}

fn is_digit(c: char) -> bool {
    c.is_ascii_digit()
}

fn is_whole(it: Place<'_>) -> bool {
    !it.after.is_some_and(in_word)
}

/// A path from the root, the home or here; not the slash within `and/or`.
fn is_rooted(it: Place<'_>) -> bool {
    let apart = it.before.is_none_or(|c| c.is_whitespace() || "\"'`=([<:,@".contains(c));
    apart && it.found.contains(char::is_alphabetic)
}

/// A number by itself or with a unit; not that of `utf-8`.
fn is_number(it: Place<'_>) -> bool {
    is_whole(it) && it.before != Some('-')
}

fn as_it_is(found: &str, _: &Private) -> String {
    found.to_owned()
}

fn private(found: &str, private: &Private) -> String {
    private.hidden(found)
}

/// Long and mixed, as secrets are. Nix's hashes have no capital letters.
fn opaque(found: &str, private: &Private) -> String {
    if found.contains(char::is_uppercase) { "redacted".to_owned() } else { private.hidden(found) }
}

fn address(found: &str, private: &Private) -> String {
    let Some((scheme, rest)) = found.split_once("://") else { return found.to_owned() };
    let (authority, path) = rest.split_at(rest.find(['/', '?', '#']).unwrap_or(rest.len()));
    let (user, host) = authority.rsplit_once('@').map_or(("", authority), |(_, host)| ("redacted@", host));
    let (name, port) = host.split_at(host.find(':').unwrap_or(host.len()));
    let known = |public: &str| {
        name.strip_suffix(public).is_some_and(|before| before.is_empty() || before.ends_with('.'))
    };
    let name = match PUBLIC.iter().any(|public| known(public)) || name.starts_with("127.") {
        _ if name.is_empty() => "",
        true => name,
        false => "example.com",
    };
    format!("{scheme}://{user}{name}{port}{}", private.hidden(path))
}
