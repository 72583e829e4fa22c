//! `envdoctor run -- CMD` from outside: the command must not notice us, nor must those around it. And a remedy's
//! command, which must end when it shall.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::disallowed_methods)]

mod ends;
mod remedies;
mod signals;
mod streams;
mod terminal;
mod typing;
mod world;
