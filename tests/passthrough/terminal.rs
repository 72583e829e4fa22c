//! A person's terminal: a real pty, of which the test holds the side with the screen and the keyboard.

use std::io::{Read, Write};
use std::os::unix::process::ExitStatusExt;
use std::process::{Child, Command};
use std::time::{Duration, Instant};

use pty_process::Size;
use pty_process::blocking::Pty;
use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::fs::{OFlags, fcntl_getfl, fcntl_setfl};
use rustix::process::Pid;
use rustix::termios::{LocalModes, tcgetattr};

use crate::world::{PATIENCE, eventually};

/// A terminal of 24 lines and 80 columns with a process on it.
pub(crate) struct Terminal {
    pub(crate) pty: Pty,
    process: Child,
    screen: Vec<u8>,
    seen: usize,
}

impl Terminal {
    pub(crate) fn start(command: Command) -> Self {
        let (pty, pts) = pty_process::blocking::open().unwrap();
        pty.resize(Size::new(24, 80)).unwrap();
        let process = pty_process::blocking::Command::from(command).spawn(pts).unwrap();
        Self { pty, process, screen: Vec::new(), seen: 0 }
    }

    pub(crate) fn pid(&self) -> Pid {
        Pid::from_child(&self.process)
    }

    /// Presses keys.
    pub(crate) fn press(&mut self, keys: &str) {
        self.pty.write_all(keys.as_bytes()).unwrap();
    }

    /// Presses a key until nothing takes it any more.
    pub(crate) fn press_until_full(&mut self) {
        let flags = fcntl_getfl(&self.pty).unwrap();
        fcntl_setfl(&self.pty, flags | OFlags::NONBLOCK).unwrap();
        let mut refused = 0;
        while refused < 5 {
            if self.pty.write(&[b'x'; 1000]).is_ok() {
                refused = 0;
            } else {
                refused += 1;
                std::thread::sleep(Duration::from_millis(20));
            }
        }
        fcntl_setfl(&self.pty, flags).unwrap();
    }

    /// Waits until `text` appears on the screen, after what was waited for before.
    pub(crate) fn expect(&mut self, text: &str) {
        let started = Instant::now();
        loop {
            let unseen = &self.screen[self.seen..];
            if let Some(at) = memchr::memmem::find(unseen, text.as_bytes()) {
                self.seen += at + text.len();
                return;
            }
            assert!(
                started.elapsed() < PATIENCE && self.look(),
                "`{text}` never appeared on the screen:\n{}",
                String::from_utf8_lossy(&self.screen)
            );
        }
    }

    /// Waits until the keyboard is handed on key by key.
    pub(crate) fn expect_raw(&self) {
        eventually("raw mode", || !tcgetattr(&self.pty).unwrap().local_modes.contains(LocalModes::ICANON));
    }

    pub(crate) fn resize(&self, rows: u16, columns: u16) {
        self.pty.resize(Size::new(rows, columns)).unwrap();
    }

    /// Waits for the end of the process: its exit code as a shell has it, and all that was on the screen.
    pub(crate) fn finish(mut self) -> (i32, String) {
        let started = Instant::now();
        while self.look() {
            assert!(started.elapsed() < PATIENCE, "no end:\n{}", String::from_utf8_lossy(&self.screen));
        }
        let status = self.process.wait().unwrap();
        let code = status.code().or(status.signal().map(|signal| 128 + signal)).unwrap();
        (code, String::from_utf8_lossy(&self.screen).into_owned())
    }

    /// Reads what there is, for a moment; false at the end.
    fn look(&mut self) -> bool {
        let timeout = Timespec::try_from(Duration::from_millis(50)).unwrap();
        let mut fds = [PollFd::new(&self.pty, PollFlags::IN)];
        if poll(&mut fds, Some(&timeout)).unwrap() == 0 {
            return true;
        }
        let mut buffer = [0; 4096];
        match self.pty.read(&mut buffer) {
            Ok(0) | Err(_) => false,
            Ok(length) => {
                self.screen.extend_from_slice(&buffer[..length]);
                true
            }
        }
    }
}

impl Drop for Terminal {
    fn drop(&mut self) {
        self.process.kill().ok();
        self.process.wait().ok();
    }
}
