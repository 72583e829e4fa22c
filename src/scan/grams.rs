//! One search for thousands of literals at once, which looks at every fourth byte only.
//!
//! Of each literal a window of nine bytes is chosen, a rare one. Wherever the literal stands, one of the window's four
//! runs of six bytes begins at a place that four divides: it is enough to look at those places for any of the runs.
//! First a bit table is asked, which stays in the processor's nearest cache; then a table of the runs; last, the literal
//! itself is compared.

use super::wrap;

/// A literal needs as many bytes.
pub(super) const SHORTEST: usize = RUN + STEP - 1;

const RUN: usize = 6;
const STEP: usize = 4;

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

/// Literals, ready to be searched for.
pub(super) struct Grams<'r> {
    literals: Vec<&'r str>,
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

impl<'r> Grams<'r> {
    /// `literals` have [`SHORTEST`] bytes or more.
    pub(super) fn new(literals: Vec<&'r str>) -> Self {
        let often = Often::of(&literals);
        let mut runs = Vec::with_capacity(literals.len() * STEP);
        for (literal, bytes) in (0..).zip(literals.iter().map(|literal| literal.as_bytes())) {
            for window in often.rarest_windows(bytes) {
                let places = (0..).zip(bytes.windows(RUN)).skip(window).take(STEP);
                runs.extend(places.map(|(at, run)| Run { bytes: word(run), literal, at }));
            }
        }
        runs.sort_unstable_by_key(|run| (hash(run.bytes), run.literal, run.at));
        let bits = (runs.len() * SPARSE).next_power_of_two().clamp(1 << 10, 1 << 24);
        let mut grams = Grams { literals, bits: vec![0; bits / 64], buckets: Vec::new(), runs };
        let buckets = grams.runs.len().next_power_of_two().clamp(1 << 4, 1 << 20);
        grams.buckets = vec![0; buckets + 1];
        for at in 0..grams.runs.len() {
            let hash = hash(grams.runs[at].bytes);
            let bit = place(hash, bits);
            grams.bits[bit / 64] |= 1 << (bit % 64);
            grams.buckets[place(hash, buckets) + 1] += 1;
        }
        for at in 1..grams.buckets.len() {
            grams.buckets[at] += grams.buckets[at - 1];
        }
        grams
    }

    /// Calls `found` for each literal that stands in `text`, once or twice.
    pub(super) fn search(&self, text: &[u8], mut found: impl FnMut(Hit)) {
        let bits = self.bits.len() * 64;
        let mut test = |at: usize, run: u64| {
            let bit = place(hash(run), bits);
            if self.bits[bit / 64] >> (bit % 64) & 1 == 1 {
                self.compare(text, at, run, &mut found);
            }
        };
        let mut at = 0;
        while let Some(bytes) = text[at..].first_chunk::<8>() {
            test(at, (u64::from_le_bytes(*bytes) | FOLD) & MASK);
            at += STEP;
        }
        while let Some(run) = text[at..].get(..RUN) {
            test(at, word(run));
            at += STEP;
        }
    }

    #[inline(never)]
    fn compare(&self, text: &[u8], at: usize, bytes: u64, found: &mut impl FnMut(Hit)) {
        let bucket = place(hash(bytes), self.buckets.len() - 1);
        let runs = &self.runs[self.buckets[bucket] as usize..self.buckets[bucket + 1] as usize];
        for run in runs.iter().filter(|run| run.bytes == bytes) {
            let (literal, offset) = (run.literal as usize, run.at as usize);
            let expected = self.literals[literal].as_bytes();
            match at.checked_sub(offset) {
                Some(from) if begins(&text[from..], expected) => {
                    found(Hit { literal, at: from, wrapped: false });
                }
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

/// The bytes of a run in a word of eight.
const MASK: u64 = (1 << (8 * RUN)) - 1;

fn word(bytes: &[u8]) -> u64 {
    (bytes.iter().rev().fold(0, |word, &byte| word << 8 | u64::from(byte)) | FOLD) & MASK
}

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

/// What tools print while all goes well, and common words: runs of bytes in it are common in logs.
const ORDINARY: &str = include_str!("ordinary.txt");

/// How often runs of bytes are expected: as in ordinary output, and as in the literals themselves, since what many rules'
/// words have in common is common in logs too.
struct Often {
    counts: Vec<u32>,
}

impl Often {
    fn of(literals: &[&str]) -> Self {
        let size = literals.iter().map(|literal| literal.len()).sum::<usize>().next_power_of_two();
        let mut often = Often { counts: vec![1; size.clamp(1 << 16, 1 << 20)] };
        let mut count = |text: &str, weight| {
            for run in text.as_bytes().windows(RUN) {
                let at = place(hash(word(run)), often.counts.len());
                often.counts[at] += weight;
            }
        };
        count(ORDINARY, 64);
        literals.iter().for_each(|literal| count(literal, 1));
        often
    }

    /// Where the window begins whose runs are expected least, and another that has nothing of it: where a line ends within
    /// one, the literal is still found by the other.
    fn rarest_windows(&self, literal: &[u8]) -> impl Iterator<Item = usize> {
        let costs: Vec<u64> = literal.windows(RUN).map(|run| self.cost(run)).collect();
        let windows = costs.windows(STEP).zip(literal.windows(SHORTEST)).map(|(costs, window)| {
            // Where a literal has a space, the text can have more of them, or a line's end.
            costs.iter().sum::<u64>() << if window.contains(&b' ') { 2 } else { 0 }
        });
        let mut windows: Vec<(u64, usize)> = windows.zip(0..).collect();
        windows.sort_unstable();
        let first = windows.first().map(|(_, at)| *at);
        let apart = |at: usize| first.is_some_and(|first| at.abs_diff(first) >= SHORTEST);
        let second = windows.into_iter().map(|(_, at)| at).find(|at| apart(*at) && literal.contains(&b' '));
        first.into_iter().chain(second)
    }

    fn cost(&self, run: &[u8]) -> u64 {
        let common: u32 = run.iter().map(|&byte| commonness(byte)).sum();
        // Once in the ordinary output weighs as much as letters that are among the commonest.
        (u64::from(self.counts[place(hash(word(run)), self.counts.len())]) << 20) + (1 << (common / 2))
    }
}

/// The logarithm of how often a byte stands in English and in logs, roughly.
fn commonness(byte: u8) -> u32 {
    match byte {
        b' ' | b'e' | b't' => 7,
        b'a' | b'i' | b'n' | b'o' | b'r' | b's' => 6,
        b'c' | b'd' | b'l' | b'm' | b'p' | b'u' | b'/' | b'-' | b'.' => 5,
        b'b' | b'f' | b'g' | b'h' | b'v' | b'y' | b'0'..=b'9' | b'_' | b':' => 4,
        b'k' | b'w' | b'x' | b'=' | b'"' | b'\'' | b',' => 3,
        b'A'..=b'Z' | b'j' | b'q' | b'z' | b'(' | b')' => 2,
        _ => 1,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hits(literals: &[&str], text: &str) -> Vec<(usize, usize, bool)> {
        let mut hits = Vec::new();
        let grams = Grams::new(literals.to_vec());
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
    fn literals_that_share_their_beginnings_are_told_apart() {
        let literals: Vec<String> = (0..500).map(|at| format!("error number {at:03}")).collect();
        let literals: Vec<&str> = literals.iter().map(String::as_str).collect();
        let text = literals.join(" | ");
        let found = hits(&literals, &text);
        assert_eq!(found.iter().map(|hit| hit.0).collect::<Vec<_>>(), (0..500).collect::<Vec<_>>());
    }
}
