//! What a `mix.exs` says of its project, read without running it.

mod branches;
mod dep;
mod deps;
mod environments;
mod functions;
#[cfg(test)]
mod tests;

use std::collections::{HashMap, VecDeque};

use tree_sitter::Node;

use super::elixir::{atom, children, pairs, parse, source, string};
use super::{FormatError, Located};
use deps::{deps, line};
use functions::{Scope, value_of};

pub(super) use dep::CHECKOUT;
pub use dep::{Dep, Repository, Source};
pub use environments::Environments;

/// A project, as its `mix.exs` describes it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct MixExs {
    /// The application's name.
    pub app: Option<String>,
    /// Its version.
    pub version: Option<String>,
    /// The dependencies that it writes down, in order.
    pub deps: Vec<Dep>,
    /// The first line of what only running the file would tell of its dependencies, so that there may be others.
    pub computed: Option<usize>,
    /// The first line of a setting that only running the file would tell, and that says where the dependencies lie.
    pub unread: Option<usize>,
    /// The folder of an umbrella's applications.
    pub apps_path: Option<String>,
    /// The versions of Elixir that will do, where that can be read off.
    pub elixir: Option<Located<String>>,
    /// The folder of the fetched dependencies, where it is not `deps`.
    pub deps_path: Option<String>,
    /// The folder of what is compiled, where it is not `_build`.
    pub build_path: Option<String>,
    /// Whether only running the file would tell that folder.
    pub computed_build_path: bool,
    /// The lock file, where it is not `mix.lock`.
    pub lockfile: Option<String>,
}

/// Reads a `mix.exs`.
///
/// # Errors
/// The text is not Elixir, or too much of it.
pub fn parse_mix_exs(text: &str) -> Result<MixExs, FormatError> {
    let tree = parse(text)?;
    let scope = Scope::of(tree.root_node(), text);
    let project = scope.bodies("project");
    let settings: HashMap<String, Node<'_>> =
        project.iter().rev().flat_map(|body| settings(*body, text)).collect();
    let literal = |name: &str| string(scope.bound(*settings.get(name)?), text);
    let starts = match settings.get("deps") {
        Some(value) => vec![*value],
        None => scope.bodies("deps"),
    };
    let (deps, computed) = deps(starts, &scope);
    let unread = ["lockfile", "deps_path", "apps_path"];
    let unread = unread.iter().filter(|name| literal(name).is_none()).filter_map(|name| settings.get(*name));
    let no_list = project.iter().filter(|body| !value_of(**body, text).iter().all(|it| it.kind() == "list"));
    let unread = unread.chain(no_list).map(|it| line(*it)).min();
    Ok(MixExs {
        app: settings.get("app").and_then(|node| atom(scope.bound(*node), text)),
        version: literal("version"),
        deps,
        computed,
        unread,
        apps_path: literal("apps_path"),
        elixir: settings.get("elixir").and_then(|value| elixir(scope.bound(*value), text)),
        deps_path: literal("deps_path"),
        build_path: literal("build_path"),
        computed_build_path: settings.contains_key("build_path") && literal("build_path").is_none(),
        lockfile: literal("lockfile"),
    })
}

/// The keywords of the outermost list in `project/0`.
fn settings<'a>(body: Node<'a>, text: &str) -> Vec<(String, Node<'a>)> {
    let mut open = VecDeque::from([body]);
    while let Some(node) = open.pop_front() {
        if node.kind() == "list" {
            return pairs(node, text);
        }
        open.extend(children(node));
    }
    Vec::new()
}

fn elixir(value: Node<'_>, text: &str) -> Option<Located<String>> {
    Some(Located { value: string(value, text)?, offset: value.start_byte() })
}

/// Whether an expression is the Mix environment.
fn is_mix_env(node: Node<'_>, text: &str) -> bool {
    matches!(source(node, text), "Mix.env()" | "Mix.env")
}
