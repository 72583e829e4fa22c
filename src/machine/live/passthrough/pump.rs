//! The loop that moves bytes, keys and signals until the command is done.

use std::io;
use std::os::fd::{BorrowedFd, OwnedFd};
use std::time::{Duration, Instant};

use pty_process::blocking::Pty;
use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::io::Errno;
use rustix::process::{Signal, kill_current_process_group};
use signal_hook::consts::{SIGCHLD, SIGCONT, SIGHUP, SIGINT, SIGQUIT, SIGTERM, SIGWINCH};

use super::child::{Child, State};
use super::finished::Finished;
use super::keys::Keys;
use super::signals::Signals;
use super::stream::{Step, Stream};
use super::streams::Streams;
use super::terminal::{self, RawMode};

/// How long a stream is read on after the command's end: something that it left behind may hold it open for ever.
const DRAIN: Duration = Duration::from_millis(200);

/// The loop's state.
pub(super) struct Pump {
    child: Child,
    signals: Signals,
    streams: Vec<Stream>,
    /// Our terminal that the pty stands for.
    stands_for: Option<BorrowedFd<'static>>,
    pty: Option<Pty>,
    held: Option<OwnedFd>,
    keys: Option<Keys>,
    raw: Option<RawMode>,
    finished: Option<Finished>,
    /// Somebody wants an end of us.
    told_to_end: bool,
}

impl Pump {
    pub(super) fn new(child: Child, streams: Streams, signals: Signals) -> io::Result<Self> {
        let Streams { copied, pty, held } = streams;
        let session = pty.as_ref().filter(|_| child.leads_session());
        let keys = session.map(|pty| Keys::new(pty, child.pid())).transpose()?;
        let raw = session.map(|_| RawMode::enter()).transpose()?;
        let stands_for = copied.iter().find(|stream| stream.is_terminal()).map(Stream::sink);
        let streams = copied;
        Ok(Self {
            child,
            signals,
            streams,
            stands_for,
            pty,
            held,
            keys,
            raw,
            finished: None,
            told_to_end: false,
        })
    }

    pub(super) fn run(mut self, output: &mut dyn FnMut(&[u8])) -> io::Result<Finished> {
        // It may have ended before anybody listened.
        self.look_at_child()?;
        let mut drain = DRAIN;
        loop {
            // A slow reader of ours gets all that the command said; only waiting for more is limited.
            let blocked = !self.told_to_end && self.streams.iter().any(Stream::is_blocked);
            if let Some(finished) = self.finished
                && (self.streams.is_empty() || (drain.is_zero() && !blocked))
            {
                return Ok(finished);
            }
            let started = Instant::now();
            let limited = self.finished.is_some() && !blocked;
            self.step(limited.then_some(drain), output)?;
            if limited {
                drain = drain.saturating_sub(started.elapsed());
            }
        }
    }

    fn step(&mut self, timeout: Option<Duration>, output: &mut dyn FnMut(&[u8])) -> io::Result<()> {
        let ready = self.wait(timeout)?;
        let mut ready = ready.into_iter();
        let mut is_ready = || ready.next().unwrap_or(false);
        let signalled = is_ready();
        let typed = self.keys.is_some() && is_ready();

        let mut terminal_closed = false;
        self.streams.retain_mut(|stream| {
            let closed = is_ready() && stream.advance(output) == Step::Closed;
            terminal_closed |= closed && stream.is_terminal();
            !closed
        });
        if terminal_closed {
            // With the last of our ends gone the command sees that its terminal hung up.
            self.keys = None;
            self.pty = None;
        }
        if typed && self.keys.as_mut().is_some_and(|keys| keys.advance() == Step::Closed) {
            self.keys = None;
        }
        if signalled {
            self.heed_signals()?;
        }
        Ok(())
    }

    /// Waits for signals, keys and streams, and says in this order which of them are ready.
    fn wait(&self, timeout: Option<Duration>) -> io::Result<Vec<bool>> {
        let timeout = timeout.map(Timespec::try_from).transpose().map_err(io::Error::other)?;
        let mut waiting = vec![PollFd::new(&self.signals, PollFlags::IN)];
        waiting.extend(self.keys.as_ref().map(Keys::interest));
        waiting.extend(self.streams.iter().map(Stream::interest));
        match poll(&mut waiting, timeout.as_ref()) {
            Ok(_) => Ok(waiting.iter().map(|fd| !fd.revents().is_empty()).collect()),
            Err(Errno::INTR) => Ok(Vec::new()),
            Err(error) => Err(error.into()),
        }
    }

    fn heed_signals(&mut self) -> io::Result<()> {
        for signal in self.signals.take() {
            match signal {
                SIGCHLD => self.look_at_child()?,
                SIGWINCH => self.resize(),
                SIGCONT => self.raw.iter().try_for_each(RawMode::resume)?,
                SIGTERM => self.end(Signal::TERM),
                SIGHUP => self.end(Signal::HUP),
                // In our own process group the terminal has sent these to the command as well.
                SIGINT if self.child.leads_session() => self.forward(Signal::INT),
                SIGQUIT if self.child.leads_session() => self.forward(Signal::QUIT),
                _ => {}
            }
        }
        Ok(())
    }

    fn look_at_child(&mut self) -> io::Result<()> {
        if self.finished.is_some() {
            return Ok(());
        }
        match self.child.look()? {
            State::Running => {}
            State::Stopped => self.stop_with_child()?,
            State::Finished(finished) => {
                self.finished = Some(finished);
                // What is typed from now on is the shell's.
                self.keys = None;
                self.held = None;
            }
        }
        Ok(())
    }

    /// Stops as the command did, so that the shell above us takes over, and goes on with it.
    fn stop_with_child(&mut self) -> io::Result<()> {
        self.child.stop_group();
        self.raw.iter().try_for_each(RawMode::pause)?;
        kill_current_process_group(Signal::TSTP)?;
        self.raw.iter().try_for_each(RawMode::resume)?;
        self.resize();
        self.child.continue_group();
        Ok(())
    }

    fn resize(&mut self) {
        if let (Some(ours), Some(pty)) = (self.stands_for, &self.pty) {
            // A terminal that is gone has no size.
            terminal::copy_size(ours, pty).ok();
            if !self.child.leads_session() {
                // The terminal told the command before the pty had its new size.
                self.forward(Signal::WINCH);
            }
        }
    }

    fn end(&mut self, signal: Signal) {
        self.told_to_end = true;
        self.forward(signal);
    }

    fn forward(&self, signal: Signal) {
        if self.finished.is_none() {
            self.child.send(signal);
        }
    }
}
