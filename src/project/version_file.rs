//! A file that holds the version of one tool: `.nvmrc`, `.node-version`, `.python-version`.

use super::FormatError;
use super::located::{Located, offset_in, refuse_large};

/// Reads such a file: its versions, the preferred one first.
///
/// # Errors
/// The file is too large.
pub fn parse_version_file(text: &str) -> Result<Vec<Located<String>>, FormatError> {
    refuse_large(text)?;
    let words = text
        .lines()
        .map(|line| line.split('#').next().unwrap_or_default())
        .flat_map(|line| line.trim_start_matches('\u{feff}').split_whitespace());
    Ok(words.map(|word| Located { value: word.to_owned(), offset: offset_in(text, word) }).collect())
}

#[cfg(test)]
mod tests {
    use super::super::located::line_and_column;
    use super::*;

    fn versions(text: &str) -> Vec<(String, usize, usize)> {
        let version = |it: Located<String>| {
            let (line, column) = line_and_column(text, it.offset);
            (it.value, line, column)
        };
        parse_version_file(text).unwrap().into_iter().map(version).collect()
    }

    #[test]
    fn one_or_several_versions() {
        assert_eq!(versions("v20.11.0\n"), [("v20.11.0".to_owned(), 1, 1)]);
        assert_eq!(versions("# node\n\n lts/iron \r\n"), [("lts/iron".to_owned(), 3, 2)]);
        assert_eq!(versions("3.12.4\n3.11\n"), [("3.12.4".to_owned(), 1, 1), ("3.11".to_owned(), 2, 1)]);
        assert!(versions("").is_empty() && versions("#\n\n").is_empty());
        assert!(parse_version_file(&"1".repeat(2_000_000)).is_err());
    }

    proptest::proptest! {
        #[test]
        fn no_text_is_too_odd(text in r"([ \t\r\n#:é/v*]|lts|[0-9.]{1,4}|\x{feff})*") {
            assert!(versions(&text).iter().all(|(version, ..)| !version.is_empty()));
        }
    }
}
