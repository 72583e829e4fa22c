//! The real machine: the one place that touches files, processes, the environment and the network.

mod answer;
mod aside;
mod ask;
mod change;
mod environment;
mod exchange;
mod execute;
mod files;
mod find;
mod git_index;
mod host;
mod http;
mod interruption;
mod listeners;
mod lock;
mod log;
mod network;
mod process;
mod processes;
mod relocate;
mod request;
mod screen;
mod tree;
mod until_interrupted;
mod users;

use std::ffi::OsString;
use std::io;
use std::path::{Path, PathBuf};
use std::time::Duration;

pub use answer::read_answer;
pub use aside::StdoutAside;
pub use environment::{cache_home, config_home, state_home};
pub use http::is_loopback;
pub use interruption::Interruption;
pub use lock::{Lock, LockError};
pub use log::{Log, LogError, open_log, open_stdin};
pub use screen::{Screen, can_ask};

pub(super) mod passthrough;

use self::process::Running;
use super::{Change, ChangeError, Finished, Machine, PassthroughError, Question, Reply, Watch};
use crate::facts::Reading;

/// The machine that envdoctor runs on.
#[derive(Clone, Debug)]
pub struct Live {
    deadline: Duration,
    running: Running,
}

impl Live {
    /// A machine that gives each program and each connection at most `deadline`.
    pub fn new(deadline: Duration) -> Self {
        Live { deadline, running: Running::default() }
    }

    /// The folder in which envdoctor was started.
    ///
    /// # Errors
    /// The folder is gone, or may not be read.
    pub fn current_dir() -> io::Result<PathBuf> {
        environment::current_dir()
    }

    /// What this machine calls itself.
    pub fn host_name() -> Option<String> {
        sysinfo::System::host_name().ok()
    }

    /// The words that envdoctor was started with.
    pub fn arguments() -> Vec<OsString> {
        std::env::args_os().collect()
    }

    /// Goes to another folder, as `-C DIR` asks.
    ///
    /// # Errors
    /// It is no folder, or may not be entered.
    pub fn change_dir(folder: &Path) -> io::Result<()> {
        std::env::set_current_dir(folder)
    }
}

impl Machine for Live {
    fn ask(&self, question: &Question) -> Reading<Reply> {
        ask::ask(question, self.deadline, &self.running)
    }

    fn stop(&self) {
        self.running.kill();
    }

    fn change(&self, change: &Change) -> Result<(), ChangeError> {
        change::make(change)
    }

    fn pass_through(
        &self,
        argv: &[OsString],
        watch: &Watch,
        output: &mut dyn FnMut(&[u8]),
    ) -> Result<Finished, PassthroughError> {
        passthrough::passthrough(argv, *watch, output)
    }
}
