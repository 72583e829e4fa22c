//! Escape sequences of terminals.

use memchr::memchr3;

const ESCAPE: u8 = 0x1b;
const BELL: u8 = 0x07;

/// How many bytes the escape sequence takes that `bytes` begins with, and what comes in its place.
///
/// One that moves the cursor to another place ends what was written, as `\r` does; one that moves it forward is a space.
/// A string escape (OSC, APC, DCS …: Buildkite puts its times into one) goes with its text, if the line ends it; if not,
/// only its opening goes, since what follows may well be what the tool said.
pub(super) fn replaced(bytes: &[u8]) -> (usize, &'static [u8]) {
    let count = |from: usize, is: fn(&u8) -> bool| bytes[from..].iter().take_while(|byte| is(byte)).count();
    match bytes.get(1) {
        Some(b'[') => {
            let parameters = 2 + count(2, |byte| matches!(byte, 0x30..=0x3f));
            let end = parameters + count(parameters, |byte| matches!(byte, 0x20..=0x2f));
            match bytes.get(end) {
                Some(b'A' | b'B' | b'E'..=b'H' | b'f') => (end + 1, b"\r"),
                Some(b'C') => (end + 1, b" "),
                Some(0x40..=0x7e) => (end + 1, b""),
                _ => (end, b""),
            }
        }
        Some(b'_' | b'^' | b'X' | b'P' | b']') => {
            let ends = memchr3(BELL, ESCAPE, b'\n', &bytes[2..]).map(|at| (2 + at, &bytes[2 + at..]));
            match ends {
                Some((at, [BELL, ..])) => (at + 1, b""),
                Some((at, [ESCAPE, b'\\', ..])) => (at + 2, b""),
                _ => (2, b""),
            }
        }
        Some(0x20..=0x2f) => {
            let end = 1 + count(1, |byte| matches!(byte, 0x20..=0x2f));
            (end + usize::from(matches!(bytes.get(end), Some(0x30..=0x7e))), b"")
        }
        Some(0x30..=0x7e) => (2, b""),
        _ => (1, b""),
    }
}

#[cfg(test)]
mod tests {
    use super::super::plain::append;

    fn plain(raw: &[u8]) -> String {
        let mut plain = Vec::new();
        append(raw, &mut plain);
        String::from_utf8(plain).unwrap()
    }

    #[test]
    fn a_string_escape_takes_no_text_with_it() {
        assert_eq!(plain(b"\x1b_bk;t=1700000000000\x07\x1b[31merror:\x1b[0m x"), "error: x");
        assert_eq!(plain(b"\x1b_bk;t=1\x1b\\a\x1b]0;title\x07b\x1bP1$r\x1b\\c"), "abc");
        assert_eq!(plain(b"\x1b]8;;http://x\x1b\\link\x1b]8;;\x1b\\ a"), "link a");
        assert_eq!(plain(b"\x1b]0;error: x\nb\x07"), "0;error: x\nb");
        assert_eq!(plain(b"\x1b_error:\x1b[0m x"), "error: x");
    }

    #[test]
    fn a_moved_cursor_ends_what_was_written() {
        assert_eq!(
            plain(b"[3/7] building\x1b[1Gerror: x\x1b[K\x1b[1A\x1b[2Kdone"),
            "[3/7] building\rerror: x\rdone"
        );
        assert_eq!(plain(b"error:\x1b[1Cx\x1b(B\x1b=y\x1b"), "error: xy");
        assert_eq!(plain(b"a\x1b[38;5;1"), "a");
    }
}
