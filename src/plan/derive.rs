//! Captures that a tool did not print, worked out from what the project's files hold.

use std::collections::BTreeSet;
use std::path::Path;

use rnix::SyntaxKind;

use super::place;
use crate::causes::Finding;
use crate::machine::Machine;
use crate::rules::{Candidates, Rule};

/// A suggestion may differ from the wrong word by one edit in so many letters.
const LETTERS_PER_EDIT: usize = 3;

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
        let Ok(files) = place::files(machine, project, file) else { continue };
        let texts = files.iter().filter_map(|file| machine.read(file).present());
        let candidates: BTreeSet<String> = match derivation.among {
            Candidates::NixAttributes => texts.flat_map(|text| nix_attributes(&text)).collect(),
        };
        if let Some(found) = nearest(wrong, &candidates) {
            finding.captures.insert(derivation.capture.clone(), found);
        }
    }
}

/// The one candidate that is nearest to a wrong word; none if none is near, or several are as near.
fn nearest(wrong: &str, candidates: &BTreeSet<String>) -> Option<String> {
    let mut near: Vec<(usize, &String)> = candidates
        .iter()
        .map(|word| (strsim::damerau_levenshtein(wrong, word), word))
        .filter(|(distance, word)| {
            *distance > 0 && *distance <= word.len().max(LETTERS_PER_EDIT) / LETTERS_PER_EDIT
        })
        .collect();
    near.sort();
    match near[..] {
        [(one, _), (other, _), ..] if one == other => None,
        [(_, word), ..] => Some(word.clone()),
        [] => None,
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

    #[test]
    fn only_a_near_and_unrivalled_word_is_suggested() {
        let words = ["elixir_1_17", "erlang_27", "nodejs"].map(str::to_owned).into();
        assert_eq!(nearest("elxir_1_17", &words).as_deref(), Some("elixir_1_17"));
        assert_eq!(nearest("postgresql", &words), None);
        assert_eq!(nearest("elixir_1_1", &["elixir_1_16", "elixir_1_17"].map(str::to_owned).into()), None);
        assert_eq!(nearest("nodejs", &words), None);
    }
}
