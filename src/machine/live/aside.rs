//! Keeping stdout for one thing: what else is printed there meanwhile goes to stderr.

use std::fs::File;
use std::io::{self, Write};
use std::os::fd::OwnedFd;

use rustix::io::fcntl_dupfd_cloexec;
use rustix::stdio::{dup2_stdout, stderr, stdout};

/// While it lives, stdout, that of started programs too, leads to where stderr leads.
pub struct StdoutAside(OwnedFd);

impl StdoutAside {
    /// Leads stdout to stderr.
    ///
    /// # Errors
    /// The system has no file descriptor left, or one of the streams is closed.
    pub fn begin() -> io::Result<Self> {
        io::stdout().flush()?;
        let kept = fcntl_dupfd_cloexec(stdout(), 3)?;
        dup2_stdout(stderr())?;
        Ok(StdoutAside(kept))
    }

    /// The stream that stdout leads to otherwise.
    ///
    /// # Errors
    /// The system has no file descriptor left.
    pub fn stream(&self) -> io::Result<File> {
        Ok(File::from(self.0.try_clone()?))
    }
}

impl Drop for StdoutAside {
    fn drop(&mut self) {
        let _ = io::stdout().flush();
        let _ = dup2_stdout(&self.0);
    }
}
