//! The terminal that envdoctor draws on.

#![allow(clippy::disallowed_methods)]

use std::io::{self, IsTerminal};

/// Columns when nobody says how many there are.
const DEFAULT_WIDTH: usize = 80;

/// The terminal's columns: what COLUMNS says, else what the terminal itself says.
pub fn screen_width() -> usize {
    let stated = std::env::var("COLUMNS").ok().and_then(|columns| columns.parse().ok());
    let asked = || {
        let size = rustix::termios::tcgetwinsize(io::stdout())
            .or_else(|_| rustix::termios::tcgetwinsize(io::stderr()))
            .ok()?;
        Some(usize::from(size.ws_col))
    };
    stated.or_else(asked).filter(|&columns| columns > 0).unwrap_or(DEFAULT_WIDTH)
}

/// Whether there is a person who can be asked and will see the question.
pub fn can_ask() -> bool {
    io::stdin().is_terminal() && io::stderr().is_terminal()
}
