//! The files of a project that a tool reads.

use super::super::{Context, Probe};
use crate::facts::{Facts, Value};

pub(super) const PROBE: Probe =
    Probe { name: "project's files", yields: &["project.files"], usual: &[], apart: false, run };

/// Names in the project's folder that a tool of a development environment looks for.
pub(in crate::probes) const NAMES: &[&str] = &[
    ".envrc",
    ".formatter.exs",
    ".mise.toml",
    ".node-version",
    ".nvmrc",
    ".python-version",
    ".tool-versions",
    "Dockerfile",
    "Makefile",
    "compose.yaml",
    "compose.yml",
    "default.nix",
    "devenv.lock",
    "devenv.nix",
    "devenv.yaml",
    "docker-compose.yml",
    "flake.lock",
    "flake.nix",
    "justfile",
    "mise.toml",
    "mix.exs",
    "mix.lock",
    "opencode.json",
    "package-lock.json",
    "package.json",
    "pnpm-lock.yaml",
    "pyproject.toml",
    "rebar.config",
    "rebar.lock",
    "requirements.txt",
    "shell.nix",
    "uv.lock",
    "yarn.lock",
];

fn run(context: &Context) -> Facts {
    let names = context
        .machine()
        .list(&context.project)
        .map(|names| Value::List(names.into_iter().filter(|name| NAMES.contains(&name.as_str())).collect()));
    let mut facts = Facts::default();
    facts.add("project.files", names, context.project.to_string_lossy());
    facts
}

#[cfg(test)]
mod tests {
    #[test]
    fn names_are_in_order_and_stand_once() {
        assert!(super::NAMES.is_sorted_by(|one, other| one < other));
    }
}
