//! Nix, its store and its shells.

use super::Known;

pub(super) const FACTS: &[Known] = &[];
