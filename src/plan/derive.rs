//! Captures that a tool did not print, worked out from what the project's files hold.

use std::collections::BTreeSet;
use std::path::Path;

use rnix::SyntaxKind;

use super::{place, spelling};
use crate::causes::Finding;
use crate::machine::Machine;
use crate::rules::{Candidates, Rule};

/// Adds the captures that `rule` derives and that no symptom brought.
pub fn derive(rule: &Rule, finding: &mut Finding, machine: &dyn Machine, project: &Path) {
    for derivation in &rule.derive {
        let (Some(wrong), Some(file)) =
            (finding.captures.get(&derivation.nearest), finding.captures.get(&derivation.file))
        else {
            continue;
        };
        if finding.captures.contains_key(&derivation.capture) {
            continue;
        }
        let Ok(file) = place::file(machine, project, file) else { continue };
        let Some(text) = machine.read(&file.path).present() else { continue };
        let candidates = match derivation.among {
            Candidates::NixAttributes => nix_attributes(&text),
        };
        if let Some(found) = spelling::nearest(wrong, &candidates) {
            finding.captures.insert(derivation.capture.clone(), found);
        }
    }
}

/// The attributes that a Nix file defines or selects.
fn nix_attributes(text: &str) -> BTreeSet<String> {
    let tree = rnix::Root::parse(text);
    let names = tree.syntax().descendants().filter(|node| {
        node.kind() == SyntaxKind::NODE_IDENT
            && node.parent().is_some_and(|parent| {
                matches!(parent.kind(), SyntaxKind::NODE_ATTRPATH | SyntaxKind::NODE_INHERIT)
            })
    });
    names.map(|node| node.text().to_string()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn attributes_are_those_defined_selected_or_inherited() {
        let found = nix_attributes("{ a.b = 1; inherit c; d = pkgs.elixir; e = x: [ x ");
        assert_eq!(found, ["a", "b", "c", "d", "e", "elixir"].map(str::to_owned).into());
    }
}
