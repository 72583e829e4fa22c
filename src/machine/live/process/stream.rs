//! What a program prints, read to its end and kept in part.

use std::io::Read;
use std::sync::mpsc::Sender;
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;

use super::Event;

/// Of each stream, as many bytes are kept; the rest is read and dropped, so that the program is never held up.
pub(super) const KEPT: usize = 1024 * 1024;

/// What came from a stream so far; its reader may still be at work.
#[derive(Clone, Default)]
pub(in super::super) struct Stream(Arc<Mutex<Kept>>);

#[derive(Default)]
struct Kept {
    bytes: Vec<u8>,
    cut: bool,
}

impl Stream {
    fn keep(&self, bytes: &[u8]) {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let room = KEPT - kept.bytes.len();
        kept.cut |= bytes.len() > room;
        kept.bytes.extend_from_slice(&bytes[..bytes.len().min(room)]);
    }

    /// The stream's text, unless it is none; a character that the limit cut in two is dropped.
    pub(super) fn text(&self) -> Option<String> {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if kept.cut
            && let Err(error) = std::str::from_utf8(&kept.bytes)
            && error.error_len().is_none()
        {
            let valid = error.valid_up_to();
            kept.bytes.truncate(valid);
        }
        String::from_utf8(kept.bytes.clone()).ok()
    }

    /// The stream's text, whatever its bytes are.
    pub(in super::super) fn lossy(&self) -> String {
        let kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        String::from_utf8_lossy(&kept.bytes).into_owned()
    }

    pub(in super::super) fn lossy_or(&self, other: &Stream) -> String {
        let text = self.lossy();
        if text.trim().is_empty() { other.lossy() } else { text }
    }
}

pub(super) fn drain(pipe: Option<impl Read + Send + 'static>, send: Sender<Event>) -> Stream {
    let stream = Stream::default();
    let kept = stream.clone();
    thread::spawn(move || {
        let mut buffer = vec![0; 16 * 1024];
        if let Some(mut pipe) = pipe {
            loop {
                match pipe.read(&mut buffer) {
                    Ok(0) => break,
                    Ok(count) => kept.keep(&buffer[..count]),
                    Err(error) if error.kind() == std::io::ErrorKind::Interrupted => {}
                    Err(_) => break,
                }
            }
        }
        let _ = send.send(Event::StreamEnded);
    });
    stream
}
