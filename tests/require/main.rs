//! What envdoctor.yaml requires, asked of a real machine: each kind holding, not holding and unknown.

#![allow(
    clippy::disallowed_methods,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stderr,
    clippy::unwrap_used
)]

mod files;
mod goss;
mod network;
mod postgres;
mod programs;
mod recordings;
mod system;
mod trust;
mod world;
