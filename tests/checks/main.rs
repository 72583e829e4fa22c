//! Every rule that `check` can find by itself: that it fires where it should, with the right place and words, and that
//! a nearly equal healthy machine or project is quiet.

#![allow(clippy::disallowed_methods, clippy::unwrap_used, clippy::panic)]

mod beam;
mod flake;
mod gpu;
mod machine;
mod mix;
mod nix;
mod not_started;
mod project;
mod recorded;
mod report;
mod services;
mod subfolder;
mod versions;
