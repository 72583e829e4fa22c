//! A person's answer at the terminal.

use std::io::{self, Read};

use super::until_interrupted::UntilInterrupted;

/// Longer than any answer.
const LONGEST: usize = 4096;

/// Asks, and gives the next line of the standard input, without the white space around it; `None`: Ctrl-C came instead, at
/// whatever moment since the question was asked. At the input's end the line is empty.
///
/// # Errors
/// The input cannot be read.
pub fn read_answer(ask: impl FnOnce()) -> io::Result<Option<String>> {
    let mut input = UntilInterrupted::new(io::stdin())?;
    ask();
    let mut line = Vec::new();
    let mut byte = [0];
    while line.len() < LONGEST {
        match input.read(&mut byte)? {
            0 if input.is_ended() => return Ok(None),
            0 => break,
            _ if byte[0] == b'\n' => break,
            _ => line.push(byte[0]),
        }
    }
    Ok(Some(String::from_utf8_lossy(&line).trim().to_owned()))
}
