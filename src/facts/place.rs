//! Where in a file something stands.

use memchr::memchr_iter;
use serde::{Deserialize, Serialize};

/// So much of a line is kept: nobody reads more of what a program has written.
const LONGEST_LINE: usize = 1000;

/// A place in a file, with the text that stands there.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Place {
    /// The file, as a person names it: from the project's folder, or absolute.
    pub file: String,
    /// The line, from 1.
    pub line: u64,
    /// The column in characters, from 1.
    pub column: u64,
    /// The line's text.
    pub excerpt: String,
}

impl Place {
    /// The place of a byte offset in a file's text. An offset past the end is the end.
    pub fn at(file: impl Into<String>, text: &str, offset: usize) -> Place {
        Lines::of(text).place(file, text, offset)
    }
}

/// The lines of a text of which many places are told: each is found without counting all of it again, even in a text
/// that is one long line.
#[derive(Clone, Debug)]
pub struct Lines {
    /// Where each line begins.
    starts: Vec<usize>,
    /// How many characters begin before each [`STEP`] bytes.
    characters: Vec<usize>,
}

/// From so many bytes on, characters are counted anew for a place.
const STEP: usize = 4096;

impl Lines {
    /// The lines of a text.
    pub fn of(text: &str) -> Lines {
        let behind = memchr_iter(b'\n', text.as_bytes()).map(|at| at + 1);
        let counts = text.as_bytes().chunks(STEP).scan(0, |all, step| {
            let before = *all;
            *all += begun(step);
            Some(before)
        });
        Lines { starts: std::iter::once(0).chain(behind).collect(), characters: counts.collect() }
    }

    /// The place of a byte offset in that text. An offset past the end is the end.
    pub fn place(&self, file: impl Into<String>, text: &str, offset: usize) -> Place {
        let mut offset = offset.min(text.len());
        while !text.is_char_boundary(offset) {
            offset -= 1;
        }
        let line = self.starts.partition_point(|start| *start <= offset);
        let start = self.starts.get(line.saturating_sub(1)).copied().unwrap_or_default();
        let column = self.characters_before(text, offset) - self.characters_before(text, start);
        let rest = text.get(start..).unwrap_or_default();
        let excerpt: String = rest.chars().take(LONGEST_LINE).take_while(|c| *c != '\n').collect();
        Place {
            file: file.into(),
            line: line as u64,
            column: column as u64 + 1,
            excerpt: excerpt.trim_end().to_owned(),
        }
    }

    fn characters_before(&self, text: &str, offset: usize) -> usize {
        let step = (offset / STEP).min(self.characters.len().saturating_sub(1));
        let counted = self.characters.get(step).copied().unwrap_or_default();
        counted + begun(text.as_bytes().get(step * STEP..offset).unwrap_or_default())
    }
}

/// How many characters begin in these bytes of a text.
fn begun(bytes: &[u8]) -> usize {
    bytes.iter().filter(|byte| (**byte as i8) >= -0x40).count()
}

impl std::fmt::Display for Place {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}:{}:{}", self.file, self.line, self.column)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_and_columns_count_from_one() {
        let text = "a\n  é x\r\nlast";
        assert_eq!(Place::at("f", text, 0).to_string(), "f:1:1");
        let x = Place::at("f", text, text.find('x').unwrap());
        assert_eq!((x.line, x.column, x.excerpt.as_str()), (2, 5, "  é x"));
        let inside = Place::at("f", text, text.find('é').unwrap() + 1);
        assert_eq!((inside.line, inside.column), (2, 3));
        assert_eq!(Place::at("f", text, 999).to_string(), "f:3:5");
        let long = Place::at("f", &format!("\n{}", "é".repeat(9000)), 1 + 2 * 8000);
        assert_eq!((long.line, long.column), (2, 8001));
        assert_eq!(long.excerpt.chars().count(), LONGEST_LINE);
        assert_eq!(Place::at("f", "", 0).to_string(), "f:1:1");
    }
}
