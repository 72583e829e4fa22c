//! The command as a process: started, watched, signalled.
#![allow(clippy::disallowed_methods)]

use std::ffi::{OsStr, OsString};
use std::io;

use pty_process::Error;
use rustix::io::retry_on_intr;
use rustix::process::{Pid, Signal, WaitOptions, kill_process, kill_process_group, waitpid};

use super::error::PassthroughError;
use super::finished::Finished;
use super::streams::Ends;

/// What a look at the command showed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum State {
    Running,
    Stopped,
    Finished(Finished),
}

/// The command as a process.
pub(super) struct Child {
    pid: Pid,
    session: bool,
}

impl Child {
    pub(super) fn spawn(
        program: &OsStr,
        arguments: &[OsString],
        ends: Ends,
    ) -> Result<Self, PassthroughError> {
        let refused = |source| PassthroughError::from_spawn(program, source);
        let (child, session) = match ends.session {
            Some(pts) => {
                let command = pty_process::blocking::Command::new(program).args(arguments);
                let child =
                    command.stdout(ends.stdout).stderr(ends.stderr).spawn(pts).map_err(
                        |error| match error {
                            Error::Io(source) => refused(source),
                            Error::Rustix(errno) => errno.into(),
                        },
                    )?;
                (child, true)
            }
            None => {
                let mut command = std::process::Command::new(program);
                command.args(arguments).stdout(ends.stdout).stderr(ends.stderr);
                (command.spawn().map_err(refused)?, false)
            }
        };
        Ok(Self { pid: Pid::from_child(&child), session })
    }

    pub(super) fn pid(&self) -> Pid {
        self.pid
    }

    /// Leads a session of its own.
    pub(super) fn leads_session(&self) -> bool {
        self.session
    }

    pub(super) fn look(&self) -> io::Result<State> {
        // In our own process group the terminal stops us together with the command.
        let options = if self.session { WaitOptions::UNTRACED } else { WaitOptions::empty() };
        let status = retry_on_intr(|| waitpid(Some(self.pid), options | WaitOptions::NOHANG))?;
        Ok(match status {
            None => State::Running,
            Some((_, status)) if status.stopped() => State::Stopped,
            Some((_, status)) => {
                State::Finished(Finished { code: status.exit_status(), signal: status.terminating_signal() })
            }
        })
    }

    /// A command that is gone already needs no signal.
    pub(super) fn send(&self, signal: Signal) {
        kill_process(self.pid, signal).ok();
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
