//! Ctrl-C while a line is drawn that has to be erased first.

use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use signal_hook::SigId;
use signal_hook::flag::register_usize;
use signal_hook::low_level::{emulate_default_handler, unregister};

use super::passthrough::signals::{deadly, hold_off, let_go, prepare};

/// Holds off the signals that end a process, for as long as it lives.
#[derive(Debug)]
pub struct Interruption {
    came: Arc<AtomicUsize>,
    handlers: Vec<SigId>,
}

impl Interruption {
    /// From now on.
    ///
    /// # Errors
    /// Signals cannot be held off here.
    pub fn hold_off() -> io::Result<Self> {
        prepare()?;
        let mut it = Interruption { came: Arc::default(), handlers: Vec::new() };
        for signal in deadly() {
            let number = usize::try_from(signal).unwrap_or_default();
            it.handlers.push(register_usize(signal, Arc::clone(&it.came), number)?);
        }
        hold_off()?;
        Ok(it)
    }

    /// Whether one came.
    pub fn came(&self) -> bool {
        self.came.load(Ordering::SeqCst) != 0
    }

    /// Lets the signals do again what they always do; the one that came does it now, and ends this process.
    pub fn let_go(self) {
        let came = self.came.load(Ordering::SeqCst);
        drop(self);
        if let Some(signal) = i32::try_from(came).ok().filter(|signal| *signal != 0) {
            let _ = emulate_default_handler(signal);
        }
    }
}

impl Drop for Interruption {
    fn drop(&mut self) {
        let_go();
        self.handlers.drain(..).for_each(|handler| {
            unregister(handler);
        });
    }
}
