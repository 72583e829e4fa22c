//! The rules that come with envdoctor: read and checked when it is built.

use crate::rules::{RuleSet, pack};

static PACK: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/rules.pack"));

/// The built-in rules.
pub fn rules() -> RuleSet {
    RuleSet::from_checked(pack::decode(PACK).unwrap_or_default())
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_pack_holds_the_rules() {
        assert!(super::rules().get("fixed-output-hash-mismatch").is_some());
    }
}
