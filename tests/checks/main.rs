//! What `envdoctor check` finds on recorded machines, and on those that are nearly the same and healthy.

#![allow(clippy::disallowed_methods, clippy::unwrap_used, clippy::panic)]

mod beam;
mod mix;
mod not_started;
mod recorded;
mod versions;
