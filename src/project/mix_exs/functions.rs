//! What the names in a `mix.exs` stand for: functions, variables and module attributes.

use std::collections::HashMap;

use tree_sitter::Node;

use super::super::elixir::{children, pairs, source};

/// One clause of a function.
#[derive(Clone, Debug)]
pub(super) struct Clause<'a> {
    /// The patterns of its arguments.
    pub(super) parameters: Vec<Node<'a>>,
    /// Whether a guard decides too.
    pub(super) guarded: bool,
    /// What it does.
    pub(super) body: Node<'a>,
}

/// Every name that the file gives to something.
pub(super) struct Scope<'a> {
    /// The file.
    pub(super) text: &'a str,
    functions: HashMap<&'a str, Vec<Clause<'a>>>,
    /// Variables, and module attributes with their `@`.
    bindings: HashMap<String, Vec<Node<'a>>>,
}

impl<'a> Scope<'a> {
    pub(super) fn of(root: Node<'a>, text: &'a str) -> Self {
        let mut scope = Scope { text, functions: HashMap::new(), bindings: HashMap::new() };
        let mut open = vec![root];
        while let Some(node) = open.pop() {
            let below = children(node);
            if let Some((name, clause)) = definition(node, &below, text) {
                scope.functions.entry(name).or_default().push(clause);
            }
            if let Some((name, value)) = binding(node, &below, text) {
                scope.bindings.entry(name).or_default().push(value);
            }
            open.extend(below.into_iter().rev());
        }
        scope
    }

    /// The clauses of a function, or what a variable or a module attribute is bound to, in order.
    pub(super) fn clauses(&self, name: &str) -> Vec<Clause<'a>> {
        if let Some(clauses) = self.functions.get(name) {
            return clauses.clone();
        }
        let bound = self.bindings.get(name).into_iter().flatten();
        bound.map(|value| Clause { parameters: Vec::new(), guarded: false, body: *value }).collect()
    }

    /// The bodies of a function.
    pub(super) fn bodies(&self, name: &str) -> Vec<Node<'a>> {
        self.functions.get(name).into_iter().flatten().map(|clause| clause.body).collect()
    }

    /// What an expression comes to where it is a name that stands for one thing alone; else the expression.
    pub(super) fn bound(&self, node: Node<'a>) -> Node<'a> {
        match self.clauses(&self.reference(node)).as_slice() {
            [Clause { body, guarded: false, .. }] => match value_of(*body, self.text).as_slice() {
                [value] => *value,
                _ => node,
            },
            _ => node,
        }
    }

    /// The name that an expression stands for: of a function or a variable, or of a module attribute with its `@`.
    pub(super) fn reference(&self, node: Node<'_>) -> String {
        match node.kind() {
            "call" => match node.child_by_field_name("target") {
                Some(target) if target.kind() == "identifier" => source(target, self.text).to_owned(),
                _ => String::new(),
            },
            "identifier" | "unary_operator" => source(node, self.text).to_owned(),
            _ => String::new(),
        }
    }

    /// The operator of a binary expression.
    pub(super) fn operator(&self, node: Node<'_>) -> &'a str {
        operator(node, self.text)
    }
}

fn operator<'a>(node: Node<'_>, text: &'a str) -> &'a str {
    node.child_by_field_name("operator").map(|node| source(node, text)).unwrap_or_default()
}

fn definition<'a>(node: Node<'a>, parts: &[Node<'a>], text: &'a str) -> Option<(&'a str, Clause<'a>)> {
    let [target, arguments, rest @ ..] = parts else { return None };
    if node.kind() != "call" || !matches!(source(*target, text), "def" | "defp") {
        return None;
    }
    let arguments = children(*arguments);
    let mut head = *arguments.first()?;
    let guarded = head.kind() == "binary_operator";
    if guarded {
        head = head.child_by_field_name("left")?;
    }
    let name = if head.kind() == "call" { head.child_by_field_name("target")? } else { head };
    let parameters = children(head).into_iter().find(|part| part.kind() == "arguments").map(children);
    let body = rest.first().copied().or_else(|| arguments.get(1).copied())?;
    let clause = Clause { parameters: parameters.unwrap_or_default(), guarded, body };
    (name.kind() == "identifier").then(|| (source(name, text), clause))
}

fn binding<'a>(node: Node<'a>, parts: &[Node<'a>], text: &'a str) -> Option<(String, Node<'a>)> {
    match (node.kind(), parts) {
        ("binary_operator", [left, right]) if left.kind() == "identifier" && operator(node, text) == "=" => {
            Some((source(*left, text).to_owned(), *right))
        }
        ("unary_operator", [call]) if call.kind() == "call" => {
            let below = children(*call);
            let [name, arguments] = below.as_slice() else { return None };
            let arguments = children(*arguments);
            let [value] = arguments.as_slice() else { return None };
            Some((format!("@{}", source(*name, text)), *value))
        }
        _ => None,
    }
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
