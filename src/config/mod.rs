//! Settings: of the command line, the environment, the project's `envdoctor.yaml` and the user's `config.yaml`, read as
//! strictly as rules are.

mod choice;
mod file;
pub(crate) mod format;
mod layer;
mod policy;
mod requirements;
mod settings;
mod variables;
mod words;

use std::path::{Path, PathBuf};
use std::time::Duration;

use thiserror::Error;

use crate::facts::Reading;
use crate::machine::Machine;
use crate::rules::{Problems, Source};

pub use choice::Choice;
pub use layer::{FixSettings, Ignore, Layer, Origin, Stated};
pub use policy::{FixPolicy, Keep};
pub use requirements::Requirements;
pub use settings::{Settings, SettingsFileState};
pub use variables::VARIABLES;
pub use words::Words;

/// The user's settings, in envdoctor's folder.
const OF_USER: &str = "config.yaml";

/// The project's settings, in its own folder.
pub const OF_PROJECT: &str = "envdoctor.yaml";

/// Why the settings could not be read.
#[derive(Debug, Error)]
pub enum ConfigError {
    /// A file that is there and cannot be read.
    #[error("{name}: {why}")]
    Unreadable {
        /// The file.
        name: String,
        /// Why.
        why: String,
    },
    /// Mistakes in a file.
    #[error(transparent)]
    Mistakes(#[from] Problems),
    /// A mistake in a variable or an option.
    #[error("{name}: {message}{}", .help.as_ref().map(|help| format!(" ({help})")).unwrap_or_default())]
    Variable {
        /// The variable or option.
        name: &'static str,
        /// What is wrong with it.
        message: String,
        /// What to do about it.
        help: Option<String>,
    },
}

/// A time in seconds, such as `0.5`.
///
/// # Errors
/// What it must be.
pub fn seconds(text: &str) -> Result<Duration, &'static str> {
    let seconds = text.parse::<f64>().ok().and_then(|seconds| Duration::try_from_secs_f64(seconds).ok());
    seconds.filter(|time| !time.is_zero()).ok_or("a number of seconds above 0")
}

/// A file with settings.
struct SettingsFile {
    /// How the person is told of it.
    name: String,
    path: PathBuf,
    /// The folder that no link may leave: somebody else's file must not show what lies elsewhere.
    within: Option<PathBuf>,
}

impl SettingsFile {
    fn of_user(machine: &dyn Machine, folder: &Path) -> SettingsFile {
        let path = folder.join(OF_USER);
        let home = machine.env("HOME").present();
        let below = home.and_then(|home| Some(format!("~/{}", path.strip_prefix(home).ok()?.display())));
        SettingsFile { name: below.unwrap_or_else(|| path.display().to_string()), path, within: None }
    }

    fn of_project(project: &Path) -> SettingsFile {
        let (path, within) = (project.join(OF_PROJECT), Some(project.to_owned()));
        SettingsFile { name: OF_PROJECT.to_owned(), path, within }
    }

    /// Refuses a file that it names where that lies elsewhere: somebody else's file must not show what lies there.
    fn must_hold(&self, machine: &dyn Machine, path: &Path) -> Result<(), ConfigError> {
        let unreadable = |why: String| ConfigError::Unreadable { name: self.name.clone(), why };
        let (Some(within), Reading::Present(end)) = (&self.within, machine.resolve(path)) else {
            return Ok(());
        };
        let within = machine.resolve(within).or_why("its folder is gone").map_err(unreadable)?;
        match end.starts_with(within) {
            true => Ok(()),
            false => Err(unreadable(format!("it leads out of the project, to {}", end.display()))),
        }
    }

    /// The file's text; `None`: there is no such file.
    fn read(&self, machine: &dyn Machine) -> Result<Option<Source>, ConfigError> {
        let unreadable = |why: String| ConfigError::Unreadable { name: self.name.clone(), why };
        match machine.resolve(&self.path) {
            Reading::Absent => return Ok(None),
            other => other.or_why("").map_err(unreadable)?,
        };
        self.must_hold(machine, &self.path)?;
        let text = machine.read(&self.path).or_why("it is gone").map_err(unreadable)?;
        // Some editors begin a file with a mark that means nothing in UTF-8.
        let text = text.strip_prefix('\u{feff}').map(str::to_owned).unwrap_or(text);
        Ok(Some(Source { name: self.name.clone(), text }))
    }
}
