//! The machine: one trait for every effect. Live asks the real one, recorded replays a file, and recording
//! wraps another machine and keeps what it answered.

mod change;
mod glob;
mod live;
mod question;
mod recorded;
mod recorded_tree;
mod recorder;
mod recording;
mod redact;

use std::ffi::OsString;
use std::io;
use std::path::{Path, PathBuf};

pub use change::{Change, ChangeError};
pub use live::passthrough::{Finished, PassthroughError};
pub use live::{Live, LogError, StdoutAside, can_ask, open_log, screen_width, state_home};
pub use question::{Host, Question, READ_LIMIT, Reply};
pub use recorded::Recorded;
pub use recorder::Recorder;
pub use recording::{Otherwise, Port, Recording, RecordingError, Run, Unknown};

pub(crate) use redact::without_secrets;

use crate::facts::Reading;

/// Everything that envdoctor asks of the world or does to it.
pub trait Machine: Send + Sync {
    /// Answers a question, within the machine's deadline.
    fn ask(&self, question: &Question) -> Reading<Reply>;

    /// Ends the programs that are still running to answer a question, with all that they started. Whoever waits for
    /// their answer gets one, if a poor one.
    fn stop(&self) {}

    /// Changes something. Machines that only answer refuse.
    ///
    /// # Errors
    /// Says which path could not be changed, and why.
    fn change(&self, change: &Change) -> Result<(), ChangeError> {
        Err(ChangeError { path: change.path().to_owned(), why: "this machine only answers".to_owned() })
    }

    /// Runs a command in the folder in which envdoctor stands, with its streams passed through untouched, and hands a
    /// copy of what it prints to `output`. Machines that only answer refuse.
    ///
    /// # Errors
    /// The command cannot be started or watched.
    fn pass_through(
        &self,
        argv: &[OsString],
        _output: &mut dyn FnMut(&[u8]),
    ) -> Result<Finished, PassthroughError> {
        let program = argv.first().map(|word| word.to_string_lossy().into_owned()).unwrap_or_default();
        Err(PassthroughError::Refused { program, source: io::Error::other("this machine only answers") })
    }
}

/// The questions with their answers' types.
impl dyn Machine + '_ {
    /// The value of an environment variable.
    pub fn env(&self, name: &str) -> Reading<String> {
        self.ask(&Question::Env(name.to_owned())).and_then(text)
    }

    /// Where a program stands on PATH, links not followed.
    pub fn which(&self, program: &str) -> Reading<PathBuf> {
        self.ask(&Question::Which(program.to_owned())).and_then(path)
    }

    /// A file's text.
    pub fn read(&self, file: &Path) -> Reading<String> {
        self.ask(&Question::Read(file.to_owned())).and_then(text)
    }

    /// The sorted names in a folder.
    pub fn list(&self, folder: &Path) -> Reading<Vec<String>> {
        self.ask(&Question::List(folder.to_owned())).and_then(names)
    }

    /// The files below a folder that match a glob, as paths from there.
    pub fn find(&self, folder: &Path, glob: &str) -> Reading<Vec<String>> {
        let question = Question::Find { folder: folder.to_owned(), glob: glob.to_owned() };
        self.ask(&question).and_then(names)
    }

    /// A path with every link followed.
    pub fn resolve(&self, file: &Path) -> Reading<PathBuf> {
        self.ask(&Question::Resolve(file.to_owned())).and_then(path)
    }

    /// Whether there is something at a path; unknown counts as no.
    pub fn exists(&self, file: &Path) -> bool {
        matches!(self.resolve(file), Reading::Present(_))
    }

    /// What a program prints on its standard output.
    pub fn run(&self, argv: &[&str]) -> Reading<String> {
        let argv = argv.iter().map(|&word| word.to_owned()).collect();
        self.ask(&Question::Run { argv }).and_then(|reply| match reply {
            Reply::Output { stdout, .. } => Reading::Present(stdout),
            other => unexpected(&other),
        })
    }

    /// The machine itself.
    pub fn host(&self) -> Reading<Host> {
        self.ask(&Question::Host).and_then(|reply| match reply {
            Reply::Host(host) => Reading::Present(host),
            other => unexpected(&other),
        })
    }

    /// Free bytes on the file system that holds `file`.
    pub fn free_space(&self, file: &Path) -> Reading<u64> {
        self.ask(&Question::FreeSpace(file.to_owned())).and_then(|reply| match reply {
            Reply::Bytes(bytes) => Reading::Present(bytes),
            other => unexpected(&other),
        })
    }
}

fn text(reply: Reply) -> Reading<String> {
    match reply {
        Reply::Text(text) => Reading::Present(text),
        other => unexpected(&other),
    }
}

fn names(reply: Reply) -> Reading<Vec<String>> {
    match reply {
        Reply::Names(names) => Reading::Present(names),
        other => unexpected(&other),
    }
}

fn path(reply: Reply) -> Reading<PathBuf> {
    match reply {
        Reply::Path(path) => Reading::Present(path),
        other => unexpected(&other),
    }
}

fn unexpected<T>(reply: &Reply) -> Reading<T> {
    Reading::failed(format!("the recording holds an answer of another kind: {reply:?}"))
}
