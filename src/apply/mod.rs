//! Carrying out what was agreed, and taking it back: each step is in the journal before it happens, and what it replaces is
//! in a backup.

mod carry_out;
mod fixes;
mod journal;
mod past;
mod record;
mod take_back;

pub use carry_out::{ApplyError, carry_out};
pub use fixes::{Unread, fixes, prune};
pub use journal::Journal;
pub use past::{Past, PastRemedy, PastStep, Progress};
pub use record::{Kept, Record};
pub use take_back::{Returned, take_back};
