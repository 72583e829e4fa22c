//! The rules in a folder into which a new one is to be written.

use std::path::Path;

use super::file::{RuleFile, is_rule, read};
use crate::machine::Machine;
use crate::rules::RuleSet;

/// Rules with those that lie in a folder beside a new one.
pub(in crate::cli) struct Beside {
    pub(in crate::cli) rules: RuleSet,
    /// There is also YAML that is no rule, or none that goes with the others.
    pub(in crate::cli) strangers: bool,
}

/// Reads those of the rules in a folder that are not known yet, if it is there. What cannot be read is not what the person
/// asks about.
pub(in crate::cli) fn beside(machine: &dyn Machine, folder: &Path, known: &RuleSet) -> Beside {
    let names = machine.list(folder).present().unwrap_or_default();
    let files = names.iter().filter(|name| is_rule(name));
    let mut rules = Vec::new();
    let mut strangers = false;
    for name in files {
        match read(machine, &RuleFile::new(folder, name, Path::new(name))).ok().and_then(Result::ok) {
            Some(rule) => rules.extend(Some(rule).filter(|it| known.get(&it.rule.id).is_none())),
            None => strangers = true,
        }
    }
    match known.clone().with(&rules) {
        Ok(rules) => Beside { rules, strangers },
        Err(_) => Beside { rules: known.clone(), strangers: true },
    }
}
