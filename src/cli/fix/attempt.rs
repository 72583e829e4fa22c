//! One treatment: asking for consent where it was not given, and carrying it out.

use super::consent::{Answer, Consent};
use super::outcome::Result as Tried;
use super::rounds::tell;
use crate::apply::{ApplyError, Journal, carry_out};
use crate::causes::{diagnose, findings_from_log};
use crate::cli::Failure;
use crate::cli::context::Context;
use crate::plan::{Step, Treatment};
use crate::scan::Scanner;
use crate::state::Output;

/// Carries a treatment out if the person agrees, or has agreed beforehand, and says under which number its journal tells
/// of it. The journal is begun before the first.
pub(super) fn attempt<'c>(
    context: &'c Context,
    treatment: &Treatment,
    consent: &Consent,
    journal: &mut Option<Journal<'c>>,
) -> Result<(Tried, Option<usize>), Failure> {
    let mut treatment = treatment.clone();
    match consent.ask(context, &treatment)? {
        Answer::Yes => {}
        Answer::AsRoot => treatment = as_root(treatment),
        Answer::No => return Ok((Tried::Declined, None)),
        Answer::HeldBack(why) => return Ok((Tried::HeldBack(why), None)),
        Answer::Interrupted => return Ok((Tried::Interrupted, None)),
    }
    let journal = match journal {
        Some(journal) => journal,
        None => {
            let now = jiff::Timestamp::now();
            journal.insert(Journal::begin(&*context.machine, &context.state()?, &context.project, now)?)
        }
    };
    let mut scanner = Scanner::new(&context.rules);
    let mut output = Output::default();
    let number = journal.remedies();
    let done = carry_out(&treatment, &*context.machine, journal, &mut |bytes| {
        scanner.feed(bytes);
        output.push(bytes);
    });
    if matches!(treatment.step, Step::Run(_) | Step::Track(_)) {
        // What the command did counts, whether or not what it printed can be kept.
        tell(context, journal.keep_output(output.into_bytes()));
    }
    let tried = match done {
        Ok(()) => Tried::Applied,
        Err(error @ ApplyError::Exit { .. }) => {
            Tried::Failed(format!("{error}{}", cause(context, scanner).unwrap_or_default()))
        }
        Err(ApplyError::Interrupted(_)) => {
            // The terminal shows ^C.
            context.tell("\n");
            Tried::Interrupted
        }
        Err(error) => Tried::Failed(error.to_string()),
    };
    Ok((tried, Some(number)))
}

/// The same command, through sudo, which asks for the password itself.
fn as_root(mut treatment: Treatment) -> Treatment {
    if let Step::Run(run) = &mut treatment.step {
        for argv in [Some(&mut run.argv), run.undo.as_mut()].into_iter().flatten() {
            argv.splice(0..0, ["sudo", "--"].map(str::to_owned));
        }
    }
    treatment
}

/// Why a remedy's own command failed, where a rule knows it.
fn cause(context: &Context, scanner: Scanner<'_>) -> Option<String> {
    let findings = findings_from_log(&context.rules, scanner.finish().sightings, None);
    let first = diagnose(&context.rules, findings).into_iter().next()?.root;
    let rule = context.rules.get(&first.rule)?;
    Some(format!(": {} (`envdoctor explain {}`)", rule.title, rule.id))
}
