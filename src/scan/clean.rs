//! A line without what terminals need: escapes, bytes that are no text, typographic quotes.

use std::borrow::Cow;

use anstream::adapter::strip_bytes;

use super::escapes::cut_strings;

/// The line's text: no escape sequences or control characters, straight quotes, no trailing white space; bytes that
/// are not UTF-8 become U+FFFD.
pub(super) fn clean(line: &[u8]) -> String {
    let plain = line.iter().all(|&byte| (0x20..0x7f).contains(&byte));
    if plain {
        return String::from_utf8_lossy(line).trim_end().to_owned();
    }
    let bytes = match line.contains(&0x1b) {
        true => Cow::Owned(strip_bytes(&cut_strings(line)).into_vec()),
        false => Cow::Borrowed(line),
    };
    let mut text = String::with_capacity(bytes.len());
    for character in String::from_utf8_lossy(&bytes).chars() {
        match character {
            '‘' | '’' | '‚' | '‛' => text.push('\''),
            '“' | '”' | '„' => text.push('"'),
            '\u{a0}' => text.push(' '),
            '\u{feff}' | '\u{200b}' => {}
            '\t' => text.push('\t'),
            control if control.is_control() => {}
            other => text.push(other),
        }
    }
    text.truncate(text.trim_end().len());
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_text_stays() {
        assert_eq!(
            clean(b"\x1b[31;1merror:\x1b[0m attribute '\x1b[35;1mx\x1b[0m' missing  "),
            "error: attribute 'x' missing"
        );
        assert_eq!(clean("attribute ‘x’ “y”\u{a0}z\r".as_bytes()), "attribute 'x' \"y\" z");
        assert_eq!(clean(b"\x1b]8;;http://x\x1b\\link\x1b]8;;\x1b\\ a\0b\x07"), "link ab");
        assert_eq!(clean(b"a\xffb"), "a\u{fffd}b");
        assert_eq!(clean(b"\tindented"), "\tindented");
    }

    #[test]
    fn a_string_escape_takes_no_text_with_it() {
        assert_eq!(clean(b"\x1b_bk;t=1700000000000\x07\x1b[31merror:\x1b[0m x"), "error: x");
        assert_eq!(clean(b"\x1b_bk;t=1\x1b\\a\x1b]0;title\x07b\x1bP1$r\x1b\\c"), "abc");
        assert_eq!(clean(b"\x1b]0;error: x"), "0;error: x");
        assert_eq!(clean(b"\x1b_error:\x1b[0m x"), "error: x");
    }
}
