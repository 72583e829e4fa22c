//! What the branches of an expression come to, and when.

use tree_sitter::Node;

use super::super::elixir::{atom, children, pairs};
use super::deps::Part;
use super::environments::{atoms, of_condition};
use super::functions::{Scope, value_of};
use super::{Environments, is_mix_env};

/// What an `if` or a `case` may come to; `None` for anything else.
pub(super) fn branches<'a>(
    part: &Part<'a>,
    name: &str,
    below: &[Node<'a>],
    scope: &Scope<'a>,
) -> Option<Vec<Part<'a>>> {
    let arguments =
        below.iter().find(|it| it.kind() == "arguments").map(|it| children(*it)).unwrap_or_default();
    let block = below.iter().find(|it| it.kind() == "do_block").map(|it| children(*it)).unwrap_or_default();
    match name {
        "if" | "unless" => Some(two_ways(part, name == "unless", &arguments, &block, scope)),
        "case" => {
            let of_env = arguments.first().is_some_and(|subject| is_mix_env(*subject, scope.text));
            Some(cases(part, of_env, &block, scope))
        }
        "cond" | "with" => Some(cases(part, false, &block, scope)),
        _ => None,
    }
}

fn two_ways<'a>(
    part: &Part<'a>,
    unless: bool,
    arguments: &[Node<'a>],
    block: &[Node<'a>],
    scope: &Scope<'a>,
) -> Vec<Part<'a>> {
    let known = arguments.first().and_then(|condition| of_condition(*condition, scope));
    let (then, otherwise) = match known {
        Some((holds, fails)) if unless => (Some(fails), Some(holds)),
        Some((holds, fails)) => (Some(holds), Some(fails)),
        None => (None, None),
    };
    let mut values: Vec<(Node<'a>, bool)> = Vec::new();
    for keywords in arguments.iter().filter(|it| it.kind() == "keywords") {
        let pairs = pairs(*keywords, scope.text).into_iter();
        values.extend(pairs.map(|(key, value)| (value, key == "else")));
    }
    values.extend(block.iter().filter(|it| it.kind() == "else_block").map(|it| (*it, true)));
    values.extend(block.iter().rfind(|it| it.kind() != "else_block").map(|it| (*it, false)));
    let mut branches = Vec::new();
    for (value, is_else) in values {
        let environments = if is_else { &otherwise } else { &then };
        for value in value_of(value, scope.text) {
            branches.push(match environments {
                Some(environments) => part.within(value, environments),
                None => part.perhaps(value),
            });
        }
    }
    branches
}

fn cases<'a>(part: &Part<'a>, of_env: bool, block: &[Node<'a>], scope: &Scope<'a>) -> Vec<Part<'a>> {
    let mut branches = Vec::new();
    let mut others = Environments::default();
    for clause in block.iter().filter(|it| it.kind() == "stab_clause") {
        let pattern = match clause.child_by_field_name("left") {
            Some(left) if left.kind() == "arguments" => children(left),
            left => left.into_iter().collect(),
        };
        let environments = match pattern.as_slice() {
            _ if !of_env => None,
            [name] if name.kind() == "identifier" => Some(others.clone()),
            [name] => match atom(*name, scope.text) {
                Some(name) => {
                    others.except.push(name.clone());
                    Some(Environments::only(vec![name]))
                }
                None => guard(*name, scope).map(|names| {
                    others.except.extend(names.iter().cloned());
                    Environments::only(names)
                }),
            },
            _ => None,
        };
        for value in value_of(*clause, scope.text) {
            branches.push(match &environments {
                Some(environments) => part.within(value, environments),
                None => part.perhaps(value),
            });
        }
    }
    branches
}

/// The names of `env when env in [:dev, :test]`.
fn guard(node: Node<'_>, scope: &Scope<'_>) -> Option<Vec<String>> {
    let guard = (scope.operator(node) == "when").then(|| children(node).pop())??;
    let parts = children(guard);
    match (scope.operator(guard), parts.as_slice()) {
        ("in", [_, names]) => atoms(*names, scope.text),
        _ => None,
    }
}
