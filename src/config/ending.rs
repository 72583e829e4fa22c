//! Ignores that end on some day.

use std::path::{Path, PathBuf};

use super::file::{self, Owner};
use super::words::Words;
use super::{Ignore, SettingsFile};
use crate::facts::Reading;
use crate::machine::Machine;

/// The ignores in the project's file and in the user's that have a last day.
pub fn ending_ignores(machine: &dyn Machine, project: &Path) -> Reading<Vec<Ignore>> {
    let user = user_folder(machine).map(|folder| (SettingsFile::of_user(machine, &folder), Owner::User));
    let files = [(SettingsFile::of_project(project), Owner::Project)].into_iter().chain(user);
    let mut ending = Vec::new();
    for (file, owner) in files {
        let source = match file.read(machine) {
            Ok(None) => continue,
            Ok(Some(source)) => source,
            Err(why) => return Reading::failed(why.to_string()),
        };
        match file::read(source, owner, &Words::any()) {
            Ok(layer) => ending.extend(layer.ignore.into_iter().filter(|ignore| ignore.until.is_some())),
            Err(_) => return Reading::failed(format!("{} has mistakes", file.name)),
        }
    }
    Reading::Present(ending)
}

/// The folder of the user's settings, as the machine's variables say.
fn user_folder(machine: &dyn Machine) -> Option<PathBuf> {
    let folder =
        |name: &str| machine.env(name).present().map(PathBuf::from).filter(|path| path.is_absolute());
    let config = folder("XDG_CONFIG_HOME").or_else(|| Some(folder("HOME")?.join(".config")))?;
    Some(config.join("envdoctor"))
}
