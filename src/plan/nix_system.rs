//! Putting the system into a flake where it is missing: between an output and its name, and behind a `nixpkgs` that is
//! used as if it were its packages. Pure.

use std::collections::BTreeSet;

use rnix::ast::{self, HasEntry, Param};
use rnix::{SyntaxKind, SyntaxNode};
use rowan::ast::AstNode;

use super::replace::{Replacement, apply};
use crate::project::{Flake, is_system, parse_flake};

/// What is to be inserted, so that nothing lacks its system any more.
///
/// # Errors
/// Why it cannot be done, as a clause that follows the file's name.
pub(super) fn complete(text: &str) -> Result<Vec<Replacement>, String> {
    let flake = parse_flake(text).map_err(|_| "is no flake that can be read".to_owned())?;
    let tree = rnix::Root::parse(text).syntax();
    let mut found = Vec::new();
    for node in tree.descendants() {
        let Some(end) = lacking(&node, &flake) else { continue };
        let system =
            system(&node, &flake).ok_or("writes no system, or several: which one is meant is not known")?;
        let set = if node.kind() == SyntaxKind::NODE_IDENT { ".legacyPackages" } else { "" };
        found.push((end..end, format!("{set}.{system}")));
    }
    if found.is_empty() {
        return Err("lacks no system where it could be inserted".to_owned());
    }
    match parse_flake(&apply(text, &found)) {
        Ok(after) if after.without_system.is_empty() && after.expression.taken_from_flake.is_empty() => {
            Ok(found)
        }
        _ => Err("lacks a system in a form that this cannot complete".to_owned()),
    }
}

/// Where the system belongs, if this is an output that lacks it, or a `nixpkgs` that is used as packages.
fn lacking(node: &SyntaxNode, flake: &Flake) -> Option<usize> {
    let start = |node: &SyntaxNode| usize::from(node.text_range().start());
    let end = |node: &SyntaxNode| usize::from(node.text_range().end());
    if let Some(entry) = ast::AttrpathValue::cast(node.clone()) {
        let lacks = flake.without_system.iter().any(|output| output.offset == start(node));
        return lacks.then(|| entry.attrpath()?.attrs().next().map(|attr| end(attr.syntax()))).flatten();
    }
    if flake.expression.taken_from_flake.is_empty()
        || node.kind() != SyntaxKind::NODE_IDENT
        || node.text() != "nixpkgs"
    {
        return None;
    }
    let parent = node.parent()?;
    let is_packages = match parent.kind() {
        SyntaxKind::NODE_SELECT => {
            flake.expression.taken_from_flake.iter().any(|taken| taken.offset == start(&parent))
        }
        SyntaxKind::NODE_WITH => ast::With::cast(parent)?.namespace()?.syntax() == node,
        // An alias of another name may be used as the flake.
        SyntaxKind::NODE_ATTRPATH_VALUE => {
            let entry = ast::AttrpathValue::cast(parent)?;
            entry.attrpath()?.syntax().text() == "pkgs" && entry.value()?.syntax() == node
        }
        _ => false,
    };
    is_packages.then(|| end(node))
}

/// The system at a place: a variable of that name, or the only one that the flake writes out.
fn system(node: &SyntaxNode, flake: &Flake) -> Option<String> {
    if node.ancestors().skip(1).any(|above| binds_system(&above)) {
        return Some("${system}".to_owned());
    }
    let texts = flake.expression.systems.iter().map(|system| system.value.clone());
    let names = node.ancestors().last()?.descendants().filter(|it| it.kind() == SyntaxKind::NODE_IDENT);
    let names = names.map(|name| name.text().to_string()).filter(|name| is_system(name));
    let mut all: BTreeSet<String> = texts.chain(names).collect();
    let only = all.pop_first()?;
    all.is_empty().then_some(only)
}

/// Whether `system` stands for a system below this node: as the argument of a function, or with a value written out.
fn binds_system(node: &SyntaxNode) -> bool {
    if let Some(function) = ast::Lambda::cast(node.clone()) {
        return matches!(function.param(), Some(Param::IdentParam(name)) if name.syntax().text() == "system");
    }
    let Some(bindings) = ast::LetIn::cast(node.clone()) else { return false };
    bindings.attrpath_values().any(|entry| {
        let named = entry.attrpath().is_some_and(|path| path.syntax().text() == "system");
        let written = entry.value().map(|value| value.syntax().text().to_string()).unwrap_or_default();
        named && written.len() > 2 && is_system(written.trim_matches('"')) && !written.contains(['$', ' '])
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn completed(outputs: &str) -> Result<String, String> {
        let text = format!(
            "{{ inputs.nixpkgs.url = \"github:NixOS/nixpkgs\"; outputs = {{ self, nixpkgs }}: {outputs}; }}"
        );
        let after = apply(&text, &complete(&text)?);
        let (_, after) = after.split_once("nixpkgs }: ").unwrap();
        Ok(after.strip_suffix("; }").unwrap().to_owned())
    }

    #[test]
    fn the_system_is_put_where_it_belongs() {
        for (before, after) in [
            (
                "let system = \"x86_64-linux\"; pkgs = nixpkgs; in { devShells.default = pkgs.mkShell { }; }",
                "let system = \"x86_64-linux\"; pkgs = nixpkgs.legacyPackages.${system}; in \
                 { devShells.${system}.default = pkgs.mkShell { }; }",
            ),
            (
                "let pkgs = nixpkgs.legacyPackages.aarch64-darwin; in { packages = { default = pkgs.hello; }; # é\n }",
                "let pkgs = nixpkgs.legacyPackages.aarch64-darwin; in { packages.aarch64-darwin = { default = pkgs.hello; }; # é\n }",
            ),
            (
                "{ devShells = nixpkgs.lib.genAttrs [ \"x86_64-linux\" \"aarch64-darwin\" ] (system: \
                 { default = nixpkgs.mkShell { packages = with nixpkgs; [ hello ]; }; }); }",
                "{ devShells = nixpkgs.lib.genAttrs [ \"x86_64-linux\" \"aarch64-darwin\" ] (system: \
                 { default = nixpkgs.legacyPackages.${system}.mkShell { packages = with nixpkgs.legacyPackages.${system}; [ hello ]; }; }); }",
            ),
        ] {
            assert_eq!(completed(before).as_deref(), Ok(after));
        }
    }

    #[test]
    fn what_is_not_certain_is_left() {
        for outputs in [
            "{ devShells.default = nixpkgs.mkShell { }; }",
            "{ devShells.default = 1; a = [ \"x86_64-linux\" \"aarch64-darwin\" ]; }",
            "{ devShells.x86_64-linux.default = 1; }",
            "let n = nixpkgs; in { devShells.x86_64-linux.default = n.mkShell { }; }",
            "let system = builtins.currentSystem; in { devShells.default = nixpkgs.mkShell { }; }",
            "{ devShells.default = ",
        ] {
            completed(outputs).unwrap_err();
        }
    }
}
