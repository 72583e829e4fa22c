//! Output without what terminals need: escapes, control characters, typographic quotes.

use super::escapes;

/// Appends `raw` to `plain` and returns how many of its bytes no tool prints.
///
/// Escape sequences and control characters are gone, curly quotes are straight, `\r\n` is `\n`. A `\r` that stands alone
/// stays, since it ends what a progress display wrote; an escape that moves the cursor becomes one.
pub(super) fn append(raw: &[u8], plain: &mut Vec<u8>) -> u64 {
    let mut odd = 0;
    let mut at = 0;
    loop {
        let next = special_from(raw, at);
        plain.extend_from_slice(&raw[at..next]);
        let Some(&byte) = raw.get(next) else { return odd };
        let (length, instead) = replaced(&raw[next..]);
        match (byte, instead) {
            (BACKSPACE, _) => take_back(plain),
            // What is written over must be something.
            (_, b"\r") if matches!(plain.last(), None | Some(b'\n' | b'\r')) => {}
            _ => plain.extend_from_slice(instead),
        }
        odd += u64::from(matches!(byte, 0..=6 | 0x0e..=0x1a | 0x1c..=0x1f | 0x7f));
        at = next + length;
    }
}

const BACKSPACE: u8 = 0x08;

/// Takes back the last character of a line: a spinner writes the next one over it.
fn take_back(plain: &mut Vec<u8>) {
    while let Some(&last) = plain.last().filter(|last| !matches!(last, b'\n' | b'\r')) {
        plain.pop();
        if last & 0xc0 != 0x80 {
            break;
        }
    }
}

/// How many bytes are taken at once where nothing is special.
const LANE: usize = 32;

/// The first byte from `at` on that may have to be replaced, or the end.
fn special_from(raw: &[u8], mut at: usize) -> usize {
    // Without a branch for each byte the compiler tests a lane in a few instructions.
    while let Some(lane) = raw.get(at..at + LANE) {
        if lane.iter().fold(false, |any, &byte| any | is_special(byte)) {
            break;
        }
        at += LANE;
    }
    raw[at..].iter().position(|&byte| is_special(byte)).map_or(raw.len(), |found| at + found)
}

fn is_special(byte: u8) -> bool {
    // 0xc2, 0xe2 and 0xef begin the characters that are replaced below.
    (byte < 0x20 && byte != b'\n' && byte != b'\t')
        || byte == 0x7f
        || byte == b'&'
        || byte == 0xc2
        || byte == 0xe2
        || byte == 0xef
}

/// How many bytes at the beginning go, and what comes in their place.
fn replaced(bytes: &[u8]) -> (usize, &'static [u8]) {
    match bytes {
        [0x1b, ..] => escapes::replaced(bytes),
        [b'\r', rest @ ..] => {
            // UTF-16 has a NUL between the two.
            let returns = rest.iter().take_while(|&&byte| matches!(byte, b'\r' | 0)).count();
            match rest.get(returns) {
                Some(b'\n') => (1 + returns, b""),
                _ => (1 + returns, b"\r"),
            }
        }
        // ‘ ’ ‚ ‛, ‹ ›, ´, ＇ and “ ” „, ＂; not « », in which Nix writes what is no path
        [0xe2, 0x80, 0x98..=0x9b | 0xb9..=0xba, ..] | [0xef, 0xbc, 0x87, ..] => (3, b"'"),
        [0xc2, 0xb4, ..] => (2, b"'"),
        [0xef, 0xbc, 0x82, ..] => (3, b"\""),
        [0xe2, 0x80, 0x9c..=0x9e, ..] => (3, b"\""),
        // The space that does not break, the one without width, the mark of byte order.
        [0xc2, 0xa0, ..] => (2, b" "),
        [0xe2, 0x80, 0x8b, ..] | [0xef, 0xbb, 0xbf, ..] => (3, b""),
        [0xc2, 0x80..=0x9f, ..] => (2, b""),
        // As a page's source has them.
        [b'&', rest @ ..] => entity(rest),
        [0xc2, ..] => (1, b"\xc2"),
        [0xe2, ..] => (1, b"\xe2"),
        [0xef, ..] => (1, b"\xef"),
        _ => (1, b""),
    }
}

/// A character that HTML escapes, behind its `&`.
fn entity(rest: &[u8]) -> (usize, &'static [u8]) {
    let known: [(&[u8], &'static [u8]); 8] = [
        (b"quot;", b"\""),
        (b"#34;", b"\""),
        (b"apos;", b"'"),
        (b"#39;", b"'"),
        (b"#x27;", b"'"),
        (b"lt;", b"<"),
        (b"gt;", b">"),
        (b"amp;", b"&"),
    ];
    let found = known.into_iter().find(|(name, _)| rest.starts_with(name));
    found.map_or((1, b"&"), |(name, instead)| (1 + name.len(), instead))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn plain(raw: &[u8]) -> String {
        let mut plain = Vec::new();
        append(raw, &mut plain);
        String::from_utf8_lossy(&plain).into_owned()
    }

    #[test]
    fn only_the_text_stays() {
        assert_eq!(
            plain(b"\x1b[31;1merror:\x1b[0m attribute '\x1b[35;1mx\x1b[0m' missing\r\n"),
            "error: attribute 'x' missing\n"
        );
        assert_eq!(plain("attribute ‘x’ “y”\u{a0}z\r".as_bytes()), "attribute 'x' \"y\" z\r");
        assert_eq!(plain("‹a› ´b´ ＇c＇ «d» ＂e＂ ｆ".as_bytes()), "'a' 'b' 'c' «d» \"e\" ｆ");
        assert_eq!(plain(b"&quot;a&#39; &lt;b&gt; &amp;& &c; &"), "\"a' <b> && &c; &");
        assert_eq!(plain(b"a\0b\x07\x7f\xc2\x85c\td"), "abc\td");
        assert_eq!(plain(b"a\xffb"), "a\u{fffd}b");
        assert_eq!(plain("\u{feff}┃ é — ok\u{200b}".as_bytes()), "┃ é — ok");
        let long = "x".repeat(100);
        assert_eq!(plain(format!("{long}’{long}\r\r\n").as_bytes()), format!("{long}'{long}\n"));
    }

    #[test]
    fn what_is_written_over_is_something() {
        assert_eq!(plain(b"\x1b[2K\r\x1b[Hx\r\x1b[Ky\n\rz"), "x\ry\nz");
        assert_eq!(plain("|\x08/\x08é\x08ab\n\x08\x08c".as_bytes()), "ab\nc");
        assert_eq!(plain(b"a\r\0\nb\0\r\0"), "a\nb\r");
    }

    #[test]
    fn bytes_that_no_tool_prints_are_counted() {
        assert_eq!(append(b"\x00\x01ab\x1f\x1b[0m\t\r\n", &mut Vec::new()), 3);
    }
}
