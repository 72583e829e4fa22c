//! Words over which a line's end has come, since a terminal or a tool broke long lines, or escapes that are spelled out.

use memchr::{memchr2_iter, memrchr2};

use super::{prefix, spelled};

/// A prefix is not longer.
const PREFIX: usize = 160;

/// So many bytes of a word tell it.
const WORD: usize = 6;

/// So many line ends may stand in a literal.
const ENDS: usize = 3;

/// A literal's place in a text that is not written as the literal is.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Place {
    /// Where it begins.
    pub(super) at: usize,
    /// A line ends within it.
    pub(super) wrapped: bool,
}

/// Where `literal` stands in `text`, if more space or lines' ends are in it there. Its bytes from `offset` on, `length` of
/// them, are known to stand at `at`.
///
/// A terminal breaks anywhere; what breaks between words leaves out the space.
pub(super) fn stands(literal: &[u8], offset: usize, text: &[u8], at: usize, length: usize) -> Option<Place> {
    let behind = follows(&literal[offset + length..], text, at + length)?;
    let (start, before) = precedes(&literal[..offset], text, at)?;
    Some(Place { at: start, wrapped: behind + before > 0 })
}

/// How many lines end within `rest`, if it stands at `at`.
fn follows(rest: &[u8], text: &[u8], mut at: usize) -> Option<usize> {
    let mut ends = 0;
    for (done, &expected) in rest.iter().enumerate() {
        if expected == b' ' {
            at += spelled::length(&text[at.min(text.len())..]);
            let spaces = at;
            at = skip_space(text, at, &rest[done + 1..], &mut ends)?;
            if at == spaces || ends > ENDS {
                return None;
            }
            continue;
        }
        if text.get(at).is_some_and(|byte| is_end(*byte)) {
            at = skip_space(text, at, &rest[done..], &mut ends)?;
        } else if !text.get(at)?.eq_ignore_ascii_case(&expected) {
            at += spelled::length(&text[at..]);
        }
        if ends > ENDS || !text.get(at)?.eq_ignore_ascii_case(&expected) {
            return None;
        }
        at += 1;
    }
    Some(ends)
}

/// Where white space, line ends and what stands before the next lines' text are over; `None` if `rest` does not follow.
fn skip_space(text: &[u8], mut at: usize, rest: &[u8], ends: &mut usize) -> Option<usize> {
    while let Some(byte) = text.get(at).filter(|byte| byte.is_ascii_whitespace()) {
        at += 1;
        if is_end(*byte) {
            *ends += 1;
            if !is_near(rest, &text[at..]) {
                return None;
            }
            at += body(&text[at..]);
        }
    }
    Some(at)
}

/// Whether the word that follows stands near the beginning: to look for it is cheaper than to learn what a line's prefix is.
fn is_near(rest: &[u8], text: &[u8]) -> bool {
    let word = rest.split(|byte| *byte == b' ').next().unwrap_or_default();
    let Some((&first, word)) = word[..word.len().min(WORD)].split_first() else { return true };
    let near = &text[..text.len().min(2 * PREFIX)];
    memchr2_iter(first, first.to_ascii_uppercase(), near)
        .any(|at| near[at + 1..].get(..word.len()).is_none_or(|found| found.eq_ignore_ascii_case(word)))
}

/// Where `before` begins, if it ends at `at`, and how many lines end within it.
fn precedes(before: &[u8], text: &[u8], mut at: usize) -> Option<(usize, usize)> {
    let mut ends = 0;
    for (left, &expected) in before.iter().enumerate().rev() {
        if expected == b' ' {
            at = spelled::start(text, at).unwrap_or(at);
            let spaces = at;
            loop {
                at = text[..at]
                    .iter()
                    .rposition(|byte| !matches!(byte, b' ' | b'\t'))
                    .map_or(0, |last| last + 1);
                let last = before[..left].last().copied();
                match line_before(text, at, last).filter(|_| ends < ENDS) {
                    Some(end) => (at, ends) = (end, ends + 1),
                    None => break,
                }
            }
            if at == spaces {
                return None;
            }
            continue;
        }
        if !text[..at].last()?.eq_ignore_ascii_case(&expected) {
            at = spelled::start(text, at).unwrap_or(at);
        }
        if !text[..at].last()?.eq_ignore_ascii_case(&expected) {
            let end = line_before(text, at, Some(expected)).filter(|_| ends < ENDS)?;
            if !text[..end].last()?.eq_ignore_ascii_case(&expected) {
                return None;
            }
            (at, ends) = (end, ends + 1);
        }
        at -= 1;
    }
    Some((at, ends))
}

/// Where the line before ends, if nothing but a prefix and white space stands before `at` in its line, and if the text
/// above it ends in `last`, or in an escape that is spelled out.
fn line_before(text: &[u8], at: usize, last: Option<u8>) -> Option<usize> {
    let near = at.saturating_sub(PREFIX);
    let start = near + memrchr2(b'\n', b'\r', &text[near..at])? + 1;
    let end = text[..start - 1].trim_ascii_end().last();
    if let (Some(last), Some(end)) = (last, end)
        && !end.eq_ignore_ascii_case(&last)
        && *end != b'm'
    {
        return None;
    }
    (start == at || start + body(&text[start..]) == at).then(|| start - 1)
}

fn is_end(byte: u8) -> bool {
    matches!(byte, b'\n' | b'\r')
}

/// How many bytes of a line are prefix and indentation.
fn body(line: &[u8]) -> usize {
    let length = line.iter().take(PREFIX).take_while(|byte| !matches!(byte, b'\n' | b'\r')).count();
    let Ok(text) = std::str::from_utf8(&line[..length]) else { return 0 };
    let prefix = prefix::length(text);
    text.len() - text[prefix..].trim_start().len()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(literal: &str, text: &str) -> Option<Place> {
        let known = 4;
        let places = (0..literal.len() - known).flat_map(|offset| {
            let part = &literal[offset..offset + known];
            text.match_indices(part).map(move |(at, _)| (offset, at)).collect::<Vec<_>>()
        });
        places
            .into_iter()
            .find_map(|(offset, at)| stands(literal.as_bytes(), offset, text.as_bytes(), at, known))
    }

    #[test]
    fn a_line_may_end_within_the_words() {
        let literal = "called without required argument";
        for text in [
            "error: called without requ\nired argument 'x'",
            "error: called without\nrequired argument 'x'",
            "error: called without \nrequired argument 'x'",
            "error: called without\n       required argument 'x'",
            "pkg> called without required\npkg> argument 'x'",
            "10:00:00 called wit\r10:00:00 hout required argument",
            "10:00:00 called with\r10:00:00 out   required\n\nargument",
        ] {
            let at = text.find("called").unwrap();
            assert_eq!(found(literal, text), Some(Place { at, wrapped: true }), "{text}");
        }
        assert_eq!(
            found(literal, "called [1mwithout[0m required [31margument").map(|it| it.wrapped),
            Some(false)
        );
        assert_eq!(found("a \"b\" is not", r#"a \"b\" is not"#).map(|it| it.wrapped), Some(false));
        assert_eq!(found(literal, "called  without required\targument").map(|it| it.wrapped), Some(false));
        for text in [
            "called without\nany required argument",
            "called without required\n\n\n\n\nargument",
            "required argument",
        ] {
            assert_eq!(found(literal, text), None, "{text}");
        }
    }
}
