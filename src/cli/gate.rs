//! What counts of a report: what is asked for, is not ignored, and is new.

use std::path::Path;

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;

use super::Failure;
use super::context::Context;
use crate::config::{Choice, Settings};
use crate::machine::Machine;
use crate::report::{Aside, Baseline, Entry, Report, SetAside};
use crate::rules::{Rule, RuleSet};

/// What a report is held to beside the settings themselves.
#[derive(Clone, Debug, Default)]
pub(super) struct Gate {
    /// The findings of before.
    baseline: Baseline,
    /// The rule that the person names: what they ask for is neither ignored nor old.
    named: Option<String>,
}

impl Gate {
    /// Reads what the settings name.
    pub(super) fn new(
        machine: &dyn Machine,
        settings: &Settings,
        folder: &Path,
        named: Option<&str>,
    ) -> Result<Gate, Failure> {
        let named = named.map(str::to_owned);
        let Some(stated) = settings.baseline() else { return Ok(Gate { named, ..Gate::default() }) };
        let (path, origin) = (folder.join(&stated.value), stated.origin);
        let failed = |why: String| {
            Failure(format!(
                "the baseline {} ({origin}): {why}\n`envdoctor check --output json={}` writes one",
                path.display(),
                path.display()
            ))
        };
        let text = machine.read(&path).or_why("there is no such file").map_err(failed)?;
        let baseline = Baseline::parse(&text);
        let baseline =
            baseline.map_err(|error| failed(format!("it is no JSON report of envdoctor: {error}")))?;
        Ok(Gate { baseline, named })
    }

    /// Whether it was not known before either.
    pub(super) fn was_unknown(&self, rule: &str, fact: &str) -> bool {
        self.baseline.has_unknown(rule, fact)
    }

    fn aside(&self, settings: &Settings, entry: &Entry, today: Date) -> Option<Aside> {
        if self.named.as_ref() == Some(&entry.rule) {
            return None;
        }
        if let Some(ignore) = settings.ignore(&entry.rule, today) {
            return Some(Aside::Ignored {
                reason: ignore.reason.clone(),
                until: ignore.until.map(|until| until.to_string()),
                from: ignore.origin.to_string(),
            });
        }
        self.baseline.has(&entry.fingerprint).then_some(Aside::Baseline)
    }
}

impl Context {
    /// The rules that are judged: those asked for, and those that would be the cause of one of these.
    pub(super) fn judged(&self) -> impl Iterator<Item = &Rule> {
        let asked: Vec<&Rule> = self.rules.rules().iter().filter(|rule| self.is_asked(&rule.id)).collect();
        let causes = move |rule: &Rule| asked.iter().any(|other| self.rules.leads_to(&rule.id, &other.id));
        self.rules.rules().iter().filter(move |rule| {
            rule.checks.is_some()
                && match self.choice(&rule.id) {
                    Choice::Asked => true,
                    Choice::NotNamed => causes(rule),
                    Choice::LeftOut => false,
                }
        })
    }

    /// Whether any requirement is asked for.
    pub(super) fn asks_for_requirements(&self) -> bool {
        let mut about = self.rules.rules().iter().filter(|rule| rule.requirement.is_some());
        about.any(|rule| self.is_asked(&rule.id))
    }

    /// Whether a rule is asked for.
    pub(super) fn is_asked(&self, rule: &str) -> bool {
        self.choice(rule) == Choice::Asked
    }

    /// Leaves in a report what was asked for, and sets aside what does not count.
    pub(super) fn hold_to_settings(&self, report: &mut Report) {
        let asked = |rule: &str| self.is_asked(rule);
        if self.settings.choose() {
            report.examined.retain(|it| asked(&it.rule));
            report.unknown.retain(|it| asked(&it.rule));
            let all = report.summary.rules;
            report.summary.rules = count(&self.rules, asked);
            report.summary.rules_left_out = all.saturating_sub(report.summary.rules);
            let all = report.diagnoses.len();
            report.diagnoses.retain(|entry| match self.choice(&entry.rule) {
                Choice::Asked => true,
                // It is the cause of something that is asked for.
                Choice::NotNamed => entry.consequences.iter().any(|follower| asked(&follower.rule)),
                Choice::LeftOut => false,
            });
            report.summary.left_out = all - report.diagnoses.len();
        }
        for unknown in &mut report.unknown {
            unknown.baseline = self.gate.was_unknown(&unknown.rule, &unknown.fact);
        }
        let today = self.today();
        let (mut counting, mut aside) = (Vec::new(), Vec::new());
        for entry in std::mem::take(&mut report.diagnoses) {
            match self.gate.aside(&self.settings, &entry, today) {
                Some(why) => aside.push(SetAside { entry, why }),
                None => counting.push(entry),
            }
        }
        report.diagnoses = counting;
        report.set_aside.extend(aside);
    }

    fn choice(&self, rule: &str) -> Choice {
        if self.gate.named.as_deref() == Some(rule) {
            return Choice::Asked;
        }
        // What is no rule, such as a question of `--deep`, is asked for by other means.
        self.rules.get(rule).map_or(Choice::Asked, |rule| self.settings.choice(rule))
    }

    /// The day, in UTC.
    fn today(&self) -> Date {
        let now = self
            .machine
            .now()
            .present()
            .and_then(|now| Timestamp::from_second(i64::try_from(now).ok()?).ok());
        now.unwrap_or_else(Timestamp::now).to_zoned(TimeZone::UTC).date()
    }
}

fn count(rules: &RuleSet, asked: impl Fn(&str) -> bool) -> usize {
    rules.rules().iter().filter(|rule| asked(&rule.id)).count()
}
