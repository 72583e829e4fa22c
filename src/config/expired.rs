//! Ignores whose last day is over.

use std::path::{Path, PathBuf};

use jiff::civil::Date;

use super::file::{self, Owner};
use super::words::Words;
use super::{Ignore, SettingsFile};
use crate::facts::Reading;
use crate::machine::Machine;

/// The ignores in the project's file and in the user's that are over on this day (UTC).
pub fn expired_ignores(machine: &dyn Machine, project: &Path, today: Date) -> Reading<Vec<Ignore>> {
    let user = user_folder(machine).map(|folder| (SettingsFile::of_user(machine, &folder), Owner::User));
    let files = [(SettingsFile::of_project(project), Owner::Project)].into_iter().chain(user);
    let mut expired = Vec::new();
    for (file, owner) in files {
        let source = match file.read(machine) {
            Ok(None) => continue,
            Ok(Some(source)) => source,
            Err(why) => return Reading::failed(why.to_string()),
        };
        match file::read(source, owner, &Words::any()) {
            Ok(layer) => expired.extend(
                layer.ignore.into_iter().filter(|ignore| ignore.until.is_some_and(|until| until < today)),
            ),
            Err(_) => return Reading::failed(format!("{} has mistakes", file.name)),
        }
    }
    Reading::Present(expired)
}

/// The folder of the user's settings, as the machine's variables say.
fn user_folder(machine: &dyn Machine) -> Option<PathBuf> {
    let folder =
        |name: &str| machine.env(name).present().map(PathBuf::from).filter(|path| path.is_absolute());
    let config = folder("XDG_CONFIG_HOME").or_else(|| Some(folder("HOME")?.join(".config")))?;
    Some(config.join("envdoctor"))
}
