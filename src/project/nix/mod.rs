//! Nix's syntax, as far as a project's files need it.

mod bound;
mod mistake;
mod names;
mod scopes;
mod tokens;

pub use mistake::{Mistake, Semicolon};
pub(super) use names::{attr_names, literal, name, select};
pub(super) use scopes::{Binding, Scopes, Step, walk};
pub use tokens::nix_names;

use rnix::{Root, SyntaxNode};
use thiserror::Error;

/// A file that cannot be understood.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum NixError {
    /// It is not Nix.
    #[error("{}", .0.message)]
    Invalid(Box<Mistake>),
    /// It takes too much to read it.
    #[error("the file is too large or too deeply nested to be read")]
    TooMuch,
}

/// The tree of a file.
///
/// # Errors
/// The text is not Nix, or too much of it.
pub(super) fn parse(text: &str) -> Result<SyntaxNode, NixError> {
    if !bound::is_bounded(text) {
        return Err(NixError::TooMuch);
    }
    let parse = Root::parse(text);
    match parse.errors().first() {
        None => Ok(parse.syntax()),
        Some(error) => Err(match mistake::mistake(text, &parse, error) {
            Some(mistake) => NixError::Invalid(Box::new(mistake)),
            None => NixError::TooMuch,
        }),
    }
}

/// What is wrong with a file of Nix; `None`: nothing, as far as its syntax goes.
pub fn nix_mistake(text: &str) -> Option<NixError> {
    parse(text).err()
}
