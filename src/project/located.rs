//! Where something stands in a file.

use thiserror::Error;

/// No file that asks for versions is as large as this.
const LARGEST: usize = 1024 * 1024;

/// Something that a file says, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Located<T> {
    /// What it says.
    pub value: T,
    /// The line, from 1.
    pub line: usize,
    /// The column, in characters from 1.
    pub column: usize,
}

impl<T> Located<T> {
    /// Something else at the same place.
    pub fn with<U>(&self, value: U) -> Located<U> {
        Located { value, line: self.line, column: self.column }
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

/// Refuses a file that is larger than a person would write it.
pub(super) fn refuse_large(text: &str) -> Result<(), FormatError> {
    if text.len() > LARGEST { Err(FormatError::TooMuch) } else { Ok(()) }
}

/// Turns offsets into places, in the order of the text.
pub(super) fn locate<T>(text: &str, mut found: Vec<(usize, T)>) -> Vec<Located<T>> {
    found.sort_by_key(|(offset, _)| *offset);
    let (mut line, mut column, mut at) = (1, 1, 0);
    found
        .into_iter()
        .map(|(offset, value)| {
            for character in text.get(at..offset).unwrap_or_default().chars() {
                (line, column) = if character == '\n' { (line + 1, 1) } else { (line, column + 1) };
            }
            at = at.max(offset);
            Located { value, line, column }
        })
        .collect()
}

/// Where a part of a text begins in it.
pub(super) fn offset_in(text: &str, part: &str) -> usize {
    (part.as_ptr() as usize).saturating_sub(text.as_ptr() as usize).min(text.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn offsets_become_lines_and_columns_in_characters() {
        let text = "é a\nb\n";
        let places: Vec<_> = locate(text, vec![(5, 'b'), (3, 'a'), (0, 'é')])
            .into_iter()
            .map(|it| (it.value, it.line, it.column))
            .collect();
        assert_eq!(places, [('é', 1, 1), ('a', 1, 3), ('b', 2, 1)]);
        assert_eq!(offset_in(text, &text[3..4]), 3);
    }
}
