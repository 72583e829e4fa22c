//! A rule's name, from the words of its line.

use super::pieces::Piece;
use super::words::{is_naming, is_turning, words};
use crate::rules::RuleSet;

/// So many words name a rule.
const MOST: usize = 5;
/// With fewer, it takes ordinary ones too.
const LEAST: usize = 3;
/// The lengths of words that are names.
const LENGTHS: std::ops::RangeInclusive<usize> = 2..=20;
/// For a line of which no word can stand in a name.
const UNNAMED: &str = "unnamed-failure";

/// A name that no rule has.
pub(super) fn of(line: &[Piece], rules: &RuleSet) -> String {
    let fixed = line.iter().filter_map(|piece| match piece {
        Piece::Fixed(text) => Some(text.as_str()),
        Piece::Blank(_) | Piece::Varying { .. } | Piece::Quoted { .. } => None,
    });
    let mut all: Vec<(String, bool)> = Vec::new();
    for word in fixed.flat_map(words) {
        let lower = word.to_ascii_lowercase();
        let fits = LENGTHS.contains(&lower.len()) && lower.bytes().all(|b| b.is_ascii_alphanumeric());
        if fits && !all.iter().any(|(known, _)| *known == lower) {
            all.push((lower, is_naming(word)));
        }
    }
    let named = all.iter().filter(|(_, naming)| *naming).count();
    let chosen = all.iter().filter(|(_, naming)| *naming || named < LEAST).map(|(word, _)| word.as_str());
    let mut words: Vec<&str> = chosen.take(MOST).collect();
    words.truncate(words.len() - words.iter().rev().take_while(|word| is_turning(word)).count());
    let name = if words.is_empty() { UNNAMED.to_owned() } else { words.join("-") };
    let free = |name: &String| rules.get(name).is_none();
    let numbered = (2..).map(|number| format!("{name}-{number}"));
    std::iter::once(name.clone()).chain(numbered).find(free).unwrap_or(name)
}
