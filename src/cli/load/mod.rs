//! The rules, in their order: those built in, the user's, the project's, and those of the folders that the person names.

mod beside;
mod file;
mod named;
mod project;
mod user;

use std::path::Path;

use super::Failure;
use super::args::Global;
use crate::built_in;
use crate::machine::Machine;
use crate::rules::{Problems, ReadRule, RuleSet};
use crate::state::State;

pub(super) use beside::beside;
pub(super) use file::read_all;
pub(super) use project::{Unread, brought};
pub(super) use user::ids as user_ids;

/// Where rules are looked for.
pub(super) struct Sources<'a> {
    pub(super) machine: &'a dyn Machine,
    /// Where the person stands.
    pub(super) folder: &'a Path,
    /// The folder of the project.
    pub(super) root: &'a Path,
    /// The folder of the user's own rules and settings.
    pub(super) config: Option<&'a Path>,
    /// What knows which projects are trusted.
    pub(super) state: Option<&'a State>,
}

/// Which rules are read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Which {
    /// All that there are.
    All,
    /// Those built in and the user's, whatever the project and the command line name.
    Installed,
    /// None: what is asked for does not depend on them, and they may have mistakes.
    None,
}

/// The rules, and those among them that came from files.
pub(super) struct Loaded {
    pub(super) rules: RuleSet,
    pub(super) read: Vec<ReadRule>,
    /// Where in `read` those of `--rules` begin.
    pub(super) named: usize,
    /// The project's own rules, where they are not read.
    pub(super) unread: Option<Unread>,
}

/// Reads every rule.
///
/// # Errors
/// A folder that cannot be read, or every mistake in its files.
pub(super) fn rules(sources: &Sources<'_>, global: &Global, which: Which) -> Result<Loaded, Failure> {
    if which == Which::None {
        return Ok(Loaded { rules: RuleSet::default(), read: Vec::new(), named: 0, unread: None });
    }
    let all = which == Which::All;
    let named = if all { named::list(sources, global)? } else { Vec::new() };
    let (mut files, mut unread) = (Vec::new(), None);
    let only_named = all && global.without_built_in;
    if !only_named {
        files.extend(user::files(sources)?);
        if all {
            let own = project::own(sources);
            files.extend(own.files);
            unread = own.unread;
        }
    }
    // A folder of these can be named as well: then its rules are those that the person names.
    if !named.is_empty() {
        files.retain(|file| !named.iter().any(|other| other.path == file.path));
        unread = unread.and_then(|unread| unread.but(&named));
    }
    let packs = files.len();
    files.extend(named);
    let (mut read, mut problems) = (Vec::with_capacity(files.len()), Vec::new());
    for rule in read_all(sources.machine, &files) {
        match rule? {
            Ok(rule) => read.push(rule),
            Err(more) => problems.extend(more),
        }
    }
    if !problems.is_empty() {
        return Err(Problems(problems).into());
    }
    let known = if only_named { RuleSet::default() } else { built_in::rules() };
    Ok(Loaded { rules: known.with(&read)?, read, named: packs, unread })
}
