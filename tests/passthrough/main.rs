//! `envdoctor run -- CMD` from outside: the command must not notice us, nor must those around it.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::disallowed_methods)]

mod ends;
mod signals;
mod streams;
mod terminal;
mod typing;
mod world;
