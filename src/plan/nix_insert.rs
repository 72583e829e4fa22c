//! Inserting what a Nix file lacks to be one: pure.

use super::replace::{Replacement, apply, nth_line};
use crate::project::{NixError, nix_mistake};

/// Inserts a text at a position (line and column from 1, in characters), if the file is then read further than before.
///
/// # Errors
/// Why it cannot be done, as a clause that follows the file's name.
pub(super) fn insert(
    text: &str,
    inserted: &str,
    (line, column): (usize, usize),
) -> Result<Replacement, String> {
    let nowhere = || format!("has no line {line}, column {column}");
    let at = offset(text, line, column).ok_or_else(nowhere)?;
    let replacement = (at..at, inserted.to_owned());
    match nix_mistake(text) {
        None => return Err("parses as it is".to_owned()),
        Some(NixError::TooMuch) => return Err("is too large or too deeply nested to be read".to_owned()),
        Some(NixError::Invalid(_)) => {}
    }
    match nix_mistake(&apply(text, std::slice::from_ref(&replacement))) {
        None => Ok(replacement),
        Some(NixError::Invalid(next)) if next.reached > at + inserted.len() => Ok(replacement),
        Some(_) => Err(format!("would not parse better with '{inserted}' at line {line}, column {column}")),
    }
}

fn offset(text: &str, line: usize, column: usize) -> Option<usize> {
    let line = nth_line(text, line)?;
    let content = text.get(line.clone())?.trim_end_matches(['\n', '\r']);
    let columns = content.char_indices().map(|(at, _)| at).chain([content.len()]);
    columns.skip(column.checked_sub(1)?).map(|at| line.start + at).next()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn inserted(text: &str, at: (usize, usize)) -> Result<String, String> {
        Ok(apply(text, &[insert(text, ";", at)?]))
    }

    #[test]
    fn a_semicolon_is_put_where_it_mends_the_file() {
        for (text, at, expected) in [
            ("{\n  a = { b = 1; }\n}\n", (2, 17), "{\n  a = { b = 1; };\n}\n"),
            ("{ a = \"é\" }", (1, 10), "{ a = \"é\"; }"),
            ("{\r\n  a = 1\r\n}\r\n", (2, 8), "{\r\n  a = 1;\r\n}\r\n"),
            // The next mistake is another one.
            ("{ a = { b = 1 };\n  c = { d = 1 }; }", (1, 14), "{ a = { b = 1; };\n  c = { d = 1 }; }"),
        ] {
            assert_eq!(inserted(text, at).as_deref(), Ok(expected), "{text}");
        }
    }

    #[test]
    fn what_does_not_help_is_refused() {
        for (text, at) in [
            ("{ a = 1; }", (1, 8)),
            ("{ a = 1 }", (1, 3)),
            ("{ a = 1 }", (2, 1)),
            ("{ a = 1 }", (1, 40)),
            ("{ a = 1 }", (1, 0)),
            ("{ a = [ 1 }", (1, 10)),
        ] {
            inserted(text, at).unwrap_err();
        }
    }
}
