//! Where a literal was hit, the lines around it are cut out and the patterns that own it are tried.

use std::collections::BTreeMap;
use std::ops::Range;

use regex_automata::Input;
use regex_automata::meta::Regex;

use super::Line;
use super::collector::{Collector, Quotes};
use super::index::{Index, Indexed};
use super::inner::inner;
use super::layout::{self, Hits, Layout};
use super::quoted::is_quoted;
use super::text::Text;

/// Where lines are hard to read, a match can have so many times the lines that its pattern has.
pub(super) const REACH: usize = 3;

/// So many characters of a match tell where it stands in its line.
const WORDS: usize = 60;

/// The symptoms with hits that are still to be tried.
#[derive(Default)]
pub(super) struct Matcher {
    open: BTreeMap<usize, Open>,
}

/// One of them.
#[derive(Default)]
struct Open {
    /// Where literals begin, and whether lines were broken within them.
    hits: Vec<(usize, bool)>,
    /// Where the line begins that follows the last match.
    matched_until: usize,
    tries: u32,
}

/// A match.
struct Match {
    /// Its lines, counted from the window's first.
    lines: Vec<usize>,
    captures: BTreeMap<String, String>,
    /// How it begins.
    words: String,
    /// It is one of the rule's known look-alikes.
    alike: bool,
}

impl Match {
    fn known(&self) -> usize {
        1 + self.captures.len()
    }

    fn shares_lines(&self, other: &Match) -> bool {
        self.lines.iter().any(|line| other.lines.contains(line))
    }

    /// Whether it has the rest of what another match captured a part of.
    fn completes(&self, other: &Match) -> bool {
        let goes_on = |(name, part): (&String, &String)| {
            self.captures.get(name).is_some_and(|whole| whole.starts_with(part.as_str()))
        };
        self.lines.first() == other.lines.first()
            && self.captures != other.captures
            && other.captures.iter().all(goes_on)
    }
}

/// Lines of the text, and the hits in them that are tried at once.
struct Window {
    starts: Vec<usize>,
    lines: Vec<Line>,
    /// The lines in which there are hits.
    hits: Vec<usize>,
    /// The first of them in which one is broken.
    wrapped: Option<usize>,
    /// Where the hits end that are tried at once.
    batch_end: usize,
    /// Where its last line ends.
    behind: usize,
    /// No line will follow.
    at_end: bool,
}

impl Matcher {
    /// Notes that a symptom may stand at a place.
    pub(super) fn note(&mut self, symptom: usize, place: usize, wrapped: bool) {
        let hits = &mut self.open.entry(symptom).or_default().hits;
        // What is found out of order is found close by.
        let at = hits.iter().rposition(|(known, _)| *known <= place).map_or(0, |at| at + 1);
        if at == 0 || hits[at - 1] != (place, wrapped) {
            hits.insert(at, (place, wrapped));
        }
    }

    /// Tries the symptoms around whose hits all lines are there that a match can reach, or all of them where no line
    /// will follow. The place from which on the text is still needed.
    pub(super) fn evaluate<'r>(
        &mut self,
        index: &Index<'r>,
        text: &Text,
        ended: bool,
        found: &mut Collector<'r>,
    ) -> usize {
        let mut needed = text.end();
        for (&symptom, open) in &mut self.open {
            let symptom = &index.symptoms[symptom];
            while !open.hits.is_empty() && open.evaluate(symptom, text, ended, found) {}
            if let Some((hit, _)) = open.hits.first() {
                needed = needed
                    .min(text.context(text.line_start(*hit), REACH * symptom.lines() + symptom.inner()));
            }
        }
        needed
    }
}

impl Open {
    /// Tries a pattern around its first hits, as many at once as stand within the span of one match: however many hits
    /// there are, a line is looked at no more than three times. Whether it could be tried.
    fn evaluate<'r>(
        &mut self,
        it: &Indexed<'r>,
        text: &Text,
        ended: bool,
        found: &mut Collector<'r>,
    ) -> bool {
        let span = it.lines();
        let Some(mut window) = self.window(span, it.inner(), text, ended) else { return false };
        if layout::are_hard(&window.lines, &window.hits(it)) {
            match self.window(REACH * span, it.inner(), text, ended) {
                Some(wider) => window = wider,
                None => return false,
            }
        }
        self.hits.retain(|(hit, _)| *hit >= window.batch_end);
        let (false, Some(regex)) = (window.hits.is_empty(), it.regex(self.tries)) else { return true };
        self.tries += 1;
        for Match { lines, captures, words, alike } in best(it, regex, &window) {
            let last = lines.last().copied().unwrap_or_default();
            self.matched_until =
                self.matched_until.max(window.starts.get(last + 1).copied().unwrap_or(window.behind));
            let lines = || lines.iter().map(|line| &window.lines[*line]);
            let quoted = lines().next().is_some_and(|line| is_quoted(line.body()));
            if quoted || alike || lines().any(|line| is_look_alike(it, line.body())) {
                continue;
            }
            let name = captures.get("drv").cloned();
            found.add(&it.rule.id, captures, || {
                let quotes = lines().filter(|line| !line.body().trim().is_empty());
                let starts = || lines().map(|line| line.start);
                let before = text.above(starts().min().unwrap_or_default(), it.inner());
                let behind = text.below(starts().max().unwrap_or_default(), it.inner());
                let inner = inner(&before, &behind, name.as_deref());
                Quotes {
                    quotes: quotes.map(|line| text.quote(line)).collect(),
                    words,
                    inner: inner.into_iter().map(|line| text.quote(line)).collect(),
                }
            });
        }
        true
    }

    /// The lines that a match of `span` lines around the first hits can reach; `None` if some of these, or of the `inner`
    /// behind them, have not come yet.
    fn window(&self, span: usize, inner: usize, text: &Text, ended: bool) -> Option<Window> {
        let (first, _) = self.hits.first()?;
        let reach = text.starts(text.line_start(*first), 2 * span + inner);
        if reach.len() < 2 * span + inner && !ended {
            return None;
        }
        let at_end = reach.len() < 2 * span;
        let batch_end = reach.get(span).copied().unwrap_or(text.end() + 1);
        let behind = reach.get(2 * span - 1).copied().unwrap_or(text.end());
        let batch = self.hits.iter().filter(|(hit, _)| (self.matched_until..batch_end).contains(hit));
        let Some((near, _)) = batch.clone().next() else {
            let (starts, lines, hits) = Default::default();
            return Some(Window { starts, lines, hits, wrapped: None, batch_end, behind, at_end });
        };
        let from = text.lines_up(text.line_start(*near), span - 1).max(self.matched_until);
        let starts: Vec<usize> =
            text.starts(from, 3 * span).into_iter().take_while(|it| *it < behind).collect();
        let lines = starts.iter().map(|start| text.line(*start)).collect();
        let line_of = |hit: usize| starts.partition_point(|start| *start <= hit).saturating_sub(1);
        let wrapped = batch.clone().find(|(_, wrapped)| *wrapped).map(|(hit, _)| line_of(*hit));
        let mut hits: Vec<usize> = batch.map(|(hit, _)| line_of(*hit)).collect();
        hits.dedup();
        Some(Window { starts, lines, hits, wrapped, batch_end, behind, at_end })
    }
}

impl Window {
    fn hits<'a>(&'a self, it: &Indexed<'a>) -> Hits<'a> {
        Hits { lines: &self.hits, wrapped: self.wrapped, symptom: it.symptom }
    }
}

/// The matches in the lines as they stand, or as they are read otherwise where that tells more.
fn best(it: &Indexed<'_>, regex: &Regex, window: &Window) -> Vec<Match> {
    let mut best: Vec<Match> = Vec::new();
    for layout in layout::all(&window.lines, &window.hits(it)) {
        let mut better = Vec::new();
        for mut found in search(it, regex, &layout, window) {
            let rivals: Vec<&Match> = best.iter().filter(|it| it.shares_lines(&found)).collect();
            let known: usize = rivals.iter().map(|it| it.known()).sum();
            let is_better = match layout.joined {
                true => found.known() > known || matches!(rivals[..], [rival] if found.completes(rival)),
                false => found.known() >= known,
            };
            if is_better {
                found.alike |= rivals.iter().any(|it| it.alike);
                best.retain(|it| !it.shares_lines(&found));
                better.push(found);
            }
        }
        best.extend(better);
    }
    best.sort_by(|one, other| one.lines.cmp(&other.lines));
    best
}

/// Whether one of the rule's known look-alikes is found in this line.
fn is_look_alike(it: &Indexed<'_>, line: &str) -> bool {
    !it.rule.not_if.is_empty() && it.not_if().iter().any(|known| known.is_match(line))
}

/// The matches that take in one of the hits.
fn search(it: &Indexed<'_>, regex: &Regex, layout: &Layout<'_>, window: &Window) -> Vec<Match> {
    let mut text = String::new();
    let mut starts = Vec::with_capacity(layout.parts.len());
    for part in &layout.parts {
        starts.push(text.len());
        text.push_str(part.text);
        text.push_str(part.end);
    }
    let end = text.len();
    // It is not searched, but `\z` sees that the text goes on.
    if !window.at_end {
        text.push('\0');
    }
    // A repetition may end within a character.
    let part = |range: Range<usize>| String::from_utf8_lossy(&text.as_bytes()[range]);
    let part_of = |byte: usize| starts.partition_point(|&start| start <= byte) - 1;
    let mut matches = Vec::new();
    for groups in regex.captures_iter(Input::new(&text).range(..end)) {
        let Some(whole) = groups.get_match().filter(|whole| !whole.is_empty()) else { continue };
        let parts = &layout.parts[part_of(whole.start())..=part_of(whole.end() - 1)];
        let lines: Vec<usize> = parts.iter().map(|part| part.line).collect();
        let spans = lines.first() != lines.last();
        if window.hits.iter().any(|hit| lines.contains(hit)) && !(spans && layout.mixed) {
            let value = |name: &String| {
                let group = groups.get_group_by_name(name)?;
                Some((name.clone(), part(group.range()).trim().to_owned()))
            };
            let captures = it.symptom.captures.iter().filter_map(value).collect();
            let alike = parts.iter().any(|part| is_look_alike(it, part.text));
            let words = part(whole.range()).lines().next().unwrap_or_default().chars().take(WORDS).collect();
            matches.push(Match { lines, captures, words, alike });
        }
    }
    matches
}
