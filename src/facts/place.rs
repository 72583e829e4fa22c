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
        let offset = text.floor_char_boundary(offset);
        let start = text[..offset].rfind('\n').map_or(0, |newline| newline + 1);
        Place {
            file: file.into(),
            line: text[..start].bytes().filter(|byte| *byte == b'\n').count() as u64 + 1,
            column: text[start..offset].chars().count() as u64 + 1,
            excerpt: excerpt(text, start),
        }
    }

    /// The places of several offsets, in their order; the text is gone through once.
    pub fn all(file: &str, text: &str, offsets: &[usize]) -> Vec<Place> {
        let mut ordered: Vec<(usize, usize)> = offsets.iter().copied().enumerate().collect();
        ordered.sort_by_key(|(_, offset)| *offset);
        let (mut line, mut column, mut start, mut at) = (1, 1, 0, 0);
        let mut places: Vec<(usize, Place)> = Vec::with_capacity(offsets.len());
        for (index, offset) in ordered {
            let offset = text.floor_char_boundary(offset);
            for (begin, character) in text[at..offset].char_indices() {
                if character == '\n' {
                    (line, column, start) = (line + 1, 1, at + begin + 1);
                } else {
                    column += 1;
                }
            }
            at = offset;
            places
                .push((index, Place { file: file.to_owned(), line, column, excerpt: excerpt(text, start) }));
        }
        places.sort_by_key(|(index, _)| *index);
        places.into_iter().map(|(_, place)| place).collect()
    }
}

fn excerpt(text: &str, start: usize) -> String {
    let line = text[start..].chars().take(LONGEST_LINE).take_while(|it| *it != '\n');
    line.collect::<String>().trim_end().to_owned()
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
        assert_eq!(Place::at("f", "", 0).to_string(), "f:1:1");
        let offsets = [999, 0, 5, 8, 4, 5];
        let one_by_one = offsets.map(|offset| Place::at("f", text, offset));
        assert_eq!(Place::all("f", text, &offsets), one_by_one);
        let long = Place::at("f", &"é".repeat(9000), 8000);
        assert_eq!((long.column, long.excerpt.chars().count()), (4001, LONGEST_LINE));
    }
}
