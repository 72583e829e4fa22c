//! Signals that reach us while the command runs.
#![allow(clippy::disallowed_methods)]

use std::io;
use std::os::fd::AsFd;
use std::os::fd::BorrowedFd;
use std::os::unix::net::UnixStream;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{LazyLock, Once};

use signal_hook::consts::{SIGCHLD, SIGCONT, SIGHUP, SIGINT, SIGQUIT, SIGTERM, SIGWINCH};
use signal_hook::flag::register_conditional_default;
use signal_hook::iterator::backend::SignalDelivery;
use signal_hook::iterator::exfiltrator::SignalOnly;

/// Signals that end a process which does not hold them off.
const DEADLY: [i32; 4] = [SIGHUP, SIGINT, SIGQUIT, SIGTERM];

/// Nothing holds them off, so that signals do again what they always did: the handlers themselves stay for good.
static AT_REST: AtomicBool = AtomicBool::new(true);

/// Signals that reach us while the command runs, none of which ends us before it.
pub(super) struct Signals {
    arrived: SignalDelivery<UnixStream, SignalOnly>,
}

impl Signals {
    /// Hears the ends of child processes, and nothing else yet.
    pub(super) fn of_children() -> io::Result<Self> {
        let (reader, writer) = UnixStream::pair()?;
        Ok(Self { arrived: SignalDelivery::with_pipe(reader, writer, SignalOnly, [SIGCHLD])? })
    }

    /// Holds off all that would end us, until this is dropped.
    pub(super) fn hold(&mut self) -> io::Result<()> {
        hold_off()?;
        let handle = self.arrived.handle();
        deadly().chain([SIGWINCH, SIGCONT]).try_for_each(|signal| handle.add_signal(signal))
    }

    pub(super) fn take(&mut self) -> Vec<i32> {
        self.arrived.pending().collect()
    }
}

impl AsFd for Signals {
    fn as_fd(&self) -> BorrowedFd<'_> {
        self.arrived.get_read().as_fd()
    }
}

impl Drop for Signals {
    fn drop(&mut self) {
        let_go();
    }
}

/// Signals that end us unless we hold them off. Under nohup a hangup is none of them, and must stay ignored.
pub(in crate::machine::live) fn deadly() -> impl Iterator<Item = i32> {
    // Only at first: a handler of ours takes the place of what was there before.
    static NOHUP: LazyLock<bool> = LazyLock::new(|| {
        std::fs::read_to_string("/proc/self/status").is_ok_and(|status| ignores_hangup(&status))
    });
    DEADLY.into_iter().filter(|&signal| signal != SIGHUP || !*NOHUP)
}

/// Reads it from the mask of ignored signals that Linux tells of a process.
fn ignores_hangup(status: &str) -> bool {
    let mask = status.lines().find_map(|line| line.strip_prefix("SigIgn:"));
    let mask = mask.and_then(|mask| u64::from_str_radix(mask.trim(), 16).ok()).unwrap_or(0);
    mask >> (SIGHUP - 1) & 1 == 1
}

/// Makes it possible to hold the deadly signals off, which still do what they always do. It must come before any other
/// handler of them: handlers run one after the other, and one that wakes us first would let us go on to [`let_go`] while
/// the signal is still being handled.
pub(in crate::machine::live) fn prepare() -> io::Result<()> {
    static DEFAULTS: Once = Once::new();
    let mut registered = Ok(());
    DEFAULTS.call_once(|| {
        registered =
            deadly().try_for_each(|signal| register_conditional_default(signal, &AT_REST).map(|_| ()));
    });
    registered
}

/// Holds off the deadly signals until [`let_go`].
pub(in crate::machine::live) fn hold_off() -> io::Result<()> {
    prepare()?;
    AT_REST.store(false, Ordering::SeqCst);
    Ok(())
}

/// Lets the deadly signals do what they always do.
pub(in crate::machine::live) fn let_go() {
    AT_REST.store(true, Ordering::SeqCst);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_ignored_hangup_is_read_from_the_mask() {
        let status = |mask: &str| format!("Name:\tx\nSigBlk:\t0000000000000001\nSigIgn:\t{mask}\n");
        assert!(ignores_hangup(&status("0000000000001001")));
        assert!(!ignores_hangup(&status("0000000000001006")));
        assert!(!ignores_hangup("Name:\tx\n"));
    }
}
