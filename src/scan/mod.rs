//! From a tool's output to sightings: pure, streaming, in memory that does not grow with the input.

mod clean;
mod ending;
mod lines;
mod matcher;
mod prefix;
mod sighting;
mod suspects;

pub use clean::clean;
pub use matcher::compile;
pub use sighting::{Quote, Scan, Sighting};

use std::collections::VecDeque;

use lines::Splitter;
use matcher::{Matcher, Pending};
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

/// Reads output piece by piece and collects what the rules see in it.
pub struct Scanner<'r> {
    matcher: Matcher<'r>,
    splitter: Splitter,
    /// The last lines; the first of them is line number `first` of all lines, counted from 0.
    recent: VecDeque<Line>,
    first: u64,
    pending: VecDeque<Pending>,
    suspects: Suspects,
    scan: Scan,
}

impl<'r> Scanner<'r> {
    /// A scanner for all symptoms of `rules`.
    pub fn new(rules: &'r RuleSet) -> Self {
        Scanner {
            matcher: Matcher::new(rules),
            splitter: Splitter::default(),
            recent: VecDeque::new(),
            first: 0,
            pending: VecDeque::new(),
            suspects: Suspects::default(),
            scan: Scan::default(),
        }
    }

    /// Takes the next bytes, cut anywhere.
    pub fn feed(&mut self, bytes: &[u8]) {
        self.scan.bytes += bytes.len() as u64;
        let mut splitter = std::mem::take(&mut self.splitter);
        splitter.feed(bytes, &mut |number, line| self.line(number, line));
        self.splitter = splitter;
    }

    /// What was seen, now that no more will come.
    pub fn finish(mut self) -> Scan {
        let mut splitter = std::mem::take(&mut self.splitter);
        splitter.finish(&mut |number, line| self.line(number, line));
        while let Some(pending) = self.pending.pop_front() {
            self.evaluate(&pending, true);
        }
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

    fn line(&mut self, number: u64, bytes: &[u8]) {
        self.scan.note_bytes(bytes);
        let text = clean(bytes);
        if text.is_empty() && number == 0 {
            return;
        }
        let body = prefix::length(&text);
        let line = Line { number, text, body };
        self.scan.blank &= line.text.trim().is_empty();
        self.suspects.consider(&line);
        let at = self.first + self.recent.len() as u64;
        for (symptom, lines) in self.matcher.candidates(&line.text) {
            self.pending.push_back(Pending { symptom, at, ready: at + lines as u64 - 1 });
        }
        self.recent.push_back(line);
        self.evaluate_ready(at);
        while self.recent.len() > (self.matcher.longest() * 2).max(TAIL) {
            self.recent.pop_front();
            self.first += 1;
        }
    }

    fn evaluate_ready(&mut self, at: u64) {
        let mut index = 0;
        while index < self.pending.len() {
            if self.pending[index].ready <= at {
                if let Some(pending) = self.pending.remove(index) {
                    self.evaluate(&pending, false);
                }
            } else {
                index += 1;
            }
        }
    }

    fn evaluate(&mut self, pending: &Pending, ended: bool) {
        let (lines, at) = (self.recent.make_contiguous(), (pending.at - self.first) as usize);
        self.matcher.evaluate(pending, lines, (at, ended), &mut self.scan.sightings);
    }
}

#[cfg(test)]
mod tests;
