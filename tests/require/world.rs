//! A project with requirements, and a home of its own.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use serde_json::Value;
use tempfile::TempDir;

pub(crate) struct World {
    folder: TempDir,
    variables: Vec<(String, String)>,
}

/// What a check says of the requirements.
#[derive(Debug)]
pub(crate) struct Told {
    /// The rule and the message of each finding.
    pub(crate) findings: Vec<(String, String)>,
    /// The thing and the reason of each that nobody can tell.
    pub(crate) unknown: Vec<(String, String)>,
    pub(crate) report: Value,
    pub(crate) code: i32,
}

impl World {
    /// A project whose `require:` is this.
    pub(crate) fn new(require: &str) -> World {
        let world = World { folder: tempfile::tempdir().unwrap(), variables: Vec::new() };
        std::fs::create_dir_all(world.project()).unwrap();
        std::fs::create_dir_all(world.home().join(".config/envdoctor")).unwrap();
        world.require(require);
        world
    }

    pub(crate) fn require(&self, require: &str) {
        let indented: String = require.trim().lines().map(|line| format!("  {line}\n")).collect();
        self.write("envdoctor.yaml", &format!("require:\n{indented}"));
    }

    pub(crate) fn home(&self) -> PathBuf {
        self.folder.path().canonicalize().unwrap().join("home")
    }

    pub(crate) fn project(&self) -> PathBuf {
        self.home().join("project")
    }

    pub(crate) fn write(&self, name: &str, text: &str) -> PathBuf {
        let path = self.project().join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(&path, text).unwrap();
        path
    }

    pub(crate) fn set(&mut self, name: &str, value: &str) {
        self.variables.push((name.to_owned(), value.to_owned()));
    }

    pub(crate) fn run(&self, arguments: &[&str]) -> Output {
        self.command(Path::new(env!("CARGO_BIN_EXE_envdoctor"))).args(arguments).output().unwrap()
    }

    pub(crate) fn command(&self, program: &Path) -> Command {
        let mut command = Command::new(program);
        command
            .current_dir(self.project())
            .env_clear()
            .env("PATH", std::env::var_os("PATH").unwrap())
            .env("HOME", self.home())
            .env("LANG", "C.UTF-8")
            .envs(self.variables.iter().cloned());
        command
    }

    pub(crate) fn trust(&self) -> String {
        let output = self.run(&["trust", "--yes"]);
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).unwrap()
    }

    pub(crate) fn check(&self) -> Told {
        self.check_with(&["--timeout", "10"])
    }

    pub(crate) fn check_with(&self, arguments: &[&str]) -> Told {
        let output = self.run(&[&["check", "--format", "json"], arguments].concat());
        let stderr = String::from_utf8_lossy(&output.stderr).into_owned();
        let report: Value =
            serde_json::from_slice(&output.stdout).unwrap_or_else(|error| panic!("{error}\n{stderr}"));
        let text = |value: &Value| value.as_str().unwrap().to_owned();
        let ours = |rule: &str| rule.starts_with("required-") || rule == "unwanted-present";
        let entries = |key: &str| report[key].as_array().unwrap().clone();
        let of = |key: &str, what: &str, why: &str| -> Vec<(String, String)> {
            let entries = entries(key).into_iter().filter(|entry| ours(&text(&entry["rule"])));
            entries.map(|entry| (text(&entry[what]), text(&entry[why]))).collect()
        };
        let (findings, unknown) = (of("diagnoses", "rule", "message"), of("unknown", "fact", "why"));
        Told { findings, unknown, report, code: output.status.code().unwrap() }
    }
}

impl Told {
    /// Just these findings, in whatever order, and nothing unknown.
    #[track_caller]
    pub(crate) fn are(&self, expected: &[(&str, &str)]) {
        let mut found: Vec<(&str, &str)> =
            self.findings.iter().map(|(rule, it)| (rule.as_str(), it.as_str())).collect();
        let mut expected = expected.to_vec();
        found.sort_unstable();
        expected.sort_unstable();
        assert_eq!(found, expected, "{:?}", self.unknown);
        assert!(self.unknown.is_empty(), "{:?}", self.unknown);
    }
}
