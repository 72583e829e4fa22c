//! Our terminal: its size and settings for the pty, and raw mode that is always taken back.

use std::io;
use std::os::fd::{AsFd, BorrowedFd};

use pty_process::blocking::{Pts, Pty};
use rustix::io::retry_on_intr;
use rustix::stdio::stdin;
use rustix::termios::{
    OptionalActions, OutputModes, Termios, tcgetattr, tcgetwinsize, tcsetattr, tcsetwinsize,
};

/// Gives the pty the size and settings of `ours`. What leaves a pty that is not the terminal of a `session` goes through
/// our terminal as it is set, so the pty itself must leave the bytes alone.
pub(super) fn imitate(ours: BorrowedFd<'_>, pty: &Pty, pts: &Pts, session: bool) -> io::Result<()> {
    let mut settings = tcgetattr(ours)?;
    if !session {
        settings.output_modes.remove(OutputModes::OPOST);
    }
    tcsetattr(pts.as_fd(), OptionalActions::Now, &settings)?;
    copy_size(ours, pty)
}

/// Gives the pty the size of `ours`.
pub(super) fn copy_size(ours: BorrowedFd<'_>, pty: &Pty) -> io::Result<()> {
    Ok(tcsetwinsize(pty, tcgetwinsize(ours)?)?)
}

/// Our terminal in raw mode, until this is dropped.
pub(super) struct RawMode {
    before: Termios,
}

impl RawMode {
    pub(super) fn enter() -> io::Result<Self> {
        let mode = Self { before: tcgetattr(stdin())? };
        mode.resume()?;
        Ok(mode)
    }

    /// Gives the terminal back as it was, for as long as we are stopped.
    pub(super) fn pause(&self) -> io::Result<()> {
        set(&self.before)
    }

    pub(super) fn resume(&self) -> io::Result<()> {
        let mut raw = self.before.clone();
        raw.make_raw();
        set(&raw)
    }
}

impl Drop for RawMode {
    fn drop(&mut self) {
        // A terminal that is gone needs no settings.
        self.pause().ok();
    }
}

fn set(settings: &Termios) -> io::Result<()> {
    // What was printed goes out under the settings it was printed for; what was typed ahead is kept.
    Ok(retry_on_intr(|| tcsetattr(stdin(), OptionalActions::Drain, settings))?)
}
