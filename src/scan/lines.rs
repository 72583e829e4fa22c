//! Bytes into lines. `\n` ends one; so does `\r`, since a progress display writes over itself.

use memchr::memchr2;

/// A longer line is handed on in pieces of this many bytes, so that one endless line cannot fill the memory.
const LONGEST: usize = 64 * 1024;

/// Splits a stream into numbered lines.
#[derive(Default)]
pub(super) struct Splitter {
    partial: Vec<u8>,
    ended: u64,
    after_return: bool,
}

impl Splitter {
    /// Hands every line that ends in `bytes` to `line`, with its number from 1.
    pub(super) fn feed(&mut self, mut bytes: &[u8], line: &mut impl FnMut(u64, &[u8])) {
        while let Some(end) = memchr2(b'\n', b'\r', bytes) {
            let (head, rest) = (&bytes[..end], &bytes[end + 1..]);
            self.add(head, line);
            let is_return = bytes[end] == b'\r';
            // `\r\n` is one end: nothing stands between the two.
            if !(self.after_return && self.partial.is_empty() && head.is_empty()) {
                line(self.ended + 1, &self.partial);
            }
            self.partial.clear();
            self.ended += u64::from(!is_return);
            self.after_return = is_return;
            bytes = rest;
        }
        self.add(bytes, line);
    }

    /// Hands over what stands after the last line's end.
    pub(super) fn finish(&mut self, line: &mut impl FnMut(u64, &[u8])) {
        if !self.partial.is_empty() {
            line(self.ended + 1, &self.partial);
            self.partial.clear();
            self.ended += 1;
        }
    }

    /// The lines so far.
    pub(super) fn lines(&self) -> u64 {
        self.ended
    }

    fn add(&mut self, mut bytes: &[u8], line: &mut impl FnMut(u64, &[u8])) {
        if !bytes.is_empty() {
            self.after_return = false;
        }
        while self.partial.len() + bytes.len() > LONGEST {
            let (head, rest) = bytes.split_at(LONGEST - self.partial.len());
            self.partial.extend_from_slice(head);
            line(self.ended + 1, &self.partial);
            self.partial.clear();
            bytes = rest;
        }
        self.partial.extend_from_slice(bytes);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn split(pieces: &[&[u8]]) -> Vec<(u64, String)> {
        let mut splitter = Splitter::default();
        let mut lines = Vec::new();
        let mut keep = |number, line: &[u8]| lines.push((number, String::from_utf8_lossy(line).into_owned()));
        pieces.iter().for_each(|piece| splitter.feed(piece, &mut keep));
        splitter.finish(&mut keep);
        lines
    }

    #[test]
    fn returns_end_a_line_but_do_not_count() {
        let expected =
            vec![(1, "10%".into()), (1, "done".into()), (2, "next".into()), (3, "".into()), (4, "x".into())];
        assert_eq!(split(&[b"10%\rdone\r\nnext\n\nx"]), expected);
        assert_eq!(split(&[b"10%", b"\r", b"done\r", b"\nne", b"xt\n", b"\nx"]), expected);
    }

    #[test]
    fn an_endless_line_comes_in_pieces() {
        let lines = split(&[&[b'a'; 150_000], b"\nb"]);
        assert_eq!(lines.len(), 4);
        assert!(lines.iter().all(|(_, text)| text.len() <= LONGEST));
        assert_eq!(lines[3], (2, "b".to_owned()));
    }
}
