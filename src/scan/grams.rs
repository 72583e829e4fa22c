//! One search for thousands of literals at once, which looks at every fourth byte only.
//!
//! Of each literal a window of nine bytes is chosen, a rare one. Wherever the literal stands, one of the window's four
//! runs of six bytes begins at a place that four divides: it is enough to look at those places for any of the runs. Of short
//! literals a window of six bytes is chosen, and its runs of three bytes.
//! First a bit table is asked, which stays in the processor's nearest cache; then a table of the runs; last, the literal
//! itself is compared.

use super::wrap;
use crate::rules::{LONG, Literal, STEP};

/// One bit in so many is set.
const SPARSE: usize = 16;

/// A run of a literal's bytes.
#[derive(Clone, Copy, Default)]
struct Run {
    bytes: u64,
    literal: u32,
    /// Where in the literal it begins.
    at: u32,
}

/// Literals, ready to be searched for by runs of `RUN` bytes, up to eight.
pub(super) struct Grams<'r, const RUN: usize> {
    literals: Vec<&'r Literal>,
    bits: Vec<u64>,
    /// All runs, in the order of their hashes.
    runs: Vec<Run>,
    /// Where in `runs` those begin whose hash begins with the index.
    buckets: Vec<u32>,
}

/// Where a literal stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Hit {
    /// Which one.
    pub(super) literal: usize,
    /// Its first byte in the text.
    pub(super) at: usize,
    /// A line ends within it, since something broke long lines.
    pub(super) wrapped: bool,
}

impl<'r, const RUN: usize> Grams<'r, RUN> {
    /// The bytes of a run in a word of eight.
    const MASK: u64 = (1 << (8 * RUN)) - 1;

    /// `literals` have windows.
    pub(super) fn new(literals: Vec<&'r Literal>) -> Self {
        let mut runs = Vec::with_capacity(literals.len() * 2 * STEP);
        for (literal, it) in (0..).zip(&literals) {
            for window in it.windows.iter().map(|&at| usize::from(at)) {
                let places = (0..).zip(it.text.as_bytes().windows(RUN)).skip(window).take(STEP);
                runs.extend(places.map(|(at, run)| Run { bytes: Self::word(run), literal, at }));
            }
        }
        let bits = (runs.len() * SPARSE).next_power_of_two().clamp(1 << 10, 1 << 24);
        let buckets = runs.len().next_power_of_two().clamp(1 << 4, 1 << 20);
        let mut grams =
            Grams { literals, bits: vec![0; bits / 64], buckets: vec![0; buckets + 1], runs: Vec::new() };
        for run in &runs {
            let hash = hash(run.bytes);
            let bit = place(hash, bits);
            grams.bits[bit / 64] |= 1 << (bit % 64);
            grams.buckets[place(hash, buckets)] += 1;
        }
        // Each bucket's end first, and its start once all its runs are put before that.
        for at in 1..grams.buckets.len() {
            grams.buckets[at] += grams.buckets[at - 1];
        }
        grams.runs = vec![Run::default(); runs.len()];
        for run in runs.into_iter().rev() {
            let free = &mut grams.buckets[place(hash(run.bytes), buckets)];
            *free -= 1;
            grams.runs[*free as usize] = run;
        }
        grams
    }

    /// How many literals there are.
    pub(super) fn len(&self) -> usize {
        self.literals.len()
    }

    /// Calls `found` for each literal that stands in `text`, once or twice.
    pub(super) fn search(&self, text: &[u8], mut found: impl FnMut(Hit)) {
        if self.literals.is_empty() {
            return;
        }
        let bits = self.bits.len() * 64;
        let mut test = |at: usize, run: u64| {
            let bit = place(hash(run), bits);
            if self.bits[bit / 64] >> (bit % 64) & 1 == 1 {
                self.compare(text, at, run, &mut found);
            }
        };
        let mut at = 0;
        while let Some(bytes) = text.get(at..).and_then(<[u8]>::first_chunk::<8>) {
            test(at, (u64::from_le_bytes(*bytes) | FOLD) & Self::MASK);
            at += STEP;
        }
        while let Some(run) = text.get(at..at + RUN) {
            test(at, Self::word(run));
            at += STEP;
        }
    }

    fn word(bytes: &[u8]) -> u64 {
        (bytes.iter().rev().fold(0, |word, &byte| word << 8 | u64::from(byte)) | FOLD) & Self::MASK
    }

    #[inline(never)]
    fn compare(&self, text: &[u8], at: usize, bytes: u64, found: &mut impl FnMut(Hit)) {
        let bucket = place(hash(bytes), self.buckets.len() - 1);
        let runs = &self.runs[self.buckets[bucket] as usize..self.buckets[bucket + 1] as usize];
        for run in runs.iter().filter(|run| run.bytes == bytes) {
            let (literal, offset) = (run.literal as usize, run.at as usize);
            let expected = self.literals[literal].text.as_bytes();
            match at.checked_sub(offset) {
                Some(from) if begins(&text[from..], expected) => {
                    found(Hit { literal, at: from, wrapped: false });
                }
                // Where a short one is broken, too little of it is left.
                _ if RUN < LONG => {}
                _ => {
                    if let Some(place) = wrap::stands(expected, offset, text, at, RUN) {
                        found(Hit { literal, at: place.at, wrapped: place.wrapped });
                    }
                }
            }
        }
    }
}

/// The bit that tells an upper case letter from a lower case one. In other bytes it does no harm, since what is found is
/// compared.
const FOLD: u64 = 0x2020_2020_2020_2020;

fn begins(text: &[u8], with: &[u8]) -> bool {
    text.get(..with.len()).is_some_and(|text| text.eq_ignore_ascii_case(with))
}

#[inline]
fn hash(word: u64) -> u64 {
    word.wrapping_mul(0x9e37_79b9_7f4a_7c15)
}

/// The first bits of a hash as a place among `size`, a power of two.
#[inline]
fn place(hash: u64, size: usize) -> usize {
    (hash >> (64 - size.trailing_zeros())) as usize
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::{SHORT, windows};

    fn hits(literals: &[&str], text: &str) -> Vec<(usize, usize, bool)> {
        hits_by::<LONG>(literals, text)
    }

    fn hits_by<const RUN: usize>(literals: &[&str], text: &str) -> Vec<(usize, usize, bool)> {
        let mut hits = Vec::new();
        let literal = |text: &&str| Literal { text: (*text).to_owned(), windows: windows(text) };
        let literals: Vec<Literal> = literals.iter().map(literal).collect();
        let grams = Grams::<RUN>::new(literals.iter().collect());
        grams.search(text.as_bytes(), |hit| hits.push((hit.literal, hit.at, hit.wrapped)));
        hits.sort_unstable();
        hits.dedup();
        hits
    }

    #[test]
    fn a_literal_is_found_wherever_it_stands() {
        for before in 0..9 {
            let text =
                format!("{}attribute 'x' missing, attribute 'y'{}", "-".repeat(before), " ".repeat(before));
            let expected = [(0, before, false), (0, before + 23, false), (1, before + 10, false)];
            assert_eq!(hits(&["attribute '", "'x' missing"], &text), expected);
        }
        assert!(hits(&["attribute '"], "attributes 'x', an attribute").is_empty());
        assert_eq!(hits(&["no gpu found"], "-No GPU found"), [(0, 1, false)]);
    }

    #[test]
    fn a_short_one_too() {
        for before in 0..9 {
            let text = format!("{}Killed by enospc", "-".repeat(before));
            let expected = [(0, before, false), (1, before + 10, false)];
            assert_eq!(hits_by::<SHORT>(&["killed", "enospc", "enoent"], &text), expected);
        }
    }

    #[test]
    fn literals_that_share_their_beginnings_are_told_apart() {
        let literals: Vec<String> = (0..500).map(|at| format!("error number {at:03}")).collect();
        let literals: Vec<&str> = literals.iter().map(String::as_str).collect();
        let text = literals.join(" | ");
        let found = hits(&literals, &text);
        assert_eq!(found.iter().map(|hit| hit.0).collect::<Vec<_>>(), (0..500).collect::<Vec<_>>());
    }
}
