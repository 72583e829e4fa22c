//! Paths that a rule names: below the project, or below the person's home.

use std::path::{Component, Path, PathBuf};

use super::Obstacle;
use super::prepare::Setting;
use crate::facts::Reading;
use crate::machine::Machine;

/// Folders of the home that a variable can put elsewhere (XDG Base Directory Specification 0.8).
const XDG: &[(&str, &str)] = &[
    (".cache", "XDG_CACHE_HOME"),
    (".config", "XDG_CONFIG_HOME"),
    (".local/share", "XDG_DATA_HOME"),
    (".local/state", "XDG_STATE_HOME"),
];

/// The path that is meant: below the project or, written with `~/`, below the home, and never through a link out of it.
/// Nothing need be there.
pub(super) fn path(written: &str, setting: Setting<'_>) -> Result<PathBuf, Obstacle> {
    let (base, rest) = match written.strip_prefix("~/") {
        Some(rest) => in_home(rest, setting.machine)?,
        None => (setting.project.to_owned(), PathBuf::from(written)),
    };
    if rest.as_os_str().is_empty() || rest.components().any(|part| !matches!(part, Component::Normal(_))) {
        return Err(Obstacle::Blocked(format!("{written} is no path below the project")));
    }
    let full = base.join(rest);
    let there = full.ancestors().find_map(|above| setting.machine.resolve(above).present());
    match (there, setting.machine.resolve(&base)) {
        (Some(real), Reading::Present(base)) if !real.starts_with(&base) => {
            Err(Obstacle::Blocked(format!("{written} leads out of its folder")))
        }
        _ => Ok(full),
    }
}

/// The folder that `~/` and the first words of a path stand for, and the rest of the path.
fn in_home(rest: &str, machine: &dyn Machine) -> Result<(PathBuf, PathBuf), Obstacle> {
    let rest = Path::new(rest);
    for (usual, variable) in XDG {
        if let Ok(below) = rest.strip_prefix(usual)
            && let Some(folder) = machine.env(variable).present().map(PathBuf::from)
            && folder.is_absolute()
        {
            return Ok((folder, below.to_owned()));
        }
    }
    let home = machine.env("HOME").present().map(PathBuf::from).filter(|home| home.is_absolute());
    let home = home.ok_or_else(|| Obstacle::Unfit("HOME is not set".to_owned()))?;
    Ok((home, rest.to_owned()))
}
