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
    /// A key (Ctrl-C, Ctrl-\\) that asks what runs on the pty to end was handed on.
    asked_to_end: bool,
}

impl Keys {
    pub(super) fn new(pty: &Pty, leader: Pid) -> io::Result<Self> {
        let pty = pty.as_fd().try_clone_to_owned()?;
        // A command that does not read must not hold up what it prints.
        fcntl_setfl(&pty, fcntl_getfl(&pty)? | OFlags::NONBLOCK)?;
        Ok(Self { pty, leader, typed: Vec::new(), asked_to_end: false })
    }

    pub(super) fn interest(&self) -> PollFd<'_> {
        if self.typed.is_empty() {
            PollFd::from_borrowed_fd(stdin(), PollFlags::IN)
        } else {
            PollFd::new(&self.pty, PollFlags::OUT)
        }
    }

    /// Whether a key (Ctrl-C, Ctrl-\) was handed on that asks what runs on the pty to end; says so once.
    pub(super) fn take_asked_to_end(&mut self) -> bool {
        std::mem::take(&mut self.asked_to_end)
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
        let (suspend, end) = (self.suspend_key(), self.end_keys());
        let length = write(&self.pty, &self.typed)?;
        let handed_on: Vec<u8> = self.typed.drain(..length).collect();
        self.asked_to_end |= handed_on.iter().any(|key| end.contains(key));
        if handed_on.iter().any(|&key| Some(key) == suspend) {
            kill_process(self.leader, Signal::STOP)?;
        }
        Ok(())
    }

    /// The key (Ctrl-Z) that must stop the command, where the pty cannot: the system drops its SIGTSTP, because the
    /// leader of a session has no shell above it that could continue it. Here that shell is ours.
    fn suspend_key(&self) -> Option<u8> {
        let leads = tcgetpgrp(&self.pty).is_ok_and(|group| group == self.leader);
        self.signal_key(SpecialCodeIndex::VSUSP).filter(|_| leads)
    }

    /// The keys (Ctrl-C, Ctrl-\) for which the pty sends what runs on it a signal to end.
    fn end_keys(&self) -> Vec<u8> {
        let keys = [SpecialCodeIndex::VINTR, SpecialCodeIndex::VQUIT];
        keys.into_iter().filter_map(|key| self.signal_key(key)).collect()
    }

    /// A key for which the pty sends a signal, as it is set now.
    fn signal_key(&self, index: SpecialCodeIndex) -> Option<u8> {
        let settings = tcgetattr(&self.pty).ok()?;
        let signals = settings.local_modes.contains(LocalModes::ISIG);
        let key = settings.special_codes[index];
        // 0 stands for a key that is switched off.
        (signals && key != 0).then_some(key)
    }
}
