//! Text of somebody else's, shown so that a terminal does not obey what stands in it.

use std::borrow::Cow;

/// Whether a character can be seen for what it is: no control, and nothing without width or that turns the direction.
pub(crate) fn is_visible(c: char) -> bool {
    let hidden = matches!(c,
        '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}'
        | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fff0}'..='\u{fffb}' | '\u{e000}'..='\u{f8ff}'
        | '\u{e0000}'..='\u{10ffff}');
    let nothing = u32::from(c) & 0xfffe == 0xfffe;
    !c.is_control() && !hidden && !nothing && (c == ' ' || !c.is_whitespace())
}

/// The text with everything that is not visible written out, such as `\u{1b}` or `\n`.
pub(crate) fn visible(text: &str) -> Cow<'_, str> {
    shown(text, is_visible)
}

/// The same of text with lines of its own, which are kept.
pub(crate) fn visible_lines(text: &str) -> Cow<'_, str> {
    shown(text, |c| is_visible(c) || matches!(c, '\n' | '\t'))
}

/// JSON as it is printed: what is not visible is escaped in it, as JSON allows in every text.
pub(crate) fn visible_json(json: &serde_json::Value) -> String {
    let mut out = String::new();
    for c in format!("{json:#}\n").chars() {
        match is_visible(c) || c == '\n' {
            true => out.push(c),
            false => {
                let mut units = [0; 2];
                let units = c.encode_utf16(&mut units).iter();
                units.for_each(|unit| out.push_str(&format!("\\u{unit:04x}")));
            }
        }
    }
    out
}

fn shown(text: &str, as_it_is: impl Fn(char) -> bool) -> Cow<'_, str> {
    if text.chars().all(&as_it_is) {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len() + 8);
    for c in text.chars() {
        match as_it_is(c) {
            true => out.push(c),
            false => out.extend(c.escape_default()),
        }
    }
    Cow::Owned(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn json_says_the_same_in_visible_characters() {
        let json = serde_json::json!({"a\u{202e}": ["\u{9b}2J ä\n", "\u{e0041}"]});
        let text = visible_json(&json);
        assert!(text.chars().all(|c| is_visible(c) || c == '\n'), "{text}");
        assert_eq!(serde_json::from_str::<serde_json::Value>(&text).unwrap(), json);
    }

    #[test]
    fn what_a_terminal_would_obey_is_written_out() {
        assert_eq!(visible("\u{1b}[2Ja\nb\u{9b}31m\u{202e}c"), r"\u{1b}[2Ja\nb\u{9b}31m\u{202e}c");
        assert_eq!(visible_lines("a\r\n\tb\u{7}"), "a\\r\n\tb\\u{7}");
        assert!(matches!(visible("naïve `${x}` …"), Cow::Borrowed(_)));
    }
}
