//! The project's files, as parsing alone shows them.

use super::{Kind, Known, fact};

pub(super) const FACTS: &[Known] = &[
    fact(
        "project.files",
        Kind::List,
        "the files in the project's folder that a tool reads: flake.nix, mix.exs …",
    ),
    fact("project.mix.app", Kind::Text, "the application that mix.exs describes"),
    fact("project.mix.version", Kind::Text, "its version"),
    fact("project.mix.elixir", Kind::Text, "the versions of Elixir that mix.exs allows"),
    fact("project.mix.deps", Kind::List, "dependencies that mix.exs writes down"),
    fact("project.mix.hex_deps", Kind::List, "those of them that come from Hex for sure"),
    fact("project.mix.organizations", Kind::List, "organizations at Hex whose packages it names"),
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
        "project.mix.new_deps",
        Kind::List,
        "those that mix.exs names, and neither mix.lock, which there is, nor deps/ has",
    ),
    fact(
        "project.mix.outdated_deps",
        Kind::List,
        "those that mix.lock pins to another version or commit than mix.exs asks for",
    ),
    fact(
        "project.mix.mismatched_deps",
        Kind::List,
        "those whose version in deps/ is not the one in mix.lock",
    ),
    fact(
        "project.mix.rebar_deps",
        Kind::List,
        "those that only rebar3 can build, and that are not built for MIX_ENV (unset: dev)",
    ),
    fact("project.mix.builds", Kind::List, "the environments in _build, with what compiled each"),
    fact(
        "project.mix.stale_builds",
        Kind::List,
        "folders of _build, for MIX_ENV (unset: dev and test), that another Elixir or OTP compiled than runs",
    ),
];
