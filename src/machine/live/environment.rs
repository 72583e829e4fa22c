//! Where envdoctor itself stands: its working folder, its own state and its configuration.

#![allow(clippy::disallowed_methods)]

use std::io;
use std::path::PathBuf;

use etcetera::BaseStrategy;
use etcetera::base_strategy::Xdg;

/// The folder below the XDG folders that is ours.
const FOLDER: &str = "envdoctor";

pub(super) fn current_dir() -> io::Result<PathBuf> {
    std::env::current_dir()
}

/// Where envdoctor keeps the last run, journals and backups: `$XDG_STATE_HOME/envdoctor`, on every system alike.
/// `None` where the user has no home folder.
pub fn state_home() -> Option<PathBuf> {
    Some(Xdg::new().ok()?.state_dir()?.join(FOLDER))
}

/// Where envdoctor keeps what it can learn again: `$XDG_CACHE_HOME/envdoctor`. `None` where the user has no home folder.
pub fn cache_home() -> Option<PathBuf> {
    Some(Xdg::new().ok()?.cache_dir().join(FOLDER))
}

/// Where the user's own rules and settings lie: `$XDG_CONFIG_HOME/envdoctor`. `None` where the user has no home folder.
pub fn config_home() -> Option<PathBuf> {
    Some(Xdg::new().ok()?.config_dir().join(FOLDER))
}
