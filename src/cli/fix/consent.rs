//! Asking the person.

use std::io::{self, BufRead};

use crate::cli::Failure;
use crate::cli::context::Context;
use crate::facts::Risk;
use crate::plan::Treatment;

/// What the person says.
pub(super) enum Answer {
    Yes,
    No,
}

/// Asks whether a treatment may be carried out. What cannot be rebuilt is asked for by the rule's name.
pub(super) fn ask(context: &Context, treatment: &Treatment) -> Result<Answer, Failure> {
    let agreed = match treatment.risk {
        Risk::Destructive => {
            let question = format!(
                "{}: what is lost cannot be rebuilt. Type {} to go on: ",
                treatment.title, treatment.rule
            );
            line(context, &question)? == treatment.rule
        }
        _ => is_yes(&line(context, &format!("{}? [y/N] ", treatment.title))?),
    };
    Ok(if agreed { Answer::Yes } else { Answer::No })
}

/// Asks whether the person's own command may run once more.
pub(super) fn ask_rerun(context: &Context, command: &str) -> Result<bool, Failure> {
    Ok(is_yes(&line(context, &format!("\nRun `{command}` again to see whether it helped? [y/N] "))?))
}

fn line(context: &Context, question: &str) -> Result<String, Failure> {
    context.tell(question);
    let mut answer = String::new();
    io::stdin().lock().read_line(&mut answer)?;
    Ok(answer.trim().to_owned())
}

fn is_yes(answer: &str) -> bool {
    matches!(answer.to_lowercase().as_str(), "y" | "yes")
}
