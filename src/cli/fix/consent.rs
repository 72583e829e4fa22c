//! Asking the person.

use crate::cli::Failure;
use crate::cli::context::Context;
use crate::cli::prompt::{agrees, line};
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
        _ => agrees(context, &format!("{}?", treatment.title))?,
    };
    Ok(if agreed { Answer::Yes } else { Answer::No })
}

/// Asks whether the person's own command may run once more.
pub(super) fn ask_rerun(context: &Context, command: &str) -> Result<bool, Failure> {
    agrees(context, &format!("\nRun `{command}` again to see whether it helped?"))
}
