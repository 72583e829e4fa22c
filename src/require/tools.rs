//! The tools whose version can be required.

/// A tool whose version can be required.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RequiredTool {
    /// What it may be called in `require:`.
    pub names: &'static [&'static str],
    /// What a person calls it.
    pub shown: &'static str,
    /// The programs whose version counts: the first that is there.
    pub programs: &'static [&'static str],
    /// The port at which its server listens by default; `None`: it has no server that can be asked.
    pub port: Option<u16>,
}

const fn tool(
    names: &'static [&'static str],
    shown: &'static str,
    programs: &'static [&'static str],
) -> RequiredTool {
    RequiredTool { names, shown, programs, port: None }
}

pub(crate) const TOOLS: &[RequiredTool] = &[
    tool(&["nix"], "Nix", &["nix"]),
    tool(&["direnv"], "direnv", &["direnv"]),
    tool(&["elixir"], "Elixir", &["elixir"]),
    tool(&["erlang", "otp", "erl"], "Erlang/OTP", &["erl"]),
    tool(&["mix"], "Mix", &["mix"]),
    tool(&["hex"], "Hex", &["hex"]),
    tool(&["nodejs", "node"], "Node.js", &["node"]),
    tool(&["npm"], "npm", &["npm"]),
    RequiredTool {
        names: &["postgresql", "postgres"],
        shown: "PostgreSQL",
        programs: &["postgres", "psql"],
        port: Some(5432),
    },
    tool(&["psql"], "psql", &["psql"]),
    tool(&["git"], "Git", &["git"]),
    tool(&["python", "python3"], "Python", &["python3"]),
    tool(&["asdf"], "asdf", &["asdf"]),
    tool(&["mise"], "mise", &["mise"]),
];

/// The tool of that name.
pub(super) fn tool_of(name: &str) -> Option<RequiredTool> {
    TOOLS.iter().find(|tool| tool.names.contains(&name)).copied()
}

/// Every name of a tool.
pub(super) fn names() -> impl Iterator<Item = &'static str> {
    TOOLS.iter().flat_map(|tool| tool.names).copied()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::probes::tool_names;

    #[test]
    fn every_tool_whose_version_is_known_can_be_required() {
        for name in tool_names() {
            assert!(TOOLS.iter().any(|tool| tool.programs.contains(name)), "{name}");
        }
        assert!(TOOLS.iter().flat_map(|tool| tool.programs).all(|name| tool_names().contains(name)));
    }
}
