//! Where in a file something stands.

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
        let mut offset = offset.min(text.len());
        while !text.is_char_boundary(offset) {
            offset -= 1;
        }
        let start = text[..offset].rfind('\n').map_or(0, |newline| newline + 1);
        let end = text[offset..].find('\n').map_or(text.len(), |newline| offset + newline);
        Place {
            file: file.into(),
            line: text[..start].bytes().filter(|byte| *byte == b'\n').count() as u64 + 1,
            column: text[start..offset].chars().count() as u64 + 1,
            excerpt: text[start..end].chars().take(LONGEST_LINE).collect::<String>().trim_end().to_owned(),
        }
    }
}

/// The lines of a text of which many places are told: each is found without counting again.
#[derive(Clone, Debug)]
pub struct Lines {
    starts: Vec<usize>,
}

impl Lines {
    /// The lines of a text.
    pub fn of(text: &str) -> Lines {
        let behind = text.bytes().enumerate().filter(|(_, byte)| *byte == b'\n').map(|(at, _)| at + 1);
        Lines { starts: std::iter::once(0).chain(behind).collect() }
    }

    /// The place of a byte offset in that text, as [`Place::at`] has it.
    pub fn place(&self, file: impl Into<String>, text: &str, offset: usize) -> Place {
        let line = self.starts.partition_point(|start| *start <= offset.min(text.len()));
        let start = self.starts.get(line.saturating_sub(1)).copied().unwrap_or_default();
        let within = text.get(start..).unwrap_or_default();
        Place { line: line as u64, ..Place::at(file, within, offset - start.min(offset)) }
    }
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
        assert_eq!(Place::at("f", &"é".repeat(2000), 0).excerpt.chars().count(), LONGEST_LINE);
        for offset in [0, 1, 2, 4, 6, 999] {
            assert_eq!(Lines::of(text).place("f", text, offset), Place::at("f", text, offset), "{offset}");
        }
        assert_eq!(Place::at("f", "", 0).to_string(), "f:1:1");
    }
}
