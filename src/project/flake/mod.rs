//! What a `flake.nix` says, read without evaluating it.

mod absent;
mod expression;
mod hooks;
mod inputs;
mod nixpkgs;
mod outputs;
mod sets;

pub use absent::cannot_exist;
pub use expression::{Expression, Package, PathUse};
pub(super) use hooks::plain;
pub use hooks::{Export, Hook, exports};
pub use inputs::{FlakeInput, Nixpkgs};
pub use outputs::{Arguments, is_system};

use rnix::{SyntaxNode, ast};
use rowan::ast::AstNode;

use super::located::Located;
use super::nix::{Mistake, NixError, parse};

/// A flake, as its `flake.nix` describes it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Flake {
    /// The inputs that it declares, in order.
    pub inputs: Vec<FlakeInput>,
    /// What the function `outputs` takes; `None` where only evaluating would tell.
    pub arguments: Option<Arguments>,
    /// Outputs that belong under a system, such as `devShells.default`, and stand directly under the outputs.
    pub without_system: Vec<Located<String>>,
    /// The names of the development shells, in order; not those that are computed.
    pub shells: Vec<Located<String>>,
    /// What its expressions use.
    pub expression: Expression,
}

impl Flake {
    /// The arguments of `outputs` that no input declares: Nix takes them from its registry.
    pub fn undeclared(&self) -> Vec<&Located<String>> {
        let declared = |name: &str| self.inputs.iter().any(|input| input.name == name);
        let arguments = self.arguments.iter().flat_map(|arguments| &arguments.names);
        arguments.filter(|name| name.value != "self" && !declared(&name.value)).collect()
    }

    /// The inputs that `outputs` is given but does not take.
    pub fn unaccepted(&self) -> Vec<Located<String>> {
        let Some(arguments) = self.arguments.as_ref().filter(|arguments| !arguments.open) else {
            return Vec::new();
        };
        let taken = |name: &str| arguments.names.iter().any(|argument| argument.value == name);
        let itself = Located { value: "self".to_owned(), offset: arguments.offset };
        let inputs =
            self.inputs.iter().map(|input| Located { value: input.name.clone(), offset: input.offset });
        inputs.chain([itself]).filter(|given| !taken(&given.value)).collect()
    }
}

/// Reads a `flake.nix`.
///
/// # Errors
/// The text is no flake, or too much of it.
pub fn parse_flake(text: &str) -> Result<Flake, NixError> {
    let tree = parse(text)?;
    let set = top(&tree)?;
    let inputs = inputs::inputs(&set);
    let function = outputs::function(&set);
    let outputs = function.as_ref().and_then(outputs::outputs);
    Ok(Flake {
        arguments: function.as_ref().and_then(outputs::arguments),
        without_system: outputs.map(|body| outputs::without_system(&body)).unwrap_or_default(),
        shells: outputs::shells(&tree),
        expression: expression::expression(&tree, text, function.as_ref(), &inputs),
        inputs,
    })
}

/// Reads a `shell.nix`, or another file of Nix that is no flake.
///
/// # Errors
/// The text is not Nix, or too much of it.
pub fn parse_nix(text: &str) -> Result<Expression, NixError> {
    let tree = parse(text)?;
    Ok(expression::expression(&tree, text, None, &[]))
}

/// The set that a flake is.
fn top(tree: &SyntaxNode) -> Result<ast::AttrSet, NixError> {
    let expr = ast::Root::cast(tree.clone()).and_then(|root| root.expr());
    let begin = expr.as_ref().map_or(0, |expr| expr.syntax().text_range().start().into());
    match expr {
        Some(ast::Expr::AttrSet(set)) => Ok(set),
        // Nix evaluates nothing to get at the inputs: not even a `let` may stand around the set.
        _ => Err(NixError::Invalid(Box::new(Mistake {
            offset: begin,
            reached: begin,
            message: "a flake is one set, `{ inputs = …; outputs = …; }`, and this is none".to_owned(),
            semicolon: None,
        }))),
    }
}

#[cfg(test)]
mod tests;
