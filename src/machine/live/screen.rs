//! The terminal that envdoctor draws on.

#![allow(clippy::disallowed_methods)]

use std::env::var;
use std::io::{self, IsTerminal};

use crate::formats::charset_is_utf8;

/// Columns when nobody says how many there are.
const DEFAULT_WIDTH: usize = 80;

/// What is known of the terminal, and of what the person wants to see on it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Screen {
    /// The terminal's columns: what COLUMNS says, else what the terminal itself says.
    pub width: usize,
    /// It shows UTF-8: no locale says otherwise.
    pub utf8: bool,
    /// ENVDOCTOR_PLAIN asks for lines that can be listened to.
    pub plain: bool,
    /// Somebody sees what is drawn on stderr, and a line of it can be drawn anew.
    pub live: bool,
}

impl Screen {
    /// The terminal of this process.
    pub fn of_this_process() -> Self {
        let term = set("TERM");
        let redraws = term.is_some_and(|term| term != "dumb");
        Screen {
            width: width(),
            utf8: locale().is_none_or(|locale| charset_is_utf8(&locale)),
            plain: is_on("ENVDOCTOR_PLAIN"),
            live: io::stderr().is_terminal() && redraws && !is_on("CI"),
        }
    }
}

fn width() -> usize {
    let stated = var("COLUMNS").ok().and_then(|columns| columns.parse().ok());
    let asked = || {
        let size = rustix::termios::tcgetwinsize(io::stdout())
            .or_else(|_| rustix::termios::tcgetwinsize(io::stderr()))
            .ok()?;
        Some(usize::from(size.ws_col))
    };
    stated.or_else(asked).filter(|&columns| columns > 0).unwrap_or(DEFAULT_WIDTH)
}

/// The locale that decides on characters. Where none is set, as in containers, terminals show UTF-8 all the same.
fn locale() -> Option<String> {
    ["LC_ALL", "LC_CTYPE", "LANG"].into_iter().find_map(set)
}

fn set(name: &str) -> Option<String> {
    var(name).ok().filter(|value| !value.is_empty())
}

fn is_on(name: &str) -> bool {
    set(name).is_some_and(|value| !matches!(value.to_lowercase().as_str(), "0" | "false" | "no" | "off"))
}

/// Whether there is a person who can be asked and will see the question.
pub fn can_ask() -> bool {
    io::stdin().is_terminal() && io::stderr().is_terminal()
}
