//! Prefixes that nobody has named: what a line and another one both begin with.

use std::iter::Peekable;
use std::str::CharIndices;

/// A longer one is no prefix.
const LONGEST: usize = 120;

/// What `line` and `other` begin with, whatever its numbers, up to the last blank or mark that may end a prefix. Marks
/// alone are none: a diff or a comment that quotes an error is not that error.
pub(super) fn shared<'a>(line: &'a str, other: &str) -> Option<&'a str> {
    // The white space at a line's end is gone, and with it the prefix's.
    let other = format!("{other} ");
    let (mut one, mut two) = (line.char_indices().peekable(), other.char_indices().peekable());
    let mut prefix = "";
    while let Some(next) = step(&mut one, &mut two) {
        if next.is_whitespace() || ends_prefix(next) {
            prefix = &line[..one.peek().map_or(line.len(), |(at, _)| *at)];
        }
    }
    let last = prefix.trim_end().chars().next_back()?;
    let named = prefix.chars().any(char::is_alphanumeric);
    (named && (last.is_alphanumeric() || ends_prefix(last)) && prefix.len() <= LONGEST).then_some(prefix)
}

/// What stands behind `prefix`, whatever its numbers, if the line begins with it.
pub(super) fn strip<'a>(prefix: &str, line: &'a str) -> Option<&'a str> {
    let (mut expected, mut rest) = (prefix.char_indices().peekable(), line.char_indices().peekable());
    while let Some((_, next)) = expected.peek().copied() {
        match rest.peek() {
            None if next.is_whitespace() => break,
            _ => step(&mut expected, &mut rest)?,
        };
    }
    Some(rest.peek().map_or("", |(at, _)| &line[*at..]))
}

/// Takes the next character of both if it is the same, or the next number of both.
fn step(one: &mut Peekable<CharIndices<'_>>, two: &mut Peekable<CharIndices<'_>>) -> Option<char> {
    let (&(start, first), &(_, second)) = (one.peek()?, two.peek()?);
    if start == 0 && (first == ' ' || second == ' ') {
        pass_padding(one);
        pass_padding(two);
        let (&(_, first), &(_, second)) = (one.peek()?, two.peek()?);
        if !first.is_ascii_digit() && first != second {
            return None;
        }
    }
    let (&(_, first), &(_, second)) = (one.peek()?, two.peek()?);
    if first.is_ascii_digit() && second.is_ascii_digit() {
        while one.next_if(|(_, it)| it.is_ascii_digit()).is_some() {}
        while two.next_if(|(_, it)| it.is_ascii_digit()).is_some() {}
        return Some(first);
    }
    (first == second).then(|| one.next().and(two.next()).map(|(_, it)| it)).flatten()
}

/// Numbers are set flush right.
fn pass_padding(characters: &mut Peekable<CharIndices<'_>>) {
    let blanks = characters.clone().take_while(|(_, it)| *it == ' ').count();
    if characters.clone().nth(blanks).is_some_and(|(_, it)| it.is_ascii_digit()) {
        characters.by_ref().take(blanks).for_each(drop);
    }
}

fn ends_prefix(character: char) -> bool {
    matches!(character, '|' | ':' | ']' | ')' | '>' | '!' | '›')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_prefix_is_what_both_begin_with() {
        assert_eq!(shared("pod-7 web error: x", "pod-7 web    at y"), Some("pod-7 web "));
        assert_eq!(shared("10.5 (web) error: x", "10.9 (web)   at y"), Some("10.5 (web) "));
        assert_eq!(shared("  9: error: x", " 10:   at y"), Some("  9: "));
        assert_eq!(shared("log:9:error: x", "log:10:  at y"), Some("log:9:"));
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
        assert_eq!(strip("12 web | ", "9 web |  x"), Some(" x"));
        assert_eq!(strip("  9: ", " 10:  x"), Some(" x"));
        assert_eq!(strip("12 web | ", "99 web |"), Some(""));
        assert_eq!(strip("12 web | ", "99 api |  x"), None);
    }
}
