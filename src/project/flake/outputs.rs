//! The function `outputs` of a flake: what it takes, and how what it gives is laid out.

use rnix::SyntaxNode;
use rnix::ast::{self, BinOpKind, Entry, HasEntry, Param};
use rowan::ast::AstNode;

use super::inputs::MOST;
use crate::project::located::Located;
use crate::project::nix::attr_names;

/// What `outputs` takes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Arguments {
    /// Its arguments by name.
    pub names: Vec<Located<String>>,
    /// Whether it takes others as well: `...`, or one name for all.
    pub open: bool,
    /// Where they are written.
    pub offset: usize,
}

/// Outputs that have one entry for each system, as `nix flake check` wants them.
const BY_SYSTEM: &[&str] = &[
    "apps",
    "checks",
    "defaultApp",
    "defaultPackage",
    "devShell",
    "devShells",
    "formatter",
    "legacyPackages",
    "packages",
];

/// Whether a name is a system's, such as `aarch64-darwin`.
pub fn is_system(name: &str) -> bool {
    const KERNELS: &[&str] = &[
        "linux", "darwin", "freebsd", "netbsd", "openbsd", "windows", "cygwin", "none", "genode", "solaris",
    ];
    name.rsplit_once('-').is_some_and(|(_, kernel)| KERNELS.contains(&kernel))
}

/// The function, without the parentheses around it.
pub(super) fn function(flake: &ast::AttrSet) -> Option<ast::Lambda> {
    let outputs = flake.attrpath_values().find(|entry| {
        entry
            .attrpath()
            .map(|path| attr_names(&path))
            .is_some_and(|names| names == (vec!["outputs".to_owned()], true))
    });
    match bare(outputs?.value()?) {
        ast::Expr::Lambda(lambda) => Some(lambda),
        _ => None,
    }
}

pub(super) fn arguments(function: &ast::Lambda) -> Option<Arguments> {
    let param = function.param()?;
    let offset = param.syntax().text_range().start().into();
    Some(match param {
        Param::IdentParam(_) => Arguments { names: Vec::new(), open: true, offset },
        Param::Pattern(pattern) => Arguments {
            names: pattern
                .pat_entries()
                .take(MOST)
                .filter_map(|entry| named(entry.ident()?.syntax()))
                .collect(),
            open: pattern.ellipsis_token().is_some(),
            offset,
        },
    })
}

fn named(ident: &SyntaxNode) -> Option<Located<String>> {
    let token = ident.first_token()?;
    let offset = token.text_range().start().into();
    Some(Located { value: token.text().to_owned(), offset })
}

/// What the function gives, where it is written out: what follows `let … in` and `with …;`.
pub(super) fn outputs(function: &ast::Lambda) -> Option<ast::Expr> {
    let mut expr = bare(function.body()?);
    loop {
        expr = bare(match &expr {
            ast::Expr::LetIn(inner) => inner.body()?,
            ast::Expr::With(inner) => inner.body()?,
            ast::Expr::Assert(inner) => inner.body()?,
            _ => return Some(expr),
        });
    }
}

fn bare(mut expr: ast::Expr) -> ast::Expr {
    while let ast::Expr::Paren(paren) = &expr {
        match paren.expr() {
            Some(inner) => expr = inner,
            None => break,
        }
    }
    expr
}

pub(super) fn without_system(outputs: &ast::Expr) -> Vec<Located<String>> {
    let mut found = Vec::new();
    let mut open = vec![outputs.clone()];
    while let Some(expr) = open.pop() {
        match bare(expr) {
            ast::Expr::BinOp(both) if both.operator() == Some(BinOpKind::Update) => {
                open.extend(both.rhs());
                open.extend(both.lhs());
            }
            ast::Expr::AttrSet(set) => {
                for entry in set.attrpath_values() {
                    found.extend(misplaced(&entry).into_iter().map(|path| Located {
                        value: path,
                        offset: entry.syntax().text_range().start().into(),
                    }));
                }
            }
            _ => {}
        }
    }
    found
}

/// The paths in an output's entry that have another name where the system's belongs.
fn misplaced(entry: &ast::AttrpathValue) -> Vec<String> {
    let Some((names, written)) = entry.attrpath().map(|path| attr_names(&path)) else { return Vec::new() };
    let Some(output) = names.first().filter(|output| BY_SYSTEM.contains(&output.as_str())) else {
        return Vec::new();
    };
    match (names.get(1), written, entry.value()) {
        (Some(second), ..) if !is_system(second) => vec![names.join(".")],
        (None, true, Some(ast::Expr::AttrSet(set))) => {
            let entries = set.entries().filter_map(|entry| match entry {
                Entry::AttrpathValue(entry) => attr_names(&entry.attrpath()?).0.into_iter().next(),
                Entry::Inherit(_) => None,
            });
            entries.filter(|name| !is_system(name)).map(|name| format!("{output}.{name}")).collect()
        }
        (None, true, Some(ast::Expr::Apply(call))) if makes_one(&call) => vec![output.clone()],
        _ => Vec::new(),
    }
}

/// Whether a call gives one derivation, rather than one for each system.
fn makes_one(call: &ast::Apply) -> bool {
    const MAKERS: &[&str] = &["mkDerivation", "mkShell", "mkShellNoCC", "writeShellApplication"];
    match call.lambda() {
        Some(ast::Expr::Select(select)) => select
            .attrpath()
            .and_then(|path| attr_names(&path).0.pop())
            .is_some_and(|name| MAKERS.contains(&name.as_str())),
        _ => false,
    }
}

/// The names of the development shells, wherever they are defined.
pub(super) fn shells(tree: &SyntaxNode) -> Vec<Located<String>> {
    let mut found: Vec<Located<String>> = Vec::new();
    let mut add = |name: &str, node: &SyntaxNode| {
        if found.len() < MOST && !is_system(name) && !found.iter().any(|shell| shell.value == name) {
            let offset = node.text_range().start().into();
            found.push(Located { value: name.to_owned(), offset });
        }
    };
    for entry in tree.descendants().filter_map(ast::AttrpathValue::cast) {
        let Some(path) = entry.attrpath() else { continue };
        let mut names = path.attrs().map(|attr| crate::project::nix::name(&attr));
        match names
            .find(|name| matches!(name.as_deref(), Some("devShells" | "devShell")))
            .flatten()
            .as_deref()
        {
            Some("devShell") => add("default", entry.syntax()),
            Some(_) => {
                let written = names.flatten().find(|name| !is_system(name));
                match (written, entry.value()) {
                    (Some(name), _) => add(&name, entry.syntax()),
                    (None, Some(ast::Expr::AttrSet(set))) => {
                        for inner in set.attrpath_values() {
                            let path = inner.attrpath().map(|path| attr_names(&path).0).unwrap_or_default();
                            if let Some(name) = path.iter().find(|name| !is_system(name)) {
                                add(name, inner.syntax());
                            }
                        }
                    }
                    _ => {}
                }
            }
            None => {}
        }
    }
    found
}
