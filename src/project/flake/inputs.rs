//! The inputs that a flake declares.

use std::collections::BTreeMap;

use rnix::ast::{self, Entry, HasEntry};
use rowan::ast::AstNode;

use crate::project::nix::{attr_names, literal};

/// One input.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FlakeInput {
    /// Its name.
    pub name: String,
    /// Where it comes from, as it is written.
    pub url: Option<String>,
    /// Where the url is written, or the input where there is none.
    pub offset: usize,
    /// The input that it is the same as, such as `nixpkgs` or `home-manager/nixpkgs`.
    pub follows: Option<String>,
}

/// Which nixpkgs a url means.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Nixpkgs {
    /// The branch, such as `nixos-24.05`, if it is named.
    pub branch: Option<String>,
}

impl Nixpkgs {
    /// The nixpkgs that a url means; `None`: it is something else.
    pub fn of(url: &str) -> Option<Self> {
        let (rest, query) = url.split_once('?').unwrap_or((url, ""));
        let lower = rest.to_ascii_lowercase();
        let parameter = || query.split('&').find_map(|part| part.strip_prefix("ref=")).map(str::to_owned);
        for prefix in ["github:nixos/nixpkgs", "flake:nixpkgs", "nixpkgs"] {
            let Some(after) = lower.strip_prefix(prefix) else { continue };
            let written = rest.get(prefix.len()..).unwrap_or_default();
            if after.is_empty() || after.starts_with('/') {
                let branch = written.trim_matches('/');
                let branch = Some(branch).filter(|branch| !branch.is_empty()).map(str::to_owned);
                return Some(Nixpkgs { branch: branch.or_else(parameter) });
            }
        }
        let git = ["github.com/nixos/nixpkgs", "channels.nixos.org/", "nixos.org/channels/"];
        let found = git.iter().find_map(|part| lower.find(part).map(|at| &rest[at + part.len()..]))?;
        let branch = found.trim_start_matches(".git").trim_start_matches("/archive/").split('/').next();
        let branch =
            branch.map(|branch| branch.trim_end_matches(".tar.gz")).filter(|branch| !branch.is_empty());
        Some(Nixpkgs { branch: branch.map(str::to_owned).or_else(parameter) })
    }
}

/// No flake has as many inputs, arguments or shells as this; more of them are not read.
pub(super) const MOST: usize = 1000;

pub(super) fn inputs(flake: &ast::AttrSet) -> Vec<FlakeInput> {
    let mut inputs: Vec<FlakeInput> = Vec::new();
    let mut in_parts: BTreeMap<usize, Parts> = BTreeMap::new();
    for leaf in leaves(flake) {
        let [first, name, rest @ ..] = &leaf.path[..] else { continue };
        // `inputs.self.submodules = true` says how the flake itself is fetched.
        if first != "inputs" || name == "self" {
            continue;
        }
        let offset = leaf.offset;
        if inputs.len() == MOST {
            break;
        }
        let at = inputs.iter().position(|input| input.name == *name).unwrap_or_else(|| {
            inputs.push(FlakeInput { name: name.clone(), url: None, offset, follows: None });
            inputs.len() - 1
        });
        let text = match &leaf.value {
            Some(ast::Expr::Str(text)) => literal(text),
            // A url without quotes, which Nix reads as a text.
            Some(ast::Expr::Literal(url)) => Some(url.syntax().text().to_string()),
            _ => None,
        };
        let rest: Vec<_> = rest.iter().map(String::as_str).collect();
        match (&rest[..], text) {
            (["url"], Some(url)) => {
                inputs[at].url = Some(url);
                inputs[at].offset = offset;
            }
            (["follows"], Some(other)) => inputs[at].follows = Some(other),
            ([part], Some(text)) => {
                in_parts.entry(at).or_default().insert((*part).to_owned(), text);
            }
            _ => {}
        }
    }
    for (at, parts) in in_parts {
        // With a type, `url` is only one part of where the input comes from.
        if parts.contains_key("type") {
            inputs[at].url = url_of(&parts);
        }
    }
    inputs
}

/// What is said of an input, one by one: `type`, `owner`, `repo` and the like.
type Parts = BTreeMap<String, String>;

/// The url that means the same as the parts, where there is a short one.
fn url_of(parts: &Parts) -> Option<String> {
    const NAMED: &[&str] = &["type", "owner", "repo", "ref", "rev"];
    let part = |name: &str| parts.get(name).map(String::as_str);
    let forge = part("type").filter(|it| ["github", "gitlab", "sourcehut"].contains(it))?;
    let mut url = format!("{forge}:{}/{}", part("owner")?, part("repo")?);
    for name in [part("ref"), part("rev")].into_iter().flatten() {
        url.push('/');
        url.push_str(name);
    }
    parts.keys().all(|name| NAMED.contains(&name.as_str())).then_some(url)
}

/// A value with the whole path that leads to it.
struct Leaf {
    path: Vec<String>,
    value: Option<ast::Expr>,
    offset: usize,
}

/// The values of a set and of the sets in it.
fn leaves(set: &ast::AttrSet) -> Vec<Leaf> {
    let mut leaves = Vec::new();
    let mut open = vec![(Vec::new(), set.clone())];
    while let Some((prefix, set)) = open.pop() {
        let mut within = Vec::new();
        for entry in set.entries() {
            let offset = entry.syntax().text_range().start().into();
            let Entry::AttrpathValue(entry) = entry else { continue };
            let Some((names, true)) = entry.attrpath().map(|path| attr_names(&path)) else { continue };
            let path: Vec<String> = prefix.iter().cloned().chain(names).collect();
            // Only what is below `inputs` is looked for, and no input has a path this long.
            if path.first().is_none_or(|first| first != "inputs") || path.len() > 16 {
                continue;
            }
            match entry.value() {
                Some(ast::Expr::AttrSet(inner)) => {
                    leaves.push(Leaf { path: path.clone(), value: None, offset });
                    within.push((path, inner));
                }
                value => leaves.push(Leaf { path, value, offset }),
            }
        }
        open.extend(within.into_iter().rev());
    }
    leaves
}
