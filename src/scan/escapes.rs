//! Escapes that carry text of their own, such as the times that Buildkite puts before each line.

use std::borrow::Cow;

use memchr::memchr2;

const ESCAPE: u8 = 0x1b;
const BELL: u8 = 0x07;

/// The line without its string escapes, each of which ends with BEL or with ESC `\`. Of one that the line does not
/// end, only the opening goes: what follows may well be what the tool said.
pub(super) fn cut_strings(line: &[u8]) -> Cow<'_, [u8]> {
    let opens = |pair: &[u8]| pair[0] == ESCAPE && matches!(pair[1], b'_' | b'^' | b'X' | b'P' | b']');
    if !line.windows(2).any(opens) {
        return Cow::Borrowed(line);
    }
    let mut kept = Vec::with_capacity(line.len());
    let mut rest = line;
    while let Some(at) = rest.windows(2).position(opens) {
        kept.extend_from_slice(&rest[..at]);
        rest = &rest[at + 2..];
        let end = memchr2(BELL, ESCAPE, rest).map(|end| &rest[end..]);
        rest = match end {
            Some([BELL, after @ ..] | [ESCAPE, b'\\', after @ ..]) => after,
            _ => rest,
        };
    }
    kept.extend_from_slice(rest);
    Cow::Owned(kept)
}
