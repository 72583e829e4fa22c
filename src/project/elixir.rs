//! Elixir's syntax, as far as `mix.exs` and `mix.lock` need it.

use std::ops::ControlFlow;
use std::time::{Duration, Instant};

use tree_sitter::{Node, ParseOptions, Parser, Tree};

use super::located::{FormatError, refuse_large};

/// What takes longer was written to take longer.
const LONGEST: Duration = Duration::from_secs(1);

pub(super) fn parse(text: &str) -> Result<Tree, FormatError> {
    refuse_large(text)?;
    let mut parser = Parser::new();
    parser.set_language(&tree_sitter_elixir::LANGUAGE.into()).map_err(|_| FormatError::TooMuch)?;
    let begun = Instant::now();
    let mut in_time = |_: &tree_sitter::ParseState| {
        if begun.elapsed() < LONGEST { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
    };
    let options = ParseOptions::new().progress_callback(&mut in_time);
    let bytes = text.as_bytes();
    let mut from = |offset: usize, _| bytes.get(offset..).unwrap_or_default();
    let tree = parser.parse_with_options(&mut from, None, Some(options)).ok_or(FormatError::TooMuch)?;
    match first_error(tree.root_node()) {
        Some(line) => Err(FormatError::Invalid { line, why: "not valid Elixir".to_owned() }),
        None => Ok(tree),
    }
}

/// The line of the first thing that the grammar could not place.
fn first_error(root: Node<'_>) -> Option<usize> {
    let mut node = root.has_error().then_some(root)?;
    // Only one child is looked into at each level, and a node knows whether an error is below it.
    loop {
        if node.is_error() || node.is_missing() {
            return Some(node.start_position().row + 1);
        }
        let mut cursor = node.walk();
        let broken = node.children(&mut cursor).find(|child| child.has_error());
        match broken {
            Some(child) => node = child,
            None => return Some(node.start_position().row + 1),
        }
    }
}

/// A node's children that mean something, in order.
pub(super) fn children<'a>(node: Node<'a>) -> Vec<Node<'a>> {
    let mut cursor = node.walk();
    node.named_children(&mut cursor).filter(|child| child.kind() != "comment").collect()
}

/// The source text of a node.
pub(super) fn source<'a>(node: Node<'_>, text: &'a str) -> &'a str {
    text.get(node.byte_range()).unwrap_or_default()
}

/// The content of a string without interpolation.
pub(super) fn string(node: Node<'_>, text: &str) -> Option<String> {
    if node.kind() != "string" {
        return None;
    }
    let parts = children(node);
    parts
        .iter()
        .all(|part| matches!(part.kind(), "quoted_content" | "escape_sequence"))
        .then(|| parts.iter().map(|part| source(*part, text)).collect())
}

/// The name of an atom: `:jason` or `:"jason"`.
pub(super) fn atom(node: Node<'_>, text: &str) -> Option<String> {
    match node.kind() {
        "atom" => source(node, text).strip_prefix(':').map(str::to_owned),
        "quoted_atom" => {
            source(node, text).strip_prefix(":\"").and_then(|rest| rest.strip_suffix('"')).map(str::to_owned)
        }
        _ => None,
    }
}

/// A keyword's name and its value: `only: :dev` or `"jason": {…}`.
pub(super) fn pair<'a>(node: Node<'a>, text: &str) -> Option<(String, Node<'a>)> {
    if node.kind() != "pair" {
        return None;
    }
    let key = source(node.child_by_field_name("key")?, text);
    let key = key.trim_end().strip_suffix(':')?.trim_matches('"').to_owned();
    Some((key, node.child_by_field_name("value")?))
}

/// The keywords of a list, or of a call's or tuple's last part.
pub(super) fn pairs<'a>(node: Node<'a>, text: &str) -> Vec<(String, Node<'a>)> {
    let keywords = match node.kind() {
        "keywords" => vec![node],
        _ => children(node).into_iter().filter(|child| child.kind() == "keywords").collect(),
    };
    keywords.into_iter().flat_map(children).filter_map(|child| pair(child, text)).collect()
}
