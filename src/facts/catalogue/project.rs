//! The project's files, as parsing alone shows them.

use super::{Kind, Known, fact};

pub(super) const FACTS: &[Known] = &[
    fact(
        "project.files",
        Kind::List,
        "the files in the project's folder that a tool reads: flake.nix, mix.exs …",
    ),
    fact("project.mix.elixir", Kind::Text, "the versions of Elixir that mix.exs allows"),
    fact("project.mix.deps", Kind::List, "dependencies that mix.exs names"),
    fact("project.mix.hex_deps", Kind::List, "those of them that come from Hex"),
    fact(
        "project.mix.missing_deps",
        Kind::List,
        "those that mix.lock or mix.exs names for MIX_ENV (unset: for any) and deps/ lacks",
    ),
    fact(
        "project.mix.unlocked_deps",
        Kind::List,
        "those that deps/ has and mix.exs names, and mix.lock does not",
    ),
    fact(
        "project.mix.mismatched_deps",
        Kind::List,
        "those whose version in deps/ is not the one in mix.lock",
    ),
];
