//! Which sets of packages an expression stands for.

use rnix::ast::{self, Attr};
use rowan::ast::AstNode;

use super::inputs::{FlakeInput, Nixpkgs};
use crate::project::nix::{Binding, Scopes, literal, name, select};

/// What an expression stands for, as far as it matters here.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Set {
    /// All inputs of the flake.
    Inputs,
    /// The flake nixpkgs itself.
    Nixpkgs,
    /// Its packages, or a set among them: `beam.packages.erlang_27`.
    Packages(Vec<String>),
}

/// Further than this a name is not followed through other names.
const STEPS: usize = 16;

/// What the file's own function and inputs make of names.
pub(super) struct Origins<'a> {
    /// The function `outputs`.
    pub(super) outputs: Option<&'a ast::Lambda>,
    /// The inputs that are declared.
    pub(super) inputs: &'a [FlakeInput],
}

impl Origins<'_> {
    /// What an expression stands for; `None`: something else, or not known.
    pub(super) fn of(&self, expr: &ast::Expr, scopes: &Scopes) -> Option<Set> {
        self.follow(expr, scopes, STEPS)
    }

    fn follow(&self, expr: &ast::Expr, scopes: &Scopes, steps: usize) -> Option<Set> {
        let steps = steps.checked_sub(1)?;
        match expr {
            ast::Expr::Paren(paren) => self.follow(&paren.expr()?, scopes, steps),
            ast::Expr::Ident(ident) => self.named(&ident.syntax().text().to_string(), scopes, steps),
            ast::Expr::Select(selected) => {
                let (set, path) = select(selected)?;
                let mut set = self.follow(&set, scopes, steps)?;
                let attrs: Vec<Attr> = path.attrs().collect();
                let mut rest = &attrs[..];
                while let [attr, after @ ..] = rest {
                    rest = after;
                    set = match (set, name(attr)) {
                        (Set::Nixpkgs, Some(name)) if name == "legacyPackages" => {
                            rest = rest.get(1..).filter(|_| !rest.is_empty())?;
                            Set::Packages(Vec::new())
                        }
                        (set, name) => self.below(set, &name?)?,
                    };
                }
                Some(set)
            }
            ast::Expr::Apply(call) => self.call(call, scopes, steps),
            _ => None,
        }
    }

    fn named(&self, name: &str, scopes: &Scopes, steps: usize) -> Option<Set> {
        match scopes.find(name) {
            Some(Binding::Value(value)) => self.follow(value, scopes, steps),
            Some(Binding::From(set, name)) => self.below(self.follow(set, scopes, steps)?, name),
            Some(Binding::Argument { of, .. }) if self.is_outputs(of) => self.below(Set::Inputs, name),
            Some(Binding::Whole { of }) if self.is_outputs(of) => Some(Set::Inputs),
            // By convention, as in modules and in `shell.nix`.
            Some(Binding::Argument { .. } | Binding::Whole { .. }) | None if name == "pkgs" => {
                Some(Set::Packages(Vec::new()))
            }
            Some(Binding::Argument { default: Some(default), .. }) => self.follow(default, scopes, steps),
            _ => None,
        }
    }

    fn is_outputs(&self, lambda: &ast::Lambda) -> bool {
        self.outputs == Some(lambda)
    }

    /// What an attribute of a set stands for.
    fn below(&self, set: Set, name: &str) -> Option<Set> {
        match set {
            Set::Inputs => self.is_nixpkgs(name).then_some(Set::Nixpkgs),
            // As where somebody takes the flake for its packages.
            Set::Nixpkgs => (!super::nixpkgs::has(name)).then(|| Set::Packages(vec![name.to_owned()])),
            Set::Packages(mut path) => {
                path.push(name.to_owned());
                Some(Set::Packages(path))
            }
        }
    }

    fn is_nixpkgs(&self, input: &str) -> bool {
        match self.inputs.iter().find(|declared| declared.name == input) {
            Some(declared) => declared.url.as_deref().is_some_and(|url| Nixpkgs::of(url).is_some()),
            None => input == "nixpkgs",
        }
    }

    /// `import nixpkgs { … }`, and the packages built with another Erlang.
    fn call(&self, call: &ast::Apply, scopes: &Scopes, steps: usize) -> Option<Set> {
        let function = call.lambda()?;
        if let ast::Expr::Apply(inner) = &function
            && let Some(ast::Expr::Ident(import)) = inner.lambda()
            && import.syntax().text() == "import"
        {
            let from = inner.argument()?;
            let nixpkgs = match &from {
                ast::Expr::PathSearch(path) => path.syntax().text() == "<nixpkgs>",
                from => is_tarball(from) || self.follow(from, scopes, steps) == Some(Set::Nixpkgs),
            };
            return nixpkgs.then(|| Set::Packages(Vec::new()));
        }
        match self.follow(&function, scopes, steps)? {
            Set::Packages(path) if path.last().is_some_and(|last| last == "packagesWith") => {
                Some(Set::Packages(vec!["beamPackages".to_owned()]))
            }
            _ => None,
        }
    }
}

/// Whether an expression fetches nixpkgs: `(fetchTarball "https://…/NixOS/nixpkgs/…")`.
fn is_tarball(expr: &ast::Expr) -> bool {
    // The call with its url is no larger than this.
    let texts = expr.syntax().descendants().take(64).filter_map(ast::Str::cast);
    matches!(expr, ast::Expr::Paren(_))
        && texts.filter_map(|text| literal(&text)).any(|url| Nixpkgs::of(&url).is_some())
}
