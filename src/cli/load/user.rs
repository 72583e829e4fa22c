//! The user's own rules: `rules` in their configuration.

use std::path::Path;

use super::Sources;
use super::file::{RuleFile, is_rule};
use crate::cli::Failure;
use crate::facts::Reading;
use crate::machine::{Machine, Walk};

/// The folder in the user's configuration.
const FOLDER: &str = "rules";

/// The ids of these rules, by the names of their files: none of them is read.
pub(in crate::cli) fn ids(machine: &dyn Machine, config: &Path) -> Vec<String> {
    let walk = Walk { hidden: false, within: None };
    let names = machine.resolve(config).present().and_then(|end| walk.files(machine, &end, FOLDER).ok());
    let stem = |name: &String| Some(Path::new(name).file_stem()?.to_string_lossy().into_owned());
    names.unwrap_or_default().iter().filter(|name| is_rule(name)).filter_map(stem).collect()
}

/// Their files, with links followed: tools that keep a configuration leave links there.
///
/// # Errors
/// What cannot be looked at.
pub(super) fn files(sources: &Sources<'_>) -> Result<Vec<RuleFile>, Failure> {
    let Some(config) = sources.config else { return Ok(Vec::new()) };
    if matches!(sources.machine.list(&config.join(FOLDER)), Reading::Absent) {
        return Ok(Vec::new());
    }
    let failed = |why| Failure(format!("{}: {why}", config.display()));
    let end = sources.machine.resolve(config).or_why("it is gone").map_err(failed)?;
    let walk = Walk { hidden: false, within: None };
    let names = walk.files(sources.machine, &end, FOLDER).map_err(failed)?;
    let names = names.iter().filter(|name| is_rule(name));
    Ok(names.map(|name| RuleFile::new(&end, name, &config.join(name))).collect())
}
