//! Names of people and machines, which do not belong into a rule.

use std::collections::BTreeSet;
use std::sync::LazyLock;

use regex::Regex;

/// What stands for a user's name.
pub(super) const USER: &str = "user";
/// What stands for a machine's name.
pub(super) const HOST: &str = "host.example.com";

/// Users' names that name nobody.
const SHARED: &[&str] =
    &["admin", "app", "build", "elixir", "linuxbrew", "nixbld", "nobody", "root", "runner", "shared", "user"];

/// Names of one or two letters would be found in too many words.
const SHORTEST: usize = 3;

/// The names to hide, besides what is evident from a line.
#[derive(Clone, Debug, Default)]
pub struct Private {
    names: BTreeSet<(String, &'static str)>,
}

impl Private {
    /// The names of users and machines.
    pub fn new(users: impl IntoIterator<Item = String>, hosts: impl IntoIterator<Item = String>) -> Self {
        let users = users.into_iter().map(|name| (name, USER));
        let hosts = hosts.into_iter().map(|name| (name, HOST));
        let telling = |(name, _): &(String, &str)| {
            name.chars().count() >= SHORTEST
                && !SHARED.contains(&name.to_lowercase().as_str())
                && name != "localhost"
        };
        Private { names: users.chain(hosts).filter(telling).collect() }
    }

    /// The same with those whose home folders stand in these lines.
    pub(super) fn with_homes_in<'l>(&self, lines: impl Iterator<Item = &'l str>) -> Self {
        let Some(home) = HOME.as_ref() else { return self.clone() };
        let owners = lines.flat_map(|line| home.captures_iter(line).map(|found| found["name"].to_owned()));
        let mut names = Private::new(owners, []).names;
        names.extend(self.names.iter().cloned());
        Private { names }
    }

    /// The name with which a text begins, and what is shown in its place.
    pub(super) fn at(&self, text: &str) -> Option<(usize, &'static str)> {
        let whole = |name: &str| {
            let rest = text.strip_prefix(name)?;
            let ends = !rest.starts_with(|c: char| c.is_alphanumeric() || c == '_');
            ends.then_some(name.len())
        };
        self.names.iter().filter_map(|(name, instead)| Some((whole(name)?, *instead))).max()
    }

    /// A text with every such name hidden, and every home folder.
    pub fn hidden(&self, text: &str) -> String {
        let text = match HOME.as_ref() {
            Some(home) => home.replace_all(text, format!("${{before}}{USER}")),
            None => text.into(),
        };
        let mut kept = String::with_capacity(text.len());
        let mut rest = text.as_ref();
        while let Some(next) = rest.chars().next() {
            let begins = !kept.ends_with(|c: char| c.is_alphanumeric() || c == '_');
            match self.at(rest).filter(|_| begins) {
                Some((length, instead)) => {
                    kept.push_str(instead);
                    rest = &rest[length..];
                }
                None => {
                    kept.push(next);
                    rest = &rest[next.len_utf8()..];
                }
            }
        }
        kept
    }
}

/// A home folder's path up to its owner's name.
static HOME: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r#"(?<before>(?:/home/|/Users/|\\Users\\))(?<name>[^\s/\\"'`<>|:;,()\[\]{}]+)"#).ok()
});

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_hidden_as_whole_words() {
        let private =
            Private::new(["jdoe".to_owned(), "root".to_owned(), "al".to_owned()], ["mill".to_owned()]);
        let private = private.with_homes_in([r"C:\Users\Rita Q", "/home/sam.w/x"].into_iter());
        for (text, shown) in [
            ("/home/jdoe/x jdoe's jdoes root al", "/home/user/x user's jdoes root al"),
            ("mill: /Users/rita", "host.example.com: /Users/user"),
            ("sam.w and Rita, samw", "user and user, samw"),
            (r"C:\Users\Rita\x", r"C:\Users\user\x"),
        ] {
            assert_eq!(private.hidden(text), shown);
        }
    }
}
