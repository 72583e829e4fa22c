//! The lines of a journal.

use std::path::PathBuf;

use serde::{Deserialize, Serialize};

use crate::facts::Risk;
use crate::machine::Imprint;

/// One line of the journal.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "step", rename_all = "snake_case")]
pub enum Record {
    /// A fix begins.
    Begin {
        /// The project's folder.
        project: PathBuf,
        /// When.
        at: jiff::Timestamp,
        /// The version of envdoctor that writes.
        version: String,
    },
    /// A remedy begins: the steps that follow are its own.
    Remedy {
        /// The rule that it helps against.
        rule: String,
        /// What it does.
        title: String,
        /// How far it reaches.
        risk: Risk,
    },
    /// A file is about to be written.
    Edit {
        /// The file, and where its old content goes.
        #[serde(flatten)]
        kept: Kept,
        /// What it is to hold.
        after: Imprint,
        /// Folders that are made for it, the outermost first.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        made: Vec<PathBuf>,
    },
    /// A path is about to be moved into the backup.
    Remove {
        /// The path.
        path: PathBuf,
        /// Where it goes.
        backup: PathBuf,
    },
    /// What a command changes is about to be copied into the backup.
    Run {
        /// The command.
        argv: Vec<String>,
        /// What is kept of what it changes.
        kept: Vec<Kept>,
        /// Folders above them that are not there, the outermost first.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        made: Vec<PathBuf>,
        /// The command that takes it back.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        undo: Option<Vec<String>>,
    },
    /// Git's index is about to be copied into the backup, and then to know these files.
    Track {
        /// The files.
        files: Vec<PathBuf>,
        /// The index.
        index: Kept,
    },
    /// All is in the backup, and the command starts.
    Started,
    /// The step before this line is complete.
    Done {
        /// What stands now where something was kept.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        left: Vec<Option<Imprint>>,
    },
    /// The step before this line failed.
    Failed {
        /// Why.
        why: String,
        /// What stands now where something was kept.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        left: Vec<Option<Imprint>>,
    },
    /// The failed command, or the check, was asked again since, which may have written there too.
    Settled {
        /// The step, counted from 0 over all that change something.
        number: usize,
        /// What stands now where something was kept.
        left: Vec<Option<Imprint>>,
    },
    /// What came of a remedy.
    Outcome {
        /// The remedy, counted from 0.
        remedy: usize,
        /// In the words of the outputs.
        outcome: String,
    },
    /// A step was taken back.
    Back {
        /// The step.
        number: usize,
        /// All of it; else something was changed since and is left as it is.
        whole: bool,
    },
    /// The backups were removed, being old or large.
    Pruned,
}

/// A path that a step changes, and the copy of what stood there.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Kept {
    /// The path.
    pub path: PathBuf,
    /// The copy; `None`: nothing stood there.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub backup: Option<PathBuf>,
    /// What stood there.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub before: Option<Imprint>,
}

impl Record {
    /// Whether it is a step: something that changes something.
    pub fn is_step(&self) -> bool {
        matches!(
            self,
            Record::Edit { .. } | Record::Remove { .. } | Record::Run { .. } | Record::Track { .. }
        )
    }

    /// The paths that the step changes, as far as they are known.
    pub fn paths(&self) -> Vec<PathBuf> {
        match self {
            Record::Remove { path, .. } => vec![path.clone()],
            step => step.kept().iter().map(|kept| kept.path.clone()).collect(),
        }
    }

    /// The paths that the step keeps.
    pub fn kept(&self) -> Vec<&Kept> {
        match self {
            Record::Edit { kept, .. } => vec![kept],
            Record::Run { kept, .. } => kept.iter().collect(),
            Record::Track { index, .. } => vec![index],
            _ => Vec::new(),
        }
    }
}
