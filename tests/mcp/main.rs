//! `envdoctor mcp`, by the lines of its protocol and through real clients: what it says is what the terminal says, nothing that
//! an agent asks changes anything, and no mistake of a caller ends it.
//!
//! The real clients are PyPI's `mcp` in `$ENVDOCTOR_LAB/mcp` and npm's `opencode-ai` in `$ENVDOCTOR_LAB/opencode`; what is
//! absent is left out, unless `ENVDOCTOR_REQUIRE_TOOLS=1`.

#![cfg(feature = "mcp")]
// These are tests throughout, and it is the real machine that they set up.
#![allow(
    clippy::disallowed_methods,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stderr,
    clippy::unwrap_used
)]

mod clients;
#[path = "../lab/mod.rs"]
#[allow(
    dead_code,
    unused_imports,
    unused_macros,
    reason = "shared with tests/acceptance, which needs other parts of it"
)]
mod lab;
mod mistakes;
mod model;
mod nothing_changes;
mod session;
#[path = "../repairs/tree.rs"]
#[allow(dead_code, reason = "shared with tests/repairs, which needs other parts of it")]
mod tree;
mod unreadable;
