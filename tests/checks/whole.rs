//! A whole machine, written down, of which everything that `check` says counts.

use std::fs;

use assert_cmd::Command;
use serde_json::Value;

/// What `check` says of a machine.
pub(crate) struct Checked {
    pub(crate) code: i32,
    pub(crate) report: Value,
}

/// Checks a recorded machine.
pub(crate) fn check(recording: &str) -> Checked {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("machine.yaml");
    fs::write(&file, recording).unwrap();
    let mut command = Command::new(assert_cmd::cargo::cargo_bin!("envdoctor"));
    command.env("HOME", folder.path()).env("XDG_STATE_HOME", folder.path()).current_dir(folder.path());
    let output = command.args(["--format", "json", "check", "--facts"]).arg(&file).output().unwrap();
    let told = String::from_utf8_lossy(&output.stderr);
    let report = serde_json::from_slice(&output.stdout).unwrap_or_else(|_| panic!("{told}\n{recording}"));
    Checked { code: output.status.code().unwrap(), report }
}

impl Checked {
    /// The rules that hold, in the order of the report.
    pub(crate) fn rules(&self) -> Vec<&str> {
        let diagnoses = self.report["diagnoses"].as_array().unwrap();
        diagnoses.iter().map(|it| it["rule"].as_str().unwrap()).collect()
    }

    /// That just this rule holds, with that severity, and says that of the machine.
    pub(crate) fn finds(&self, rule: &str, severity: &str, says: &str) {
        assert_eq!(self.rules(), [rule], "{:#}", self.report);
        let found = &self.report["diagnoses"][0];
        assert_eq!(found["severity"], severity, "{found:#}");
        assert!(found.to_string().contains(says), "{says}: {found:#}");
        assert_eq!(self.code, i32::from(severity == "error"));
    }

    /// That nothing is wrong, and nothing unknown.
    pub(crate) fn is_healthy(&self) {
        assert_eq!(self.rules(), [""; 0], "{:#}", self.report);
        assert_eq!(self.report["unknown"], Value::Array(Vec::new()), "{:#}", self.report);
        assert_eq!(self.code, 0);
    }
}
