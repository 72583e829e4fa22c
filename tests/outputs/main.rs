//! The outputs of one report: they say the same, and what reads such files elsewhere reads them.
//!
//! A test whose tool is absent says so and goes on; `ENVDOCTOR_REQUIRE_TOOLS=1` makes that a failure.

// These are tests throughout, and it is the real machine that they ask.
#![allow(
    clippy::disallowed_methods,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stderr,
    clippy::unwrap_used
)]

mod face;
mod forms;
mod github;
#[path = "../lab/mod.rs"]
#[allow(
    dead_code,
    unused_imports,
    unused_macros,
    reason = "shared with tests/acceptance, which needs other parts of it"
)]
mod lab;
mod places;
mod readers;
mod reports;
mod same;
mod sarif;
