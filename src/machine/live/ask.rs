//! Which part of the machine answers which question.

#![allow(clippy::disallowed_methods)]

use std::env::{self, VarError};
use std::io;
use std::path::Path;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use super::super::{Imprint, Question, Reply, Subject, matched, only_startup};
use super::process::Running;
use super::{
    exchange, execute, files, find, git_index, host, http, listeners, network, process, processes, request,
    tree, users,
};
use crate::facts::Reading;

pub(super) fn ask(question: &Question, deadline: Duration, running: &Running) -> Reading<Reply> {
    match question {
        Question::Env(name) => variable(name),
        Question::Which(program) => which(program),
        Question::Read(file) => files::read(file),
        Question::StartupFile(file) => files::read(file).map(only_startup),
        Question::ReadBytes { file, limit } => files::read_bytes(file, *limit),
        Question::Excerpt { file, after, before } => files::excerpt(file, after, before),
        Question::List(folder) => files::list(folder),
        Question::Find { folder, glob } => find::find(folder, glob),
        Question::Resolve(path) => files::resolve(path),
        // From the root folder, so that no file of the project is found beside it.
        Question::Run { argv } => process::run(argv, Path::new("/"), deadline, running),
        Question::RunIn { folder, argv } => process::run(argv, folder, deadline, running),
        Question::Connect { host, port } => network::connect(host, *port, deadline),
        Question::Host => host::describe(),
        Question::Exchange { address, send, expect } => exchange::exchange(address, send, *expect, deadline),
        Question::Http(url) => http::get(url, deadline),
        Question::Listeners => listeners::listeners(),
        Question::Variables(prefix) => variables(prefix),
        Question::User => users::user(),
        Question::Group(name) => users::group(name),
        Question::Clock => clock(),
        Question::FileSystem(path) => files::file_system(path),
        Question::Stat(path) => files::stat(path),
        Question::Access(path) => files::access(path),
        Question::Imprint(path) => tree::imprint(path),
        Question::Tracked(folder) => git_index::tracked(folder),
        Question::Checksum(file) => checksum(file),
        Question::Link(path) => files::link(path),
        Question::Matches { of, matcher } => text_of(of).and_then(|reply| matched(&reply, matcher)),
        Question::Execute { argv, folder, timeout, stdout, stderr } => {
            let deadline = Duration::from_millis(*timeout);
            execute::execute(argv, folder, deadline, running, stdout.as_ref(), stderr.as_ref())
        }
        Question::Request(request) => request::request(request),
        Question::Lookup(host) => network::lookup(host, deadline),
        Question::Process(name) => processes::runs(name),
        Question::Account(name) => users::account(name),
        Question::GroupNumber(name) => users::group_number(name),
    }
}

/// Of the file itself, not of a link to it.
fn checksum(file: &Path) -> Reading<Reply> {
    let end = files::resolve(file).and_then(|reply| match reply {
        Reply::Path(end) => tree::imprint(&end),
        other => Reading::Present(other),
    });
    end.and_then(|reply| match reply {
        Reply::Imprint(Imprint::File { sha256, .. }) => Reading::Present(Reply::Text(sha256)),
        _ => Reading::failed(format!("{}: not a regular file", file.display())),
    })
}

fn text_of(subject: &Subject) -> Reading<Reply> {
    match subject {
        Subject::File(file) => files::read(file),
        Subject::Variable(name) => variable(name),
    }
}

fn variable(name: &str) -> Reading<Reply> {
    // std panics on none of these any more, but no variable can have such a name.
    if name.is_empty() || name.contains(['=', '\0']) {
        return Reading::Absent;
    }
    match env::var(name) {
        Ok(value) => Reading::Present(Reply::Text(value)),
        Err(VarError::NotPresent) => Reading::Absent,
        Err(VarError::NotUnicode(_)) => Reading::NotText,
    }
}

fn variables(prefix: &str) -> Reading<Reply> {
    let names = env::vars_os().filter_map(|(name, _)| name.into_string().ok());
    let mut names: Vec<String> = names.filter(|name| name.starts_with(prefix)).collect();
    names.sort();
    Reading::Present(Reply::Names(names))
}

fn clock() -> Reading<Reply> {
    match SystemTime::now().duration_since(UNIX_EPOCH) {
        Ok(since) => Reading::Present(Reply::Seconds(since.as_secs())),
        Err(_) => Reading::failed("the clock stands before 1970"),
    }
}

fn which(program: &str) -> Reading<Reply> {
    which::which(program).ok().map(Reply::Path).into()
}

/// What an error of the system means for a question.
pub(super) fn unanswered<T>(error: &io::Error) -> Reading<T> {
    match error.kind() {
        io::ErrorKind::NotFound | io::ErrorKind::NotADirectory => Reading::Absent,
        io::ErrorKind::PermissionDenied => Reading::Denied,
        _ => Reading::failed(error.to_string()),
    }
}
