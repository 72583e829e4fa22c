//! The loop that moves bytes, keys and signals until the command is done.

use std::io;
use std::os::fd::{BorrowedFd, OwnedFd};
use std::thread;
use std::time::{Duration, Instant};

use pty_process::blocking::Pty;
use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::io::Errno;
use rustix::process::{Pid, Signal, kill_current_process_group};
use rustix::termios::tcgetpgrp;
use signal_hook::consts::{SIGCHLD, SIGCONT, SIGHUP, SIGINT, SIGQUIT, SIGTERM, SIGWINCH};

use super::super::super::Watch;
use super::child::{Child, State};
use super::ending::Ending;
use super::finished::{Ended, Finished};
use super::keys::Keys;
use super::signals::Signals;
use super::stream::{Step, Stream};
use super::streams::Streams;
use super::terminal::{self, RawMode};

/// How long a stream is read on after the command's end: something that it left behind may hold it open for ever.
const DRAIN: Duration = Duration::from_millis(200);

/// Within which a stop reaches all our threads.
const STOPPING: Duration = Duration::from_millis(20);

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
    /// Of a remedy's command.
    ending: Option<Ending>,
    ended: Ended,
    /// Somebody wants an end of us.
    told_to_end: bool,
}

impl Pump {
    pub(super) fn new(child: Child, watch: Watch, streams: Streams, signals: Signals) -> io::Result<Self> {
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
            ending: watch.deadline().map(Ending::after),
            ended: Ended::ByItself,
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
            let over = self.finished.filter(|_| !self.is_ending());
            if let Some(finished) = over
                && (self.streams.is_empty() || (drain.is_zero() && !blocked))
            {
                return Ok(Finished { ended: self.ended, ..finished });
            }
            let started = Instant::now();
            let limited = over.is_some() && !blocked;
            let limits = [limited.then_some(drain), self.ending.as_ref().and_then(Ending::timeout)];
            self.step(limits.into_iter().flatten().min(), output)?;
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
        if self.keys.as_mut().is_some_and(Keys::take_asked_to_end) {
            // The pty has sent the signal.
            self.end_remedy(Ended::Told, None);
        }
        if signalled {
            self.heed_signals()?;
        }
        self.heed_time();
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
                SIGTERM => self.told(Signal::TERM),
                SIGHUP => self.told(Signal::HUP),
                SIGINT => self.told(Signal::INT),
                SIGQUIT => self.told(Signal::QUIT),
                _ => {}
            }
        }
        Ok(())
    }

    /// Somebody wants an end of us.
    fn told(&mut self, signal: Signal) {
        self.end_remedy(Ended::Told, Some(signal));
        if self.ending.is_some() {
            return;
        }
        match signal {
            Signal::INT | Signal::QUIT if self.child.leads_session() => self.forward(signal),
            // In our own process group the terminal has sent these to the command as well.
            Signal::INT | Signal::QUIT => {}
            _ => {
                self.told_to_end = true;
                self.forward(signal);
            }
        }
    }

    /// Says why it ends, and if it is a remedy, ends it with all that it started.
    fn end_remedy(&mut self, why: Ended, signal: Option<Signal>) {
        if self.ended == Ended::ByItself {
            self.ended = why;
        }
        let groups = self.groups();
        let Some(ending) = &mut self.ending else { return };
        self.told_to_end = true;
        if self.finished.is_none() && !ending.is_under_way() {
            ending.begin(groups);
        }
        if let Some(signal) = signal {
            ending.send(signal);
        }
    }

    /// The command's process groups: its own, and the one that it gave its terminal to.
    fn groups(&self) -> Vec<Pid> {
        let leader = self.child.pid();
        let foreground = self.pty.as_ref().filter(|_| self.child.leads_session());
        let foreground = foreground.and_then(|pty| tcgetpgrp(pty).ok()).filter(|&group| group != leader);
        [leader].into_iter().chain(foreground).collect()
    }

    fn is_ending(&self) -> bool {
        self.ending.as_ref().is_some_and(Ending::is_under_way)
    }

    fn heed_time(&mut self) {
        if self.ending.as_ref().is_some_and(Ending::is_due) {
            self.end_remedy(Ended::AtDeadline, Some(Signal::TERM));
        }
        if let Some(ending) = &mut self.ending {
            ending.advance();
            if ending.is_over() && self.finished.is_none() {
                self.finished = Some(Finished { code: None, signal: None, ended: self.ended });
            }
        }
    }

    fn look_at_child(&mut self) -> io::Result<()> {
        if self.finished.is_some() {
            return Ok(());
        }
        match self.child.look()? {
            State::Running => {}
            // Asked once more it would want the terminal once more.
            State::WantsTerminal if !self.is_ending() => {
                self.end_remedy(Ended::WantedTerminal, Some(Signal::TERM));
            }
            State::Stopped if self.child.leads_session() && !self.is_ending() => self.stop_with_child()?,
            State::Stopped | State::WantsTerminal => {}
            State::Finished(finished) => {
                self.finished = Some(finished);
                if finished.signal == Some(SIGINT) && self.ended == Ended::ByItself {
                    self.ended = Ended::Told;
                }
                self.ending.iter_mut().for_each(Ending::dismiss);
                // What is typed from now on is the shell's.
                self.keys = None;
                self.held = None;
            }
        }
        Ok(())
    }

    /// Stops as the command did, so that the shell above us takes over, and goes on with it.
    fn stop_with_child(&mut self) -> io::Result<()> {
        let stopped = Instant::now();
        self.child.stop_group();
        self.raw.iter().try_for_each(RawMode::pause)?;
        kill_current_process_group(Signal::TSTP)?;
        // Where another of our threads takes the signal, this one is stopped a moment later.
        thread::sleep(STOPPING);
        self.raw.iter().try_for_each(RawMode::resume)?;
        self.resize();
        self.child.continue_group();
        self.ending.iter_mut().for_each(|ending| ending.postpone(stopped.elapsed()));
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

    fn forward(&self, signal: Signal) {
        if self.finished.is_none() {
            self.child.send(signal);
        }
    }
}
