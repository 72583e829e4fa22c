//! What a scan brings.

use std::collections::BTreeMap;

/// Quoted lines of the input.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Quote {
    /// The line's number, from 1.
    pub line: u64,
    /// Its text, cleaned.
    pub text: String,
}

/// Of a longer text, in bytes, only what stands around the failure is quoted.
const LONGEST: usize = 2000;

/// So many bytes before it.
const BEFORE: usize = 40;

impl Quote {
    /// The quote, cut around these words where it is too long to be read.
    pub fn around(self, words: &str) -> Quote {
        if self.text.len() <= LONGEST {
            return self;
        }
        let at = self.text.find(words).unwrap_or(0).saturating_sub(BEFORE);
        let from = self.text.floor_char_boundary(at);
        let to = self.text.floor_char_boundary(from + LONGEST);
        let mark = |cut: bool| if cut { "…" } else { "" };
        let text = format!("{}{}{}", mark(from > 0), &self.text[from..to], mark(to < self.text.len()));
        Quote { text, ..self }
    }
}

/// A place at which a symptom of a rule stands in the input; of equal ones only the first few are kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sighting {
    /// The rule's id.
    pub rule: String,
    /// The lines that matched.
    pub quotes: Vec<Quote>,
    /// How the match begins.
    pub words: String,
    /// Where the rule says no more than that something failed: what that printed itself, as far as it is known.
    pub inner: Vec<Quote>,
    /// The named groups that took part.
    pub captures: BTreeMap<String, String>,
    /// How many places it stands for: this one, and those that are only counted.
    pub count: u64,
}

impl Sighting {
    /// The first line that matched.
    pub fn line(&self) -> u64 {
        self.quotes.first().map_or(0, |quote| quote.line)
    }

    /// Whether both have a line in common.
    pub fn overlaps(&self, other: &Sighting) -> bool {
        self.quotes.iter().any(|quote| other.quotes.contains(quote))
    }

    /// Takes in the lines of another sighting of the same failure.
    pub fn take_in(&mut self, other: Sighting) {
        self.quotes.extend(other.quotes);
        self.quotes.sort_by_key(|quote| quote.line);
        self.quotes.dedup();
        self.count = self.count.max(other.count);
    }
}

/// Everything that a scan brings.
#[derive(Clone, Debug)]
pub struct Scan {
    /// What the rules saw, in no order.
    pub sightings: Vec<Sighting>,
    /// The lines that look most like an error, whether or not a rule knows them.
    pub suspects: Vec<Quote>,
    /// The last lines that are not blank.
    pub tail: Vec<Quote>,
    /// The last line says that all went well.
    pub ended_well: bool,
    /// How many lines came.
    pub lines: u64,
    /// How many bytes came.
    pub bytes: u64,
    /// Nothing but white space came.
    pub blank: bool,
    /// How many bytes came that no tool prints.
    pub(super) odd_bytes: u64,
}

impl Default for Scan {
    fn default() -> Self {
        let (sightings, suspects, tail) = (Vec::new(), Vec::new(), Vec::new());
        Scan { sightings, suspects, tail, ended_well: false, lines: 0, bytes: 0, blank: true, odd_bytes: 0 }
    }
}

impl Scan {
    /// Whether too much of the input cannot have been a tool's output.
    pub fn is_binary(&self) -> bool {
        self.odd_bytes * 20 > self.bytes
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_line_is_quoted_around_what_it_says() {
        let quote = |text: String| Quote { line: 1, text }.around("error: x");
        assert_eq!(quote("a error: x".to_owned()).text, "a error: x");
        let long = quote(format!("{}error: x{}", "é ".repeat(5000), "y".repeat(5000))).text;
        assert!(long.starts_with('…') && long.ends_with('…') && long.len() < LONGEST + 10, "{long}");
        assert!(long.find("error: x").is_some_and(|at| at < 50), "{long}");
        assert!(quote("y".repeat(5000)).text.starts_with("yyy"));
    }
}
