//! Settings for a person: name, value, and where each comes from.

use unicode_width::UnicodeWidthStr;

use super::layout::{Block, Look};

/// One value of a setting.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SettingRow {
    /// The setting's name, with dots between its parts.
    pub key: String,
    /// The value.
    pub value: String,
    /// Who says so.
    pub origin: String,
}

/// A longer name stands with its end alone.
const LONGEST: usize = 32;

/// Draws a line for each value, a name that stands above once.
pub fn draw_settings(rows: &[SettingRow], look: Look) -> String {
    let width = rows.iter().map(|row| row.key.width()).max().unwrap_or(0).min(LONGEST);
    let mut out = String::new();
    let mut before = None;
    for row in rows {
        let name = if before == Some(&row.key) { "" } else { &row.key };
        before = Some(&row.key);
        out.push_str(&Block::new(look).row(" ", name, width).aside("from", &row.origin).text(&row.value));
    }
    out
}
