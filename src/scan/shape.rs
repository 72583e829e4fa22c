//! Prefixes that nobody has named: what a line and the next one both begin with.

/// A longer one is no prefix.
const LONGEST: usize = 120;

/// What `line` and `other` begin with, whatever its digits, up to the last blank or mark that may end a prefix. Marks
/// alone are none: a diff or a comment that quotes an error is not that error.
pub(super) fn shared<'a>(line: &'a str, other: &str) -> Option<&'a str> {
    // The white space at a line's end is gone, and with it the prefix's.
    let other = other.chars().chain([' ']);
    let same = line.char_indices().zip(other).take_while(|((_, one), two)| alike(*one, *two));
    let ends = same.filter(|((_, it), _)| it.is_whitespace() || ends_prefix(*it));
    let prefix = ends.last().map(|((at, it), _)| &line[..at + it.len_utf8()])?;
    let last = prefix.trim_end().chars().next_back()?;
    let named = prefix.chars().any(char::is_alphanumeric);
    (named && (last.is_alphanumeric() || ends_prefix(last)) && prefix.len() <= LONGEST).then_some(prefix)
}

/// What stands behind `prefix`, whatever its digits, if the line begins with it.
pub(super) fn strip<'a>(prefix: &str, line: &'a str) -> Option<&'a str> {
    let mut rest = line.chars();
    for expected in prefix.chars() {
        match rest.next() {
            Some(found) if alike(expected, found) => {}
            None if expected.is_whitespace() => break,
            _ => return None,
        }
    }
    Some(rest.as_str())
}

fn ends_prefix(character: char) -> bool {
    matches!(character, '|' | ':' | ']' | ')' | '>')
}

fn alike(one: char, other: char) -> bool {
    one == other || (one.is_ascii_digit() && other.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_prefix_is_what_both_begin_with() {
        assert_eq!(shared("pod-7 web error: x", "pod-7 web    at y"), Some("pod-7 web "));
        assert_eq!(shared("10.5 (web) error: x", "10.9 (web)   at y"), Some("10.5 (web) "));
        assert_eq!(shared("pod-7 web error: x", "pod-7 web"), Some("pod-7 web "));
        assert_eq!(shared("web+ error: x", "web+   at y"), None);
        for (line, other) in
            [("error: x", "   at y"), ("+ error: x", "+   at y"), ("a # error: x", "a #   at y")]
        {
            assert_eq!(shared(line, other), None, "{line}");
        }
    }

    #[test]
    fn it_is_cut_from_the_lines_that_have_it() {
        assert_eq!(strip("12 web | ", "99 web |  x"), Some(" x"));
        assert_eq!(strip("12 web | ", "99 web |"), Some(""));
        assert_eq!(strip("12 web | ", "99 api |  x"), None);
    }
}
