//! Running a command before the person's eyes: what it prints reaches them untouched and at once, and we see a copy.
//!
//! A terminal stays a terminal, so colours, prompts and progress bars stay too. There are two ways to get there:
//!
//! - **A session of its own**, as script(1) does it, when the command reads from and prints to our terminal: a pty is
//!   its controlling terminal, ours is raw, and keys are handed on. Ctrl-C and its like are the pty's business.
//! - **Our session** in every other case (a pipeline, a redirection, a job in the background): the person's own command
//!   keeps our stdin, our process group and our controlling terminal, so that it lives and dies with the rest of the
//!   pipeline. Only those of stdout and stderr that are terminals get a pty. Raw mode would garble what the neighbours print, and
//!   reading the keys would steal them from a pager.
//!
//! A remedy's command is ours to end, with all that it started. So in our session it has a process group of its own, and
//! reads nothing: no key that is pressed reaches it.

mod child;
mod ending;
mod error;
mod finished;
mod keys;
mod pump;
pub(super) mod signals;
mod stream;
mod streams;
mod terminal;

use std::ffi::OsString;
use std::io::Write;

pub use error::PassthroughError;
pub use finished::{Ended, Finished};

use super::super::Watch;

/// Runs `argv` with its streams passed through, hands a copy of every byte of its stdout and stderr to `output` in the
/// order in which they arrive, and waits for its end.
///
/// # Errors
///
/// When the command cannot be started, or the system refuses what is needed to watch it.
pub(crate) fn passthrough(
    argv: &[OsString],
    watch: Watch,
    output: &mut dyn FnMut(&[u8]),
) -> Result<Finished, PassthroughError> {
    let Some((program, arguments)) = argv.split_first() else {
        return Err(PassthroughError::NoCommand);
    };
    // What we printed ourselves comes first.
    std::io::stdout().flush().ok();

    let (streams, ends) = streams::open(streams::Layout::of(&streams::Ours::look()))?;
    let mut signals = signals::Signals::of_children()?;
    if watch.deadline().is_some() {
        // A signal that came between would leave a remedy behind that nobody watches.
        signals.hold()?;
    }
    let child = child::Child::spawn(program, arguments, watch, ends)?;
    if watch.deadline().is_none() {
        // Only now, so that the command inherits which signals were ignored.
        signals.hold()?;
    }
    pump::Pump::new(child, watch, streams, signals)?.run(output).map_err(PassthroughError::Watch)
}
