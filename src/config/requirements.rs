//! What the user and the project require.

use std::collections::BTreeSet;
use std::path::Path;

use super::file::{Owner, read};
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
    /// Reads those of the user's file in `user`, and of the project's; `known` are the ids of all rules.
    ///
    /// # Errors
    /// A file that cannot be read, or every mistake in one.
    pub fn load(
        machine: &dyn Machine,
        user: Option<&Path>,
        project: &Path,
        known: &BTreeSet<&str>,
    ) -> Result<Requirements, ConfigError> {
        let mut requirements = Requirements::default();
        if let Some(folder) = user
            && let Some(source) = SettingsFile::of_user(machine, folder).read(machine)?
        {
            requirements.all.extend(read(source, Owner::User, known)?.require);
        }
        if let Some(source) = SettingsFile::of_project(project).read(machine)? {
            requirements.project_text = Some(source.text.clone());
            requirements.all.extend(read(source, Owner::Project, known)?.require);
        }
        Ok(requirements)
    }
}
