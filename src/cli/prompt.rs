//! Questions to the person at the terminal.

use super::Failure;
use super::context::Context;
use crate::machine::read_answer;
use crate::visible::visible_lines;

/// Asks a question that is agreed to with `y` or `yes`, and with nothing else; `None`: the person would rather stop.
pub(super) fn agrees(context: &Context, question: &str) -> Result<Option<bool>, Failure> {
    let answer = line(context, &format!("{question} [y/N] "))?;
    Ok(answer.map(|answer| matches!(answer.to_lowercase().as_str(), "y" | "yes")))
}

/// The line that answers a question, without the white space around it; `None`: the person would rather stop.
pub(super) fn line(context: &Context, question: &str) -> Result<Option<String>, Failure> {
    let answer = read_answer(|| context.tell(&visible_lines(question)))?;
    if answer.is_none() {
        context.tell("\n");
    }
    Ok(answer)
}
