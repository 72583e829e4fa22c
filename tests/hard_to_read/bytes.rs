//! Bytes that are not UTF-8, or not text at all.

use crate::hidden::{Hidden, bytes};
use crate::recorded::{Form, same_but_for};

fn lines(log: &str, write: impl Fn(&str) -> Vec<u8>) -> Hidden {
    bytes(log, log.lines().flat_map(write).collect())
}

fn around(before: &'static [u8], after: &'static [u8]) -> impl Fn(&str) -> Hidden + Sync {
    move |log| lines(log, |line| [before, line.as_bytes(), after, b"\n"].concat())
}

fn utf_16(text: &str, unit: impl Fn(u16) -> [u8; 2]) -> Vec<u8> {
    text.encode_utf16().flat_map(unit).collect()
}

#[test]
fn that_are_no_text() {
    let forms: [Form<'_>; 7] = [
        ("NUL at each end", Box::new(around(b"\0", b"\0\0"))),
        ("NUL lines", Box::new(around(b"", b"\0"))),
        (
            "NUL within",
            Box::new(|log| {
                lines(log, |line| {
                    let words = line.split(' ').collect::<Vec<_>>().join("\0 ");
                    [words.as_bytes(), b"\n"].concat()
                })
            }),
        ),
        ("a bell", Box::new(around(b"\x07", b"\x07"))),
        (
            "Latin-1 before the log",
            Box::new(|log| bytes(log, [b"\xe9\xe8 ".as_slice(), b"\r", log.as_bytes()].concat())),
        ),
        (
            "characters cut off at both ends",
            Box::new(|log| bytes(log, [b"\x94\x83 \r".as_slice(), log.as_bytes(), b"\xe2\x94"].concat())),
        ),
        ("marks of byte order", Box::new(around(b"\xef\xbb\xbf", b""))),
    ];
    same_but_for(8, &forms);
}

#[test]
fn of_utf_16() {
    let crlf = |log: &str| log.replace('\n', "\r\n");
    let forms: [Form<'_>; 5] = [
        ("LE", Box::new(move |log| bytes(log, utf_16(&format!("\u{feff}{}", crlf(log)), u16::to_le_bytes)))),
        ("BE", Box::new(move |log| bytes(log, utf_16(&format!("\u{feff}{}", crlf(log)), u16::to_be_bytes)))),
        ("LE without its mark", Box::new(move |log| bytes(log, utf_16(&crlf(log), u16::to_le_bytes)))),
        ("BE without its mark", Box::new(move |log| bytes(log, utf_16(&crlf(log), u16::to_be_bytes)))),
        ("UTF-8 with its mark", Box::new(move |log| bytes(log, format!("\u{feff}{log}").into_bytes()))),
    ];
    // One begins with a character that is not ASCII: without the mark nothing tells it there.
    same_but_for(1, &forms);
}
