//! A fact that stands in a file: the place, its line, and a mark below what is meant.

use unicode_width::UnicodeWidthStr;

use super::entry::{cut, further};
use super::layout::{Block, Detail, Look};
use crate::facts::{Place, Value};

/// So many places are drawn, unless the person asks for all.
const PLACES: usize = 5;

pub(super) fn draw(out: &mut String, value: Option<&Value>, places: &[Place], look: Look) {
    let shown = if look.detail == Detail::Full { places.len() } else { PLACES };
    for (at, place) in places.iter().enumerate().take(shown) {
        let said = match value {
            Some(Value::List(items)) => items.get(at).map(String::as_str),
            Some(Value::Text(text)) => Some(text.as_str()),
            _ => None,
        };
        // What the line itself says need not be said twice.
        let said = said.filter(|said| !place.excerpt.contains(said));
        if look.plain {
            let said = said.map_or_else(String::new, |said| format!("{said}: "));
            let text = format!("{place}: {said}{}", place.excerpt.trim());
            out.push_str(&Block::new(look).word("evidence").verbatim(&text));
            continue;
        }
        let head = said.map_or_else(|| place.to_string(), |said| format!("{place}  {said}"));
        out.push_str(&Block::new(look).label("at").text(&head));
        excerpt(out, place, look);
    }
    if places.len() > shown {
        let more = further(&format!("{} more places", places.len() - shown), look);
        out.push_str(&Block::new(look).below_label().text(&more));
    }
}

/// The line without its indentation, and a `^` below the column that is meant.
fn excerpt(out: &mut String, place: &Place, look: Look) {
    let plain: String = place.excerpt.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
    let text = plain.trim_start();
    if text.is_empty() {
        return;
    }
    let indent = plain.chars().count() - text.chars().count();
    let number = place.line.to_string();
    let room = Block::new(look).below_label().room().saturating_sub(number.len() + 3);
    out.push_str(&Block::new(look).below_label().verbatim(&format!("{number} | {}", cut(text, room))));
    let before = usize::try_from(place.column).unwrap_or(usize::MAX).saturating_sub(1 + indent);
    let is_kept = before <= text.chars().count();
    let before: String = text.chars().take(before).collect();
    if is_kept && before.width() < room {
        let mark = format!("{} | {}^", " ".repeat(number.len()), " ".repeat(before.width()));
        out.push_str(&Block::new(look).below_label().verbatim(&mark));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn drawn(value: Option<Value>, places: &[Place]) -> String {
        let mut out = String::new();
        draw(&mut out, value.as_ref(), places, Look::new(60, Detail::Normal));
        anstream::adapter::strip_str(&out).to_string()
    }

    fn place(excerpt: &str, column: u64) -> Place {
        Place { file: "mix.exs".into(), line: 8, column, excerpt: excerpt.into() }
    }

    #[test]
    fn the_mark_stands_below_what_is_meant() {
        let text = drawn(Some(Value::from("~> 1.17")), &[place("      elixir: \"~> 1.17\",", 15)]);
        let expected = "    at         mix.exs:8:15\n               8 | elixir: \"~> 1.17\",\n                 |         ^\n";
        assert_eq!(text, expected);
        let wide = drawn(None, &[place("é日本 x", 5)]);
        assert!(wide.ends_with("  |       ^\n"), "{wide}");
    }

    #[test]
    fn what_the_line_does_not_say_is_said_and_long_lines_are_cut() {
        let items = Value::List(vec!["';' is missing".to_owned()]);
        let text = drawn(Some(items), &[place(&"x".repeat(500), 400)]);
        assert!(text.starts_with("    at         mix.exs:8:400  ';' is missing\n"), "{text}");
        assert!(text.lines().all(|line| line.width() <= 60) && text.contains('…') && !text.contains('^'));
        let mut wide = String::new();
        let beyond = place(&"x".repeat(500), 900);
        draw(&mut wide, None, &[beyond], Look::new(2000, Detail::Normal));
        assert!(!wide.contains('^'), "{wide}");
        let many = drawn(None, &vec![place("", 1); 9]);
        assert!(many.ends_with("… and 4 more places\n"), "{many}");
    }
}
