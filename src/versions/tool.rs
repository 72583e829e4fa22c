//! The tools whose versions are compared.

use std::fmt;

/// A tool whose versions are compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Tool {
    /// Elixir.
    Elixir,
    /// Erlang/OTP.
    Erlang,
    /// Node.js.
    Node,
    /// npm.
    Npm,
    /// Python.
    Python,
    /// PostgreSQL.
    Postgres,
}

impl Tool {
    /// Every tool, in the order in which a person would read of them.
    pub const ALL: &'static [Tool] =
        &[Tool::Elixir, Tool::Erlang, Tool::Node, Tool::Npm, Tool::Python, Tool::Postgres];

    /// The program whose version counts.
    pub fn program(self) -> &'static str {
        match self {
            Tool::Elixir => "elixir",
            Tool::Erlang => "erl",
            Tool::Node => "node",
            Tool::Npm => "npm",
            Tool::Python => "python3",
            Tool::Postgres => "psql",
        }
    }

    /// How many numbers of a version tell releases apart that can break each other's code: of Elixir 1.17.3 it is two.
    pub(super) fn series(self) -> usize {
        match self {
            Tool::Elixir | Tool::Python => 2,
            Tool::Erlang | Tool::Node | Tool::Npm | Tool::Postgres => 1,
        }
    }

    /// The tool that asdf or mise know by a name.
    pub(super) fn of_plugin(name: &str) -> Option<Tool> {
        match name.strip_prefix("core:").unwrap_or(name) {
            "elixir" => Some(Tool::Elixir),
            "erlang" => Some(Tool::Erlang),
            "node" | "nodejs" => Some(Tool::Node),
            "npm" => Some(Tool::Npm),
            "python" => Some(Tool::Python),
            "postgres" | "postgresql" => Some(Tool::Postgres),
            _ => None,
        }
    }
}

impl fmt::Display for Tool {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Tool::Elixir => "Elixir",
            Tool::Erlang => "Erlang/OTP",
            Tool::Node => "Node.js",
            Tool::Npm => "npm",
            Tool::Python => "Python",
            Tool::Postgres => "PostgreSQL",
        })
    }
}
