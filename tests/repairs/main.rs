//! Environments that are broken for real, repaired by `envdoctor fix`, and taken back by `envdoctor undo`.
//!
//! Each scenario is a row of a table and needs real tools; where one is absent, the scenario says so and is left out, unless
//! `ENVDOCTOR_REQUIRE_TOOLS=1`. `ENVDOCTOR_LAB` names the folder with the Debian roots, as for `tests/acceptance`.

// These are tests throughout, and it is the real machine that they set up.
#![allow(
    clippy::disallowed_methods,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stderr,
    clippy::unwrap_used
)]

mod adversary;
mod beam;
mod changed_since;
mod concurrency;
mod consent;
mod direnv;
mod full_disk;
mod git;
mod hostile;
mod house;
mod killed;
#[path = "../lab/mod.rs"]
#[allow(
    dead_code,
    unused_imports,
    unused_macros,
    reason = "shared with tests/acceptance, which needs other parts of it"
)]
mod lab;
mod machine;
mod misbehaving;
mod nix;
mod npm;
mod postgres;
mod read_only;
mod saved_plans;
mod scenario;
#[path = "../passthrough/terminal.rs"]
#[allow(dead_code, reason = "shared with tests/passthrough, which needs other parts of it")]
mod terminal;
mod told;
mod tree;
#[path = "../passthrough/world.rs"]
#[allow(dead_code, reason = "shared with tests/passthrough, which needs other parts of it")]
mod world;
