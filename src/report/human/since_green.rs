//! What changed since the last healthy check, for a person.

use unicode_width::UnicodeWidthStr;

use super::layout::{Block, Look};
use crate::report::SinceGreen;

/// A longer name stands with its end alone.
const LONGEST: usize = 36;

pub(super) fn draw(since: &SinceGreen, look: Look) -> String {
    let Some(at) = since.at else {
        return Block::new(look)
            .marked("i")
            .text("No healthy check of this project is remembered to compare with.");
    };
    let at = at.strftime("%Y-%m-%d %H:%M UTC");
    if since.differences.is_empty() {
        let text = format!("Nothing that envdoctor knows of changed since the last healthy check, {at}.");
        return Block::new(look).marked("i").text(&text);
    }
    let mut out = Block::new(look).marked("i").text(&format!("Since the last healthy check, {at}:"));
    let width = since.differences.iter().map(|(what, _)| what.width()).max().unwrap_or(0).min(LONGEST);
    for (what, how) in &since.differences {
        out.push_str(&Block::new(look).row(" ", what, width).text(how));
    }
    out
}
