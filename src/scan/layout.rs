//! The ways in which the lines around a hit can be read: as they stand, or as a tool wrote them before a collector put
//! something before each line, a terminal broke long ones, or several builds wrote at once.

use super::{Line, prefix, shape};
use crate::rules::Symptom;

/// Lines shorter than this are not broken by terminals.
const NARROWEST: usize = 60;

/// The widths that terminals mostly have.
const WIDTHS: [usize; 5] = [80, 100, 120, 132, 160];

/// So many bytes are read in more than one way.
const LARGEST: usize = 128 * 1024;

/// So many ways are enough.
const MOST: usize = 24;

/// Lines to be searched as one text.
#[derive(Clone)]
pub(super) struct Layout<'a> {
    pub(super) parts: Vec<Part<'a>>,
    /// Lines are put together on no more than their looks.
    pub(super) joined: bool,
    /// Something stands between what a tool wrote: what spans lines has it within.
    pub(super) mixed: bool,
}

/// One line of a layout, or what is taken of it.
#[derive(Clone)]
pub(super) struct Part<'a> {
    /// Which line of the window.
    pub(super) line: usize,
    pub(super) text: &'a str,
    /// What stands between it and the next one.
    pub(super) end: &'static str,
}

/// What was hit in the lines.
pub(super) struct Hits<'a> {
    /// The lines in which literals begin.
    pub(super) lines: &'a [usize],
    /// The first of them in which one is broken.
    pub(super) wrapped: Option<usize>,
    /// Whose literals they are.
    pub(super) symptom: &'a Symptom,
}

/// Whether the lines may have to be read in another way than as they stand, so that more of them are needed.
pub(super) fn are_hard(lines: &[Line], hits: &Hits<'_>) -> bool {
    if is_large(lines) {
        return false;
    }
    let plain = plain(lines);
    hits.wrapped.is_some()
        || lines.iter().any(|line| line.over || line.told.is_some())
        || hits.lines.iter().any(|hit| same_source(lines, *hit).is_some())
        || unbroken(&plain, lines, None).is_some()
        || reflowed(&plain, lines, None).is_some()
}

fn is_large(lines: &[Line]) -> bool {
    lines.iter().map(|line| line.text.len()).sum::<usize>() > LARGEST
}

/// All ways, those that are trusted more behind those that are trusted less, and joined ones last.
pub(super) fn all<'a>(lines: &'a [Line], hits: &Hits<'_>) -> Vec<Layout<'a>> {
    let mut all = vec![plain(lines)];
    if is_large(lines) {
        return all;
    }
    all.extend(told(lines));
    all[0].mixed = all.len() > 1;
    all.extend(hits.lines.iter().filter_map(|hit| same_source(lines, *hit)).take(MOST / 4));
    for at in 0..all.len() {
        if let Some(visible) = visible(&all[at], lines, hits) {
            all[at].mixed = true;
            all.push(visible);
        }
    }
    for at in 0..all.len() {
        let bare = bare(&all[at], lines, hits);
        let written =
            |layout: &Layout<'_>| layout.parts.iter().filter(|it| !it.text.trim().is_empty()).count();
        let without = |other: &Layout<'_>| {
            let changed = other.parts.iter().zip(&all[at].parts).filter(|(one, two)| one.text != two.text);
            changed.count() == written(&all[at])
        };
        // What the pattern asks for is the tool's own.
        let is_foreign = |prefix: &str| !hits.symptom.pattern.contains(prefix.trim());
        all[at].mixed |=
            written(&all[at]) > 1 && bare.iter().any(|(prefix, other)| is_foreign(prefix) && without(other));
        all.extend(bare.into_iter().map(|(_, layout)| layout));
    }
    all.truncate(MOST);
    for at in 0..all.len() {
        let joined = [unbroken(&all[at], lines, hits.wrapped), reflowed(&all[at], lines, hits.wrapped)];
        all.extend(joined.into_iter().flatten());
    }
    all
}

/// The lines as they stand, without prefixes that are known.
fn plain(lines: &[Line]) -> Layout<'_> {
    let parts = lines.iter().enumerate();
    let parts = parts.map(|(line, it)| Part { line, text: it.body(), end: "\n" }).collect();
    Layout { parts, joined: false, mixed: false }
}

/// What the records among the lines hold.
fn told(lines: &[Line]) -> Option<Layout<'_>> {
    lines.iter().any(|line| line.told.is_some()).then(|| {
        let mut layout = plain(lines);
        for part in &mut layout.parts {
            part.text = lines[part.line].told.as_deref().unwrap_or(part.text);
        }
        layout
    })
}

/// The lines that come from where the hit's line comes from, if there are others: `pkg> `, `web-1  | `.
fn same_source(lines: &[Line], hit: usize) -> Option<Layout<'_>> {
    let source = source(lines.get(hit)?);
    if source.is_empty() || lines.iter().all(|line| self::source(line) == source) {
        return None;
    }
    let mut layout = plain(lines);
    layout.parts.retain(|part| self::source(&lines[part.line]) == source);
    Some(layout)
}

/// The words of a line's prefix that are no times.
fn source(line: &Line) -> Vec<&str> {
    let prefix = line.text[..line.body].split_whitespace();
    let time =
        |word: &str| word.starts_with(|it: char| it.is_ascii_digit() || it == '[' && !word.contains('/'));
    prefix.filter(|word| !time(word) && word.contains(char::is_alphanumeric)).collect()
}

/// Whether something else wrote `next` than what wrote the line. The rest of a line that was broken has no prefix.
fn is_of_another(next: &Line, line: &Line) -> bool {
    let source = source(next);
    !source.is_empty() && source != self::source(line)
}

/// What a terminal shows in the end: of what was written over one another the last, and what was hit.
fn visible<'a>(layout: &Layout<'a>, lines: &[Line], hits: &Hits<'_>) -> Option<Layout<'a>> {
    let mut shown = layout.clone();
    shown.parts.retain(|part| !lines[part.line].over || hits.lines.contains(&part.line));
    (shown.parts.len() < layout.parts.len()).then_some(shown)
}

/// The lines without the prefix of a form that nobody has named, if a hit's line and others have one before what was
/// hit; or without their common indentation.
fn bare<'a>(layout: &Layout<'a>, lines: &[Line], hits: &Hits<'_>) -> Vec<(&'a str, Layout<'a>)> {
    let written = |part: &&Part<'_>| !part.text.trim().is_empty();
    let mut prefixes: Vec<&'a str> = Vec::new();
    for &hit in hits.lines.iter().take(2) {
        let Some(at) = layout.parts.iter().position(|part| part.line == hit) else { continue };
        let line = layout.parts[at].text;
        let others = layout.parts[at + 1..].iter().chain(layout.parts[..at].iter().rev()).filter(written);
        let mut shared = others.filter_map(|other| shape::shared(line, other.text));
        let next = shared.next();
        let shortest = shared.min_by_key(|prefix| prefix.len());
        prefixes.extend(next.into_iter().chain(shortest));
    }
    let indented = |text: &'a str| &text[..text.len() - text.trim_start().len()];
    let indents = layout.parts.iter().filter(written).map(|part| indented(part.text));
    prefixes.extend(indents.min_by_key(|indent| indent.len()).filter(|indent| !indent.is_empty()));
    prefixes.sort_unstable();
    prefixes.dedup();
    let strip = |prefix: &'a str| {
        let mut layout = layout.clone();
        for part in &mut layout.parts {
            if let Some(rest) = shape::strip(prefix, part.text) {
                part.text = &rest[prefix::length(rest)..];
            }
        }
        let is_hit = |part: &Part<'_>| {
            let text = part.text.to_ascii_lowercase();
            hits.lines.contains(&part.line)
                && hits.symptom.literals.iter().any(|literal| text.contains(literal.text.as_str()))
        };
        let still = hits.wrapped.is_some()
            || layout.parts.iter().any(is_hit)
            || lines.iter().any(|line| line.told.is_some());
        still.then_some((prefix, layout))
    };
    prefixes.into_iter().filter_map(strip).collect()
}

/// The lines put together where a terminal broke them: where one is as long as the longest, the next goes on. One alone
/// is merely the longest, unless words are known to be broken in it or terminals are so wide.
fn unbroken<'a>(layout: &Layout<'a>, lines: &[Line], broken: Option<usize>) -> Option<Layout<'a>> {
    let width = |part: &Part<'_>| lines[part.line].width;
    let widest = layout.parts.iter().map(width).max().filter(|widest| *widest >= NARROWEST)?;
    let mut layout = Layout { joined: true, ..layout.clone() };
    let last = layout.parts.len().checked_sub(1)?;
    let (mut full, mut known) = (0, false);
    for at in 0..last {
        let next = &layout.parts[at + 1];
        if width(&layout.parts[at]) == widest
            && !is_of_another(&lines[next.line], &lines[layout.parts[at].line])
        {
            let next = next.text;
            let part = &mut layout.parts[at];
            // The blank at which a row ends is gone.
            part.end = if lines[part.line].cut { " " } else { "" };
            full += 1;
            known |= broken == Some(part.line) || WIDTHS.contains(&widest) && is_rest(next);
        }
    }
    (full > 1 || full == 1 && known).then_some(layout)
}

/// The lines put together by a space where a tool broke between words: where the next one's first word has no place.
fn reflowed<'a>(layout: &Layout<'a>, lines: &[Line], broken: Option<usize>) -> Option<Layout<'a>> {
    let width = |part: &Part<'_>| lines[part.line].width;
    let widest = layout.parts.iter().map(width).max()?;
    let room = WIDTHS.into_iter().find(|width| *width >= widest);
    let mut layout = Layout { joined: true, ..layout.clone() };
    let mut joined = false;
    for at in 1..layout.parts.len() {
        let [line, next] = &mut layout.parts[at - 1..=at] else { continue };
        let text = next.text.trim_start();
        let word = text.split(' ').next().unwrap_or_default();
        let full = room.is_some_and(|room| width(line) + 1 + word.chars().count() > room);
        let may_go_on = full && is_rest(text) && !line.text.trim().is_empty();
        let of_another = is_of_another(&lines[next.line], &lines[line.line]);
        if broken == Some(line.line) || may_go_on && !of_another {
            (next.text, line.end, joined) = (text, " ", true);
        }
    }
    joined.then_some(layout)
}

/// Whether it may be the rest of the line before: what begins like a sentence or a message of its own is none.
fn is_rest(text: &str) -> bool {
    let word = text.split(' ').next().unwrap_or_default();
    let begins = |it: char| {
        it.is_lowercase() || it.is_ascii_digit() || matches!(it, '/' | '.' | '-' | '_' | '\'' | '"')
    };
    // Node's stack traces
    let is_trace = word == "at" && text.ends_with(')');
    word.starts_with(begins) && word.contains(char::is_alphanumeric) && !word.ends_with(':') && !is_trace
}
