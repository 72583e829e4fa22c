//! From a tool's output to sightings: pure, streaming, in memory that does not grow with the input.

mod clean;
mod collector;
mod decode;
mod ending;
mod escapes;
mod lines;
mod matcher;
mod prefix;
mod shape;
mod sighting;
mod suspects;

use clean::clean;
pub use matcher::compile;
pub use sighting::{Quote, Scan, Sighting};

use std::collections::VecDeque;

use collector::Collector;
use decode::Decoder;
use lines::Splitter;
use matcher::Matcher;
use suspects::Suspects;

use crate::rules::RuleSet;

/// So many of the last lines are kept.
const TAIL: usize = 3;

/// One line, cleaned.
#[derive(Clone, Debug)]
struct Line {
    /// Its number in the input, from 1. A line that `\r` ends shares the number of the one after it.
    number: u64,
    /// The text without escapes, as it is quoted.
    text: String,
    /// Where the text begins when the prefixes of CI systems and builders are left out.
    body: usize,
}

impl Line {
    fn body(&self) -> &str {
        &self.text[self.body..]
    }
}

/// The last lines.
struct Recent<'a> {
    lines: &'a [Line],
    /// The number of the first of them among all lines, counted from 0.
    first: u64,
    /// No line will follow.
    ended: bool,
}

/// Reads output piece by piece and collects what the rules see in it.
pub struct Scanner<'r> {
    matcher: Matcher<'r>,
    decoder: Decoder,
    splitter: Splitter,
    /// The last lines; the first of them is line number `first` of all lines, counted from 0.
    recent: VecDeque<Line>,
    first: u64,
    sightings: Collector<'r>,
    suspects: Suspects,
    scan: Scan,
}

impl<'r> Scanner<'r> {
    /// A scanner for all symptoms of `rules`.
    pub fn new(rules: &'r RuleSet) -> Self {
        Scanner {
            matcher: Matcher::new(rules),
            decoder: Decoder::default(),
            splitter: Splitter::default(),
            recent: VecDeque::new(),
            first: 0,
            sightings: Collector::default(),
            suspects: Suspects::default(),
            scan: Scan::default(),
        }
    }

    /// Takes the next bytes, cut anywhere.
    pub fn feed(&mut self, bytes: &[u8]) {
        self.scan.bytes += bytes.len() as u64;
        let mut decoder = std::mem::take(&mut self.decoder);
        decoder.feed(bytes, &mut |text| self.split(text));
        self.decoder = decoder;
    }

    /// What was seen, now that no more will come.
    pub fn finish(mut self) -> Scan {
        let mut decoder = std::mem::take(&mut self.decoder);
        decoder.finish(&mut |text| self.split(text));
        let mut splitter = std::mem::take(&mut self.splitter);
        splitter.finish(&mut |number, line| self.line(number, line));
        self.evaluate(true);
        self.scan.sightings = std::mem::take(&mut self.sightings).finish();
        self.scan.lines = splitter.lines();
        self.scan.suspects = std::mem::take(&mut self.suspects).finish();
        let last = self.recent.iter().rev().filter(|line| !line.text.trim().is_empty()).take(TAIL);
        self.scan.tail = last.map(|line| Quote { line: line.number, text: line.text.clone() }).collect();
        self.scan.tail.reverse();
        self.scan.ended_well = self.last_body().is_some_and(ending::is_good);
        self.scan
    }

    fn last_body(&self) -> Option<&str> {
        self.recent.iter().rev().map(Line::body).find(|body| !body.trim().is_empty())
    }

    fn split(&mut self, text: &[u8]) {
        let mut splitter = std::mem::take(&mut self.splitter);
        splitter.feed(text, &mut |number, line| self.line(number, line));
        self.splitter = splitter;
    }

    fn line(&mut self, number: u64, bytes: &[u8]) {
        self.scan.note_bytes(bytes);
        let mut text = clean(bytes);
        // A prefix of nothing has lost the blank that ends it.
        text.push(' ');
        let body = prefix::length(&text).min(text.len() - 1);
        text.pop();
        let line = Line { number, text, body };
        self.scan.blank &= line.text.trim().is_empty();
        let at = self.first + self.recent.len() as u64;
        let hit = self.matcher.note(&line.text, at);
        self.suspects.consider(&line, hit);
        self.recent.push_back(line);
        self.evaluate(false);
        while self.recent.len() > self.matcher.context().max(TAIL) {
            self.recent.pop_front();
            self.first += 1;
        }
    }

    /// Tries the symptoms for which enough lines are there, or all of them where no line will follow.
    fn evaluate(&mut self, ended: bool) {
        let end = self.first + self.recent.len() as u64;
        while let Some(symptom) = self.matcher.due(end, ended) {
            let recent = Recent { lines: self.recent.make_contiguous(), first: self.first, ended };
            self.matcher.evaluate(symptom, &recent, &mut self.sightings);
        }
    }
}

#[cfg(test)]
mod tests;
