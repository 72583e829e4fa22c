//! Questions to the person at the terminal.

use std::io::{self, BufRead};

use super::Failure;
use super::context::Context;

/// Asks a question that is agreed to with `y` or `yes`, and with nothing else.
pub(super) fn agrees(context: &Context, question: &str) -> Result<bool, Failure> {
    let answer = line(context, &format!("{question} [y/N] "))?;
    Ok(matches!(answer.to_lowercase().as_str(), "y" | "yes"))
}

/// The line that answers a question, without the white space around it.
pub(super) fn line(context: &Context, question: &str) -> Result<String, Failure> {
    context.tell(question);
    let mut answer = String::new();
    io::stdin().lock().read_line(&mut answer)?;
    Ok(answer.trim().to_owned())
}
