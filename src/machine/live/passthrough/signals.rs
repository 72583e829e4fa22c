//! Signals that reach us while the command runs.

use std::io;
use std::os::fd::AsFd;
use std::os::fd::BorrowedFd;
use std::os::unix::net::UnixStream;
use std::sync::Once;
use std::sync::atomic::{AtomicBool, Ordering};

use signal_hook::consts::{SIGCHLD, SIGCONT, SIGHUP, SIGINT, SIGQUIT, SIGTERM, SIGWINCH};
use signal_hook::flag::register_conditional_default;
use signal_hook::iterator::backend::SignalDelivery;
use signal_hook::iterator::exfiltrator::SignalOnly;

/// Signals that end a process which does not hold them off.
pub(in crate::machine::live) const DEADLY: [i32; 4] = [SIGHUP, SIGINT, SIGQUIT, SIGTERM];

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
        DEADLY.into_iter().chain([SIGWINCH, SIGCONT]).try_for_each(|signal| handle.add_signal(signal))
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

/// Holds off the deadly signals until [`let_go`].
pub(in crate::machine::live) fn hold_off() -> io::Result<()> {
    static DEFAULTS: Once = Once::new();
    AT_REST.store(false, Ordering::SeqCst);
    let mut registered = Ok(());
    DEFAULTS.call_once(|| {
        registered = DEADLY
            .into_iter()
            .try_for_each(|signal| register_conditional_default(signal, &AT_REST).map(|_| ()));
    });
    registered
}

/// Lets the deadly signals do what they always do.
pub(in crate::machine::live) fn let_go() {
    AT_REST.store(true, Ordering::SeqCst);
}
