//! Carrying out what was agreed: each step is in the journal before it happens, and what it replaces is in a backup.

mod carry_out;
mod journal;

pub use carry_out::{ApplyError, carry_out};
pub use journal::{Journal, Record};
