//! Sightings, in memory that does not grow with how often a failure is repeated.

use std::collections::{BTreeMap, HashMap};

use super::{Quote, Sighting};

/// Of equal sightings, so many keep their lines.
const PLACES: usize = 3;

/// A rule can bring so many sightings that differ in what they captured.
const DISTINCT: usize = 1000;

/// Once the kept sightings have this many bytes, further ones are only counted.
const BYTES: usize = 16 * 1024 * 1024;

/// The lines of a sighting.
#[derive(Default)]
pub(super) struct Quotes {
    pub(super) quotes: Vec<Quote>,
    pub(super) words: String,
    pub(super) inner: Vec<Quote>,
}

type Captures = BTreeMap<String, String>;

/// Collects sightings.
#[derive(Default)]
pub(super) struct Collector<'r> {
    kept: Vec<Sighting>,
    bytes: usize,
    known: HashMap<&'r str, Known>,
}

/// What is kept of one rule, as indices.
#[derive(Default)]
struct Known {
    equal: HashMap<Captures, Vec<usize>>,
    last: usize,
}

impl<'r> Collector<'r> {
    /// Takes a sighting, whose lines are asked for only if they are kept. Past the bounds it is counted with one
    /// that captured the same, or else with the rule's last.
    pub(super) fn add(&mut self, rule: &'r str, captures: Captures, quotes: impl FnOnce() -> Quotes) {
        let known = self.known.entry(rule).or_default();
        let full = self.bytes >= BYTES;
        let counted = match known.equal.get(&captures) {
            Some(places) if full || places.len() == PLACES => places.last().copied(),
            None if !known.equal.is_empty() && (full || known.equal.len() == DISTINCT) => Some(known.last),
            _ => None,
        };
        if let Some(at) = counted {
            self.kept[at].count += 1;
            return;
        }
        let Quotes { quotes, words, inner } = quotes();
        self.bytes += quotes.iter().map(|quote| quote.text.len()).sum::<usize>();
        self.bytes += captures.values().map(|value| 2 * value.len()).sum::<usize>();
        known.last = self.kept.len();
        known.equal.entry(captures.clone()).or_default().push(known.last);
        self.kept.push(Sighting { rule: rule.to_owned(), quotes, words, inner, captures, count: 1 });
    }

    /// Nothing was seen so far.
    pub(super) fn is_empty(&self) -> bool {
        self.kept.is_empty()
    }

    /// What was collected.
    pub(super) fn finish(self) -> Vec<Sighting> {
        self.kept
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn collect(sightings: impl Iterator<Item = (String, usize)>) -> Vec<Sighting> {
        let mut collector = Collector::default();
        for (line, (value, length)) in (1..).zip(sightings) {
            let captures = BTreeMap::from([("what".to_owned(), value)]);
            let quotes = vec![Quote { line, text: "x".repeat(length) }];
            collector.add("rule", captures, || Quotes { quotes, ..Quotes::default() });
        }
        collector.finish()
    }

    #[test]
    fn equal_ones_are_counted_and_the_first_places_kept() {
        let seen = collect((0..10_000).map(|at| (if at % 2 == 0 { "a" } else { "b" }.to_owned(), 1)));
        assert_eq!(seen.iter().map(Sighting::line).collect::<Vec<_>>(), [1, 2, 3, 4, 5, 6]);
        let of_a = seen.iter().filter(|it| it.captures["what"] == "a").map(|it| it.count);
        assert_eq!(of_a.sum::<u64>(), 5000);
    }

    #[test]
    fn different_ones_are_bounded_in_number_and_in_bytes() {
        let seen = collect((0..5000).map(|at| (at.to_string(), 1)));
        assert_eq!((seen.len(), seen.iter().map(|it| it.count).sum::<u64>()), (DISTINCT, 5000));
        let seen = collect((0..900).map(|at| (at.to_string(), 64 * 1024)));
        assert!(seen.len() <= BYTES / (64 * 1024) + 1, "{}", seen.len());
        assert_eq!(seen.iter().map(|it| it.count).sum::<u64>(), 900);
    }
}
