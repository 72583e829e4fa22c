//! The main job on real failures: real tools on this machine and in Debian roots, and `envdoctor` beside them.
//!
//! A scenario whose tool or root is absent says so and is left out; `ENVDOCTOR_REQUIRE_TOOLS=1` makes that a failure.
//! `.ci/run` prepares everything; `ENVDOCTOR_LAB` names the folder with the Debian roots and MLX.

// These are tests throughout, and it is the real machine that they set up.
#![allow(
    clippy::disallowed_methods,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stderr,
    clippy::unwrap_used
)]

mod attributes;
mod deep;
mod editor;
mod environment;
mod exit_codes;
mod fix;
mod fixed_output;
mod hostile;
mod inputs;
mod json;
#[path = "../lab/mod.rs"]
#[allow(
    dead_code,
    unused_imports,
    unused_macros,
    reason = "shared with tests/repairs, which needs other parts of it"
)]
mod lab;
mod logs;
mod misbehaving_tools;
mod mix;
mod mlx;
mod new_rule;
mod nix;
mod relatives;
mod rule_files;
mod trust;
