//! What is typed at our terminal, on its way to the pty.

use std::io;
use std::os::fd::{AsFd, OwnedFd};

use pty_process::blocking::Pty;
use rustix::event::{PollFd, PollFlags};
use rustix::fs::{OFlags, fcntl_getfl, fcntl_setfl};
use rustix::io::{Errno, read, write};
use rustix::process::{Pid, Signal, kill_process};
use rustix::stdio::stdin;
use rustix::termios::{LocalModes, SpecialCodeIndex, tcgetattr, tcgetpgrp};

use super::stream::Step;

/// What is typed at our terminal, on its way to the pty.
pub(super) struct Keys {
    pty: OwnedFd,
    /// The command, which leads its session and its process group.
    leader: Pid,
    typed: Vec<u8>,
}

impl Keys {
    pub(super) fn new(pty: &Pty, leader: Pid) -> io::Result<Self> {
        let pty = pty.as_fd().try_clone_to_owned()?;
        // A command that does not read must not hold up what it prints.
        fcntl_setfl(&pty, fcntl_getfl(&pty)? | OFlags::NONBLOCK)?;
        Ok(Self { pty, leader, typed: Vec::new() })
    }

    pub(super) fn interest(&self) -> PollFd<'_> {
        if self.typed.is_empty() {
            PollFd::from_borrowed_fd(stdin(), PollFlags::IN)
        } else {
            PollFd::new(&self.pty, PollFlags::OUT)
        }
    }

    /// Does what [`Keys::interest`] waited for.
    pub(super) fn advance(&mut self) -> Step {
        let read = if self.typed.is_empty() { self.read() } else { Ok(()) };
        match read.and_then(|()| self.write()) {
            Ok(()) | Err(Errno::INTR | Errno::AGAIN) => Step::Open,
            Err(_) => Step::Closed,
        }
    }

    fn read(&mut self) -> Result<(), Errno> {
        let mut buffer = [0; 1024];
        let length = read(stdin(), &mut buffer[..])?;
        self.typed.extend_from_slice(&buffer[..length]);
        // Our terminal hung up.
        if length == 0 { Err(Errno::IO) } else { Ok(()) }
    }

    fn write(&mut self) -> Result<(), Errno> {
        let suspend = self.suspend_key();
        let length = write(&self.pty, &self.typed)?;
        let stop = self.typed.drain(..length).any(|key| Some(key) == suspend);
        if stop {
            kill_process(self.leader, Signal::STOP)?;
        }
        Ok(())
    }

    /// The key (Ctrl-Z) that must stop the command, where the pty cannot: the system drops its SIGTSTP, because the
    /// leader of a session has no shell above it that could continue it. Here that shell is ours.
    fn suspend_key(&self) -> Option<u8> {
        let settings = tcgetattr(&self.pty).ok()?;
        let signals = settings.local_modes.contains(LocalModes::ISIG);
        let leads = tcgetpgrp(&self.pty).is_ok_and(|group| group == self.leader);
        let key = settings.special_codes[SpecialCodeIndex::VSUSP];
        // 0 stands for a key that is switched off.
        (signals && leads && key != 0).then_some(key)
    }
}
