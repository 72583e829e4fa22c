//! A recorded machine, made of a few lines, and what is said of it.

use assert_cmd::Command;
use serde_json::Value as Json;
use tempfile::TempDir;

/// A machine on which nothing is but what its recording says, with a project in /home/user/app.
pub(crate) struct Machine(String);

/// What a command said.
pub(crate) struct Said {
    pub(crate) code: i32,
    pub(crate) text: String,
}

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
        let folder = TempDir::new().unwrap();
        let file = folder.path().join("machine.yaml");
        std::fs::write(&file, &self.0).unwrap();
        let mut command = Command::new(env!("CARGO_BIN_EXE_envdoctor"));
        command.args(arguments).arg("--facts").arg(&file).current_dir(&folder);
        command.env_clear().env("HOME", folder.path()).env("COLUMNS", "80");
        let output = command.output().unwrap();
        let error = String::from_utf8(output.stderr).unwrap();
        assert!(error.is_empty(), "{error}");
        Said { code: output.status.code().unwrap(), text: String::from_utf8(output.stdout).unwrap() }
    }

    /// The finding of one rule, and whether its verdict is unknown.
    pub(crate) fn finding(&self, rule: &str) -> Option<Finding> {
        let report: Json = serde_json::from_str(&self.says(&["check", "--format", "json"]).text).unwrap();
        let is_it = |entry: &&Json| entry["rule"] == rule;
        let unknown = report["unknown"].as_array().unwrap().iter().find(is_it);
        assert!(unknown.is_none(), "{unknown:?}");
        let entry = report["diagnoses"].as_array().unwrap().iter().find(is_it)?;
        let evidence = entry["evidence"].as_array().unwrap();
        let places = evidence.iter().flat_map(|it| it["places"].as_array().into_iter().flatten());
        let place = |it: &Json| format!("{}:{}:{}", it["file"].as_str().unwrap(), it["line"], it["column"]);
        Some(Finding {
            message: entry["message"].as_str().unwrap().to_owned(),
            severity: entry["severity"].as_str().unwrap().to_owned(),
            places: places.map(place).collect(),
        })
    }
}

/// What is found.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Finding {
    pub(crate) message: String,
    pub(crate) severity: String,
    pub(crate) places: Vec<String>,
}
