//! Paths that a rule names: below the project, or below the person's home.

use std::path::{Component, Path, PathBuf};

use super::Obstacle;
use super::place::{self, Place};
use super::prepare::Setting;
use crate::facts::Reading;
use crate::machine::Machine;
use crate::rules::Template;

/// Folders of the home that a variable can put elsewhere (XDG Base Directory Specification 0.8).
const XDG: &[(&str, &str)] = &[
    (".cache", "XDG_CACHE_HOME"),
    (".config", "XDG_CONFIG_HOME"),
    (".local/share", "XDG_DATA_HOME"),
    (".local/state", "XDG_STATE_HOME"),
];

/// The path that is meant: below the project or, written with `~/`, below the home, and never through a link out of it.
/// Nothing need be there.
///
/// Only the rule itself can mean the home: a captured value that begins so is a path of the project, and none in `.git`.
pub(super) fn path(template: &Template, written: &str, setting: Setting<'_>) -> Result<PathBuf, Obstacle> {
    let (base, rest) = match written.strip_prefix("~/").filter(|_| template.0.starts_with("~/")) {
        Some(rest) => in_home(rest, setting.machine)?,
        None => (setting.project.to_owned(), PathBuf::from(written)),
    };
    if template.placeholders().next().is_some() && place::in_git(&rest) {
        return Err(Obstacle::Blocked(format!("{written} is Git's own, and is left alone")));
    }
    within(&base, &rest, written, setting)
}

/// The path that a command changes. One that a fact names is absolute, and can be kept where it lies below the project or
/// the home.
///
/// A command that runs in a part of a project (an app of an umbrella, a folder below `flake.nix`) may change the whole
/// project's, so what is of that name in the folders above is meant too.
pub(super) fn changed(
    template: &Template,
    written: &str,
    setting: Setting<'_>,
) -> Result<Vec<PathBuf>, Obstacle> {
    let full = Path::new(written);
    if template.0.starts_with("~/") {
        return path(template, written, setting).map(|path| vec![path]);
    }
    if !full.is_absolute() {
        let own = path(template, written, setting)?;
        let root = place::root(setting.machine, setting.project);
        let above = setting.project.ancestors().skip(1).take_while(|folder| folder.starts_with(&root));
        let theirs = above.map(|folder| folder.join(written)).filter(|path| setting.machine.exists(path));
        return Ok(std::iter::once(own).chain(theirs).collect());
    }
    let bases = [Some(setting.project.to_owned()), home(setting.machine)];
    let below = bases.into_iter().flatten().find_map(|base| {
        let rest = full.strip_prefix(&base).ok()?.to_owned();
        Some((base, rest))
    });
    below.into_iter().map(|(base, rest)| within(&base, &rest, written, setting)).collect()
}

fn within(base: &Path, rest: &Path, written: &str, setting: Setting<'_>) -> Result<PathBuf, Obstacle> {
    if !is_below(rest) {
        return Err(Obstacle::Blocked(format!("{written} is no path below the project")));
    }
    // Without `.` and a `/` at the end.
    let full: PathBuf = base.join(rest).components().collect();
    let there = full.ancestors().find_map(|above| setting.machine.resolve(above).present());
    match (there, setting.machine.resolve(base)) {
        (Some(real), Reading::Present(base)) if !real.starts_with(&base) => {
            Err(Obstacle::Blocked(format!("{written} leads out of its folder")))
        }
        _ => Ok(full),
    }
}

/// The file of the home that a fixed path (`~/…`) means, whether or not it is there. Links that stay in the home are
/// followed: many keep such files in a folder of their own.
///
/// # Errors
/// Why it is left alone, as a sentence for a person.
pub(super) fn home_file(written: &str, setting: Setting<'_>) -> Result<Place, String> {
    let machine = setting.machine;
    let rest = written.strip_prefix("~/").unwrap_or(written);
    let (base, rest) = in_home(rest, machine).map_err(|obstacle| obstacle.why().to_owned())?;
    if !is_below(&rest) {
        return Err(format!("{written} is no path below the home"));
    }
    let path = base.join(&rest);
    let name = name(&path, setting);
    let found = path.ancestors().find_map(|above| Some((above, machine.resolve(above).present()?)));
    let Some((there, real)) = found else { return Ok(Place { path, within: rest }) };
    if real.starts_with("/nix/store") {
        let owner = "it is made by Nix: change your home-manager or NixOS configuration";
        return Err(format!("{name} leads into the Nix store; {owner}"));
    }
    let homes = [Some(base.clone()), home(machine)].into_iter().flatten();
    let mut homes = homes.filter_map(|home| machine.resolve(&home).present());
    if there.starts_with(&base) && !homes.any(|home| real.starts_with(&home)) {
        return Err(format!("{name} leads out of the home"));
    }
    if there != path && is_link_to_nothing(&path, machine) {
        return Err(format!("{name} is a link that leads nowhere"));
    }
    if matches!(machine.access(there), Reading::Denied) {
        return Err(format!("you may not write {name}"));
    }
    Ok(Place { path, within: rest })
}

/// The file of the project that a fixed path means, whether or not it is there.
///
/// # Errors
/// Why it is left alone, as a sentence for a person.
pub(super) fn project_file(written: &str, setting: Setting<'_>) -> Result<Place, String> {
    let path = setting.project.join(written);
    if setting.machine.exists(&path) {
        return place::file(setting.machine, setting.project, written);
    }
    let template = Template(written.to_owned());
    let path = self::path(&template, written, setting).map_err(|obstacle| obstacle.why().to_owned())?;
    if place::in_git(Path::new(written)) {
        return Err(format!("{written} is Git's own, and is left alone"));
    }
    if is_link_to_nothing(&path, setting.machine) {
        return Err(format!("{written} is a link that leads nowhere"));
    }
    Ok(Place { path, within: PathBuf::from(written) })
}

/// A file as a person would name it: from the project's folder, or from the home.
pub(super) fn name(path: &Path, setting: Setting<'_>) -> String {
    let below = |folder: Option<PathBuf>| path.strip_prefix(folder?).ok().map(Path::to_owned);
    match (path.strip_prefix(setting.project), below(home(setting.machine))) {
        (Ok(name), _) => name.display().to_string(),
        (Err(_), Some(name)) => format!("~/{}", name.display()),
        (Err(_), None) => path.display().to_string(),
    }
}

/// Whether a link stands there, and what it leads to does not.
fn is_link_to_nothing(path: &Path, machine: &dyn Machine) -> bool {
    let (Some(folder), Some(name)) = (path.parent(), path.file_name()) else { return false };
    let names = machine.list(folder).present().unwrap_or_default();
    !machine.exists(path) && names.iter().any(|other| other.as_str() == name)
}

fn is_below(rest: &Path) -> bool {
    !rest.as_os_str().is_empty() && rest.components().all(|part| matches!(part, Component::Normal(_)))
}

fn home(machine: &dyn Machine) -> Option<PathBuf> {
    machine.env("HOME").present().map(PathBuf::from).filter(|home| home.is_absolute())
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
    let home = home(machine).ok_or_else(|| Obstacle::Unfit("HOME is not set".to_owned()))?;
    Ok((home, rest.to_owned()))
}
