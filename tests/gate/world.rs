//! A project in a home of its own.

use std::fs;
use std::path::{Path, PathBuf};

use assert_cmd::Command;
use serde_json::Value;
use tempfile::TempDir;

/// A mix.exs that asks for an Elixir which is not there, if another one is.
pub(crate) const MIX_EXS: &str = r#"defmodule App.MixProject do
  use Mix.Project

  def project do
    [app: :app, version: "0.1.0", elixir: "~> 1.99", deps: []]
  end
end
"#;

/// A flake that lacks a `;`.
pub(crate) const BAD_FLAKE: &str = "{\n  outputs = { self }: { a = 1 };\n}\n";

pub(crate) struct World {
    _folder: TempDir,
    pub(crate) home: PathBuf,
}

/// What a command did.
pub(crate) struct Did {
    pub(crate) code: i32,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

impl World {
    /// An empty project.
    pub(crate) fn new() -> World {
        let folder = tempfile::tempdir().unwrap();
        let home = folder.path().canonicalize().unwrap();
        fs::create_dir(home.join("project")).unwrap();
        World { _folder: folder, home }
    }

    /// A project whose flake does not parse.
    pub(crate) fn broken() -> World {
        World::new().with("flake.nix", BAD_FLAKE)
    }

    pub(crate) fn with(self, name: &str, text: &str) -> World {
        self.put(name, text);
        self
    }

    pub(crate) fn put(&self, name: &str, text: &str) {
        put(&self.project().join(name), text);
    }

    /// Writes the user's settings.
    pub(crate) fn user(&self, text: &str) {
        put(&self.home.join(".config/envdoctor/config.yaml"), text);
    }

    pub(crate) fn project(&self) -> PathBuf {
        self.home.join("project")
    }

    pub(crate) fn run(&self, args: &[&str]) -> Did {
        self.run_with(args, &[])
    }

    pub(crate) fn run_with(&self, args: &[&str], variables: &[(&str, &str)]) -> Did {
        let mut command = Command::cargo_bin("envdoctor").unwrap();
        command.current_dir(self.project()).env_clear().args(args);
        // No tool stands on this PATH, so that nothing but the project is seen.
        command.env("PATH", self.home.join("bin")).env("HOME", &self.home).env("LANG", "C.UTF-8");
        command.envs(variables.iter().copied());
        let output = command.output().unwrap();
        let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
        Did { code: output.status.code().unwrap(), stdout: text(output.stdout), stderr: text(output.stderr) }
    }

    /// A check as JSON, with its exit code.
    pub(crate) fn check(&self, args: &[&str]) -> (Value, i32) {
        let did = self.run(&[&["check", "--format", "json"], args].concat());
        let json = serde_json::from_str(&did.stdout);
        (json.unwrap_or_else(|_| panic!("{}{}", did.stdout, did.stderr)), did.code)
    }
}

fn put(path: &Path, text: &str) {
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, text).unwrap();
}

/// The rules of a report's diagnoses, or of what is set aside.
pub(crate) fn rules(report: &Value, key: &str) -> Vec<String> {
    report[key].as_array().unwrap().iter().map(|it| it["rule"].as_str().unwrap().to_owned()).collect()
}
