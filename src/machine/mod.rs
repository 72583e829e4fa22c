//! The machine: one trait for every effect. Live asks the real one, recorded replays a file, and recording
//! wraps another machine and keeps what it answered.

mod change;
mod command_line;
mod glob;
mod imprint;
mod live;
mod question;
mod recorded;
mod recorded_tree;
mod recorder;
mod recording;
mod redact;
mod remembering;
mod sealed;
mod walk;
mod watch;

use std::ffi::OsString;
use std::io;
use std::path::{Path, PathBuf};

pub use change::{Change, ChangeError};
pub use command_line::command_line;
pub use imprint::Imprint;
pub use live::passthrough::{Ended, Finished, PassthroughError};
pub use live::{
    Interruption, Live, Lock, LockError, Log, LogError, Screen, StdoutAside, cache_home, can_ask,
    config_home, is_loopback, open_log, open_stdin, read_answer, state_home,
};
pub use question::{
    Account, Address, EXCERPT_LIMIT, Execution, FileKind, FileSystem, Header, Host, Listener, Page, Question,
    READ_LIMIT, Reply, Request, Response, Stat, Subject, User,
};
pub use recorded::{NOT_RECORDED, Recorded};
pub use recorder::Recorder;
pub use recording::{Answer, Otherwise, Port, Recording, RecordingError, Run, Unknown};
pub(crate) use redact::replace_folder;
pub use remembering::Remembering;
pub use walk::Walk;
pub use watch::Watch;

use crate::facts::Reading;
use crate::formats::startup_alone;
use crate::matching::Matcher;

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
    /// copy of what it prints to `output`. `watch` says for how long, and who ends it. Machines that only answer refuse.
    ///
    /// # Errors
    /// The command cannot be started or watched.
    fn pass_through(
        &self,
        argv: &[OsString],
        _watch: &Watch,
        _output: &mut dyn FnMut(&[u8]),
    ) -> Result<Finished, PassthroughError> {
        let program = argv.first().map(|word| word.to_string_lossy().into_owned()).unwrap_or_default();
        Err(PassthroughError::Refused { program, source: io::Error::other("this machine only answers") })
    }
}

/// Of a start-up file's text what is told of it.
fn only_startup(reply: Reply) -> Reply {
    match reply {
        Reply::Text(text) => Reply::Text(startup_alone(&text)),
        other => other,
    }
}

/// Whether the text that a question was answered by is as it is required to be.
fn matched(reply: &Reply, matcher: &Matcher) -> Reading<Reply> {
    match reply {
        Reply::Text(text) => Reading::Present(Reply::Flag(matcher.holds(text))),
        other => unexpected(other),
    }
}

/// Asks a question, and takes the one kind of reply that answers it.
macro_rules! expect {
    ($machine:expr, $question:expr, $reply:path) => {
        $machine.ask(&$question).and_then(|reply| match reply {
            $reply(value) => Reading::Present(value),
            other => unexpected(&other),
        })
    };
}

/// The questions with their answers' types.
impl dyn Machine + '_ {
    /// The value of an environment variable.
    pub fn env(&self, name: &str) -> Reading<String> {
        expect!(self, Question::Env(name.to_owned()), Reply::Text)
    }

    /// Where a program stands on PATH, links not followed.
    pub fn which(&self, program: &str) -> Reading<PathBuf> {
        expect!(self, Question::Which(program.to_owned()), Reply::Path)
    }

    /// A file's text.
    pub fn read(&self, file: &Path) -> Reading<String> {
        expect!(self, Question::Read(file.to_owned()), Reply::Text)
    }

    /// What stands in a shell's start-up file about direnv and other files.
    pub fn startup_file(&self, file: &Path) -> Reading<String> {
        expect!(self, Question::StartupFile(file.to_owned()), Reply::Text)
    }

    /// A file's content, whatever it holds; a file of more than `limit` bytes is a failure.
    pub fn read_bytes(&self, file: &Path, limit: u64) -> Reading<Vec<u8>> {
        expect!(self, Question::ReadBytes { file: file.to_owned(), limit }, Reply::Raw)
    }

    /// The text between two marks in a file that is otherwise no text.
    pub fn excerpt(&self, file: &Path, after: &str, before: &str) -> Reading<String> {
        let (after, before) = (after.to_owned(), before.to_owned());
        expect!(self, Question::Excerpt { file: file.to_owned(), after, before }, Reply::Text)
    }

    /// The sorted names in a folder.
    pub fn list(&self, folder: &Path) -> Reading<Vec<String>> {
        expect!(self, Question::List(folder.to_owned()), Reply::Names)
    }

    /// The files below a folder that match a glob, as paths from there.
    pub fn find(&self, folder: &Path, glob: &str) -> Reading<Vec<String>> {
        let question = Question::Find { folder: folder.to_owned(), glob: glob.to_owned() };
        expect!(self, question, Reply::Names)
    }

    /// A path with every link followed.
    pub fn resolve(&self, file: &Path) -> Reading<PathBuf> {
        expect!(self, Question::Resolve(file.to_owned()), Reply::Path)
    }

    /// The nearest folder above a path that is there, as it is named and with every link followed.
    pub fn folder_above<'p>(&self, path: &'p Path) -> Option<(&'p Path, PathBuf)> {
        path.ancestors().skip(1).find_map(|above| Some((above, self.resolve(above).present()?)))
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

    /// What a program prints in a folder, whose code it may run, on its standard output.
    pub fn run_in(&self, folder: &Path, argv: &[String]) -> Reading<String> {
        let question = Question::RunIn { folder: folder.to_owned(), argv: argv.to_owned() };
        self.ask(&question).and_then(|reply| match reply {
            Reply::Output { stdout, .. } => Reading::Present(stdout),
            other => unexpected(&other),
        })
    }

    /// The machine itself.
    pub fn host(&self) -> Reading<Host> {
        expect!(self, Question::Host, Reply::Host)
    }

    /// The file system that holds `file`.
    pub fn file_system(&self, file: &Path) -> Reading<FileSystem> {
        expect!(self, Question::FileSystem(file.to_owned()), Reply::FileSystem)
    }

    /// What stands at a path, links followed.
    pub fn stat(&self, file: &Path) -> Reading<Stat> {
        expect!(self, Question::Stat(file.to_owned()), Reply::Stat)
    }

    /// Whether this user may read and write what stands at a path; denied: no.
    pub fn access(&self, path: &Path) -> Reading<()> {
        self.ask(&Question::Access(path.to_owned())).and_then(|reply| match reply {
            Reply::Open => Reading::Present(()),
            other => unexpected(&other),
        })
    }

    /// The names of the environment variables that begin with `prefix`.
    pub fn variables(&self, prefix: &str) -> Reading<Vec<String>> {
        expect!(self, Question::Variables(prefix.to_owned()), Reply::Names)
    }

    /// Seconds since 1970 UTC.
    pub fn now(&self) -> Reading<u64> {
        expect!(self, Question::Clock, Reply::Seconds)
    }

    /// The user that envdoctor runs as.
    pub fn user(&self) -> Reading<User> {
        expect!(self, Question::User, Reply::User)
    }

    /// The names of a group's members; absent: there is no such group.
    pub fn group(&self, name: &str) -> Reading<Vec<String>> {
        expect!(self, Question::Group(name.to_owned()), Reply::Names)
    }

    /// What the program that listens at `address` answers to `send`, at most `expect` bytes; absent: nothing listens there.
    pub fn exchange(&self, address: &Address, send: &[u8], expect: usize) -> Reading<Vec<u8>> {
        let question = Question::Exchange { address: address.clone(), send: send.to_owned(), expect };
        expect!(self, question, Reply::Raw)
    }

    /// What a web server on this machine answers to GET; absent: nothing listens there.
    pub fn http(&self, url: &str) -> Reading<Response> {
        expect!(self, Question::Http(url.to_owned()), Reply::Response)
    }

    /// The programs that listen on TCP ports, as far as the user may know.
    pub fn listeners(&self) -> Reading<Vec<Listener>> {
        expect!(self, Question::Listeners, Reply::Listeners)
    }

    /// What stands at a path, links not followed, to tell whether it changes.
    pub fn imprint(&self, path: &Path) -> Reading<Imprint> {
        expect!(self, Question::Imprint(path.to_owned()), Reply::Imprint)
    }

    /// Where a link leads, as it is written in it; absent: there is nothing, or no link.
    pub fn link(&self, path: &Path) -> Reading<PathBuf> {
        expect!(self, Question::Link(path.to_owned()), Reply::Path)
    }

    /// SHA-256 of a file's content, in hexadecimal digits, links followed.
    pub fn checksum(&self, file: &Path) -> Reading<String> {
        expect!(self, Question::Checksum(file.to_owned()), Reply::Text)
    }

    /// Whether a text is as it is required to be.
    pub fn matches(&self, of: Subject, matcher: &Matcher) -> Reading<bool> {
        expect!(self, Question::Matches { of, matcher: matcher.clone() }, Reply::Flag)
    }

    /// Whether something listens on a TCP port; absent: nothing does.
    pub fn connect(&self, host: &str, port: u16) -> Reading<()> {
        self.ask(&Question::Connect { host: host.to_owned(), port }).and_then(|reply| match reply {
            Reply::Open => Reading::Present(()),
            other => unexpected(&other),
        })
    }

    /// What a web server answers, on whatever machine; absent: nothing listens there.
    pub fn request(&self, request: Request) -> Reading<Page> {
        expect!(self, Question::Request(Box::new(request)), Reply::Page)
    }

    /// The addresses of a host name; absent: it has none.
    pub fn lookup(&self, host: &str) -> Reading<Vec<String>> {
        expect!(self, Question::Lookup(host.to_owned()), Reply::Names)
    }

    /// Whether a process of that name runs, or one of a program of that name.
    pub fn process(&self, name: &str) -> Reading<bool> {
        expect!(self, Question::Process(name.to_owned()), Reply::Flag)
    }

    /// A user by name; absent: there is none.
    pub fn account(&self, name: &str) -> Reading<Account> {
        expect!(self, Question::Account(name.to_owned()), Reply::Account)
    }

    /// A group's number; absent: there is no such group.
    pub fn group_number(&self, name: &str) -> Reading<u64> {
        expect!(self, Question::GroupNumber(name.to_owned()), Reply::Number)
    }

    /// The files below a folder that git's index holds, as paths from there; absent: no repository is around it.
    pub fn tracked(&self, folder: &Path) -> Reading<Vec<String>> {
        expect!(self, Question::Tracked(folder.to_owned()), Reply::Names)
    }
}

fn unexpected<T>(reply: &Reply) -> Reading<T> {
    Reading::failed(format!("the recording holds an answer of another kind: {reply:?}"))
}
