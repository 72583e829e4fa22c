//! What an expression of `mix.exs` comes to, as far as that can be read off.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use tree_sitter::Node;

use super::super::elixir::{atom, children, pair, pairs, source, string};
use super::{Dep, Functions, Source};

/// What names and module attributes are bound to, the latter with their `@`.
pub(super) fn bindings<'a>(root: Node<'a>, text: &'a str) -> HashMap<String, Vec<Node<'a>>> {
    let mut bindings: HashMap<String, Vec<Node<'a>>> = HashMap::new();
    let mut open = vec![root];
    while let Some(node) = open.pop() {
        let below = children(node);
        match (node.kind(), below.as_slice()) {
            ("binary_operator", [left, right])
                if left.kind() == "identifier" && operator(node, text) == "=" =>
            {
                bindings.entry(source(*left, text).to_owned()).or_default().push(*right);
            }
            ("unary_operator", [call]) if call.kind() == "call" => {
                if let [name, arguments] = children(*call).as_slice()
                    && let [value] = children(*arguments).as_slice()
                {
                    bindings.entry(format!("@{}", source(*name, text))).or_default().push(*value);
                }
            }
            _ => {}
        }
        open.extend(below);
    }
    bindings
}

fn operator<'a>(node: Node<'_>, text: &'a str) -> &'a str {
    node.child_by_field_name("operator").map(|node| source(node, text)).unwrap_or_default()
}

pub(super) fn line(node: Node<'_>) -> usize {
    node.start_position().row + 1
}

/// The expressions that a function's body may come to.
pub(super) fn value_of<'a>(body: Node<'a>, text: &str) -> Vec<Node<'a>> {
    let mut values = Vec::new();
    let mut open = vec![body];
    while let Some(node) = open.pop() {
        match node.kind() {
            "keywords" => open.extend(pairs(node, text).into_iter().map(|(_, value)| value)),
            "do_block" | "else_block" | "block" | "body" | "stab_clause" => open.extend(children(node).pop()),
            _ => values.push(node),
        }
    }
    values
}

/// The dependencies that some expressions come to, and the first line of what cannot be read off.
pub(super) fn deps<'a>(
    starts: Vec<Node<'a>>,
    functions: &Functions<'a>,
    bindings: &HashMap<String, Vec<Node<'a>>>,
    text: &'a str,
) -> (Vec<Dep>, Option<usize>) {
    let mut unvisited: HashMap<String, Vec<Node<'a>>> = bindings.clone();
    unvisited.extend(functions.iter().map(|(name, bodies)| ((*name).to_owned(), bodies.clone())));
    let names: HashSet<String> = unvisited.keys().cloned().collect();
    let mut found: BTreeMap<usize, Dep> = BTreeMap::new();
    let mut computed: BTreeSet<usize> = BTreeSet::new();
    let mut open: Vec<Node<'a>> = starts.into_iter().flat_map(|start| value_of(start, text)).collect();
    while let Some(node) = open.pop() {
        let below = children(node);
        match node.kind() {
            "list" => {
                for item in below {
                    if item.kind() == "keywords" {
                        for item in children(item) {
                            match keyword(item, text) {
                                Some(dep) => _ = found.insert(dep.0, dep.1),
                                None => _ = computed.insert(line(item)),
                            }
                        }
                    } else {
                        open.push(item);
                    }
                }
            }
            "tuple" => match tuple(node, text) {
                Some(dep) => {
                    let rest = below.get(1..).unwrap_or_default();
                    if !rest.iter().all(|part| is_literal(*part, bindings, functions, text)) {
                        computed.insert(line(node));
                    }
                    found.insert(node.start_byte(), dep);
                }
                None => _ = computed.insert(line(node)),
            },
            "binary_operator" if operator(node, text) == "++" => open.extend(below),
            "block" => open.extend(value_of(node, text)),
            "identifier" | "unary_operator" | "call" => {
                let name = reference(node, text);
                if let Some(bodies) = unvisited.remove(&name) {
                    // Which of several holds is a matter of the arguments.
                    if bodies.len() > 1 {
                        computed.insert(line(node));
                    }
                    open.extend(bodies.into_iter().flat_map(|body| value_of(body, text)));
                } else if !names.contains(&name) {
                    computed.insert(line(node));
                    open.extend(branches(node, text));
                }
            }
            _ => _ = computed.insert(line(node)),
        }
    }
    let mut deps: Vec<Dep> = Vec::new();
    let mut names = HashSet::new();
    for dep in found.into_values() {
        if names.insert(dep.name.clone()) {
            deps.push(dep);
        }
    }
    (deps, computed.first().copied())
}

/// The name that an expression stands for: of a function or a variable, or of a module attribute with its `@`.
fn reference(node: Node<'_>, text: &str) -> String {
    match node.kind() {
        "call" => match node.child_by_field_name("target") {
            Some(target) if target.kind() == "identifier" => source(target, text).to_owned(),
            _ => String::new(),
        },
        _ => source(node, text).to_owned(),
    }
}

/// What an `if` or a `case` may come to.
fn branches<'a>(node: Node<'a>, text: &'a str) -> Vec<Node<'a>> {
    if !matches!(reference(node, text).as_str(), "if" | "unless" | "case" | "cond" | "with") {
        return Vec::new();
    }
    let mut values = Vec::new();
    let mut open = children(node);
    while let Some(node) = open.pop() {
        let below = children(node);
        match node.kind() {
            "arguments" => {
                let blocks = below.into_iter().filter(|part| part.kind() == "keywords");
                values.extend(blocks.flat_map(|part| value_of(part, text)));
            }
            "do_block" if below.iter().any(|part| matches!(part.kind(), "stab_clause" | "else_block")) => {
                open.extend(below.iter().filter(|part| matches!(part.kind(), "stab_clause" | "else_block")));
                let last =
                    below.into_iter().rfind(|part| !matches!(part.kind(), "stab_clause" | "else_block"));
                values.extend(last.into_iter().flat_map(|last| value_of(last, text)));
            }
            "do_block" | "else_block" | "stab_clause" => values.extend(value_of(node, text)),
            _ => {}
        }
    }
    values
}

/// Whether a part of a dependency's tuple says by itself what it is.
fn is_literal<'a>(
    node: Node<'a>,
    bindings: &HashMap<String, Vec<Node<'a>>>,
    functions: &Functions<'a>,
    text: &'a str,
) -> bool {
    match node.kind() {
        "string" | "sigil" => true,
        "list" | "keywords" => {
            let options = pairs(node, text);
            options.len() == options_written(node)
                && options.iter().all(|(key, value)| key != "only" || has_atoms(*value, text))
        }
        "identifier" | "unary_operator" | "call" => {
            let name = reference(node, text);
            let bound = bindings.get(&name).or_else(|| functions.get(name.as_str()));
            bound.is_some_and(|values| {
                let mut values = values.iter().flat_map(|value| value_of(*value, text));
                values.all(|value| value.kind() == "string")
            })
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

fn has_atoms(node: Node<'_>, text: &str) -> bool {
    let written = children(node);
    atom(node, text).is_some()
        || node.kind() == "list" && written.iter().all(|part| atom(*part, text).is_some())
}

fn keyword(node: Node<'_>, text: &str) -> Option<(usize, Dep)> {
    let (name, value) = pair(node, text)?;
    let requirement = string(value, text)?;
    let dep = Dep {
        name,
        requirement: Some(requirement),
        source: Source::Hex,
        only: Vec::new(),
        line: node.start_position().row + 1,
    };
    Some((node.start_byte(), dep))
}

fn tuple(node: Node<'_>, text: &str) -> Option<Dep> {
    let parts = children(node);
    let name = atom(*parts.first()?, text)?;
    let options: Vec<(String, Node<'_>)> = parts
        .iter()
        .skip(1)
        .filter(|part| matches!(part.kind(), "list" | "keywords"))
        .flat_map(|part| pairs(*part, text))
        .collect();
    let option = |name: &str| options.iter().find(|(key, _)| key == name).map(|(_, value)| *value);
    let source = if option("git").or(option("github")).is_some() {
        Source::Git
    } else if option("path").or(option("in_umbrella")).is_some() {
        Source::Path
    } else {
        Source::Hex
    };
    Some(Dep {
        name,
        requirement: parts.get(1).and_then(|part| string(*part, text)),
        source,
        only: option("only").map(|value| atoms(value, text)).unwrap_or_default(),
        line: node.start_position().row + 1,
    })
}

/// One atom, or a list of them.
fn atoms(node: Node<'_>, text: &str) -> Vec<String> {
    match atom(node, text) {
        Some(name) => vec![name],
        None => children(node).into_iter().filter_map(|child| atom(child, text)).collect(),
    }
}
