//! Words over which a line's end has come, since a terminal or a tool broke long lines.

use memchr::memrchr2;

use super::prefix;

/// A prefix is not longer.
const PREFIX: usize = 160;

/// Where `literal` begins if it stands in `text` with one line's end in it. Its bytes from `offset` on, `length` of them,
/// are known to stand at `at`.
///
/// A terminal breaks anywhere; what breaks between words leaves out the space.
pub(super) fn stands(literal: &[u8], offset: usize, text: &[u8], at: usize, length: usize) -> Option<usize> {
    let (before, rest) = (&literal[..offset], &literal[offset + length..]);
    let same_behind = rest.iter().zip(&text[at + length..]).take_while(|(one, two)| one == two).count();
    let same_before =
        before.iter().rev().zip(text[..at].iter().rev()).take_while(|(one, two)| one == two).count();
    match (same_before == before.len(), same_behind == rest.len()) {
        (true, false) => {
            let end = at + length + same_behind;
            let next = next_line(text, end)?;
            continues(&rest[same_behind..], &text[next..]).then(|| at - before.len())
        }
        (false, true) => {
            let body = at - same_before;
            let missing = &before[..before.len() - same_before];
            let start = start_of_line(text, body)?;
            let end = start.checked_sub(1)?;
            let spaced = missing.strip_suffix(b" ").unwrap_or(missing);
            let broken = [missing, spaced].into_iter().find(|it| !it.is_empty() && text[..end].ends_with(it))?;
            // What a prefix is costs most to find out.
            (start + self::body(&text[start..]) == body).then(|| end - broken.len())
        }
        _ => None,
    }
}

fn continues(rest: &[u8], line: &[u8]) -> bool {
    line.starts_with(rest) || rest.strip_prefix(b" ").is_some_and(|rest| line.starts_with(rest))
}

/// Where the text of the next line begins, if a line ends at `end`.
fn next_line(text: &[u8], end: usize) -> Option<usize> {
    // A terminal's row can end with the space at which it was broken.
    let end =
        end + usize::from(text.get(end) == Some(&b' ') && matches!(text.get(end + 1), Some(b'\n' | b'\r')));
    let start = matches!(text.get(end), Some(b'\n' | b'\r')).then_some(end + 1)?;
    Some(start + body(&text[start..]))
}

/// Where the line begins that holds the byte at `at`, if not too far before.
fn start_of_line(text: &[u8], at: usize) -> Option<usize> {
    let near = at.saturating_sub(PREFIX);
    memrchr2(b'\n', b'\r', &text[near..at]).map(|end| near + end + 1)
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

    fn found(literal: &str, text: &str) -> Option<usize> {
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
        ] {
            assert_eq!(found(literal, text), text.find("called"), "{text}");
        }
        for text in [
            "called without\nany required argument",
            "called without required\n\nargument",
            "required argument",
        ] {
            assert_eq!(found(literal, text), None, "{text}");
        }
    }
}
