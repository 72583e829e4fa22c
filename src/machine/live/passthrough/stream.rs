//! One stream on its way from the command to where ours goes.

use std::ops::Range;
use std::os::fd::{BorrowedFd, OwnedFd};

use rustix::event::{PollFd, PollFlags};
use rustix::io::{Errno, read, write};
use rustix::pipe::PIPE_BUF;

const READ: usize = 64 * 1024;

/// What became of a stream in one step.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Step {
    Open,
    /// The command will print no more here, or nobody listens any more.
    Closed,
}

/// One stream on its way from the command to where ours goes. What was read is written before more is read.
pub(super) struct Stream {
    source: OwnedFd,
    sink: BorrowedFd<'static>,
    terminal: bool,
    buffer: Vec<u8>,
    /// The part of the buffer that is read and not yet written.
    unwritten: Range<usize>,
}

impl Stream {
    pub(super) fn new(source: OwnedFd, sink: BorrowedFd<'static>, terminal: bool) -> Self {
        Self { source, sink, terminal, buffer: vec![0; READ], unwritten: 0..0 }
    }

    /// Comes from the pty.
    pub(super) fn is_terminal(&self) -> bool {
        self.terminal
    }

    pub(super) fn sink(&self) -> BorrowedFd<'static> {
        self.sink
    }

    /// Waits for the reader of ours, not for the command.
    pub(super) fn is_blocked(&self) -> bool {
        !self.unwritten.is_empty()
    }

    pub(super) fn interest(&self) -> PollFd<'_> {
        if self.is_blocked() {
            PollFd::from_borrowed_fd(self.sink, PollFlags::OUT)
        } else {
            PollFd::new(&self.source, PollFlags::IN)
        }
    }

    /// Does what [`Stream::interest`] waited for.
    pub(super) fn advance(&mut self, output: &mut dyn FnMut(&[u8])) -> Step {
        if self.is_blocked() { self.write() } else { self.read(output) }
    }

    fn read(&mut self, output: &mut dyn FnMut(&[u8])) -> Step {
        match read(&self.source, &mut self.buffer[..]) {
            Ok(0) => Step::Closed,
            Ok(length) => {
                self.unwritten = 0..length;
                output(&self.buffer[..length]);
                Step::Open
            }
            Err(Errno::INTR | Errno::AGAIN) => Step::Open,
            // Linux says EIO when nobody holds the other side of a pty.
            Err(_) => Step::Closed,
        }
    }

    fn write(&mut self) -> Step {
        // A pipe that is ready takes this much at once. Our stdout is shared with others, so it must not be made
        // non-blocking, and while we were stuck in a write, the other stream and the keys would wait.
        let end = self.unwritten.end.min(self.unwritten.start + PIPE_BUF);
        match write(self.sink, &self.buffer[self.unwritten.start..end]) {
            Ok(length) => {
                self.unwritten.start += length;
                Step::Open
            }
            Err(Errno::INTR | Errno::AGAIN) => Step::Open,
            Err(_) => Step::Closed,
        }
    }
}

#[cfg(test)]
mod tests {
    use std::io::{Read, Write, pipe};
    use std::os::fd::AsFd;

    use super::*;

    fn leak(fd: OwnedFd) -> BorrowedFd<'static> {
        let fd: &'static OwnedFd = Box::leak(Box::new(fd));
        fd.as_fd()
    }

    #[test]
    fn every_byte_goes_on_and_is_copied_once() {
        let (source, mut command) = pipe().unwrap();
        let (mut reader, sink) = pipe().unwrap();
        let mut stream = Stream::new(source.into(), leak(sink.into()), false);
        let said: Vec<u8> = (0..10_000).map(|i| i as u8).collect();
        command.write_all(&said).unwrap();
        drop(command);
        let mut copy = Vec::new();
        while stream.advance(&mut |bytes| copy.extend_from_slice(bytes)) == Step::Open {}
        let mut arrived = vec![0; said.len()];
        reader.read_exact(&mut arrived).unwrap();
        assert!(arrived == said && copy == said);
    }

    #[test]
    fn nothing_more_is_read_until_what_was_read_is_written() {
        let (source, mut command) = pipe().unwrap();
        let (_reader, sink) = pipe().unwrap();
        let mut stream = Stream::new(source.into(), leak(sink.into()), false);
        let mut copies = 0;
        command.write_all(&vec![7; 2 * PIPE_BUF]).unwrap();
        for _ in 0..2 {
            stream.advance(&mut |_| copies += 1);
            assert!(stream.is_blocked());
        }
        stream.advance(&mut |_| copies += 1);
        assert_eq!((copies, stream.is_blocked()), (1, false));
    }

    #[test]
    fn a_reader_who_left_closes_the_stream() {
        let (source, mut command) = pipe().unwrap();
        let (reader, sink) = pipe().unwrap();
        let mut stream = Stream::new(source.into(), leak(sink.into()), false);
        drop(reader);
        command.write_all(b"said").unwrap();
        assert_eq!(stream.advance(&mut |_| ()), Step::Open);
        assert_eq!(stream.advance(&mut |_| ()), Step::Closed);
    }
}
