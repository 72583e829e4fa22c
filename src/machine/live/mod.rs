//! The real machine: the one place that touches files, processes, the environment and the network.

mod ask;
mod change;
mod environment;
mod files;
mod find;
mod host;
mod network;
mod process;
mod relocate;

use std::io;
use std::path::PathBuf;
use std::time::Duration;

pub use environment::{config_home, state_home};

pub(super) mod passthrough;

use super::{Change, ChangeError, Machine, Question, Reply};
use crate::facts::Reading;

/// The machine that envdoctor runs on.
#[derive(Clone, Debug)]
pub struct Live {
    deadline: Duration,
}

impl Live {
    /// A machine that gives each program and each connection at most `deadline`.
    pub fn new(deadline: Duration) -> Self {
        Live { deadline }
    }

    /// The folder in which envdoctor was started.
    ///
    /// # Errors
    /// The folder is gone, or may not be read.
    pub fn current_dir() -> io::Result<PathBuf> {
        environment::current_dir()
    }
}

impl Machine for Live {
    fn ask(&self, question: &Question) -> Reading<Reply> {
        ask::ask(question, self.deadline)
    }

    fn change(&self, change: &Change) -> Result<(), ChangeError> {
        change::make(change)
    }
}
