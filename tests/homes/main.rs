//! Where envdoctor lives: flakes and their shells, direnv, the shells' prompts, CI and pre-commit, each run for real.
//!
//! What is not installed is named in a line and left out; `ENVDOCTOR_REQUIRE_TOOLS=1` makes that a failure. `.ci/run` installs it all.

#![allow(
    clippy::disallowed_methods,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stderr,
    clippy::unwrap_used
)]

mod checkers;
mod direnv;
mod flake;
mod github;
mod gitlab;
#[path = "../lab/mod.rs"]
#[allow(
    dead_code,
    unused_imports,
    unused_macros,
    reason = "shared with tests/acceptance, which needs other parts of it"
)]
mod lab;
mod nix_shell;
mod pre_commit;
mod project;
mod shells;
mod snippets;
mod stand_in;
