//! Machines that are written down, and what is said of them.

use std::process::Command;

use tempfile::TempDir;

use crate::report::{Finding, Report, Said};

/// What a command that takes `--facts` says of a recorded machine.
pub(crate) fn says(recording: &str, arguments: &[&str]) -> Said {
    let folder = TempDir::new().unwrap();
    let file = folder.path().join("machine.yaml");
    std::fs::write(&file, recording).unwrap();
    let mut command = Command::new(env!("CARGO_BIN_EXE_envdoctor"));
    command.args(arguments).arg("--facts").arg(&file).current_dir(&folder);
    command.env_clear().env("HOME", folder.path()).env("COLUMNS", "80");
    Said::of(command.output().unwrap())
}

/// What `check` reports of a recorded machine.
pub(crate) fn check(recording: &str) -> Report {
    Report::of(&says(recording, &["check", "--format", "json"]))
}

/// A machine on which nothing is but what its recording says, with a project in /home/user/app.
pub(crate) struct Machine(String);

impl Machine {
    /// The machine with these files, paths as they are or from the project's folder, and these lines of a recording.
    pub(crate) fn new(recording: &str, files: &[(&str, &str)]) -> Self {
        let mut text = format!(
            "project: /home/user/app\notherwise: absent\nhost: {{family: linux, name: Linux, version: null, arch: x86_64, \
             cpu: x, cpus: 1, memory: 1}}\nfile_systems: {{/: {{free: 99999999999}}}}\n{recording}\nfiles:\n"
        );
        for (path, content) in files {
            let path =
                if path.starts_with('/') { (*path).to_owned() } else { format!("/home/user/app/{path}") };
            text.push_str(&format!("  {path}: {}\n", serde_json::to_string(content).unwrap()));
        }
        Machine(text)
    }

    /// What a command that takes `--facts` says of the machine.
    pub(crate) fn says(&self, arguments: &[&str]) -> Said {
        says(&self.0, arguments)
    }

    /// The finding of one rule.
    pub(crate) fn finding(&self, rule: &str) -> Option<Finding> {
        check(&self.0).finding(rule)
    }
}
