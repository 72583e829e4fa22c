//! The protocol's messages as lines. Each line that is read has an answer: what is no message is refused here, since the SDK
//! passes over it and the caller would wait.

use std::io;
use std::sync::Arc;

use memchr::memchr;
use rmcp::RoleServer;
use rmcp::model::{ClientJsonRpcMessage, ServerJsonRpcMessage};
use rmcp::transport::Transport;
use tokio::io::{AsyncBufReadExt, AsyncRead, AsyncWrite, AsyncWriteExt, BufReader};
use tokio::sync::Mutex;
use tokio::task::JoinHandle;

use super::message::{Heard, Refusal, hear};
use super::request_id::IdSearch;

/// So much is read at once, as much as a pipe holds.
const PIECE: usize = 64 * 1024;

/// A client's lines, and the answers to them.
pub(super) struct Lines<R, W> {
    input: BufReader<R>,
    output: Arc<Mutex<Option<W>>>,
    /// A longer line is not kept.
    longest: usize,
    // `receive` is dropped and called again whenever something else happens: what it has in hand is kept here.
    line: Vec<u8>,
    too_long: Option<IdSearch>,
    refusing: Option<JoinHandle<io::Result<()>>>,
}

impl<R: AsyncRead + Unpin, W: AsyncWrite + Send + Unpin + 'static> Lines<R, W> {
    pub(super) fn new(input: R, output: W, longest: usize) -> Self {
        Lines {
            input: BufReader::with_capacity(PIECE, input),
            output: Arc::new(Mutex::new(Some(output))),
            longest,
            line: Vec::new(),
            too_long: None,
            refusing: None,
        }
    }

    /// The next line, or nothing where there are no more.
    async fn next(&mut self) -> io::Result<Option<Heard>> {
        loop {
            let piece = self.input.fill_buf().await?;
            let newline = memchr(b'\n', piece);
            let length = newline.unwrap_or(piece.len());
            let is_end = piece.is_empty();
            if is_end && self.line.is_empty() && self.too_long.is_none() {
                return Ok(None);
            }
            if let Some(search) = &mut self.too_long {
                search.read(&piece[..length]);
            } else if self.line.len() + length > self.longest {
                let mut search = IdSearch::default();
                search.read(&std::mem::take(&mut self.line));
                search.read(&piece[..length]);
                self.too_long = Some(search);
            } else {
                self.line.extend_from_slice(&piece[..length]);
            }
            self.input.consume(length + usize::from(newline.is_some()));
            if newline.is_none() && !is_end {
                continue;
            }
            return Ok(Some(match self.too_long.take() {
                Some(search) => Heard::Refused(Refusal::too_long(self.longest, search.found_in_whole())),
                None => hear(std::mem::take(&mut self.line)),
            }));
        }
    }

    /// Writes a line whole, whoever else is about to write one.
    fn write(&self, line: io::Result<String>) -> impl Future<Output = io::Result<()>> + Send + 'static {
        let output = Arc::clone(&self.output);
        async move {
            let line = line?;
            let mut output = output.lock().await;
            let output = output.as_mut().ok_or(io::ErrorKind::NotConnected)?;
            output.write_all(line.as_bytes()).await?;
            output.flush().await
        }
    }
}

impl<R, W> Transport<RoleServer> for Lines<R, W>
where
    R: AsyncRead + Send + Unpin,
    W: AsyncWrite + Send + Unpin + 'static,
{
    type Error = io::Error;

    fn send(
        &mut self,
        message: ServerJsonRpcMessage,
    ) -> impl Future<Output = io::Result<()>> + Send + 'static {
        let line = serde_json::to_string(&message).map(|line| line + "\n");
        self.write(line.map_err(io::Error::from))
    }

    async fn receive(&mut self) -> Option<ClientJsonRpcMessage> {
        loop {
            // Who does not read the refusals is not listened to either: so few of them wait here.
            if let Some(refusing) = &mut self.refusing {
                let refused = refusing.await;
                self.refusing = None;
                refused.ok()?.ok()?;
            }
            match self.next().await.ok()?? {
                Heard::Message(message) => return Some(*message),
                Heard::Nothing => {}
                Heard::Refused(refusal) => {
                    self.refusing = Some(tokio::spawn(self.write(Ok(refusal.line()))));
                }
            }
        }
    }

    async fn close(&mut self) -> io::Result<()> {
        *self.output.lock().await = None;
        Ok(())
    }
}

#[cfg(test)]
mod tests;
