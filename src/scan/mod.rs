//! From a tool's output to sightings: pure, streaming, in memory that does not grow with the input.

mod collector;
mod decode;
mod ending;
mod escapes;
mod forms;
mod grams;
mod index;
mod inner;
mod layout;
mod matcher;
mod pattern;
mod plain;
mod prefix;
mod quoted;
mod record;
mod shape;
mod sighting;
mod spelled;
mod suspects;
mod text;
mod wrap;

pub use index::Index;
pub use pattern::{compile, fits};
pub use sighting::{Quote, Scan, Sighting};
pub use suspects::by_likelihood;

use std::sync::Arc;

use collector::Collector;
use decode::Decoder;
use matcher::Matcher;
use memchr::{memrchr, memrchr2};
use suspects::Suspects;
use text::Text;

use crate::rules::RuleSet;

/// So many bytes are searched at once.
const BLOCK: usize = 256 * 1024;

/// So many of the last lines are kept.
const TAIL: usize = 3;

/// One line, cleaned.
#[derive(Clone, Debug)]
struct Line {
    /// Where it begins in the text.
    start: usize,
    /// The text without escapes, as it is quoted.
    text: String,
    /// Where the text begins when the prefixes of CI systems and builders are left out.
    body: usize,
    /// What the tool said, if the line is a record of it or has escapes that are spelled out.
    told: Option<String>,
    /// How many characters it had before the white space at its end was cut.
    width: usize,
    /// White space was cut from its end.
    cut: bool,
    /// What follows was written over it.
    over: bool,
}

impl Line {
    fn new(start: usize, mut text: String) -> Self {
        // Bytes between which an escape stood can make a control character.
        text.retain(|it| !it.is_control() || it == '\t');
        let (width, length) = (if text.is_ascii() { text.len() } else { text.chars().count() }, text.len());
        text.truncate(text.trim_end().len());
        let cut = text.len() < length;
        // A prefix of nothing has lost the blank that ends it.
        text.push(' ');
        let body = prefix::length(&text).min(text.len() - 1);
        text.pop();
        let told = record::message(&text[body..]).or_else(|| spelled::read(&text[body..]));
        Line { start, text, body, told, width, cut, over: false }
    }

    fn body(&self) -> &str {
        &self.text[self.body..]
    }
}

/// What a tool said on a line of a scan, without what CI systems, log collectors and builders wrote before it.
pub fn without_prefix(text: &str) -> &str {
    &text[Line::new(0, text.to_owned()).body..]
}

/// Reads output piece by piece and collects what the rules see in it.
pub struct Scanner<'r> {
    index: Arc<Index<'r>>,
    decoder: Decoder,
    /// What came since the last block.
    raw: Vec<u8>,
    text: Text,
    matcher: Matcher,
    sightings: Collector<'r>,
    suspects: Suspects,
    scan: Scan,
}
impl<'r> Scanner<'r> {
    /// A scanner for all symptoms of `rules`.
    pub fn new(rules: &'r RuleSet) -> Self {
        Self::over(Arc::new(Index::new(rules)))
    }

    /// A scanner for the symptoms of an index that several may share.
    pub fn over(index: Arc<Index<'r>>) -> Self {
        Scanner {
            index,
            decoder: Decoder::default(),
            raw: Vec::new(),
            text: Text::default(),
            matcher: Matcher::default(),
            sightings: Collector::default(),
            suspects: Suspects::default(),
            scan: Scan::default(),
        }
    }

    /// Takes the next bytes, cut anywhere.
    pub fn feed(&mut self, bytes: &[u8]) {
        self.scan.bytes += bytes.len() as u64;
        let mut decoder = std::mem::take(&mut self.decoder);
        decoder.feed(bytes, &mut |text| self.take(text));
        self.decoder = decoder;
    }

    /// What was seen, now that no more will come.
    pub fn finish(mut self) -> Scan {
        let mut decoder = std::mem::take(&mut self.decoder);
        decoder.finish(&mut |text| self.take(text));
        let rest = std::mem::take(&mut self.raw);
        self.scan.lines = u64::from(rest.last().is_some_and(|&last| last != b'\n'));
        self.search(&rest, true);
        self.scan.lines += self.text.lines_before(self.text.end());
        self.scan.sightings = std::mem::take(&mut self.sightings).finish();
        self.scan.suspects = std::mem::take(&mut self.suspects).finish();
        let last = self.last_lines();
        self.scan.ended_well = last.last().is_some_and(|line| ending::is_good(line.body()));
        self.scan.tail = last.iter().map(|line| self.text.quote(line)).collect();
        self.scan
    }

    /// The last lines that are not blank.
    fn last_lines(&self) -> Vec<Line> {
        let mut lines = Vec::new();
        let mut end = self.text.end();
        while lines.len() < TAIL && end > self.text.start() {
            let start = self.text.line_start(end - 1);
            lines.extend(Some(self.text.line(start)).filter(|line| !line.text.trim().is_empty()));
            end = start;
        }
        lines.reverse();
        lines
    }

    /// Keeps text until a block is full. Where blocks end depends on what came, and not on how it was cut.
    fn take(&mut self, mut text: &[u8]) {
        while self.raw.len() + text.len() >= BLOCK {
            let (head, rest) = text.split_at(BLOCK - self.raw.len());
            self.raw.extend_from_slice(head);
            text = rest;
            let mut block = std::mem::take(&mut self.raw);
            // What follows a `\r` tells whether it is one end with it.
            let end = memrchr(b'\n', &block).or_else(|| memrchr(b'\r', &block[..BLOCK - 1]));
            let whole = end.map_or(BLOCK, |end| end + 1);
            self.search(&block[..whole], false);
            block.drain(..whole);
            self.raw = block;
        }
        self.raw.extend_from_slice(text);
    }

    /// Searches whole lines, or what is left at the end.
    fn search(&mut self, raw: &[u8], ended: bool) {
        let mut odd = 0;
        let from = self.text.append(|plain| {
            odd = plain::append(raw, plain);
            // A line that fills a block is broken here.
            if !ended && memrchr2(b'\n', b'\r', &plain[plain.len().saturating_sub(1)..]).is_none() {
                plain.push(b'\r');
            }
        });
        self.scan.odd_bytes += odd;
        let block = self.text.after(from);
        self.scan.blank &= block.trim_ascii().is_empty();
        let mut hits = Vec::new();
        let matcher = &mut self.matcher;
        self.index.search(block, |symptom, at, wrapped| {
            hits.push(from + at);
            matcher.note(symptom, from + at, wrapped);
        });
        // What looks like an error is asked for only where no rule knows one.
        if self.sightings.is_empty() {
            self.suspects.consider(&self.text, from, &hits);
        }
        let needed = self.matcher.evaluate(&self.index, &self.text, ended, &mut self.sightings);
        if !ended {
            let context = self.text.context(self.text.end(), self.index.longest());
            self.text.forget(needed.min(context));
        }
    }
}

#[cfg(test)]
mod tests;
