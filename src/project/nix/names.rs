//! Names and texts that are written out, rather than computed.

use rnix::ast::{self, Attr, InterpolPart};
use rowan::ast::AstNode;

/// The names of an attribute path, up to the first that is computed; `true` if none is.
pub(crate) fn attr_names(path: &ast::Attrpath) -> (Vec<String>, bool) {
    let mut names = Vec::new();
    for attr in path.attrs() {
        match name(&attr) {
            Some(name) => names.push(name),
            None => return (names, false),
        }
    }
    (names, true)
}

pub(crate) fn name(attr: &Attr) -> Option<String> {
    match attr {
        Attr::Ident(name) => Some(name.syntax().text().to_string()),
        Attr::Str(text) => literal(text),
        Attr::Dynamic(_) => None,
    }
}

/// The text of a string in which nothing is interpolated.
pub(crate) fn literal(text: &ast::Str) -> Option<String> {
    let parts = text.normalized_parts().into_iter().map(|part| match part {
        InterpolPart::Literal(text) => Some(text),
        InterpolPart::Interpolation(_) => None,
    });
    parts.collect()
}

/// A selection's set and the path that is selected from it.
pub(crate) fn select(select: &ast::Select) -> Option<(ast::Expr, ast::Attrpath)> {
    Some((select.expr()?, select.attrpath()?))
}
