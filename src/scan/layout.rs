//! The ways in which the lines around a hit can be read: as they stand, or as a tool wrote them before a collector put
//! something before each line, a terminal broke long ones, or several builds wrote at once.

use super::{Line, prefix, shape};
use crate::rules::Literal;

/// Lines shorter than this are not broken by terminals.
const NARROWEST: usize = 60;

/// Lines to be searched as one text.
pub(super) struct Layout<'a> {
    pub(super) parts: Vec<Part<'a>>,
}

/// One line of a layout, or what is taken of it.
pub(super) struct Part<'a> {
    /// Which line of the window.
    pub(super) line: usize,
    pub(super) text: &'a str,
    /// What stands between it and the next one.
    pub(super) end: &'static str,
}

/// The lines as they stand, without prefixes that are known.
pub(super) fn plain(lines: &[Line]) -> Layout<'_> {
    let parts = lines.iter().enumerate();
    Layout { parts: parts.map(|(line, it)| Part { line, text: it.body(), end: "\n" }).collect() }
}

/// The lines without the prefix of a form that nobody has named, if the hit's line and the next have one before what
/// was hit.
pub(super) fn without_shared_prefix<'a>(
    lines: &'a [Line],
    hit: usize,
    literals: &[Literal],
) -> Option<Layout<'a>> {
    let others = lines[hit + 1..].iter().chain(lines[..hit].iter().rev());
    let next = others.into_iter().find(|line| !line.body().trim().is_empty())?;
    let prefix = shape::shared(lines[hit].body(), next.body())?;
    let mut layout = plain(lines);
    for part in &mut layout.parts {
        if let Some(rest) = shape::strip(prefix, part.text) {
            part.text = &rest[prefix::length(rest)..];
        }
    }
    let hit = layout.parts[hit].text.to_ascii_lowercase();
    literals.iter().any(|literal| hit.contains(literal.text.as_str())).then_some(layout)
}

/// The lines that come from where the hit's line comes from, if there are others: `pkg> `, `web-1  | `.
pub(super) fn same_source(lines: &[Line], hit: usize) -> Option<Layout<'_>> {
    let source = source(&lines[hit]);
    if source.is_empty() || lines.iter().all(|line| self::source(line) == source) {
        return None;
    }
    let mut layout = plain(lines);
    layout.parts.retain(|part| self::source(&lines[part.line]) == source);
    Some(layout)
}

/// The words of a line's prefix that are no times.
fn source(line: &Line) -> Vec<&str> {
    let prefix = line.text[..line.text.len() - line.body().len()].split_whitespace();
    prefix.filter(|word| !word.starts_with(|it: char| it.is_ascii_digit() || it == '[')).collect()
}

/// The lines put together where a terminal broke them: where one is as long as the longest, the next goes on. One alone
/// is merely the longest, unless words are known to be broken in it.
pub(super) fn unbroken(lines: &[Line], broken: Option<usize>) -> Option<Layout<'_>> {
    let width = |line: &Line| if line.text.is_ascii() { line.text.len() } else { line.text.chars().count() };
    let widest = lines.iter().map(width).max().filter(|widest| *widest >= NARROWEST)?;
    let mut layout = plain(lines);
    let last = layout.parts.len().checked_sub(1)?;
    let mut full = 0;
    for part in &mut layout.parts[..last] {
        if width(&lines[part.line]) == widest {
            part.end = "";
            full += 1;
        }
    }
    (full > 1 || broken.is_some_and(|line| width(&lines[line]) == widest)).then_some(layout)
}

/// The lines with the hit's and the next put together by a space, as where a tool broke between words.
pub(super) fn reflowed(lines: &[Line], hit: usize) -> Layout<'_> {
    let mut layout = plain(lines);
    if let Some(next) = layout.parts.get_mut(hit + 1) {
        next.text = next.text.trim_start();
        layout.parts[hit].end = " ";
    }
    layout
}
