//! A remedy as it would be carried out here.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::time::Duration;

use crate::facts::Risk;
use crate::rules::Need;

/// A remedy with every value filled in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Treatment {
    /// The rule that it helps against.
    pub rule: String,
    /// The folder in which it would be carried out.
    pub folder: PathBuf,
    /// What it does, in one line.
    pub title: String,
    /// How far it reaches.
    pub risk: Risk,
    /// What it would do.
    pub step: Step,
    /// What to think of first.
    pub caution: Option<String>,
    /// What it needs beside its program.
    pub needs: Vec<Need>,
    /// The sizes in bytes of what it would move away or keep, where somebody has measured them.
    pub sizes: BTreeMap<PathBuf, u64>,
    /// Paths with where they led, every link followed, when it was worked out: elsewhere it is not carried out.
    pub anchors: Vec<(PathBuf, PathBuf)>,
    /// Why it cannot be carried out here; `None`: it can.
    pub obstacle: Option<Obstacle>,
}

/// Why a remedy cannot be carried out here.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Obstacle {
    /// It is meant for another form of the failure, or for another machine.
    Unfit(String),
    /// It would help, and envdoctor cannot do it.
    Blocked(String),
}

impl Obstacle {
    /// The reason, as a clause for a person.
    pub fn why(&self) -> &str {
        match self {
            Obstacle::Unfit(why) | Obstacle::Blocked(why) => why,
        }
    }
}

/// What a remedy would do here.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Step {
    /// Run a program in the project's folder.
    Run(Run),
    /// Replace files' contents.
    Edit(Vec<FileEdit>),
    /// Move these into the backup.
    Remove(Vec<PathBuf>),
    /// Make Git know these files, which it does not track.
    Track(Vec<PathBuf>),
    /// Nothing: the person does it.
    Tell(String),
}

impl Step {
    /// The kind's name in the outputs.
    pub fn kind(&self) -> &'static str {
        match self {
            Step::Run(_) => "run",
            Step::Edit(_) => "edit",
            Step::Remove(_) => "remove",
            Step::Track(_) => "track",
            Step::Tell(_) => "tell",
        }
    }
}

/// Whether two paths are one, or one lies in the other.
pub fn overlap(one: &Path, other: &Path) -> bool {
    one.starts_with(other) || other.starts_with(one)
}

impl Step {
    /// The paths that it is known to change.
    pub fn touches(&self) -> Vec<&Path> {
        match self {
            Step::Run(run) => run.changes.iter().map(PathBuf::as_path).collect(),
            Step::Edit(edits) => edits.iter().map(|edit| edit.path.as_path()).collect(),
            Step::Remove(paths) | Step::Track(paths) => paths.iter().map(PathBuf::as_path).collect(),
            Step::Tell(_) => Vec::new(),
        }
    }
}

/// A program that would be run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Run {
    /// The program and its arguments.
    pub argv: Vec<String>,
    /// What it makes or changes, so far as it is known: these paths are kept, so that they can be brought back.
    pub changes: Vec<PathBuf>,
    /// What takes it back.
    pub undo: Option<Vec<String>>,
    /// How long it may take.
    pub deadline: Duration,
}

/// One file's new content.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FileEdit {
    /// The file.
    pub path: PathBuf,
    /// Its path from the project's folder, where it lies below that.
    pub name: String,
    /// What it holds now; `None`: there is no such file.
    pub before: Option<String>,
    /// What it is to hold.
    pub after: String,
}

impl FileEdit {
    /// The edit as a unified diff.
    pub fn diff(&self) -> String {
        let name = self.name.as_str();
        similar::TextDiff::from_lines(self.before.as_deref().unwrap_or_default(), &self.after)
            .unified_diff()
            .context_radius(1)
            .header(name, name)
            .to_string()
    }
}

impl Treatment {
    /// Whether `envdoctor fix` could carry it out here.
    pub fn is_repair(&self) -> bool {
        self.obstacle.is_none() && !matches!(self.step, Step::Tell(_))
    }

    /// Whether it is what would help here, and envdoctor cannot do it.
    pub fn is_blocked(&self) -> bool {
        matches!(self.obstacle, Some(Obstacle::Blocked(_)))
    }
}
