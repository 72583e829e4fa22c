//! What the person agrees to: beforehand by an option, or asked in the terminal.

use std::cell::Cell;

use crate::cli::Failure;
use crate::cli::context::Context;
use crate::cli::prompt::{agrees, line};
use crate::facts::Risk;
use crate::machine::can_ask;
use crate::plan::{Step, Treatment, command_line};
use crate::rules::Need;

/// What the person agreed to beforehand, and what they were asked once and for all.
pub(crate) struct Consent {
    /// Every remedy up to this risk.
    yes: Option<Risk>,
    /// The remedies of these rules.
    allow: Vec<String>,
    /// Whether their own command may run again.
    rerun: Cell<Option<bool>>,
}

/// Whether a treatment may be carried out.
pub(super) enum Answer {
    Yes,
    /// As the administrator.
    AsRoot,
    No,
    /// Nobody could be asked, or it may not be: why, and what would allow it.
    HeldBack(String),
    /// The person would rather stop.
    Interrupted,
}

impl Consent {
    pub(crate) fn new(yes: Option<Risk>, allow: Vec<String>) -> Self {
        Consent { yes, allow, rerun: Cell::new(None) }
    }

    /// Refuses rules that do not exist.
    pub(super) fn must_name_rules(&self, context: &Context) -> Result<(), Failure> {
        self.allow.iter().try_for_each(|rule| context.rule(rule).map(|_| ()))
    }

    /// Whether the person's own command may run again: they are asked once, unless they agreed to something beforehand.
    pub(super) fn covers_rerun(&self, context: &Context, command: &str) -> Result<bool, Failure> {
        if self.yes.is_some() || !self.allow.is_empty() {
            return Ok(true);
        }
        if let Some(answer) = self.rerun.get() {
            return Ok(answer);
        }
        let question = format!("\nRun `{command}` again to see whether it helped?");
        let answer = can_ask() && agrees(context, &question)? == Some(true);
        self.rerun.set(Some(answer));
        Ok(answer)
    }

    fn covers(&self, treatment: &Treatment) -> bool {
        let by_risk = self.yes.is_some_and(|most| treatment.risk <= most);
        self.allow.contains(&treatment.rule) || by_risk && treatment.risk < Risk::Destructive
    }

    /// Why a treatment is only shown, and what would carry it out.
    pub(super) fn only_shown(&self, context: &Context, treatment: &Treatment) -> String {
        match self.refusal(context, treatment) {
            Some(why) => why,
            None if self.covers(treatment) => "it is only shown".to_owned(),
            None => format!("it is only shown; {} would allow it", flag(treatment)),
        }
    }

    /// What no consent given beforehand can allow.
    fn refusal(&self, context: &Context, treatment: &Treatment) -> Option<String> {
        context.policy().refusal(&treatment.rule, treatment.risk)
    }

    /// Asks whether a treatment may be carried out, where it was not agreed to beforehand.
    pub(super) fn ask(&self, context: &Context, treatment: &Treatment) -> Result<Answer, Failure> {
        if let Some(why) = self.refusal(context, treatment) {
            return Ok(Answer::HeldBack(why));
        }
        let as_root = treatment.needs.contains(&Need::Root) && !is_root(context);
        let somebody = can_ask() && !context.json();
        let has_sudo = context.machine.which("sudo").present().is_some();
        let sudo_can = has_sudo && matches!(treatment.step, Step::Run(_));
        if as_root && !(somebody && sudo_can) {
            let by_hand = match &treatment.step {
                Step::Run(run) => format!(": `sudo {}`", command_line(&run.argv)),
                _ => String::new(),
            };
            return Ok(Answer::HeldBack(format!("only the administrator may do it{by_hand}")));
        }
        if self.covers(treatment) && !as_root {
            return Ok(Answer::Yes);
        }
        if !somebody {
            return Ok(Answer::HeldBack(format!("{} would allow it", flag(treatment))));
        }
        let agreed = match treatment.risk {
            Risk::Destructive => {
                let question = format!(
                    "{}: what is lost cannot be rebuilt. Type {} to go on: ",
                    treatment.title, treatment.rule
                );
                line(context, &question)?.map(|answer| answer == treatment.rule)
            }
            _ if as_root => agrees(context, &format!("{} as root, with sudo?", treatment.title))?,
            _ => agrees(context, &format!("{}?", treatment.title))?,
        };
        Ok(match agreed {
            Some(true) if as_root => Answer::AsRoot,
            Some(true) => Answer::Yes,
            Some(false) => Answer::No,
            None => Answer::Interrupted,
        })
    }
}

/// The option that agrees to a treatment beforehand.
fn flag(treatment: &Treatment) -> String {
    match treatment.risk {
        Risk::Destructive => format!("--allow {}", treatment.rule),
        risk => format!("--yes={risk}"),
    }
}

fn is_root(context: &Context) -> bool {
    context.machine.user().present().is_some_and(|user| user.uid == 0)
}
