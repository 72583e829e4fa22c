//! What settings make of a check: which findings are asked for, which count, and which are new.

#![allow(clippy::disallowed_methods, clippy::expect_used, clippy::panic, clippy::unwrap_used)]

mod baseline;
mod choice;
mod config;
mod failed_runs;
mod ignores;
mod init;
mod since_green;
mod world;
