//! A line, taken apart: its fixed words and what varies.

use super::private::Private;
use super::shapes::{self, in_word};

/// A part of a line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Piece {
    /// The tool's own words.
    Fixed(String),
    /// White space of any width.
    Blank(String),
    /// What differs from one occurrence to the next.
    Varying {
        /// A regex for all its values.
        pattern: &'static str,
        /// The name under which it is worth capturing.
        capture: Option<&'static str>,
        /// What an example shows of it.
        shown: String,
    },
    /// What a tool put in quotes: a name, or its own words.
    Quoted {
        /// The mark on both sides.
        mark: char,
        /// What stands between.
        inside: Vec<Piece>,
    },
}

impl Piece {
    pub(super) fn shown(&self) -> String {
        match self {
            Piece::Fixed(text) | Piece::Blank(text) | Piece::Varying { shown: text, .. } => text.clone(),
            Piece::Quoted { mark, inside } => format!("{mark}{}{mark}", shown(inside)),
        }
    }

    fn length(&self) -> usize {
        self.shown().chars().count()
    }
}

/// What an example shows of them.
pub(super) fn shown(pieces: &[Piece]) -> String {
    pieces.iter().map(Piece::shown).collect()
}

/// The pieces from the first, as many as are shown in `length` characters.
pub(super) fn within(pieces: &[Piece], length: usize) -> &[Piece] {
    let mut left = length;
    let fits = |piece: &&Piece| match left.checked_sub(piece.length()) {
        Some(rest) => {
            left = rest;
            true
        }
        None => false,
    };
    &pieces[..pieces.iter().take_while(fits).count()]
}

/// In quotes, so many blanks make a sentence of a name.
const SENTENCE: usize = 3;

/// A name in quotes is shown up to so many characters.
const LONGEST_NAME: usize = 80;

/// The pieces of a line without secrets.
pub(super) fn of(line: &str, private: &Private) -> Vec<Piece> {
    let mut pieces = Vec::new();
    let mut fixed = String::new();
    let mut at = 0;
    while let Some(next) = line[at..].chars().next() {
        let (before, rest) = (line[..at].chars().next_back(), &line[at..]);
        let blank = rest.len() - rest.trim_start_matches([' ', '\t']).len();
        let (length, piece) = if blank > 1 || next == '\t' {
            (blank, Some(Piece::Blank(rest[..blank].to_owned())))
        } else if let Some(quoted) = quoted(before, rest) {
            let inside = of(quoted, private);
            (quoted.len() + 2, Some(Piece::Quoted { mark: next, inside }))
        } else if let Some(shape) = shapes::at(before, rest, private) {
            let (pattern, capture, shown) = (shape.pattern, shape.capture, shape.shown);
            (shape.length, Some(Piece::Varying { pattern, capture, shown }))
        } else {
            let word: usize = rest.chars().take_while(|c| in_word(*c)).map(char::len_utf8).sum();
            (word.max(next.len_utf8()), None)
        };
        match piece {
            Some(piece) => {
                end_word(&mut fixed, &mut pieces);
                pieces.push(piece);
            }
            // One piece a word: so they can be cut anywhere.
            None => {
                fixed.push_str(&rest[..length]);
                if next == ' ' {
                    end_word(&mut fixed, &mut pieces);
                }
            }
        }
        at += length;
    }
    end_word(&mut fixed, &mut pieces);
    pieces
}

fn end_word(fixed: &mut String, pieces: &mut Vec<Piece>) {
    if !fixed.is_empty() {
        pieces.push(Piece::Fixed(std::mem::take(fixed)));
    }
}

/// What stands in quotes at the beginning of `rest`, if that is no apostrophe and no sentence.
fn quoted(before: Option<char>, rest: &str) -> Option<&str> {
    let mark = rest.chars().next().filter(|c| "'\"`".contains(*c))?;
    let inside = &rest[1..];
    let inside = &inside[..inside.find(mark)?];
    let after = rest[inside.len() + 2..].chars().next();
    let apart = !before.is_some_and(in_word) && !after.is_some_and(in_word);
    let filled = !inside.is_empty() && inside.trim().len() == inside.len();
    let name = inside.matches(' ').count() < SENTENCE && inside.chars().count() <= LONGEST_NAME;
    (apart && filled && name).then_some(inside)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A line with its varying parts in angle brackets.
    fn drawn(line: &str) -> String {
        let draw = |piece: Piece| match piece {
            Piece::Varying { shown, .. } => format!("<{shown}>"),
            other => other.shown(),
        };
        let private = Private::new(["jdoe".to_owned()], ["mill".to_owned()]);
        of(line, &private).into_iter().map(draw).collect()
    }

    #[test]
    fn what_varies_is_told_from_the_words() {
        for (line, expected) in [
            (
                "no licence at /etc/acme/licence.key (X is not set)",
                "no licence at </etc/acme/licence.key> (X is not set)",
            ),
            ("lib/acme/licence.ex:12: read!/1", "<lib/acme/licence.ex>:<12>: read!/<1>"),
            (
                "input/output error, and/or sha256 utf-8 x86_64",
                "input/output error, and/or sha256 utf-8 x86_64",
            ),
            ("hello-2.12.1 needs v1.18.0-rc.2, not 27", "hello-<2.12.1> needs <v1.18.0-rc.2>, not <27>"),
            ("at 2026-11-22T10:00:00Z for 10:00:01.5", "at <2026-11-22T10:00:00Z> for <10:00:01.5>"),
            ("commit a1b2c3d at 0xdeadBEEF, defaced", "commit <a1b2c3d> at <0xdeadBEEF>, defaced"),
            ("https://u:p@hex.acme.org/jdoe/x.", "<https://redacted@example.com/user/x>."),
            ("see https://builds.hex.pm/a?b", "see <https://builds.hex.pm/a?b>"),
            ("jdoe@mill: ana@acme.org jdoe jdoes", "<user@example.com>: <user@example.com> <user> jdoes"),
            ("/home/ana/x C:\\Users\\ana\\x", "</home/user/x> <C:\\Users\\user\\x>"),
            ("10.1.2.3 127.0.0.1 db.corp", "<192.0.2.1> <127.0.0.1> <host.example.com>"),
            ("it's jammed, isn't it", "it's jammed, isn't it"),
        ] {
            assert_eq!(drawn(line), expected);
        }
    }

    #[test]
    fn quotes_hold_a_name_or_words() {
        let pieces = of("attribute 'x y' of \"no such thing at all\"", &Private::default());
        let quoted: Vec<_> = pieces.iter().filter(|it| matches!(it, Piece::Quoted { .. })).collect();
        assert_eq!(quoted.len(), 1);
        assert_eq!(quoted[0].shown(), "'x y'");
    }
}
