//! The part of the output that is still needed: its plain text, its lines and their numbers.

use std::cell::Cell;

use memchr::{memchr_iter, memchr2, memrchr2};

use super::{Line, Quote};

/// A longer line is broken after so many bytes, so that one endless line costs no more than many short ones.
const LONGEST: usize = 64 * 1024;

/// So many bytes before a place are kept at most.
const CONTEXT: usize = 2 * 1024 * 1024;

/// Plain text whose front is forgotten. Places are bytes from the beginning of all plain text.
#[derive(Default)]
pub(super) struct Text {
    bytes: Vec<u8>,
    /// The place of the first byte.
    start: usize,
    /// How many lines end before it.
    forgotten: u64,
    /// The place that was asked for last, and the number of line ends between the start and it.
    counted: Cell<(usize, u64)>,
}

impl Text {
    /// Lets `append` put more lines behind what is there; the place where they begin.
    pub(super) fn append(&mut self, append: impl FnOnce(&mut Vec<u8>)) -> usize {
        let from = self.bytes.len();
        append(&mut self.bytes);
        let mut line = from;
        while let Some(part) = self.bytes.get(line..=line + LONGEST) {
            line += match memrchr2(b'\n', b'\r', part) {
                Some(end) => end + 1,
                None => {
                    self.bytes.insert(line + LONGEST, b'\r');
                    LONGEST + 1
                }
            };
        }
        self.start + from
    }

    /// Where the text begins that is not forgotten.
    pub(super) fn start(&self) -> usize {
        self.start
    }

    /// Where the text ends.
    pub(super) fn end(&self) -> usize {
        self.start + self.bytes.len()
    }

    /// The text from a place on.
    pub(super) fn after(&self, place: usize) -> &[u8] {
        &self.bytes[place.saturating_sub(self.start).min(self.bytes.len())..]
    }

    /// How many lines end before a place.
    pub(super) fn lines_before(&self, place: usize) -> u64 {
        let place = place.clamp(self.start, self.end());
        let ends = |from: usize, to: usize| {
            memchr_iter(b'\n', &self.bytes[from - self.start..to - self.start]).count()
        };
        let (last, known) = self.counted.get();
        let last = last.clamp(self.start, self.end());
        let count = match last <= place {
            true => known + ends(last, place) as u64,
            false => known - ends(place, last) as u64,
        };
        self.counted.set((place, count));
        self.forgotten + count
    }

    /// Forgets what stands before a place.
    pub(super) fn forget(&mut self, place: usize) {
        let cut = place.clamp(self.start, self.end());
        self.forgotten = self.lines_before(cut);
        self.bytes.drain(..cut - self.start);
        self.start = cut;
        self.counted.set((cut, 0));
    }

    /// Where the line begins that holds the byte at a place.
    pub(super) fn line_start(&self, place: usize) -> usize {
        let before = &self.bytes[..place.clamp(self.start, self.end()) - self.start];
        memrchr2(b'\n', b'\r', before).map_or(self.start, |at| self.start + at + 1)
    }

    /// Where the line ends that holds the byte at a place: at its `\n` or `\r`, or at the end of the text.
    pub(super) fn line_end(&self, place: usize) -> usize {
        memchr2(b'\n', b'\r', self.after(place)).map_or(self.end(), |at| place.max(self.start) + at)
    }

    /// Where the line begins that stands `count` lines before the one that begins at `place`, or the first that is there.
    pub(super) fn lines_up(&self, mut place: usize, count: usize) -> usize {
        for _ in 0..count {
            if place <= self.start {
                break;
            }
            place = self.line_start(place - 1);
        }
        place
    }

    /// As `lines_up`, but no further than so long lines as nobody reads: of those, fewer have to do.
    pub(super) fn context(&self, place: usize, count: usize) -> usize {
        self.lines_up(place, count).max(place.saturating_sub(CONTEXT))
    }

    /// The starts of at most `count` lines from the one that begins at `place`.
    pub(super) fn starts(&self, place: usize, count: usize) -> Vec<usize> {
        let mut starts = Vec::with_capacity(count);
        let mut next = place;
        while starts.len() < count && next < self.end() {
            starts.push(next);
            next = self.line_end(next) + 1;
        }
        starts
    }

    /// At most `count` lines before the one that begins at `start`.
    pub(super) fn above(&self, start: usize, count: usize) -> Vec<Line> {
        let first = self.context(start, count);
        self.starts(first, count).into_iter().take_while(|it| *it < start).map(|it| self.line(it)).collect()
    }

    /// At most `count` lines behind the one that begins at `start`.
    pub(super) fn below(&self, start: usize, count: usize) -> Vec<Line> {
        self.starts(self.line_end(start) + 1, count).into_iter().map(|it| self.line(it)).collect()
    }

    /// A line as it is quoted. One that `\r` ends shares the number of the one after it.
    pub(super) fn quote(&self, line: &Line) -> Quote {
        Quote { line: self.lines_before(line.start) + 1, text: line.text.clone() }
    }

    /// The line that begins at `start`.
    pub(super) fn line(&self, start: usize) -> Line {
        let end = self.line_end(start);
        let bytes = &self.bytes[start - self.start..end - self.start];
        let mut text = String::with_capacity(bytes.len() + 1);
        text.push_str(&String::from_utf8_lossy(bytes));
        Line { over: self.after(end).first() == Some(&b'\r'), ..Line::new(start, text) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(parts: &[&str]) -> Text {
        let mut text = Text::default();
        for part in parts {
            text.append(|bytes| bytes.extend_from_slice(part.as_bytes()));
        }
        text
    }

    #[test]
    fn lines_keep_their_numbers_when_the_front_is_forgotten() {
        let mut text = text(&["one\n10%\r20%\n", "three\nfour"]);
        assert_eq!(text.line(text.line_start(9)).text, "20%");
        let numbers = |text: &Text, places: &[usize]| {
            places.iter().map(|&it| text.quote(&text.line(it)).line).collect::<Vec<_>>()
        };
        assert_eq!(numbers(&text, &[0, 4, 8, 12, 18]), [1, 2, 2, 3, 4]);
        assert_eq!(numbers(&text, &[18, 12, 4]), [4, 3, 2]);
        text.forget(8);
        assert_eq!(numbers(&text, &[8, 12, 18, 12]), [2, 3, 4, 3]);
        assert_eq!(text.starts(8, 9), [8, 12, 18]);
        assert_eq!((text.lines_up(18, 1), text.lines_up(18, 9)), (12, 8));
    }

    #[test]
    fn a_very_long_line_is_broken() {
        let text = text(&["short\n", &"a".repeat(150_000), "\nb\n"]);
        let lines: Vec<Line> = text.starts(0, 9).into_iter().map(|start| text.line(start)).collect();
        let seen: Vec<(u64, usize)> =
            lines.iter().map(|line| (text.quote(line).line, line.text.len())).collect();
        assert_eq!(seen, [(1, 5), (2, LONGEST), (2, LONGEST), (2, 150_000 - 2 * LONGEST), (3, 1)]);
    }
}
