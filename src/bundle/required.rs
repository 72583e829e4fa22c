//! What is required of a secret, and so tells something of it, stays out.

use std::sync::LazyLock;

use regex::Regex;

use crate::facts::Place;
use crate::report::Entry;
use crate::secrets::without_secrets;

/// Stands for what a secret is required to be.
const HIDDEN: &str = "is as required";

/// Stands for a line that says it.
const LINE: &str = "(what is required of a secret is not shown)";

/// What is wrong.
pub(super) fn message(entry: &Entry) -> String {
    match wanted_of_a_secret(entry) {
        Some(wanted) => entry.message.replace(wanted, HIDDEN),
        None => entry.message.clone(),
    }
}

/// The line in which it stands.
pub(super) fn line<'e>(entry: &Entry, place: &'e Place) -> &'e str {
    let is_about_secret = |line: &str| {
        NAMED.as_ref().is_some_and(|named| named.captures_iter(line).any(|it| is_secret(&it[1])))
    };
    let hides =
        wanted_of_a_secret(entry).is_some() || entry.requirement.is_some() && is_about_secret(&place.excerpt);
    if hides { LINE } else { place.excerpt.trim() }
}

/// What is required of a variable that is named like a secret, if that is more than that it is there.
fn wanted_of_a_secret(entry: &Entry) -> Option<&str> {
    let wanted = entry.captures.get("wanted").map(String::as_str);
    let wanted = wanted.filter(|wanted| !matches!(*wanted, "is set" | "is not set" | "is there" | ""));
    wanted.filter(|_| entry.requirement.as_deref().is_some_and(is_secret))
}

fn is_secret(name: &str) -> bool {
    without_secrets(name, "x") != "x"
}

/// A variable of which a requirement says more than its name.
static NAMED: LazyLock<Option<Regex>> =
    LazyLock::new(|| Regex::new(r#"\bname["']?:\s*["']?([A-Za-z_]\w*)"#).ok());
