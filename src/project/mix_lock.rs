//! The versions that a `mix.lock` pins.

use std::collections::BTreeMap;

use tree_sitter::Node;

use super::elixir::{atom, children, pair, pairs, parse, source, string};
use super::mix_exs::CHECKOUT;
use super::{FormatError, Repository};

/// What a lock file pins, by the dependency's name.
pub type Locked = BTreeMap<String, Pin>;

/// One pinned dependency.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pin {
    /// What it is pinned to.
    pub to: Pinned,
    /// Where it stands in the file, in bytes.
    pub offset: usize,
}

/// What a dependency is pinned to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Pinned {
    /// A package of Hex.
    Hex {
        /// Its version.
        version: String,
        /// What can build it: `mix`, `rebar3` …
        managers: Vec<String>,
        /// What it requires itself.
        requires: Vec<Required>,
    },
    /// A Git repository.
    Git {
        /// Its address, and the branch, tag or revision that was asked for.
        repository: Repository,
        /// The commit.
        revision: String,
    },
    /// Something else.
    Other,
}

/// What a package requires.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Required {
    /// The application's name.
    pub name: String,
    /// Used where it is there, but not fetched for this package's sake.
    pub optional: bool,
}

/// Reads a `mix.lock`.
///
/// # Errors
/// The text is not Elixir, as where a merge left its marks, or too much of it.
pub fn parse_mix_lock(text: &str) -> Result<Locked, FormatError> {
    let tree = parse(text)?;
    let mut locked = Locked::new();
    for map in children(tree.root_node()).into_iter().filter(|node| node.kind() == "map") {
        for content in children(map).into_iter().filter(|node| node.kind() == "map_content") {
            for part in children(content) {
                let pins = pairs_or_arrow(part, text).into_iter();
                locked.extend(pins.map(|(name, key, value)| {
                    (name, Pin { to: pinned(value, text), offset: key.start_byte() })
                }));
            }
        }
    }
    Ok(locked)
}

/// `"jason": {…}`, or `"jason" => {…}` as old versions of Mix write it.
fn pairs_or_arrow<'a>(node: Node<'a>, text: &str) -> Vec<(String, Node<'a>, Node<'a>)> {
    if node.kind() == "keywords" {
        let pairs = children(node).into_iter();
        return pairs
            .filter_map(|child| pair(child, text).map(|(name, value)| (name, child, value)))
            .collect();
    }
    let arrow = || {
        let key = node.child_by_field_name("left")?;
        Some((string(key, text).or_else(|| atom(key, text))?, key, node.child_by_field_name("right")?))
    };
    arrow().into_iter().collect()
}

fn pinned(value: Node<'_>, text: &str) -> Pinned {
    let parts = children(value);
    let nth = |n: usize| parts.get(n).and_then(|part| string(*part, text));
    match parts.first().and_then(|scm| atom(*scm, text)).as_deref() {
        Some("hex") => match nth(2) {
            Some(version) => Pinned::Hex {
                version,
                managers: parts.get(4).map(|managers| atoms(*managers, text)).unwrap_or_default(),
                requires: parts.get(5).map(|deps| requires(*deps, text)).unwrap_or_default(),
            },
            None => Pinned::Other,
        },
        Some("git") => match (nth(1), nth(2)) {
            (Some(url), Some(revision)) => {
                let options = parts.get(3).map(|options| pairs(*options, text)).unwrap_or_default();
                let checkout = CHECKOUT.iter().filter_map(|name| {
                    let (_, value) = options.iter().find(|(key, _)| key == name)?;
                    Some(((*name).to_owned(), string(*value, text)?))
                });
                Pinned::Git { repository: Repository { url, checkout: checkout.collect() }, revision }
            }
            _ => Pinned::Other,
        },
        _ => Pinned::Other,
    }
}

fn atoms(list: Node<'_>, text: &str) -> Vec<String> {
    children(list).into_iter().filter_map(|item| atom(item, text)).collect()
}

fn requires(list: Node<'_>, text: &str) -> Vec<Required> {
    children(list)
        .into_iter()
        .filter(|item| item.kind() == "tuple")
        .filter_map(|item| {
            let parts = children(item);
            let optional = parts
                .iter()
                .flat_map(|part| pairs(*part, text))
                .any(|(key, value)| key == "optional" && source(value, text) == "true");
            Some(Required { name: atom(*parts.first()?, text)?, optional })
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn packages_repositories_and_what_they_require() {
        let text = r#"%{
  "decimal": {:hex, :decimal, "2.3.0", "3ad6", [:mix], [], "hexpm", "a4d6"},
  "jason": {:hex, :jason, "1.4.4", "b922", [:mix], [{:decimal, "~> 1.0 or ~> 2.0", [hex: :decimal, repo: "hexpm", optional: true]}, {:x, "~> 1.0", [hex: :x, repo: "hexpm", optional: false]}], "hexpm", "c5eb"},
  "heroicons": {:git, "https://example.com/heroicons.git", "88ab3a0d790e6a47404cba02800a6b25d2afae50", [tag: "v2.1.1", depth: 1]},
  "odd": {:svn, "x"},
}
"#;
        let locked = parse_mix_lock(text).unwrap();
        assert_eq!(locked.keys().collect::<Vec<_>>(), ["decimal", "heroicons", "jason", "odd"]);
        let Pinned::Hex { version, requires, managers } = &locked["jason"].to else { panic!("{locked:?}") };
        assert_eq!(version, "1.4.4");
        assert_eq!(managers, &["mix"]);
        assert!(text[locked["jason"].offset..].starts_with("\"jason\""));
        assert_eq!(
            requires,
            &[
                Required { name: "decimal".into(), optional: true },
                Required { name: "x".into(), optional: false }
            ]
        );
        assert_eq!(
            locked["heroicons"].to,
            Pinned::Git {
                repository: Repository {
                    url: "https://example.com/heroicons.git".into(),
                    checkout: vec![("tag".into(), "v2.1.1".into())]
                },
                revision: "88ab3a0d790e6a47404cba02800a6b25d2afae50".into()
            }
        );
        assert_eq!(locked["odd"].to, Pinned::Other);
    }

    #[test]
    fn old_and_empty_lock_files() {
        let old = parse_mix_lock(r#"%{"a" => {:hex, :a, "1.0.0"}}"#).unwrap();
        assert_eq!(old["a"].to, Pinned::Hex { version: "1.0.0".into(), managers: vec![], requires: vec![] });
        assert!(parse_mix_lock("%{}\n").unwrap().is_empty());
        assert!(parse_mix_lock("").unwrap().is_empty());
    }

    #[test]
    fn a_merge_that_was_not_finished_is_an_error() {
        let text = "%{\n  \"a\": {:hex, :a, \"1.0.0\"},\n<<<<<<< HEAD\n  \"b\": {:hex, :b, \"1.0.0\"},\n=======\n  \"b\": {:hex, :b, \"1.0.1\"},\n>>>>>>> other\n}\n";
        assert!(matches!(parse_mix_lock(text), Err(FormatError::Invalid { .. })));
    }

    #[test]
    fn hostile_text_ends() {
        let _ = parse_mix_lock(&"%{".repeat(50_000));
        let _ = parse_mix_lock(&"%{\"a\": ".repeat(50_000));
        assert_eq!(parse_mix_lock(&" ".repeat(5 << 20)), Err(FormatError::TooMuch));
    }
}
