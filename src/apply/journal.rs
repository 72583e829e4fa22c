//! The journal of a fix: on disk before each step, so that a kill at any moment leaves a record of what was under way.

use std::ffi::OsString;
use std::path::{Path, PathBuf};

use super::{Kept, Past, Record};
use crate::facts::Reading;
use crate::machine::{Change, ChangeError, Imprint, Machine};
use crate::state::State;

/// The journal of one fix, with the folder of its backups.
pub struct Journal<'a> {
    machine: &'a dyn Machine,
    folder: PathBuf,
    /// The project's folder.
    project: PathBuf,
    id: String,
    /// What was begun so far.
    steps: Vec<Record>,
    remedies: usize,
    backups: usize,
}

impl<'a> Journal<'a> {
    /// Begins a journal.
    ///
    /// # Errors
    /// The state folder cannot be written to.
    pub fn begin(
        machine: &'a dyn Machine,
        state: &State,
        project: &Path,
        at: jiff::Timestamp,
    ) -> Result<Self, ChangeError> {
        let id = at.strftime("%Y%m%dT%H%M%S%3fZ").to_string();
        let folder = state.fix(&id);
        state.create(machine)?;
        machine.change(&Change::MakeFolder(folder.join("backup")))?;
        let mut journal = Journal {
            machine,
            folder,
            project: project.to_owned(),
            id,
            steps: Vec::new(),
            remedies: 0,
            backups: 0,
        };
        let version = env!("CARGO_PKG_VERSION").to_owned();
        journal.write(&Record::Begin { project: project.to_owned(), at, version })?;
        Ok(journal)
    }

    /// Goes on with the journal of an earlier fix, to take steps of it back.
    ///
    /// # Errors
    /// It cannot be written to.
    pub fn reopen(machine: &'a dyn Machine, past: &Past) -> Result<Self, ChangeError> {
        let Past { folder, project, id, .. } = past.clone();
        let journal = Journal { machine, folder, project, id, steps: Vec::new(), remedies: 0, backups: 0 };
        let text = machine.read(&journal.path()).present().unwrap_or_default();
        if !text.is_empty() && !text.ends_with('\n') {
            machine.change(&Change::Append { path: journal.path(), content: b"\n".to_vec() })?;
        }
        Ok(journal)
    }

    /// Whether a path belongs to the project, as one of it or of a folder around it, and not to all that the person does.
    pub fn is_of_project(&self, path: &Path) -> bool {
        path.starts_with(&self.project)
            || path.parent().is_some_and(|around| self.project.starts_with(around))
    }

    /// Adds a line and waits until it is on disk.
    ///
    /// # Errors
    /// The journal cannot be written to.
    pub fn write(&mut self, record: &Record) -> Result<(), ChangeError> {
        let path = self.path();
        let mut content = serde_json::to_vec(record)
            .map_err(|error| ChangeError { path: path.clone(), why: error.to_string() })?;
        content.push(b'\n');
        self.machine.change(&Change::Append { path, content })?;
        if record.is_step() {
            self.steps.push(record.clone());
        }
        self.remedies += usize::from(matches!(record, Record::Remedy { .. }));
        Ok(())
    }

    /// What is kept of a path: what stands there, and a place for its copy.
    ///
    /// # Errors
    /// It cannot be looked at.
    pub fn keep(&mut self, path: &Path) -> Result<Kept, ChangeError> {
        let before = match self.machine.imprint(path) {
            Reading::Present(imprint) => Some(imprint),
            Reading::Absent => None,
            other => {
                let why = other.why_unknown().unwrap_or_default();
                return Err(ChangeError { path: path.to_owned(), why });
            }
        };
        let backup = before.is_some().then(|| self.backup_of(path));
        Ok(Kept { path: path.to_owned(), backup, before })
    }

    /// A place for the next backup of `path`, under its own name.
    pub fn backup_of(&mut self, path: &Path) -> PathBuf {
        self.backups += 1;
        self.folder.join("backup").join(numbered(self.backups, path))
    }

    /// A place for what stands in the way when `path` is brought back.
    ///
    /// # Errors
    /// The folder for it cannot be made.
    pub fn aside_of(&self, path: &Path) -> Result<PathBuf, ChangeError> {
        let aside = self.folder.join("aside");
        self.machine.change(&Change::MakeFolder(aside.clone()))?;
        let free = |place: &PathBuf| self.machine.imprint(place) == Reading::Absent;
        let places = (1..).map(|number| aside.join(numbered(number, path)));
        Ok(places.into_iter().find(free).unwrap_or(aside))
    }

    /// A place beside a file that was changed since, for the copy of what was there before: where that is already, if it is
    /// anywhere, else where nothing is.
    pub fn place_beside(&self, path: &Path, before: Option<&Imprint>) -> PathBuf {
        let name = |number: usize| {
            let mut name = path.file_name().unwrap_or_default().to_os_string();
            name.push(format!(".before-fix-{}", self.id));
            if number > 1 {
                name.push(format!("-{number}"));
            }
            path.with_file_name(name)
        };
        let fits = |place: &PathBuf| match self.machine.imprint(place) {
            Reading::Absent => true,
            there => there.as_present() == before,
        };
        (1..).map(name).find(fits).unwrap_or_else(|| name(1))
    }

    /// Keeps what the commands of the last remedy printed.
    ///
    /// # Errors
    /// The state folder cannot be written to.
    pub fn keep_output(&self, content: Vec<u8>) -> Result<(), ChangeError> {
        let path = self.folder.join(format!("output-{}.log", self.remedies));
        self.machine.change(&Change::Write { path, content })
    }

    /// How many remedies there are so far.
    pub fn remedies(&self) -> usize {
        self.remedies
    }

    /// Notes what stands now at the paths of every step from this one on: what looks whether they helped may write there
    /// too.
    ///
    /// # Errors
    /// The journal cannot be written to.
    pub fn settle(&mut self, first: usize) -> Result<(), ChangeError> {
        for number in first..self.steps.len() {
            let left = self.left(&self.steps[number]);
            if !left.is_empty() {
                self.write(&Record::Settled { number, left })?;
            }
        }
        Ok(())
    }

    /// How many steps there are so far.
    pub fn steps(&self) -> usize {
        self.steps.len()
    }

    /// What stands now at the paths that a step keeps.
    pub fn left(&self, step: &Record) -> Vec<Option<Imprint>> {
        step.kept().iter().map(|kept| self.machine.imprint(&kept.path).present()).collect()
    }

    fn path(&self) -> PathBuf {
        self.folder.join("journal.jsonl")
    }

    /// The folder of this fix's journal and backups.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// The fix's name: the time of its beginning.
    pub fn id(&self) -> &str {
        &self.id
    }
}

fn numbered(number: usize, path: &Path) -> OsString {
    let mut name = OsString::from(format!("{number}-"));
    name.push(path.file_name().unwrap_or_default());
    name
}
