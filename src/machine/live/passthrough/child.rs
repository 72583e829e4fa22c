//! The command as a process: started, watched, signalled.
#![allow(clippy::disallowed_methods)]

use std::ffi::{OsStr, OsString};
use std::io;
use std::os::unix::process::CommandExt;
use std::process::{Command, Stdio};

use pty_process::Error;
use rustix::io::retry_on_intr;
use rustix::process::{Pid, Signal, WaitOptions, kill_process, kill_process_group, waitpid};
use signal_hook::consts::{SIGTTIN, SIGTTOU};

use super::super::super::Watch;
use super::error::PassthroughError;
use super::finished::{Ended, Finished};
use super::streams::Ends;

/// What a look at the command showed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum State {
    Running,
    Stopped,
    /// Stopped because it wants the terminal, which another process group has.
    WantsTerminal,
    Finished(Finished),
}

/// The command as a process.
pub(super) struct Child {
    pid: Pid,
    place: Place,
    /// A remedy, which must not go on when nobody watches it any more.
    remedy: bool,
    reaped: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Place {
    OwnSession,
    OwnGroup,
    OurGroup,
}

impl Child {
    pub(super) fn spawn(
        program: &OsStr,
        arguments: &[OsString],
        watch: Watch,
        ends: Ends,
    ) -> Result<Self, PassthroughError> {
        let refused = |source| PassthroughError::from_spawn(program, source);
        let remedy = watch.deadline().is_some();
        let (child, place) = match ends.session {
            Some(pts) => {
                let command = pty_process::blocking::Command::new(program).args(arguments);
                let child =
                    command.stdout(ends.stdout).stderr(ends.stderr).spawn(pts).map_err(
                        |error| match error {
                            Error::Io(source) => refused(source),
                            Error::Rustix(errno) => errno.into(),
                        },
                    )?;
                (child, Place::OwnSession)
            }
            None => {
                let mut command = Command::new(program);
                command.args(arguments).stdout(ends.stdout).stderr(ends.stderr);
                let place = if remedy {
                    command.stdin(Stdio::null()).process_group(0);
                    Place::OwnGroup
                } else {
                    Place::OurGroup
                };
                (command.spawn().map_err(refused)?, place)
            }
        };
        Ok(Self { pid: Pid::from_child(&child), place, remedy, reaped: false })
    }

    pub(super) fn pid(&self) -> Pid {
        self.pid
    }

    /// Leads a session of its own.
    pub(super) fn leads_session(&self) -> bool {
        self.place == Place::OwnSession
    }

    pub(super) fn look(&mut self) -> io::Result<State> {
        // In our own process group the terminal stops us together with the command.
        let options =
            if self.place == Place::OurGroup { WaitOptions::empty() } else { WaitOptions::UNTRACED };
        let status = retry_on_intr(|| waitpid(Some(self.pid), options | WaitOptions::NOHANG))?;
        Ok(match status {
            None => State::Running,
            Some((_, status)) if status.stopped() => match status.stopping_signal() {
                Some(SIGTTIN | SIGTTOU) if self.place == Place::OwnGroup => State::WantsTerminal,
                _ => State::Stopped,
            },
            Some((_, status)) => {
                self.reaped = true;
                let (code, signal) = (status.exit_status(), status.terminating_signal());
                State::Finished(Finished { code, signal, ended: Ended::ByItself })
            }
        })
    }

    /// A command that is gone already needs no signal.
    pub(super) fn send(&self, signal: Signal) {
        match self.place {
            Place::OwnGroup => kill_process_group(self.pid, signal).ok(),
            Place::OwnSession | Place::OurGroup => kill_process(self.pid, signal).ok(),
        };
    }

    /// Stops what runs beside the stopped command in its process group. Not before it: a command that waits in vfork for
    /// a stopped child can never stop itself.
    pub(super) fn stop_group(&self) {
        kill_process_group(self.pid, Signal::STOP).ok();
    }

    /// Lets a command that was stopped go on, with all that was stopped beside it.
    pub(super) fn continue_group(&self) {
        kill_process_group(self.pid, Signal::CONT).ok();
    }
}

impl Drop for Child {
    fn drop(&mut self) {
        if self.remedy && !self.reaped {
            kill_process_group(self.pid, Signal::KILL).ok();
        }
    }
}
