//! Where something stands in a file, and how much of a file is read.

use thiserror::Error;

/// No file that a person writes for a project is as large as this.
const LARGEST: usize = 1024 * 1024;

/// Something that a file says, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Located<T> {
    /// What it says.
    pub value: T,
    /// Where it begins, in bytes from the beginning of the text.
    pub offset: usize,
}

impl<T> Located<T> {
    /// Something else at the same place.
    pub fn with<U>(&self, value: U) -> Located<U> {
        Located { value, offset: self.offset }
    }
}

/// A file that is not in the form that its name promises.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum FormatError {
    /// It is in another form.
    #[error("line {line}: {why}")]
    Invalid {
        /// The first line that is wrong, from 1.
        line: usize,
        /// What is wrong with it.
        why: String,
    },
    /// It takes too much to read it.
    #[error("the file is too large or too deeply nested to be read")]
    TooMuch,
}

/// Whether a file is larger than a person would write it.
pub(crate) fn is_large(text: &str) -> bool {
    text.len() > LARGEST
}

/// Refuses a file that is larger than a person would write it.
pub(super) fn refuse_large(text: &str) -> Result<(), FormatError> {
    if is_large(text) { Err(FormatError::TooMuch) } else { Ok(()) }
}

/// Where a part of a text begins in it.
pub(super) fn offset_in(text: &str, part: &str) -> usize {
    (part.as_ptr() as usize).saturating_sub(text.as_ptr() as usize).min(text.len())
}

/// The line of an offset, from 1.
pub(super) fn line_of(text: &str, offset: usize) -> usize {
    memchr::memchr_iter(b'\n', text.as_bytes().get(..offset).unwrap_or_default()).count() + 1
}

/// The line and the column, in characters from 1, as tests name a place.
#[cfg(test)]
pub(super) fn line_and_column(text: &str, offset: usize) -> (usize, usize) {
    let before = &text[..offset];
    let line = before.rfind('\n').map_or(before, |newline| &before[newline + 1..]);
    (line_of(text, offset), line.chars().count() + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn offsets_become_lines_and_columns_in_characters() {
        let text = "é a\n\nb\n";
        let places = [0, 3, 4, 5, 6].map(|offset| line_and_column(text, offset));
        assert_eq!(places, [(1, 1), (1, 3), (1, 4), (2, 1), (3, 1)]);
        assert_eq!(offset_in(text, &text[3..4]), 3);
    }
}
