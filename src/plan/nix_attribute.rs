//! Correcting the name of one attribute that a Nix file selects, and nothing else: pure.

use rnix::ast::{self, Attr, InterpolPart};
use rnix::{NodeOrToken, Root, SyntaxKind, SyntaxNode, TextRange, TextSize, WalkEvent};
use rowan::ast::AstNode;

use super::replace::{Replacement, apply, nth_line};

/// A name as Nix prints it: Nix 2.26 puts what is no identifier in quotes, Nix 2.8 does not.
pub(super) fn unquoted(printed: &str) -> String {
    if !printed.starts_with('"') {
        return printed.to_owned();
    }
    let parsed = Root::parse(printed).ok().ok().and_then(|root| root.expr());
    let name = match parsed {
        Some(ast::Expr::Str(text)) => literal(&text),
        _ => None,
    };
    name.unwrap_or_else(|| printed.to_owned())
}

/// Replaces the attribute `wrong` that is selected at a position (line and column from 1, in bytes) by `right`.
///
/// # Errors
/// Why it cannot be done, as a clause that follows the file's name.
pub(super) fn correct(
    text: &str,
    wrong: &str,
    right: &str,
    (line, column): (usize, usize),
) -> Result<Replacement, String> {
    let tree = parse(text).ok_or("does not parse")?;
    let nowhere = || format!("has no '{wrong}' written out at line {line}, column {column}");
    let offset = offset(text, line, column).ok_or_else(nowhere)?;
    let (hole, quoted) = match &selected(&tree, text, wrong, offset)[..] {
        [attr] => (attr.syntax().text_range(), matches!(attr, Attr::Str(_))),
        [] => return Err(nowhere()),
        _ => return Err(format!("has '{wrong}' more than once at line {line}, column {column}")),
    };
    let written = if is_identifier(right) && !quoted { right.to_owned() } else { quote(right) };
    let replacement = (hole.start().into()..hole.end().into(), written);
    let after = parse(&apply(text, std::slice::from_ref(&replacement)));
    let filled = TextRange::at(hole.start(), TextSize::of(&replacement.1));
    match after {
        Some(after) if holds(&after, filled, right) && rest(&tree, hole) == rest(&after, filled) => {
            Ok(replacement)
        }
        _ => Err(format!("would not mean the same with '{right}' in the place of '{wrong}'")),
    }
}

fn parse(text: &str) -> Option<SyntaxNode> {
    let parse = Root::parse(text);
    parse.errors().is_empty().then(|| parse.syntax())
}

fn offset(text: &str, line: usize, column: usize) -> Option<usize> {
    let line = nth_line(text, line)?;
    let at = line.start + column.checked_sub(1)?;
    (at < line.end && text.is_char_boundary(at)).then_some(at)
}

/// The attributes of that name that are selected at an offset. Nix points at the beginning of the selection, at an
/// inherited name, or (Nix 2.8) at the blank before `inherit`.
fn selected(tree: &SyntaxNode, text: &str, name: &str, offset: usize) -> Vec<Attr> {
    let after_blanks = text.len() - text[offset..].trim_start().len();
    let starts = |node: &SyntaxNode| usize::from(node.text_range().start());
    let mut found = Vec::new();
    for node in tree.descendants() {
        let (attrs, whole) = if let Some(select) = ast::Select::cast(node.clone()) {
            let attrs = select.attrpath().map(|path| path.attrs().collect::<Vec<_>>());
            (attrs.unwrap_or_default(), starts(&node) == offset)
        } else if let Some(inherit) = ast::Inherit::cast(node.clone()).filter(|it| it.from().is_some()) {
            (inherit.attrs().collect(), starts(&node) == after_blanks)
        } else {
            continue;
        };
        let named = |attr: &Attr| static_name(attr).is_some_and(|it| it == name);
        let here = |attr: &Attr| whole || starts(attr.syntax()) == offset;
        found.extend(attrs.into_iter().filter(|attr| named(attr) && here(attr)));
    }
    found
}

fn static_name(attr: &Attr) -> Option<String> {
    match attr {
        Attr::Ident(name) => Some(name.syntax().text().to_string()),
        Attr::Str(text) => literal(text),
        Attr::Dynamic(_) => None,
    }
}

/// The text of a string in which nothing is interpolated.
fn literal(text: &ast::Str) -> Option<String> {
    let parts = text.normalized_parts().into_iter().map(|part| match part {
        InterpolPart::Literal(text) => Some(text),
        InterpolPart::Interpolation(_) => None,
    });
    parts.collect()
}

fn is_identifier(name: &str) -> bool {
    const KEYWORDS: &[&str] = &["assert", "else", "if", "in", "inherit", "let", "or", "rec", "then", "with"];
    let mut chars = name.chars();
    chars.next().is_some_and(|c| c.is_ascii_alphabetic() || c == '_')
        && chars.all(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '\''))
        && !KEYWORDS.contains(&name)
}

fn quote(name: &str) -> String {
    let escaped = name.replace('\\', r"\\").replace('"', r#"\""#).replace('$', r"\$");
    format!("\"{escaped}\"")
}

/// Whether an attribute of that name stands at a place.
fn holds(tree: &SyntaxNode, place: TextRange, name: &str) -> bool {
    let attrs = tree.descendants().filter(|node| node.text_range() == place).filter_map(Attr::cast);
    attrs.filter_map(|attr| static_name(&attr)).any(|it| it == name)
}

/// The tree with everything in it, except the attribute at one place.
fn rest(tree: &SyntaxNode, hole: TextRange) -> Vec<(SyntaxKind, String)> {
    let mut outline = Vec::new();
    let mut walk = tree.preorder_with_tokens();
    while let Some(event) = walk.next() {
        match event {
            WalkEvent::Enter(NodeOrToken::Node(node)) => {
                if node.text_range() == hole && Attr::can_cast(node.kind()) {
                    walk.skip_subtree();
                } else {
                    outline.push((node.kind(), String::new()));
                }
            }
            WalkEvent::Enter(NodeOrToken::Token(token)) => {
                outline.push((token.kind(), token.text().to_owned()));
            }
            WalkEvent::Leave(_) => {}
        }
    }
    outline
}

#[cfg(test)]
mod tests {
    use super::*;

    fn corrected(text: &str, wrong: &str, right: &str, at: (usize, usize)) -> Result<String, String> {
        Ok(apply(text, &[correct(text, wrong, right, at)?]))
    }

    #[test]
    fn only_the_attribute_at_the_position_changes() {
        // The positions are those that Nix 2.8 and 2.34 print.
        for (text, at, expected) in [
            (
                "{ elxir = s.elxir; d = \"the elxir\"; }.elxir",
                (1, 11),
                "{ elxir = s.elixir; d = \"the elxir\"; }.elxir",
            ),
            (
                "{ elxir = s.elxir; d = \"the elxir\"; }.elxir",
                (1, 1),
                "{ elxir = s.elxir; d = \"the elxir\"; }.elixir",
            ),
            ("[ \"é\" s.a.elxir s.elxir ]", (1, 8), "[ \"é\" s.a.elixir s.elxir ]"),
            ("\n  (s.elxir).elxir.foo", (2, 3), "\n  (s.elxir).elixir.foo"),
            ("{\r\n  a = s\r\n    .elxir;\r\n}", (2, 7), "{\r\n  a = s\r\n    .elixir;\r\n}"),
            ("let inherit (s) elxir; in elxir", (1, 17), "let inherit (s) elixir; in elxir"),
            ("let\n  inherit (s) elxir; in elxir", (1, 4), "let\n  inherit (s) elixir; in elxir"),
            ("s.\"elxir\"", (1, 1), "s.\"elixir\""),
            ("s.x or s.elxir", (1, 8), "s.x or s.elixir"),
        ] {
            assert_eq!(corrected(text, "elxir", "elixir", at).as_deref(), Ok(expected), "{text}");
        }
    }

    #[test]
    fn what_is_not_written_out_there_is_refused() {
        for (text, at) in [
            ("s.\"el${v}\"", (1, 1)),
            ("s.${\"elxir\"}", (1, 1)),
            ("{ elxir = 1; }", (1, 3)),
            ("builtins.getAttr \"elxir\" s", (1, 1)),
            ("s.elxir", (1, 3 + 5)),
            ("s.elxir", (2, 1)),
            ("s.elxir", (1, 0)),
            ("s.elxir", (0, 1)),
            ("é.elxir", (1, 2)),
            ("s.elxir.elxir", (1, 1)),
            ("inherit (s) elxir;", (1, 1)),
            ("s.elxir )", (1, 1)),
        ] {
            corrected(text, "elxir", "elixir", at).unwrap_err();
        }
    }

    #[test]
    fn a_name_that_is_no_identifier_is_quoted() {
        for (right, written) in [
            ("my pkg", r#""my pkg""#),
            ("or", r#""or""#),
            ("1password", r#""1password""#),
            ("", r#""""#),
            (r"a\", r#""a\\""#),
            ("$${x}", r#""\$\${x}""#),
            ("a${import ./x}", r#""a\${import ./x}""#),
            (r#"x"; y = "1"#, r#""x\"; y = \"1""#),
            ("a''b", "a''b"),
            ("é", "\"é\""),
        ] {
            assert_eq!(
                corrected("{ z = s.foo; }", "foo", right, (1, 7)),
                Ok(format!("{{ z = s.{written}; }}"))
            );
        }
        assert_eq!(corrected("s.\"my pgk\"", "my pgk", "my pkg", (1, 1)).as_deref(), Ok("s.\"my pkg\""));
    }

    #[test]
    fn a_printed_name_loses_its_quotes() {
        assert_eq!(unquoted(r#""a\"c""#), "a\"c");
        assert_eq!(unquoted("\"my pgk\""), "my pgk");
        assert_eq!(unquoted("elxir"), "elxir");
        assert_eq!(unquoted(r#""a${b}""#), r#""a${b}""#);
        assert_eq!(unquoted("\"a"), "\"a");
    }
}
