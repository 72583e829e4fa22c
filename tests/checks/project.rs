//! Projects on this machine.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::PathBuf;
use std::process::Command;

use tempfile::TempDir;

use crate::report::{Finding, Report, Said};

/// A project in a home of its own, where git is the only program of the machine's own.
pub(crate) struct Project {
    pub(crate) base: TempDir,
    env: Vec<(String, String)>,
}

impl Project {
    pub(crate) fn new(files: &[(&str, &str)]) -> Project {
        let project = Project { base: TempDir::new().unwrap(), env: Vec::new() };
        for folder in ["home", "project", "bin"] {
            fs::create_dir(project.base.path().join(folder)).unwrap();
        }
        files.iter().for_each(|(file, text)| project.write(file, text));
        project
    }

    pub(crate) fn with(mut self, variable: &str, value: &str) -> Project {
        self.env.push((variable.to_owned(), value.to_owned()));
        self
    }

    pub(crate) fn folder(&self) -> PathBuf {
        self.base.path().join("project")
    }

    pub(crate) fn write(&self, file: &str, text: &str) {
        let file = self.folder().join(file);
        fs::create_dir_all(file.parent().unwrap()).unwrap();
        fs::write(file, text).unwrap();
    }

    pub(crate) fn read(&self, file: &str) -> String {
        fs::read_to_string(self.folder().join(file)).unwrap()
    }

    pub(crate) fn git(&self, arguments: &[&str]) {
        let output = Command::new("git").arg("-C").arg(self.folder()).args(arguments).output().unwrap();
        assert!(output.status.success(), "{output:?}");
    }

    /// Puts a program on PATH that does nothing.
    pub(crate) fn program(&self, name: &str) {
        let file = self.base.path().join("bin").join(name);
        fs::write(&file, "#!/bin/sh\n").unwrap();
        fs::set_permissions(file, fs::Permissions::from_mode(0o755)).unwrap();
    }

    /// What a command says in the project.
    pub(crate) fn says(&self, arguments: &[&str]) -> Said {
        let git = which::which("git").unwrap();
        let path = format!("{}:{}", self.base.path().join("bin").display(), git.parent().unwrap().display());
        let mut command = Command::new(env!("CARGO_BIN_EXE_envdoctor"));
        command.args(arguments).current_dir(self.folder()).env_clear();
        command.env("HOME", self.base.path().join("home")).env("PATH", path).envs(self.env.clone());
        Said::of(command.output().unwrap())
    }

    pub(crate) fn check(&self) -> Report {
        Report::of(&self.says(&["check", "--format", "json"]))
    }

    /// The finding of one rule.
    pub(crate) fn finding(&self, rule: &str) -> Option<Finding> {
        self.check().finding(rule)
    }

    /// That a rule fires with that severity, that its evidence or message says all of this, and that no secret is told.
    pub(crate) fn finds(&self, rule: &str, severity: &str, says: &[&str]) {
        let report = self.check();
        let found = report.diagnosis(rule).unwrap_or_else(|| panic!("no {rule}: {:#}", report.json));
        assert_eq!(found["severity"], severity, "{found:#}");
        for part in says {
            assert!(found.to_string().contains(part), "{part}: {found:#}");
        }
        assert!(!report.json.to_string().contains("s3cret"), "{:#}", report.json);
    }

    /// That a rule does not fire, and is not unknown either.
    pub(crate) fn is_free_of(&self, rule: &str) {
        assert_eq!(self.finding(rule), None);
    }
}
