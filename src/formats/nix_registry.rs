//! The names that Nix looks up where an input is not declared.

use std::collections::BTreeSet;

use serde::Deserialize;

/// The names in Nix's global registry (github.com/NixOS/flake-registry, flake-registry.json).
const GLOBAL: &[&str] = &[
    "agda",
    "blender-bin",
    "bundlers",
    "dreampkgs",
    "dwarffs",
    "emacs-overlay",
    "fenix",
    "flake-utils",
    "gemini",
    "home-manager",
    "hydra",
    "mach-nix",
    "nickel",
    "nimble",
    "nix",
    "nix-darwin",
    "nix-serve",
    "nixops",
    "nixos-hardware",
    "nixos-homepage",
    "nixos-search",
    "nixpkgs",
    "nur",
    "patchelf",
    "poetry2nix",
    "pridefetch",
    "templates",
];

/// Whether Nix's global registry has a name.
pub fn in_global_registry(name: &str) -> bool {
    GLOBAL.contains(&name)
}

#[derive(Deserialize)]
struct Registry {
    #[serde(default)]
    flakes: Vec<Entry>,
}

#[derive(Deserialize)]
struct Entry {
    from: From,
}

#[derive(Deserialize)]
struct From {
    id: Option<String>,
}

/// The names that a `registry.json` has; `None`: it is no registry.
pub fn parse_registry(text: &str) -> Option<BTreeSet<String>> {
    let registry: Registry = serde_json::from_str(text).ok()?;
    Some(registry.flakes.into_iter().filter_map(|entry| entry.from.id).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_registry_is_read() {
        let text = r#"{"flakes": [{"from": {"id": "mine", "type": "indirect"}, "to": {"path": "/x", "type": "path"}},
                       {"from": {"type": "github", "owner": "a", "repo": "b"}, "to": {}}], "version": 2}"#;
        assert_eq!(parse_registry(text), Some(BTreeSet::from(["mine".to_owned()])));
        assert_eq!(parse_registry("x"), None);
        assert!(in_global_registry("flake-utils") && !in_global_registry("flake-parts"));
        assert!(GLOBAL.is_sorted_by(|one, other| one < other));
    }
}
