//! Erlang, Elixir, their packages and their version managers.

use super::{Kind, Known, fact};

pub(super) const FACTS: &[Known] = &[
    fact("elixir.otp_release", Kind::Integer, "the release of OTP that Elixir was compiled with"),
    fact("otp.release", Kind::Integer, "the release of OTP that runs"),
    fact("otp.applications", Kind::List, "the applications that OTP is installed with"),
    fact("mix.home", Kind::Text, "where Mix keeps what it installs for the user"),
    fact("mix.home.writable", Kind::Bool, "whether the user may write there"),
    fact("mix.archives.folder", Kind::Text, "the folder of Mix's archives"),
    fact("mix.archives", Kind::List, "Mix's archives, each with its version"),
    fact("mix.rebar3", Kind::Text, "the rebar3 that Mix would use"),
    fact("cacerts.path", Kind::Text, "where Erlang finds the certificates that it trusts"),
    fact(
        "cacerts.broken_variables",
        Kind::List,
        "variables that name a file of trusted certificates which is not there",
    ),
    fact("asdf.flavour", Kind::Text, "bash (asdf up to 0.15) or go (from 0.16)"),
    fact("asdf.data", Kind::Text, "where asdf keeps plugins, versions and shims"),
    fact("asdf.plugins", Kind::List, "asdf's plugins"),
    fact("asdf.installed", Kind::List, "the versions that asdf has installed"),
    fact("asdf.shims_on_path", Kind::Bool, "whether asdf's shims stand on PATH"),
    fact("mise.data", Kind::Text, "where mise keeps versions and shims"),
    fact("mise.installed", Kind::List, "the versions that mise has installed"),
    fact(
        "tool_versions.missing_plugins",
        Kind::List,
        "tools that .tool-versions names and asdf has no plugin for",
    ),
    fact(
        "tool_versions.missing",
        Kind::List,
        "versions that .tool-versions names and the version manager in use has not installed",
    ),
    fact(
        "tool_versions.bypassed",
        Kind::List,
        "tools that are installed as .tool-versions has them, and of which PATH finds another one",
    ),
];
