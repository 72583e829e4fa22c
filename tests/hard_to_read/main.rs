//! Recorded logs as terminals, collectors and builders hand them on: the same failure comes out, with all that is known
//! of it, and at the same line.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::disallowed_methods)]

mod bytes;
mod endless;
mod escapes;
mod hidden;
mod interleaved;
mod prefixes;
mod progress;
mod quotes;
mod recorded;
mod records;
mod wrapped;
