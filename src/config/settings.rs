//! All settings together, the nearest place first.

use std::path::{Path, PathBuf};
use std::time::Duration;

use jiff::civil::Date;

use super::choice::{Choice, choose};
use super::file::{self, Owner};
use super::layer::{Ignore, Layer, Origin, Stated};
use super::words::Words;
use super::{ConfigError, FixPolicy, SettingsFile, variables};
use crate::facts::Severity;
use crate::machine::Machine;
use crate::rules::Rule;

/// How long a question may take where nobody says otherwise.
const TIMEOUT: Duration = Duration::from_secs(2);

/// All settings.
#[derive(Clone, Debug, Default)]
pub struct Settings {
    /// The command line, the environment, the project, the user.
    layers: Vec<Layer>,
    files: Vec<SettingsFileState>,
}

/// A file in which settings can stand.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SettingsFileState {
    /// How the person is told of it.
    pub name: String,
    /// Whether it is there.
    pub present: bool,
}

impl Settings {
    /// The settings of the command line (`flags`), the environment, the project's file in `project`, and the user's in `user`.
    ///
    /// # Errors
    /// A file that cannot be read, or every mistake in one.
    pub fn load(
        machine: &dyn Machine,
        flags: Layer,
        project: &Path,
        user: Option<&Path>,
        words: &Words<'_>,
    ) -> Result<Settings, ConfigError> {
        check_flags(&flags, words)?;
        let mut settings =
            Settings { layers: vec![flags, variables::read(machine, words)?], files: Vec::new() };
        settings.take(machine, &SettingsFile::of_project(project), Owner::Project, words)?;
        if let Some(folder) = user {
            settings.take(machine, &SettingsFile::of_user(machine, folder), Owner::User, words)?;
        }
        Ok(settings)
    }

    /// Nothing but what the command line says.
    pub fn of_flags(flags: Layer) -> Settings {
        Settings { layers: vec![flags], files: Vec::new() }
    }

    fn take(
        &mut self,
        machine: &dyn Machine,
        file: &SettingsFile,
        owner: Owner,
        words: &Words<'_>,
    ) -> Result<(), ConfigError> {
        let source = file.read(machine)?;
        self.files.push(SettingsFileState { name: file.name.clone(), present: source.is_some() });
        let Some(source) = source else { return Ok(()) };
        let mut layer = file::read(source, owner, words)?;
        // It is meant from where the file lies.
        if let (Some(baseline), Some(folder)) = (&mut layer.baseline, file.path.parent()) {
            baseline.value = folder.join(&baseline.value);
            file.must_hold(machine, &baseline.value)?;
        }
        self.layers.push(layer);
        Ok(())
    }

    /// The severity from which the exit code is 1.
    pub fn fail_on(&self) -> Stated<Severity> {
        self.nearest(|layer| layer.fail_on.clone(), Severity::Error)
    }

    /// How long a question to the machine may take.
    pub fn timeout(&self) -> Stated<Duration> {
        self.nearest(|layer| layer.timeout.clone(), TIMEOUT)
    }

    /// The report whose findings do not count.
    pub fn baseline(&self) -> Option<Stated<PathBuf>> {
        self.layers.iter().find_map(|layer| layer.baseline.clone())
    }

    /// Whether a rule is asked for.
    pub fn choice(&self, rule: &Rule) -> Choice {
        choose(self.layers.iter(), rule)
    }

    /// Whether some rules are not asked for.
    pub fn choose(&self) -> bool {
        self.layers.iter().any(|layer| !layer.only.is_empty() || !layer.skip.is_empty())
    }

    /// How bad findings of a rule are, where somebody says so.
    pub fn severity(&self, rule: &str) -> Option<&Stated<Severity>> {
        self.layers.iter().find_map(|layer| layer.severity.get(rule))
    }

    /// What says that findings of a rule do not count on this day (UTC).
    pub fn ignore(&self, rule: &str, today: Date) -> Option<&Ignore> {
        let in_force =
            |ignore: &&Ignore| ignore.rule == rule && ignore.until.is_none_or(|until| today <= until);
        self.ignores().find(in_force)
    }

    /// Everything that says so, in force or not.
    pub fn ignores(&self) -> impl Iterator<Item = &Ignore> {
        self.layers.iter().flat_map(|layer| &layer.ignore)
    }

    /// What `fix` may do.
    pub fn fix_policy(&self) -> FixPolicy {
        // The user's word stands first where two say the same.
        FixPolicy::of(self.layers.iter().rev().map(|layer| &layer.fix))
    }

    /// The files in which settings can stand.
    pub fn files(&self) -> &[SettingsFileState] {
        &self.files
    }

    /// The layers, the nearest first.
    pub fn layers(&self) -> &[Layer] {
        &self.layers
    }

    fn nearest<T>(&self, of: impl Fn(&Layer) -> Option<Stated<T>>, built_in: T) -> Stated<T> {
        self.layers.iter().find_map(of).unwrap_or(Stated::new(built_in, Origin::BuiltIn))
    }
}

fn check_flags(flags: &Layer, words: &Words<'_>) -> Result<(), ConfigError> {
    for word in flags.only.iter().chain(&flags.skip) {
        if let (Some((message, help)), Origin::Flag(name)) = (words.unknown(&word.value), &word.origin) {
            return Err(ConfigError::Variable { name, message, help });
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests;
