//! What the user and the project require.

use std::path::Path;

use super::file::{Owner, read};
use super::words::Words;
use super::{ConfigError, SettingsFile};
use crate::machine::Machine;
use crate::require::Requirement;

/// What the user and the project require, the user's first.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Requirements {
    /// All of them.
    pub all: Vec<Requirement>,
    /// The text of the project's file, in which its own stand.
    pub project_text: Option<String>,
}

impl Requirements {
    /// Reads those of the user's file in `user`, and of the project's. Which rules the files name is for others to check.
    ///
    /// # Errors
    /// A file that cannot be read, or every mistake in one.
    pub fn load(
        machine: &dyn Machine,
        user: Option<&Path>,
        project: &Path,
    ) -> Result<Requirements, ConfigError> {
        let mut requirements = Requirements::default();
        let any = Words::any();
        if let Some(folder) = user
            && let Some(source) = SettingsFile::of_user(machine, folder).read(machine)?
        {
            requirements.all.extend(read(source, Owner::User, &any)?.require);
        }
        if let Some(source) = SettingsFile::of_project(project).read(machine)? {
            requirements.project_text = Some(source.text.clone());
            requirements.all.extend(read(source, Owner::Project, &any)?.require);
        }
        Ok(requirements)
    }
}
