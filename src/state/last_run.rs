//! The last command that `envdoctor run` ran, for `envdoctor fix`.

use std::path::PathBuf;

use serde::{Deserialize, Serialize};

use super::State;
use crate::facts::Reading;
use crate::machine::{Change, ChangeError, Machine};

/// Of a longer output, so many bytes of its beginning and as many of its end are kept.
const KEPT: usize = 6 * 1024 * 1024;

/// The last command.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LastRun {
    /// The command.
    pub argv: Vec<String>,
    /// The folder in which it ran.
    pub folder: PathBuf,
    /// Its exit code.
    pub code: i32,
    /// When it ended.
    pub ended: jiff::Timestamp,
    /// Something was repaired since, and nobody looked whether it helped.
    #[serde(default)]
    pub repaired: bool,
}

/// What a command printed, as much of it as is kept.
#[derive(Clone, Debug, Default)]
pub struct Output {
    head: Vec<u8>,
    tail: Vec<u8>,
    left_out: bool,
}

impl Output {
    /// Takes the next bytes.
    pub fn push(&mut self, mut bytes: &[u8]) {
        let room = KEPT - self.head.len();
        if room > 0 {
            let (kept, rest) = bytes.split_at(room.min(bytes.len()));
            self.head.extend_from_slice(kept);
            bytes = rest;
        }
        self.tail.extend_from_slice(bytes);
        if self.tail.len() > 2 * KEPT {
            self.tail.drain(..self.tail.len() - KEPT);
            self.left_out = true;
        }
    }

    /// What is kept.
    pub fn into_bytes(self) -> Vec<u8> {
        let mut bytes = self.head;
        if self.left_out {
            bytes.extend_from_slice(b"\n[envdoctor left out the middle of this output]\n");
        }
        bytes.extend(self.tail);
        bytes
    }
}

impl State {
    /// Keeps a run with its output; the one before it is forgotten.
    ///
    /// # Errors
    /// The state folder cannot be written to.
    pub fn keep_run(&self, machine: &dyn Machine, run: &LastRun, output: Output) -> Result<(), ChangeError> {
        let folder = self.last_run();
        self.create(machine)?;
        machine.change(&Change::MakeFolder(folder.clone()))?;
        machine.change(&Change::Write { path: folder.join("output.log"), content: output.into_bytes() })?;
        self.note_run(machine, run)
    }

    /// Keeps what is known of a run beside the output that is kept already.
    ///
    /// # Errors
    /// The state folder cannot be written to.
    pub fn note_run(&self, machine: &dyn Machine, run: &LastRun) -> Result<(), ChangeError> {
        let path = self.last_run().join("run.json");
        let content = serde_json::to_vec_pretty(run)
            .map_err(|error| ChangeError { path: path.clone(), why: error.to_string() })?;
        machine.change(&Change::Write { path, content })
    }

    /// The last run, if there was one, and the file that holds its output.
    pub fn kept_run(&self, machine: &dyn Machine) -> Option<(LastRun, PathBuf)> {
        let folder = self.last_run();
        let Reading::Present(text) = machine.read(&folder.join("run.json")) else { return None };
        Some((serde_json::from_str(&text).ok()?, folder.join("output.log")))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_a_long_output_beginning_and_end_are_kept() {
        let mut output = Output::default();
        output.push(b"begin");
        for _ in 0..4 * KEPT / 1000 {
            output.push(&[b'x'; 1000]);
        }
        output.push(b"end");
        let bytes = output.into_bytes();
        assert!(bytes.starts_with(b"begin") && bytes.ends_with(b"end"));
        assert!(bytes.len() < 4 * KEPT);
        let mut short = Output::default();
        short.push(b"a");
        short.push(b"b");
        assert_eq!(short.into_bytes(), b"ab");
    }
}
