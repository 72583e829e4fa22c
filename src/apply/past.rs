//! What a journal tells of a fix.

use std::path::{Path, PathBuf};

use super::Record;
use crate::facts::{Reading, Risk};
use crate::machine::{Imprint, Machine};

/// A fix of before.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Past {
    /// Its name.
    pub id: String,
    /// The folder of its journal and backups.
    pub folder: PathBuf,
    /// The project's folder.
    pub project: PathBuf,
    /// When it began.
    pub at: jiff::Timestamp,
    /// Its remedies, in their order.
    pub remedies: Vec<PastRemedy>,
    /// The backups were removed, being old or large.
    pub pruned: bool,
}

/// A remedy of a fix of before.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PastRemedy {
    /// The rule that it helped against.
    pub rule: String,
    /// What it did.
    pub title: String,
    /// How far it reached.
    pub risk: Risk,
    /// What came of it; `None`: nobody got to see.
    pub outcome: Option<String>,
    /// What it changed, in its order.
    pub steps: Vec<PastStep>,
}

/// One step of a remedy.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PastStep {
    /// Its number in the fix, from 0.
    pub number: usize,
    /// What was about to be done.
    pub what: Record,
    /// How far it got.
    pub progress: Progress,
    /// What stood afterwards at the paths that it keeps; empty if that was not seen.
    pub left: Vec<Option<Imprint>>,
    /// Whether it was taken back, and wholly.
    pub back: Option<bool>,
}

/// How far a step got.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Progress {
    /// It was killed at an unknown moment before its command started.
    Begun,
    /// It was killed while its command ran.
    Started,
    /// It came to an end, a bad one.
    Failed,
    /// It is complete.
    Done,
}

impl PastStep {
    /// Whether the command that takes it back is run. Of one that failed nobody knows whether there is anything to take
    /// back: what it would have made may have been there before.
    pub fn is_run_back(&self) -> bool {
        matches!(self.progress, Progress::Started | Progress::Done)
    }
}

impl Past {
    /// Reads the journal in a fix's folder; `None`: the fix was killed before it began.
    ///
    /// # Errors
    /// Why it cannot be understood, as a sentence for a person.
    pub fn read(machine: &dyn Machine, folder: &Path) -> Result<Option<Self>, String> {
        let file = folder.join("journal.jsonl");
        let past = match machine.read(&file) {
            Reading::Present(text) => Past::parse(&text, folder),
            Reading::Absent => Ok(None),
            other => Err(other.why_unknown().unwrap_or_default()),
        };
        match past {
            Ok(None) if !machine.list(&folder.join("backup")).present().unwrap_or_default().is_empty() => {
                Err("there are backups, and no journal that tells of them".to_owned())
            }
            past => past,
        }
        .map_err(|why| format!("{}: {why}", file.display()))
    }

    fn parse(text: &str, folder: &Path) -> Result<Option<Self>, String> {
        let mut past: Option<Past> = None;
        let mut steps = 0;
        for (number, line) in (1..).zip(text.lines()) {
            let record: Record = match serde_json::from_str(line) {
                Ok(record) => record,
                // A kill left half a line: what it was to tell of has not begun.
                Err(error) if error.is_eof() || error.is_syntax() => continue,
                Err(error) => {
                    return Err(format!(
                        "line {number} was written by another version of envdoctor: {error}"
                    ));
                }
            };
            match &mut past {
                Some(past) => past.add(record, &mut steps),
                None => past = Some(Past::begun(record, folder)?),
            }
        }
        Ok(past)
    }

    fn begun(record: Record, folder: &Path) -> Result<Past, String> {
        let Record::Begin { project, at, .. } = record else {
            return Err("the journal's first line is missing".to_owned());
        };
        let id = folder.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let folder = folder.to_owned();
        Ok(Past { id, folder, project, at, remedies: Vec::new(), pruned: false })
    }

    fn add(&mut self, record: Record, steps: &mut usize) {
        match record {
            Record::Remedy { rule, title, risk } => {
                self.remedies.push(PastRemedy { rule, title, risk, outcome: None, steps: Vec::new() });
            }
            Record::Outcome { remedy, outcome } => {
                if let Some(remedy) = self.remedies.get_mut(remedy) {
                    remedy.outcome = Some(outcome);
                }
            }
            Record::Pruned => self.pruned = true,
            Record::Started => self.progress(Progress::Started, Vec::new()),
            Record::Done { left } => self.progress(Progress::Done, left),
            Record::Failed { left, .. } => self.progress(Progress::Failed, left),
            Record::Settled { number, left } => self.step(number, |step| step.left = left),
            Record::Back { number, whole } => self.step(number, |step| step.back = Some(whole)),
            Record::Begin { .. } => {}
            what => {
                let step = PastStep {
                    number: *steps,
                    what,
                    progress: Progress::Begun,
                    left: Vec::new(),
                    back: None,
                };
                *steps += 1;
                if let Some(remedy) = self.remedies.last_mut() {
                    remedy.steps.push(step);
                }
            }
        }
    }

    fn progress(&mut self, progress: Progress, left: Vec<Option<Imprint>>) {
        if let Some(step) = self.remedies.last_mut().and_then(|remedy| remedy.steps.last_mut()) {
            step.progress = progress;
            step.left = left;
        }
    }

    fn step(&mut self, number: usize, change: impl FnOnce(&mut PastStep)) {
        let mut steps = self.remedies.iter_mut().flat_map(|remedy| &mut remedy.steps);
        if let Some(step) = steps.find(|step| step.number == number) {
            change(step);
        }
    }

    /// The steps that were not taken back, the last first.
    pub fn standing(&self) -> Vec<&PastStep> {
        let steps = self.remedies.iter().flat_map(|remedy| &remedy.steps);
        let mut standing: Vec<_> = steps.filter(|step| step.back != Some(true)).collect();
        standing.reverse();
        standing
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const BEGIN: &str = r#"{"step":"begin","project":"/p","at":"2026-11-23T10:00:00Z","version":"0.1.0"}"#;
    const REMEDY: &str = r#"{"step":"remedy","rule":"r","title":"T","risk":"cache"}"#;
    const REMOVE: &str = r#"{"step":"remove","path":"/p/x","backup":"/s/1-x"}"#;
    const DONE: &str = r#"{"step":"done"}"#;

    fn parse(lines: &[&str]) -> Result<Past, String> {
        let past = Past::parse(&lines.join("\n"), Path::new("/s/20261123T100000000Z"))?;
        past.ok_or_else(|| "it never began".to_owned())
    }

    #[test]
    fn tells_how_far_each_step_got_and_which_stand() {
        let back = r#"{"step":"back","number":0,"whole":true}"#;
        let outcome = r#"{"step":"outcome","remedy":0,"outcome":"still broken"}"#;
        let past = parse(&[BEGIN, REMEDY, REMOVE, DONE, back, outcome, REMEDY, REMOVE]).unwrap();
        assert_eq!(past.remedies[0].outcome.as_deref(), Some("still broken"));
        assert_eq!(
            (past.remedies[0].steps[0].progress, past.remedies[0].steps[0].back),
            (Progress::Done, Some(true))
        );
        let standing: Vec<_> = past.standing().iter().map(|step| (step.number, step.progress)).collect();
        assert_eq!(standing, [(1, Progress::Begun)]);
    }

    #[test]
    fn half_a_line_tells_nothing_and_an_unknown_one_is_an_error() {
        let past = parse(&[BEGIN, REMEDY, REMOVE, r#"{"step":"do"#, DONE]).unwrap();
        assert_eq!(past.remedies[0].steps[0].progress, Progress::Done);
        let why = parse(&[BEGIN, r#"{"step":"teleport"}"#]).unwrap_err();
        assert!(why.contains("line 2") && why.contains("another version"), "{why}");
        parse(&[REMEDY]).unwrap_err();
        assert_eq!(Past::parse("", Path::new("/s/x")), Ok(None));
        assert_eq!(Past::parse("{\"step\":\"beg", Path::new("/s/x")), Ok(None));
    }
}
