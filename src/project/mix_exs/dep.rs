//! One dependency, as a tuple or a keyword writes it down.

use tree_sitter::Node;

use super::super::elixir::{atom, children, pair, pairs, source, string};
use super::Environments;
use super::environments::atoms;
use super::functions::{Scope, value_of};

/// A dependency.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Dep {
    /// The application's name.
    pub name: String,
    /// The versions that will do, such as `~> 1.4`.
    pub requirement: Option<String>,
    /// Where it comes from.
    pub source: Source,
    /// The repository of one from Git, where all that Mix compares with the lock file can be read off.
    pub repository: Option<Repository>,
    /// The folder of one beside the project, where it can be read off.
    pub path: Option<String>,
    /// The organization at Hex that it belongs to.
    pub organization: Option<String>,
    /// The environments in which it is needed.
    pub environments: Environments,
    /// Whether it is there for the project's own sake alone, and not for those that use it.
    pub optional: bool,
    /// Whether it is started with the project.
    pub runtime: bool,
    /// Whether nothing but the environment decides about it.
    pub certain: bool,
    /// Where it stands in the file, in bytes.
    pub offset: usize,
}

/// Where a dependency comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Source {
    /// A package of Hex.
    Hex,
    /// A Git repository.
    Git,
    /// A folder beside the project, which is never fetched.
    Path,
}

/// What of a Git repository is asked for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Repository {
    /// Its address.
    pub url: String,
    /// The branch, the tag or the revision, by the option's name.
    pub checkout: Vec<(String, String)>,
}

/// The options that say which commit of a repository is asked for.
pub(in crate::project) const CHECKOUT: [&str; 3] = ["branch", "ref", "tag"];

impl Dep {
    /// Whether it is needed in a Mix environment.
    pub fn is_for(&self, environment: &str) -> bool {
        self.environments.contain(environment)
    }

    /// `jason: "~> 1.4"`.
    pub(super) fn of_keyword(node: Node<'_>, text: &str) -> Option<Dep> {
        let (name, value) = pair(node, text)?;
        let requirement = string(value, text)?;
        Some(Dep { requirement: Some(requirement), ..Dep::named(name, node) })
    }

    /// `{:jason, "~> 1.4", only: :dev}`.
    pub(super) fn of_tuple(node: Node<'_>, text: &str) -> Option<Dep> {
        let parts = children(node);
        let name = atom(*parts.first()?, text)?;
        let options: Vec<(String, Node<'_>)> = parts
            .iter()
            .skip(1)
            .filter(|part| matches!(part.kind(), "list" | "keywords"))
            .flat_map(|part| pairs(*part, text))
            .collect();
        let option = |name: &str| options.iter().find(|(key, _)| key == name).map(|(_, value)| *value);
        let is = |name: &str, value: &str| option(name).is_some_and(|node| source(node, text) == value);
        let from = if option("git").or(option("github")).is_some() {
            Source::Git
        } else if option("path").or(option("in_umbrella")).is_some() {
            Source::Path
        } else {
            Source::Hex
        };
        let organization = option("organization").and_then(|value| string(value, text));
        Some(Dep {
            requirement: parts.get(1).and_then(|part| string(*part, text)),
            source: from,
            repository: repository(&options, text),
            path: option("path").and_then(|path| string(path, text)),
            organization,
            environments: option("only")
                .and_then(|only| atoms(only, text))
                .map_or_else(Environments::default, Environments::only),
            optional: is("optional", "true"),
            runtime: !is("runtime", "false"),
            ..Dep::named(name, node)
        })
    }

    fn named(name: String, node: Node<'_>) -> Dep {
        Dep {
            name,
            requirement: None,
            source: Source::Hex,
            repository: None,
            path: None,
            organization: None,
            environments: Environments::default(),
            optional: false,
            runtime: true,
            certain: true,
            offset: node.start_byte(),
        }
    }
}

fn repository(options: &[(String, Node<'_>)], text: &str) -> Option<Repository> {
    let option = |name: &str| options.iter().find(|(key, _)| key == name).map(|(_, value)| *value);
    let url = match (option("git"), option("github")) {
        (Some(url), _) => string(url, text)?,
        (None, Some(path)) => format!("https://github.com/{}.git", string(path, text)?),
        (None, None) => return None,
    };
    let written = CHECKOUT.iter().filter_map(|name| Some((*name, option(name)?)));
    let checkout: Option<Vec<_>> =
        written.map(|(name, value)| Some((name.to_owned(), string(value, text)?))).collect();
    Some(Repository { url, checkout: checkout? })
}

/// Whether a part of a dependency's tuple says by itself what it is.
pub(super) fn is_literal<'a>(node: Node<'a>, scope: &Scope<'a>) -> bool {
    match node.kind() {
        "string" | "sigil" => true,
        "list" | "keywords" => {
            let options = pairs(node, scope.text);
            options.len() == options_written(node)
                && options.iter().all(|(key, value)| key != "only" || atoms(*value, scope.text).is_some())
        }
        "identifier" | "unary_operator" | "call" => {
            let clauses = scope.clauses(&scope.reference(node));
            let mut values = clauses.iter().flat_map(|clause| value_of(clause.body, scope.text));
            !clauses.is_empty() && values.all(|value| value.kind() == "string")
        }
        _ => false,
    }
}

fn options_written(node: Node<'_>) -> usize {
    let below = children(node);
    match node.kind() {
        "keywords" => below.len(),
        _ => below.iter().map(|part| if part.kind() == "keywords" { children(*part).len() } else { 1 }).sum(),
    }
}
