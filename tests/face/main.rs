//! How envdoctor meets people: progress, colours, lines to be listened to, completions in real shells, man pages, and the
//! report that is attached to an issue, read by a real browser.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::disallowed_methods)]

mod chromium;
mod colours;
mod completions;
mod forged;
mod man;
mod plain;
mod progress;
mod report;
#[allow(dead_code)]
#[path = "../passthrough/terminal.rs"]
mod terminal;
mod tools;
#[allow(dead_code)]
#[path = "../passthrough/world.rs"]
mod world;
