//! Where a literal was hit, the lines around it are cut out and the patterns that own it are tried.

use std::collections::BTreeMap;

use regex_automata::Input;
use regex_automata::meta::Regex;

use super::Line;
use super::collector::{Collector, Quotes};
use super::index::{Index, Indexed};
use super::inner::inner;
use super::layout::{self, Layout};
use super::text::Text;
use crate::rules::Literal;

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

/// A match, with its lines counted from the window's first.
struct Match {
    first: usize,
    last: usize,
    captures: BTreeMap<String, String>,
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
                needed = needed.min(text.lines_up(text.line_start(*hit), symptom.lines()));
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
        // Where lines are broken there are more of them.
        let lines = it.lines();
        let span = lines + usize::from(self.hits.iter().any(|(_, wrapped)| *wrapped)) * lines;
        let first = text.line_start(self.hits[0].0);
        let reach = text.starts(first, 2 * span);
        let at_end = reach.len() < 2 * span;
        if at_end && !ended {
            return false;
        }
        let batch_end = reach.get(span).copied().unwrap_or(text.end() + 1);
        let rest = self.hits.split_off(self.hits.partition_point(|(hit, _)| *hit < batch_end));
        let mut hits = std::mem::replace(&mut self.hits, rest);
        hits.retain(|(hit, _)| *hit >= self.matched_until);
        let (Some(&(near, _)), Some(regex)) = (hits.first(), it.regex(self.tries)) else { return true };
        self.tries += 1;
        let from = text.lines_up(text.line_start(near), span - 1).max(self.matched_until);
        let behind = reach.get(2 * span - 1).copied().unwrap_or(text.end());
        let starts: Vec<usize> =
            text.starts(from, 3 * span).into_iter().take_while(|it| *it < behind).collect();
        let lines: Vec<Line> = starts.iter().map(|start| text.line(*start)).collect();
        let line_of = |hit: usize| starts.partition_point(|start| *start <= hit).saturating_sub(1);
        let wrapped = hits.iter().find(|(_, wrapped)| *wrapped).map(|(hit, _)| line_of(*hit));
        let mut hits: Vec<usize> = hits.iter().map(|(hit, _)| line_of(*hit)).collect();
        hits.dedup();
        let search = |layout: &Layout<'_>| search(regex, &it.symptom.captures, layout, at_end, &hits);
        for Match { first, last, captures } in best(search, &lines, &hits, wrapped, &it.symptom.literals) {
            self.matched_until = starts.get(last + 1).copied().unwrap_or(behind);
            if is_look_alike(it, &lines[first..=last]) {
                continue;
            }
            let name = captures.get("drv").cloned();
            found.add(&it.rule.id, captures, || {
                let quotes = lines[first..=last].iter().filter(|line| !line.text.trim().is_empty());
                let inner =
                    if it.rule.generic { inner(&lines, first, last, name.as_deref()) } else { Vec::new() };
                Quotes {
                    quotes: quotes.map(|line| text.quote(line)).collect(),
                    inner: inner.into_iter().map(|line| text.quote(line)).collect(),
                }
            });
        }
        true
    }
}

/// The matches in the lines as they stand, or as they are read otherwise where that tells more.
fn best(
    search: impl Fn(&Layout<'_>) -> Vec<Match>,
    lines: &[Line],
    hits: &[usize],
    wrapped: Option<usize>,
    literals: &[Literal],
) -> Vec<Match> {
    let known = |matches: &[Match]| matches.iter().map(|it| 1 + it.captures.len()).sum::<usize>();
    let mut matches = search(&layout::plain(lines));
    if lines.len() == 1 {
        return matches;
    }
    if let Some(layout) = layout::without_shared_prefix(lines, hits[0], literals) {
        let others = search(&layout);
        // A match that spans lines has the prefix within it.
        matches.retain(|it| it.first == it.last);
        if known(&others) >= known(&matches) {
            matches = others;
        }
    }
    let others = [
        layout::same_source(lines, hits[0]),
        layout::unbroken(lines, wrapped),
        wrapped.map(|hit| layout::reflowed(lines, hit)),
    ];
    for layout in others.into_iter().flatten() {
        let others = search(&layout);
        if known(&others) > known(&matches) {
            matches = others;
        }
    }
    matches
}

/// Whether one of the rule's known look-alikes is found in these lines.
fn is_look_alike(it: &Indexed<'_>, lines: &[Line]) -> bool {
    !it.rule.not_if.is_empty()
        && lines.iter().any(|line| it.not_if().iter().any(|known| known.is_match(line.body())))
}

/// The matches that take in one of the hits. `at_end`: no line will follow.
fn search(regex: &Regex, names: &[String], layout: &Layout<'_>, at_end: bool, hits: &[usize]) -> Vec<Match> {
    let mut text = String::new();
    let mut starts = Vec::with_capacity(layout.parts.len());
    for part in &layout.parts {
        starts.push(text.len());
        text.push_str(part.text);
        text.push_str(part.end);
    }
    let end = text.len();
    // It is not searched, but `\z` sees that the text goes on.
    if !at_end {
        text.push('\0');
    }
    let line_of = |byte: usize| layout.parts[starts.partition_point(|&start| start <= byte) - 1].line;
    let mut matches = Vec::new();
    for groups in regex.captures_iter(Input::new(&text).range(..end)) {
        let Some(whole) = groups.get_match().filter(|whole| !whole.is_empty()) else { continue };
        let (first, last) = (line_of(whole.start()), line_of(whole.end() - 1));
        if hits.iter().any(|hit| (first..=last).contains(hit)) {
            let value = |name: &String| {
                let group = groups.get_group_by_name(name)?;
                Some((name.clone(), text[group.range()].trim().to_owned()))
            };
            matches.push(Match { first, last, captures: names.iter().filter_map(value).collect() });
        }
    }
    matches
}
