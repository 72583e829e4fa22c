//! A folder of its own for each test, and the shell scripts that run in it. Scripts find the program as `$E`.

use std::path::PathBuf;
use std::process::{Command, Output};
use std::time::{Duration, Instant};

/// Long enough for a busy machine: only a failure waits for it.
pub(crate) const PATIENCE: Duration = Duration::from_secs(30);

/// A folder of its own, with a doctor who has no past.
pub(crate) struct World {
    folder: tempfile::TempDir,
}

impl World {
    pub(crate) fn new() -> Self {
        Self { folder: tempfile::tempdir().unwrap() }
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    pub(crate) fn read(&self, name: &str) -> String {
        std::fs::read_to_string(self.path(name)).unwrap_or_default()
    }

    /// Prepares `program` to run in the folder.
    pub(crate) fn command(&self, program: &str) -> Command {
        let mut command = Command::new(program);
        command.current_dir(self.folder.path()).env("E", assert_cmd::cargo::cargo_bin!("envdoctor"));
        for home in ["HOME", "XDG_CONFIG_HOME", "XDG_STATE_HOME", "XDG_CACHE_HOME", "XDG_DATA_HOME"] {
            command.env(home, self.folder.path());
        }
        command.env("LC_ALL", "C").env_remove("ENV").env("PS1", "$ ");
        command
    }

    pub(crate) fn script(&self, script: &str) -> Command {
        let mut command = self.command("sh");
        command.args(["-c", script]);
        command
    }

    /// Runs a script with no terminal anywhere.
    pub(crate) fn run(&self, script: &str) -> Output {
        self.script(script).stdin(std::process::Stdio::null()).output().unwrap()
    }
}

/// Tries until it comes true.
pub(crate) fn eventually(what: &str, mut holds: impl FnMut() -> bool) {
    let started = Instant::now();
    while !holds() {
        assert!(started.elapsed() < PATIENCE, "never: {what}");
        std::thread::sleep(Duration::from_millis(20));
    }
}
