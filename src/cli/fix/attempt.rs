//! One treatment: asking for consent where it was not given, and carrying it out.

use super::consent::{Answer, ask};
use super::outcome::Result as Tried;
use crate::apply::{ApplyError, Journal, carry_out};
use crate::causes::{diagnose, findings_from_log};
use crate::cli::Failure;
use crate::cli::context::Context;
use crate::facts::Risk;
use crate::machine::can_ask;
use crate::plan::Treatment;
use crate::scan::Scanner;

/// Carries a treatment out if the person agrees, or has agreed beforehand. The journal is begun before the first.
pub(super) fn attempt<'c>(
    context: &'c Context,
    treatment: &Treatment,
    yes: Option<Risk>,
    journal: &mut Option<Journal<'c>>,
) -> Result<Tried, Failure> {
    let agreed = treatment.risk < Risk::Destructive && yes.is_some_and(|most| treatment.risk <= most);
    if !agreed {
        if context.json() || !can_ask() {
            return Ok(Tried::HeldBack(match treatment.risk {
                Risk::Destructive => "it is asked for in a terminal only".to_owned(),
                risk => format!("--yes={risk} would allow it"),
            }));
        }
        if let Answer::No = ask(context, treatment)? {
            return Ok(Tried::Declined);
        }
    }
    let journal = match journal {
        Some(journal) => journal,
        None => {
            let now = jiff::Timestamp::now();
            journal.insert(Journal::begin(&*context.machine, &context.state()?, &context.project, now)?)
        }
    };
    let mut scanner = Scanner::new(&context.rules);
    let done = carry_out(treatment, &*context.machine, journal, &mut |bytes| scanner.feed(bytes));
    Ok(match done {
        Ok(()) => Tried::Applied,
        Err(error @ ApplyError::Exit { .. }) => {
            Tried::Failed(format!("{error}{}", cause(context, scanner).unwrap_or_default()))
        }
        Err(error) => Tried::Failed(error.to_string()),
    })
}

/// Why a remedy's own command failed, where a rule knows it.
fn cause(context: &Context, scanner: Scanner<'_>) -> Option<String> {
    let findings = findings_from_log(&context.rules, scanner.finish().sightings, None);
    let first = diagnose(&context.rules, findings).into_iter().next()?.root;
    let rule = context.rules.get(&first.rule)?;
    Some(format!(": {} (`envdoctor explain {}`)", rule.title, rule.id))
}
