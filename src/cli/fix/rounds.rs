//! Round after round: a plan, what is agreed to of it, and another look.

use std::collections::BTreeSet;

use serde_json::Value as Json;

use super::Goal;
use super::attempt::attempt;
use super::case::{Case, Look};
use super::consent::Consent;
use super::form::FixForm;
use super::outcome::{self, Outcome, Result as Tried};
use super::plan::{self, After, Planned};
use super::saved::{self, Saved};
use super::settle;
use crate::apply::{Journal, prune};
use crate::cli::context::Context;
use crate::cli::{FOUND, Failure, INTERRUPTED, OK, UNKNOWN, check};
use crate::machine::ChangeError;
use crate::report::{ReportForm, form_to_json};

/// A repair can bring the next failure to light; after so many rounds a person should look.
const ROUNDS: usize = 3;

/// What was tried so far, and how it stands.
pub(super) struct Rounds<'c> {
    context: &'c Context,
    case: Case,
    consent: Consent,
    /// The one rule that it is about.
    pub(super) only: Option<String>,
    /// The plan that it keeps to.
    pub(super) saved: Option<Saved>,
    look: Look,
    outcomes: Vec<Outcome>,
    journal: Option<Journal<'c>>,
    after: After,
    /// Something was repaired, be it for good or not.
    repaired: bool,
    /// A check finds what it did not find before.
    broken_since: bool,
}

impl<'c> Rounds<'c> {
    pub(super) fn new(context: &'c Context, case: Case, consent: Consent, look: Look) -> Self {
        Rounds {
            context,
            case,
            consent,
            only: None,
            saved: None,
            look,
            outcomes: Vec::new(),
            journal: None,
            after: After::Nothing,
            repaired: false,
            broken_since: false,
        }
    }

    pub(super) fn go_through(&mut self, goal: &Goal) -> Result<(), Failure> {
        let rounds = if self.saved.is_some() { 1 } else { ROUNDS };
        for _ in 0..rounds {
            let plan = self.plan();
            if let Goal::Save(file) = goal {
                saved::write(self.context, file, &self.case, &plan)?;
            }
            let (first, first_step) = (self.outcomes.len(), self.journal.as_ref().map_or(0, Journal::steps));
            if goal.only_shows() {
                self.only_show(plan);
                return Ok(());
            }
            let stopped = self.attempt(plan)?;
            let tried = &mut self.outcomes[first..];
            if let Some(journal) = &mut self.journal {
                let wrong = |it: &&mut Outcome| matches!(it.result, Tried::Failed(_) | Tried::Interrupted);
                settle::take_back(self.context, journal, tried.iter_mut().filter(wrong).collect());
            }
            if stopped {
                return match tried.iter().any(Outcome::stands) {
                    true => self.case.note_repair(self.context),
                    false => Ok(()),
                };
            }
            if !tried.iter().any(Outcome::leads_on) {
                return Ok(());
            }
            self.after = if tried.iter().any(Outcome::stands) { After::Repairs } else { After::InVain };
            if self.after == After::Repairs {
                self.look_again(first_step)?;
            }
            if self.look.interrupted {
                return Ok(());
            }
        }
        if self.saved.is_none() && !plan::next(&self.look.report, &self.outcomes).is_empty() {
            self.context
                .tell("envdoctor: after three rounds a person should look; `envdoctor fix` goes on.\n");
        }
        Ok(())
    }

    /// What would be done, as a person reads it; nothing is.
    #[cfg(feature = "mcp")]
    pub(super) fn show(&mut self) -> String {
        let plan = self.next_plan();
        let shown = self.draw_plan(&plan);
        self.only_show(plan);
        shown + &self.drawn()
    }

    /// The next plan, which the person sees.
    fn plan(&mut self) -> Vec<Planned> {
        let plan = self.next_plan();
        if !self.context.json() {
            self.context.say(&self.draw_plan(&plan));
        }
        plan
    }

    fn next_plan(&mut self) -> Vec<Planned> {
        self.keep_to_the_one();
        settle::measure(self.context, &mut self.look.report);
        let mut plan = plan::next(&self.look.report, &self.outcomes);
        if let Some(saved) = &self.saved {
            plan.retain(|planned| saved.holds(planned));
        }
        plan
    }

    fn draw_plan(&self, plan: &[Planned]) -> String {
        let (only, repairs) = (self.only.as_deref(), plan.len());
        plan::draw(self.context, &self.case, &self.look, self.after, &self.outcomes, repairs, only)
    }

    fn keep_to_the_one(&mut self) {
        if let Some(only) = &self.only {
            self.look.report.diagnoses.retain(|entry| entry.rule == *only);
        }
    }

    fn only_show(&mut self, plan: Vec<Planned>) {
        for planned in plan {
            let result = Tried::HeldBack(self.consent.only_shown(self.context, &planned.treatment));
            self.outcomes.push(Outcome { planned, result, remedy: None, notes: Vec::new() });
        }
    }

    /// Carries out what is agreed to, and says whether the person stopped it.
    fn attempt(&mut self, plan: Vec<Planned>) -> Result<bool, Failure> {
        let mut stopped = false;
        for planned in plan {
            let (result, remedy) = match stopped {
                true => (Tried::HeldBack("it was interrupted before".to_owned()), None),
                false => attempt(self.context, &planned.treatment, &self.consent, &mut self.journal)?,
            };
            stopped |= result == Tried::Interrupted;
            self.outcomes.push(Outcome { planned, result, remedy, notes: Vec::new() });
        }
        Ok(stopped)
    }

    /// Asks the rules' own question again, and takes back what did not help.
    fn look_again(&mut self, first_step: usize) -> Result<(), Failure> {
        self.repaired = true;
        self.look = self.case.look_again(self.context, &self.consent)?;
        let Some(journal) = &mut self.journal else { return Ok(()) };
        tell(self.context, journal.settle(first_step));
        let mut unsettled = Vec::new();
        for outcome in &mut self.outcomes {
            if outcome.judge(&self.case, &self.look) {
                unsettled.push(outcome);
            }
        }
        if settle::take_back(self.context, journal, unsettled) {
            self.case.look_at_the_files(self.context, &mut self.look)?;
        }
        Ok(())
    }

    /// Tells of what a check finds broken now and did not before.
    pub(super) fn tell_new_errors(&mut self, before: &BTreeSet<String>) {
        if self.repaired {
            // Mistakes in the settings were told before anything was repaired.
            let Ok(report) = check::examine(self.context) else { return };
            let now = settle::errors(&report);
            self.broken_since = settle::tell_new_errors(before, &now, &mut self.outcomes);
        }
    }

    /// Notes what came of it, and removes old backups. What was repaired is repaired, whether or not that can be noted.
    pub(super) fn close(&mut self) {
        self.keep_to_the_one();
        if let Some(journal) = &mut self.journal {
            tell(self.context, outcome::note(&self.outcomes, journal));
            if let Ok(state) = self.context.state() {
                let (keep, now) = (self.context.policy().keep(), jiff::Timestamp::now());
                let keep = (keep.days, keep.megabytes.saturating_mul(1_000_000));
                tell(self.context, prune(&state, &*self.context.machine, keep, now));
            }
        }
    }

    pub(super) fn to_json(&self) -> Json {
        form_to_json(&FixForm {
            report: ReportForm::from(&self.look.report),
            outcomes: self.outcomes.iter().map(Outcome::form).collect(),
            fix: self.journal.as_ref().map(|journal| journal.id().to_string()),
            journal: self.journal.as_ref().map(|journal| journal.folder().display().to_string()),
        })
    }

    pub(super) fn drawn(&self) -> String {
        let apart = if self.after != After::Nothing && !self.outcomes.is_empty() { "\n" } else { "" };
        format!("{apart}{}", outcome::draw(&self.outcomes, self.journal.as_ref(), self.context.look))
    }

    /// Nothing is left, something is, or nobody looked whether the repair helped: that is not success.
    pub(super) fn code(&self) -> u8 {
        if self.look.interrupted || self.outcomes.iter().any(|it| it.result == Tried::Interrupted) {
            return INTERRUPTED;
        }
        if self.broken_since {
            return FOUND;
        }
        match (self.context.code(&self.look.report), self.look.exit) {
            _ if self.repaired && !self.look.fresh => UNKNOWN,
            // It fails, and nobody can tell why.
            (OK, Some(exit)) if exit != 0 && !self.look.report.is_excused() => UNKNOWN,
            (code, _) => code,
        }
    }
}

/// Tells of a change to what envdoctor remembers that could not be made.
pub(super) fn tell(context: &Context, done: Result<(), ChangeError>) {
    if let Err(error) = done {
        context.tell(&format!("envdoctor: {error}\n"));
    }
}
