//! Which name means what, at every place of a file.

use std::collections::HashMap;

use rnix::ast::{self, Entry, HasEntry, Param};
use rnix::{SyntaxNode, WalkEvent};
use rowan::ast::AstNode;

use super::names::{attr_names, name};

/// What a name is bound to.
#[derive(Clone, Debug)]
pub(crate) enum Binding {
    /// A value: `let a = …`.
    Value(ast::Expr),
    /// An attribute of something: `inherit (set) a`.
    From(ast::Expr, String),
    /// An argument of a function: `{ a, b ? … }:`.
    Argument {
        /// The function.
        of: ast::Lambda,
        /// What it is where none is given.
        default: Option<ast::Expr>,
    },
    /// Everything that a function is given: `a:` or `{ … }@a:`.
    Whole {
        /// The function.
        of: ast::Lambda,
    },
    /// Something that only its parts tell: `let a.b = …`.
    Parts,
    /// What it means further out: `let inherit a; in …`.
    Outer,
}

/// The names that can be used at a place.
#[derive(Default)]
pub(crate) struct Scopes {
    names: HashMap<String, Vec<Binding>>,
    withs: Vec<ast::Expr>,
    computed: usize,
}

impl Scopes {
    /// What a name is bound to.
    pub(crate) fn find(&self, name: &str) -> Option<&Binding> {
        self.names.get(name)?.iter().rev().find(|binding| !matches!(binding, Binding::Outer))
    }

    /// The sets of every `with` around the place, the outermost first.
    pub(crate) fn withs(&self) -> &[ast::Expr] {
        &self.withs
    }

    /// Whether there may be names that are not written out.
    pub(crate) fn has_computed(&self) -> bool {
        self.computed > 0
    }

    fn bind(&mut self, name: String, binding: Binding) {
        self.names.entry(name).or_default().push(binding);
    }
}

/// A node of the tree that is reached.
pub(crate) struct Step<'a> {
    /// The node.
    pub(crate) node: &'a SyntaxNode,
    /// The names that can be used there.
    pub(crate) scopes: &'a Scopes,
}

/// Passes every node of a tree, in the order of the text, without calling itself.
pub(crate) fn walk(root: &SyntaxNode, mut visit: impl FnMut(Step<'_>)) {
    let mut scopes = Scopes::default();
    for event in root.preorder() {
        match event {
            WalkEvent::Enter(node) => {
                bound_by(&node, |name, binding| match name {
                    Some(name) => scopes.bind(name, binding),
                    None => scopes.computed += 1,
                });
                scopes.withs.extend(namespace_of_body(&node));
                visit(Step { node: &node, scopes: &scopes });
            }
            WalkEvent::Leave(node) => {
                if namespace_of_body(&node).is_some() {
                    scopes.withs.pop();
                }
                bound_by(&node, |name, _| match name {
                    Some(name) => {
                        if let Some(bindings) = scopes.names.get_mut(&name) {
                            bindings.pop();
                        }
                    }
                    None => scopes.computed -= 1,
                });
            }
        }
    }
}

/// The set of a `with`, if the node is what follows it.
fn namespace_of_body(node: &SyntaxNode) -> Option<ast::Expr> {
    let with = ast::With::cast(node.parent()?)?;
    (with.body()?.syntax() == node).then(|| with.namespace())?
}

/// The names that a node binds for what is in it; without one where it is computed.
fn bound_by(node: &SyntaxNode, mut bind: impl FnMut(Option<String>, Binding)) {
    if let Some(lambda) = ast::Lambda::cast(node.clone()) {
        parameters(&lambda, bind);
    } else if let Some(set) = ast::AttrSet::cast(node.clone()).filter(|set| set.rec_token().is_some()) {
        entries(&set, &mut bind);
    } else if let Some(bindings) = ast::LetIn::cast(node.clone()) {
        entries(&bindings, &mut bind);
    } else if let Some(bindings) = ast::LegacyLet::cast(node.clone()) {
        entries(&bindings, &mut bind);
    }
}

fn parameters(of: &ast::Lambda, mut bind: impl FnMut(Option<String>, Binding)) {
    let text = |ident: Option<ast::Ident>| ident.map(|ident| ident.syntax().text().to_string());
    match of.param() {
        Some(Param::IdentParam(param)) => {
            bind(text(param.ident()), Binding::Whole { of: of.clone() });
        }
        Some(Param::Pattern(pattern)) => {
            for entry in pattern.pat_entries() {
                bind(text(entry.ident()), Binding::Argument { of: of.clone(), default: entry.default() });
            }
            if let Some(whole) = pattern.pat_bind() {
                bind(text(whole.ident()), Binding::Whole { of: of.clone() });
            }
        }
        None => {}
    }
}

fn entries(set: &impl HasEntry, bind: &mut impl FnMut(Option<String>, Binding)) {
    for entry in set.entries() {
        match entry {
            Entry::Inherit(inherit) => {
                let from = inherit.from().map(|from| from.expr());
                for attr in inherit.attrs() {
                    let name = name(&attr);
                    let binding = match (&from, &name) {
                        (None, _) => Binding::Outer,
                        (Some(Some(set)), Some(name)) => Binding::From(set.clone(), name.clone()),
                        (Some(_), _) => Binding::Parts,
                    };
                    bind(name, binding);
                }
            }
            Entry::AttrpathValue(entry) => {
                let Some(path) = entry.attrpath() else { continue };
                let (names, written) = attr_names(&path);
                let binding = match (names.len(), written, entry.value()) {
                    (1, true, Some(value)) => Binding::Value(value),
                    _ => Binding::Parts,
                };
                bind(names.into_iter().next(), binding);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::project::nix::parse;

    /// What `probe` is bound to, in short, at each place where it is selected from.
    fn bound(text: &str) -> Vec<String> {
        let mut found = Vec::new();
        walk(&parse(text).unwrap(), |step| {
            let Some(ast::Expr::Ident(ident)) = ast::Select::cast(step.node.clone()).and_then(|it| it.expr())
            else {
                return;
            };
            let name = ident.syntax().text().to_string();
            let withs = step.scopes.withs().iter().map(|with| format!(" with {with}")).collect::<String>();
            found.push(match step.scopes.find(&name) {
                Some(Binding::Value(value)) => format!("{value}{withs}"),
                Some(Binding::From(set, name)) => format!("{set}.{name}{withs}"),
                Some(Binding::Argument { default, .. }) => {
                    format!(
                        "argument{}{withs}",
                        default.as_ref().map(|it| format!(" {it}")).unwrap_or_default()
                    )
                }
                Some(Binding::Whole { .. }) => format!("whole{withs}"),
                Some(Binding::Parts | Binding::Outer) => format!("parts{withs}"),
                None => format!("free{withs}"),
            });
        });
        found
    }

    #[test]
    fn every_name_means_the_nearest() {
        assert_eq!(bound("let p = 1; in p.a"), ["1"]);
        assert_eq!(bound("[ (let p = 1; in p.a) p.b ]"), ["1", "free"]);
        assert_eq!(bound("p: [ p.a (let p = 2; in p.b) p.c ]"), ["whole", "2", "whole"]);
        assert_eq!(
            bound("{ p, q ? p.x }@r: [ p.a q.a r.a ]"),
            ["argument", "argument", "argument p.x", "whole"]
        );
        assert_eq!(bound("{ p = 1; a = p.a; }"), ["free"]);
        assert_eq!(bound("rec { p = 1; a = p.a; }"), ["1"]);
        assert_eq!(bound("let inherit (s) p; in p.a"), ["s.p"]);
        assert_eq!(bound("let p = 1; in let inherit p; in p.a"), ["1"]);
        assert_eq!(bound("let inherit p; in p.a"), ["free"]);
        assert_eq!(bound("let p.x = 1; in p.a"), ["parts"]);
        assert_eq!(bound("let { p = 1; body = p.a; }"), ["1"]);
    }

    #[test]
    fn a_with_holds_for_what_follows_it() {
        assert_eq!(bound("with p.a; [ p.b ]"), ["free", "free with p.a"]);
        assert_eq!(bound("[ (with x; with y; p.b) p.c ]"), ["free with x with y", "free"]);
    }
}
