//! OpenCode's configuration files, as OpenCode finds them.

use std::path::{Path, PathBuf};

use super::super::Context;
use super::named;
use crate::facts::{Place, Reading};
use crate::project::{OpencodeConfig, parse_opencode};

/// A configuration file.
#[derive(Clone, Debug)]
pub(super) struct ConfigFile {
    pub(super) path: PathBuf,
    /// As a person names it.
    pub(super) name: String,
    pub(super) text: String,
    pub(super) config: OpencodeConfig,
    /// Whether it belongs to the project; else to the user.
    pub(super) of_project: bool,
}

impl ConfigFile {
    pub(super) fn place(&self, offset: usize) -> Place {
        Place::at(&self.name, &self.text, offset)
    }
}

/// Those that can be read, the project's first.
pub(super) fn files(context: &Context) -> Vec<ConfigFile> {
    let read = |(path, of_project): (PathBuf, bool)| {
        let text = context.machine().read(&path).present()?;
        let config = parse_opencode(&text);
        Some(ConfigFile { name: named(context, &path), path, text, config, of_project })
    };
    candidates(context).into_iter().filter_map(read).collect()
}

/// Why the first that cannot be read cannot; the user's own only if they count.
pub(super) fn unreadable<T>(context: &Context, with_users_own: bool) -> Option<Reading<T>> {
    let counting = candidates(context).into_iter().filter(|(_, of_project)| *of_project || with_users_own);
    let mut readings = counting.map(|(path, _)| context.machine().read(&path));
    readings
        .find(|reading| reading.why_unknown().is_some())
        .map(|reading| reading.and_then(|_| Reading::Absent))
}

/// Where OpenCode looks: from the project's folder up to the repository's root, what OPENCODE_CONFIG names, and the user's.
fn candidates(context: &Context) -> Vec<(PathBuf, bool)> {
    let machine = context.machine();
    let both = |folder: &Path| [folder.join("opencode.jsonc"), folder.join("opencode.json")];
    let mut files: Vec<(PathBuf, bool)> = Vec::new();
    for folder in upward_to_root(context) {
        let here = both(folder).into_iter().chain(both(&folder.join(".opencode")));
        files.extend(here.map(|file| (file, true)));
    }
    if let Some(file) = machine.env("OPENCODE_CONFIG").present().filter(|file| !file.is_empty()) {
        files.push((context.project.join(file), true));
    }
    if let Some(folder) = machine.env("OPENCODE_CONFIG_DIR").present().filter(|folder| !folder.is_empty()) {
        files.extend(both(&context.project.join(folder)).map(|file| (file, true)));
    }
    if let Some(config) = context.config_home() {
        let folder = config.join("opencode");
        files.extend(both(&folder).map(|file| (file, false)));
        files.push((folder.join("config.json"), false));
    }
    let mut seen = Vec::new();
    files.retain(|(file, _)| {
        !seen.contains(file) && {
            seen.push(file.clone());
            true
        }
    });
    files
}

/// The project's folder and those above it, as far as the repository goes; the folder alone where there is none.
fn upward_to_root(context: &Context) -> Vec<&Path> {
    let root = context.upward().position(|folder| context.machine().exists(&folder.join(".git")));
    context.upward().take(root.map_or(1, |root| root + 1)).collect()
}
