//! Worlds with projects in them, and the tools of others that the tests need.

use std::ffi::OsStr;
use std::fs;
use std::io::Write;
use std::os::unix::fs::PermissionsExt;
use std::path::PathBuf;
use std::process::{Command, Stdio};

use crate::world::World;

/// A program of that name, or `None` (said in one line) if it is absent.
pub(crate) fn tool(name: &str) -> Option<PathBuf> {
    let found = which::which(name).ok().or_else(|| if name == "nu" { nushell() } else { None });
    if found.is_none() {
        let required = std::env::var("ENVDOCTOR_REQUIRE_TOOLS").is_ok_and(|value| value == "1");
        assert!(!required, "needs {name}");
        let _ = writeln!(std::io::stderr(), "skipped: needs {name}");
    }
    found
}

/// Nushell, which Debian does not have, as its npm package brings it.
fn nushell() -> Option<PathBuf> {
    let lab = PathBuf::from(std::env::var_os("ENVDOCTOR_LAB")?);
    let arch = if cfg!(target_arch = "aarch64") { "arm64" } else { "x64" };
    let nu = lab.join(format!("nushell/node_modules/@nushell/linux-{arch}/bin/nu"));
    nu.exists().then_some(nu)
}

/// A log with a failure that is known.
pub(crate) const LOG: &str = "** (Mix) Could not find an SCM for dependency :jason from Demo.MixProject\n";

/// A world with a home of its own and a project that asks for Elixir, in a UTF-8 locale.
pub(crate) fn project() -> World {
    let world = World::new();
    world.write("project/mix.exs", "defmodule Demo.MixProject do\n  use Mix.Project\n  def project, do: [app: :demo, version: \"0.1.0\", elixir: \"~> 1.17\", deps: deps()]\n  defp deps, do: [{:jason, \"~> 1.4\"}]\nend\n");
    world.write("project/build.log", LOG);
    world
}

impl World {
    pub(crate) fn write(&self, name: &str, text: &str) {
        let path = self.path(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    /// A program that stands before all others on PATH.
    pub(crate) fn program(&self, name: &str, script: &str) {
        self.write(&format!("bin/{name}"), &format!("#!/bin/sh\n{script}\n"));
        fs::set_permissions(self.path(&format!("bin/{name}")), PermissionsExt::from_mode(0o755)).unwrap();
    }

    /// The doctor, in the project, in a terminal of a person who has set nothing.
    pub(crate) fn doctor(&self, args: &[&str]) -> Command {
        let mut command = self.other(assert_cmd::cargo::cargo_bin!("envdoctor"));
        command.args(args);
        command
    }

    /// Another program in the same place, which finds the doctor on PATH.
    pub(crate) fn other(&self, program: impl AsRef<OsStr>) -> Command {
        let mut command = self.command("true");
        let env: Vec<_> =
            command.get_envs().map(|(name, value)| (name.to_owned(), value.map(OsStr::to_owned))).collect();
        command = Command::new(program);
        for (name, value) in env {
            match value {
                Some(value) => command.env(name, value),
                None => command.env_remove(name),
            };
        }
        let doctor = assert_cmd::cargo::cargo_bin!("envdoctor").parent().unwrap().to_owned();
        let inherited = std::env::var_os("PATH").unwrap();
        let path = [self.path("bin"), doctor].into_iter().chain(std::env::split_paths(&inherited));
        command.env("PATH", std::env::join_paths(path).unwrap()).current_dir(self.path("project"));
        command.env("LC_ALL", "C.UTF-8").env("TERM", "xterm-256color").env("HOME", self.path(""));
        for unset in ["CI", "NO_COLOR", "CLICOLOR", "CLICOLOR_FORCE", "ENVDOCTOR_PLAIN", "COLUMNS"] {
            command.env_remove(unset);
        }
        command
    }

    /// What the doctor prints on stdout where that is no terminal.
    pub(crate) fn printed(&self, args: &[&str]) -> String {
        let output = self.doctor(args).stdin(Stdio::null()).output().unwrap();
        String::from_utf8(output.stdout).unwrap()
    }
}
