//! Which rules are asked for, as settings say.

use super::Layer;
use crate::rules::Rule;

/// Whether a rule is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Choice {
    /// It is.
    Asked,
    /// Others are: what it brings about may be among them.
    NotNamed,
    /// Somebody leaves it out.
    LeftOut,
}

/// Whether a rule is asked for: the nearest layer that has something to say of it decides.
pub(super) fn choose<'l>(layers: impl Iterator<Item = &'l Layer>, rule: &Rule) -> Choice {
    for layer in layers {
        let named = |words: &[super::Stated<String>]| words.iter().any(|word| rule.is_named(&word.value));
        if named(&layer.skip) {
            return Choice::LeftOut;
        }
        match layer.only.is_empty() {
            true => {}
            false if named(&layer.only) => return Choice::Asked,
            false => return Choice::NotNamed,
        }
    }
    Choice::Asked
}
