//! What is still waited for, in one line on the terminal, as long as it is waited for.

use std::ops::ControlFlow;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use crate::machine::Interruption;
use crate::probes::Observer;
use crate::visible::visible;

/// Nobody needs to be told of less.
const PATIENCE: Duration = Duration::from_millis(300);

/// The terminal shows `^C` behind the line, and shall not begin another one for it.
const ECHO: usize = 3;

/// Draws the line, where somebody sees it.
pub(super) struct Progress {
    /// Whether there is a terminal to draw on, and a wish to see it.
    is_seen: bool,
    utf8: bool,
    width: usize,
    waiting: Mutex<Waiting>,
}

#[derive(Default)]
struct Waiting {
    since: Option<Instant>,
    line: Option<Line>,
}

struct Line {
    bar: ProgressBar,
    interruption: Option<Interruption>,
}

impl Progress {
    pub(super) fn new(is_seen: bool, utf8: bool, width: usize) -> Self {
        Progress { is_seen, utf8, width, waiting: Mutex::default() }
    }

    fn told(&self, for_what: &[String], took: Duration) -> String {
        let dots = if self.utf8 { "…" } else { "..." };
        let tail = format!(" {dots} {:.1} s", took.as_secs_f64());
        let room = self.width.saturating_sub("asking: ".len() + tail.len() + ECHO);
        format!("asking: {}{tail}", fitting(for_what, room))
    }
}

impl Observer for Progress {
    fn waiting(&self, for_what: &[String]) -> ControlFlow<()> {
        if !self.is_seen {
            return ControlFlow::Continue(());
        }
        let mut waiting = self.waiting.lock().unwrap_or_else(PoisonError::into_inner);
        let took = waiting.since.get_or_insert_with(Instant::now).elapsed();
        if took < PATIENCE {
            return ControlFlow::Continue(());
        }
        let line = waiting.line.get_or_insert_with(Line::begin);
        line.bar.set_message(self.told(for_what, took));
        match line.interruption.as_ref().is_some_and(Interruption::came) {
            true => ControlFlow::Break(()),
            false => ControlFlow::Continue(()),
        }
    }

    fn done(&self) {
        let waiting = std::mem::take(&mut *self.waiting.lock().unwrap_or_else(PoisonError::into_inner));
        if let Some(line) = waiting.line {
            line.bar.finish_and_clear();
            if let Some(interruption) = line.interruption {
                interruption.let_go();
            }
        }
    }
}

impl Line {
    fn begin() -> Self {
        // Ctrl-C leaves nothing of the line behind. Where signals cannot be held off, it leaves the line.
        let interruption = Interruption::hold_off().ok();
        let bar = ProgressBar::with_draw_target(None, ProgressDrawTarget::stderr());
        let style = ProgressStyle::with_template("{msg}").unwrap_or_else(|_| ProgressStyle::default_bar());
        bar.set_style(style);
        Line { bar, interruption }
    }
}

/// As many of the names as find room, and how many more there are; or how many there are at all.
fn fitting(names: &[String], room: usize) -> String {
    let mut shown = String::new();
    for (at, name) in names.iter().enumerate() {
        let gap = if at == 0 { "" } else { ", " };
        let name = visible(name);
        let left = names.len() - at;
        let rest = if left > 1 { format!(" and {} more", left - 1).len() } else { 0 };
        if shown.len() + gap.len() + name.len() + rest > room {
            return match at {
                0 => format!("{left} question{}", if left == 1 { "" } else { "s" }),
                _ => format!("{shown} and {left} more"),
            };
        }
        shown.push_str(gap);
        shown.push_str(&name);
    }
    shown
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_that_find_no_room_are_counted() {
        let names: Vec<String> = ["nix.daemon", "gpu.metal", "tool.elixir"].map(str::to_owned).into();
        assert_eq!(fitting(&names, 80), "nix.daemon, gpu.metal, tool.elixir");
        assert_eq!(fitting(&names, 34), "nix.daemon, gpu.metal, tool.elixir");
        assert_eq!(fitting(&names, 33), "nix.daemon, gpu.metal and 1 more");
        assert_eq!(fitting(&names, 3), "3 questions");
        assert_eq!(fitting(&[], 3), "");
    }

    #[test]
    fn the_line_is_no_wider_than_the_terminal() {
        let names: Vec<String> = (10..40).map(|number| format!("tool.number-{number}")).collect();
        for width in [40, 80, 120] {
            let told = Progress::new(true, true, width).told(&names, Duration::from_millis(1234));
            assert!(told.chars().count() + ECHO <= width && told.ends_with(" … 1.2 s"), "{told}");
        }
        let told = Progress::new(true, false, 80).told(&names[..1], Duration::from_millis(1234));
        assert_eq!(told, "asking: tool.number-10 ... 1.2 s");
    }
}
