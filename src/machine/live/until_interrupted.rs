//! Reading what may never end: Ctrl-C ends the reading, and what was read so far counts.

use std::io::{self, Read};
use std::os::fd::AsFd;
use std::os::unix::net::UnixStream;

use rustix::event::{PollFd, PollFlags, poll};
use rustix::io::Errno;
use signal_hook::SigId;
use signal_hook::low_level::{pipe, unregister};

use super::passthrough::signals::{deadly, hold_off, let_go, prepare};

/// A file that has an end when a signal asks us to end. The next such signal does what it always does.
pub(super) struct UntilInterrupted<F> {
    file: F,
    arrived: UnixStream,
    handlers: Vec<SigId>,
    /// A signal came.
    ended: bool,
}

impl<F: AsFd> UntilInterrupted<F> {
    pub(super) fn new(file: F) -> io::Result<Self> {
        prepare()?;
        let (arrived, sent) = UnixStream::pair()?;
        let mut it = Self { file, arrived, handlers: Vec::new(), ended: false };
        for signal in deadly() {
            it.handlers.push(pipe::register(signal, sent.try_clone()?)?);
        }
        hold_off()?;
        Ok(it)
    }

    /// Whether the reading was ended by a signal.
    pub(super) fn is_ended(&self) -> bool {
        self.ended
    }
}

impl<F: AsFd> Read for UntilInterrupted<F> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        while !self.ended {
            let mut waits =
                [PollFd::new(&self.arrived, PollFlags::IN), PollFd::new(&self.file, PollFlags::IN)];
            match poll(&mut waits, None) {
                Ok(_) | Err(Errno::INTR) => {}
                Err(error) => return Err(error.into()),
            }
            let [arrived, file] = waits.map(|wait| !wait.revents().is_empty());
            if arrived {
                self.ended = true;
                let_go();
            } else if file {
                return Ok(rustix::io::read(&self.file, buffer)?);
            }
        }
        Ok(0)
    }
}

impl<F> Drop for UntilInterrupted<F> {
    fn drop(&mut self) {
        let_go();
        self.handlers.drain(..).for_each(|handler| {
            unregister(handler);
        });
    }
}
