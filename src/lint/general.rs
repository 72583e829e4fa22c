//! Patterns that match ordinary English.

use crate::scan::compile;

/// Prose and commit messages with the words that errors are made of, in which nothing is wrong.
const PROSE: &str = include_str!("prose.txt");

/// The first words of ordinary prose that the pattern matches, whether a line ends within them or not.
pub(super) fn matched(pattern: &str) -> Option<String> {
    let regex = compile(pattern).ok()?;
    let flowing = PROSE.replace('\n', " ");
    let sentences = flowing.split_inclusive(". ").map(str::trim).collect::<Vec<_>>().join("\n");
    let texts = [PROSE, flowing.as_str(), sentences.as_str()];
    texts.into_iter().find_map(|text| regex.find(text).map(|found| text[found.range()].trim().to_owned()))
}
