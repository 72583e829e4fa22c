//! The forms of lines that the scan itself knows, apart from all rules.
//!
//! They are ASCII, but for what `(?u:…)` says: an automaton that knows all letters takes many times as long to make, and
//! that is most of what a short log costs.

use regex::bytes::{Regex, RegexBuilder, RegexSet, RegexSetBuilder};

/// A form of the scan's own.
pub(super) fn form(pattern: &str) -> Option<Regex> {
    RegexBuilder::new(pattern).unicode(false).build().ok()
}

/// Several of them.
pub(super) fn forms<const N: usize>(patterns: [&str; N]) -> Option<RegexSet> {
    RegexSetBuilder::new(patterns).unicode(false).build().ok()
}
