//! Finding what an edit replaces in a file's text: pure.

use std::ops::Range;
use std::sync::LazyLock;

use regex::Regex;

use super::nix_hash::{NixHash, Notation};

/// A place in a text, and what is to stand there.
pub(super) type Replacement = (Range<usize>, String);

/// Whether a match may stand beside this character without being part of a longer word.
type Boundary = fn(char) -> bool;

fn ends_word(c: char) -> bool {
    !(c.is_alphanumeric() || matches!(c, '_' | '-' | '\''))
}

fn ends_hash(c: char) -> bool {
    !(c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '+' | '/' | '='))
}

/// Every place at which `find` stands as a whole word; with `line` (from 1), in that line only.
pub(super) fn words(text: &str, find: &str, replace: &str, line: Option<usize>) -> Vec<Replacement> {
    let within = match line {
        Some(line) => match nth_line(text, line) {
            Some(range) => range,
            None => return Vec::new(),
        },
        None => 0..text.len(),
    };
    let places = whole(&text[within.clone()], find, ends_word);
    places
        .into_iter()
        .map(|place| (place.start + within.start..place.end + within.start, replace.to_owned()))
        .collect()
}

/// Every place at which the hash stands, in any notation, each to be replaced in its own. A placeholder can also
/// stand there by name (`lib.fakeHash`) or as an empty string.
pub(super) fn hashes(text: &str, find: &NixHash, replace: &NixHash) -> Vec<Replacement> {
    let mut places = Vec::new();
    for notation in Notation::ALL {
        let written = replace.write(notation);
        let found = whole(text, &find.write(notation), ends_hash);
        places.extend(found.into_iter().map(|place| (place, written.clone())));
    }
    if find.is_placeholder() {
        let quoted = format!("\"{}\"", replace.write(Notation::Sri));
        for pattern in [&FAKE, &EMPTY].into_iter().filter_map(|pattern| pattern.as_ref()) {
            let groups = pattern.captures_iter(text).filter_map(|groups| groups.get(1));
            places.extend(groups.map(|group| (group.range(), quoted.clone())));
        }
    }
    places.sort_by_key(|(place, _)| place.start);
    places
}

static FAKE: LazyLock<Option<Regex>> =
    LazyLock::new(|| Regex::new(r"=\s*((?:[\w.]+\.)?fake(?:Hash|Sha256|Sha512))\b").ok());
static EMPTY: LazyLock<Option<Regex>> =
    LazyLock::new(|| Regex::new(r#"\b(?:\w*[hH]ash|sha256|sha512|\w*Sha256)\s*=\s*("")"#).ok());

/// The text with every replacement made. They must not overlap.
pub(super) fn apply(text: &str, replacements: &[Replacement]) -> String {
    let mut result = String::with_capacity(text.len());
    let mut done = 0;
    for (place, replacement) in replacements {
        result.push_str(&text[done..place.start]);
        result.push_str(replacement);
        done = place.end;
    }
    result.push_str(&text[done..]);
    result
}

fn whole(text: &str, find: &str, boundary: Boundary) -> Vec<Range<usize>> {
    if find.is_empty() {
        return Vec::new();
    }
    let free = |at: usize| {
        let end = at + find.len();
        text[..at].chars().next_back().is_none_or(boundary) && text[end..].chars().next().is_none_or(boundary)
    };
    text.match_indices(find).map(|(at, _)| at).filter(|&at| free(at)).map(|at| at..at + find.len()).collect()
}

/// The bytes of a line (from 1), with its end.
pub(super) fn nth_line(text: &str, line: usize) -> Option<Range<usize>> {
    let mut start = 0;
    for (number, part) in (1..).zip(text.split_inclusive('\n')) {
        if number == line {
            return Some(start..start + part.len());
        }
        start += part.len();
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    fn edited(text: &str, find: &str, replace: &str) -> String {
        let (find, replace) = (NixHash::parse(find).unwrap(), NixHash::parse(replace).unwrap());
        apply(text, &hashes(text, &find, &replace))
    }

    const NEW: &str = "sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=";
    const ZERO: &str = "sha256-AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=";

    #[test]
    fn only_whole_words_are_replaced() {
        let text = "elxir elxir_1 my-elxir pkgs.elxir;\nelxir\n";
        assert_eq!(apply(text, &words(text, "elxir", "X", None)), "X elxir_1 my-elxir pkgs.X;\nX\n");
        assert_eq!(
            apply(text, &words(text, "elxir", "X", Some(2))),
            "elxir elxir_1 my-elxir pkgs.elxir;\nX\n"
        );
        assert!(words(text, "elxir", "X", Some(9)).is_empty());
    }

    #[test]
    fn a_hash_is_replaced_in_the_notation_of_the_file() {
        let base32 = "0mdqa9w1p6cmli6976v4wi0sw9r4p5prkj7lzfd1877wk11c9c73";
        let zero = "0".repeat(52);
        assert_eq!(edited(&format!("sha256 = \"{zero}\";"), ZERO, NEW), format!("sha256 = \"{base32}\";"));
        assert_eq!(edited(&format!("\"sha256:{zero}\""), ZERO, NEW), format!("\"sha256:{base32}\""));
        assert_eq!(edited(&format!("hash = \"{ZERO}\";"), ZERO, NEW), format!("hash = \"{NEW}\";"));
    }

    #[test]
    fn a_placeholder_can_have_a_name_or_be_empty() {
        let expected = format!("hash = \"{NEW}\";");
        for text in ["hash = lib.fakeHash;", "hash = pkgs.lib.fakeSha256;", "hash = \"\";"] {
            assert_eq!(edited(text, ZERO, NEW), expected);
        }
        assert_eq!(edited("name = \"\";", ZERO, NEW), "name = \"\";");
    }
}
