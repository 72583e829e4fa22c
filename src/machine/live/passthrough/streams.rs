//! Which stream of the command gets what: a terminal, a pipe of its own, or a pipe that it shares.

use std::io;
use std::os::fd::{AsFd, OwnedFd};
use std::process::Stdio;

use pty_process::blocking::{Pts, Pty};
use rustix::fs::fstat;
use rustix::process::getpgrp;
use rustix::stdio::{stderr, stdin, stdout};
use rustix::termios::{isatty, tcgetpgrp};

use super::stream::Stream;
use super::terminal;

/// What our own streams are.
#[derive(Clone, Copy, Default)]
pub(super) struct Ours {
    stdin_terminal: bool,
    stdout_terminal: bool,
    stderr_terminal: bool,
    /// No other job has the terminal.
    foreground: bool,
    /// stdout and stderr lead to the same file or pipe.
    same_file: bool,
}

impl Ours {
    pub(super) fn look() -> Self {
        let same_file = match (fstat(stdout()), fstat(stderr())) {
            (Ok(out), Ok(err)) => (out.st_dev, out.st_ino) == (err.st_dev, err.st_ino),
            _ => false,
        };
        Self {
            stdin_terminal: isatty(stdin()),
            stdout_terminal: isatty(stdout()),
            stderr_terminal: isatty(stderr()),
            // A terminal that does not control us knows no jobs.
            foreground: tcgetpgrp(stdin()).map_or(true, |group| group == getpgrp()),
            same_file,
        }
    }
}

/// What the command gets.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Layout {
    /// A session of its own, with the pty as its controlling terminal and as its stdin.
    session: bool,
    stdout: Channel,
    stderr: Channel,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Channel {
    Terminal,
    Pipe,
    /// The pipe of stdout.
    Shared,
}

impl Layout {
    pub(super) fn of(ours: &Ours) -> Self {
        let stdout = if ours.stdout_terminal { Channel::Terminal } else { Channel::Pipe };
        let stderr = match (ours.stderr_terminal, ours.stdout_terminal) {
            (true, _) => Channel::Terminal,
            (false, false) if ours.same_file => Channel::Shared,
            (false, _) => Channel::Pipe,
        };
        Self { session: ours.stdin_terminal && ours.stdout_terminal && ours.foreground, stdout, stderr }
    }

    fn wants_terminal(self) -> bool {
        self.stdout == Channel::Terminal || self.stderr == Channel::Terminal
    }

    fn without_terminal(self) -> Self {
        let pipe = |channel| if channel == Channel::Terminal { Channel::Pipe } else { channel };
        Self { session: false, stdout: pipe(self.stdout), stderr: pipe(self.stderr) }
    }
}

/// Our ends of the command's streams.
pub(super) struct Streams {
    pub(super) copied: Vec<Stream>,
    pub(super) pty: Option<Pty>,
    /// The command's side of the pty, held so that a command which lets go of its terminal can open it again.
    pub(super) held: Option<OwnedFd>,
}

/// The command's ends.
pub(super) struct Ends {
    /// The controlling terminal of a session of its own.
    pub(super) session: Option<Pts>,
    pub(super) stdout: Stdio,
    pub(super) stderr: Stdio,
}

pub(super) fn open(layout: Layout) -> io::Result<(Streams, Ends)> {
    // A sandbox may have no ptys: better a command without colours than none.
    let pair = if layout.wants_terminal() { pty_process::blocking::open().ok() } else { None };
    let layout = if pair.is_some() { layout } else { layout.without_terminal() };
    let mut copied = Vec::new();

    if let Some((pty, pts)) = &pair {
        let ours = if layout.stdout == Channel::Terminal { stdout() } else { stderr() };
        terminal::imitate(ours, pty, pts, layout.session)?;
        copied.push(Stream::new(pty.as_fd().try_clone_to_owned()?, ours, true));
    }
    let terminal_end = || match &pair {
        Some((_, pts)) => Ok(Stdio::from(pts.as_fd().try_clone_to_owned()?)),
        None => Err(io::Error::from(io::ErrorKind::NotFound)),
    };
    let mut pipe = |sink| -> io::Result<OwnedFd> {
        let (reader, writer) = io::pipe()?;
        copied.push(Stream::new(reader.into(), sink, false));
        Ok(writer.into())
    };

    let (out, err) = match (layout.stdout, layout.stderr) {
        (Channel::Terminal, Channel::Terminal) => (terminal_end()?, terminal_end()?),
        (Channel::Terminal, _) => (terminal_end()?, pipe(stderr())?.into()),
        (_, Channel::Terminal) => (pipe(stdout())?.into(), terminal_end()?),
        (_, Channel::Shared) => {
            let writer = pipe(stdout())?;
            (writer.try_clone()?.into(), writer.into())
        }
        (_, Channel::Pipe) => (pipe(stdout())?.into(), pipe(stderr())?.into()),
    };
    let (pty, pts) = pair.unzip();
    let held = pts.as_ref().map(|pts| pts.as_fd().try_clone_to_owned()).transpose()?;
    let session = if layout.session { pts } else { None };
    Ok((Streams { copied, pty, held }, Ends { session, stdout: out, stderr: err }))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn all_terminals() -> Ours {
        Ours {
            stdin_terminal: true,
            stdout_terminal: true,
            stderr_terminal: true,
            foreground: true,
            same_file: true,
        }
    }

    #[test]
    fn a_terminal_all_round_gives_a_session_and_one_terminal() {
        let layout = Layout::of(&all_terminals());
        assert_eq!(layout, Layout { session: true, stdout: Channel::Terminal, stderr: Channel::Terminal });
    }

    #[test]
    fn only_a_command_that_reads_and_prints_to_the_terminal_gets_a_session() {
        for ours in [
            Ours { stdin_terminal: false, ..all_terminals() },
            Ours { stdout_terminal: false, same_file: false, ..all_terminals() },
            Ours { foreground: false, ..all_terminals() },
        ] {
            assert!(!Layout::of(&ours).session);
        }
    }

    #[test]
    fn one_pipe_serves_both_only_when_both_lead_to_the_same_place() {
        let neither = Ours { foreground: true, ..Ours::default() };
        assert_eq!(Layout::of(&neither).stderr, Channel::Pipe);
        assert_eq!(Layout::of(&Ours { same_file: true, ..neither }).stderr, Channel::Shared);
    }

    #[test]
    fn without_ptys_terminals_become_pipes() {
        let layout = Layout::of(&all_terminals()).without_terminal();
        assert_eq!(layout, Layout { session: false, stdout: Channel::Pipe, stderr: Channel::Pipe });
    }
}
