//! Output that is hard to read: it never ends, or is larger than memory should be.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::disallowed_methods)]

mod endless;
