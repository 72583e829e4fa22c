//! What a requirement of somebody else's project does not get before the project is trusted.

use std::path::{Path, PathBuf};

use super::judge::place_of;
use super::{Need, Owner, Requirement};
use crate::machine::{FileKind, Machine, command_line, is_loopback};

/// Whether the project's requirements may have all that they ask for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Trust {
    /// They may.
    Given,
    /// They may not, and why, as a clause.
    NotGiven(String),
}

/// What a requirement asks for that only a trusted project gets.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Needs {
    /// It runs a program.
    Run(Vec<String>),
    /// It connects to another machine.
    Connect(String),
    /// It asks a web server, which may do whatever it does when it is asked.
    Request {
        /// The method.
        method: String,
        /// The address.
        url: String,
        /// Whether it follows where the server leads.
        follow: bool,
    },
    /// It asks the resolver for the addresses of a name.
    Resolve(String),
    /// It looks into a file outside of the project.
    Read(PathBuf),
}

impl Needs {
    /// What it does, as a clause that begins with "it".
    pub fn told(&self) -> String {
        match self {
            Needs::Run(argv) => format!("runs `{}`", command_line(argv)),
            Needs::Connect(to) => format!("connects to {to}"),
            Needs::Request { method, url, follow } => {
                let further = if *follow { ", and follows where that leads" } else { "" };
                format!("sends {method} {url}{further}")
            }
            Needs::Resolve(name) => format!("asks for the addresses of {name}"),
            Needs::Read(file) => format!("looks into {}", file.display()),
        }
    }
}

/// What a requirement asks for that only a trusted project gets; `None`: nothing, or it is the user's own.
pub fn needs(requirement: &Requirement, machine: &dyn Machine, project: &Path) -> Option<Needs> {
    if requirement.owner == Owner::User {
        return None;
    }
    let elsewhere = |host: &str| !is_loopback(host);
    match &requirement.need {
        Need::Command(command) => Some(Needs::Run(command.argv.clone())),
        Need::Http(http) => Some(Needs::Request {
            method: http.request.method.clone(),
            url: requirement.need.name(),
            follow: http.request.follow,
        }),
        Need::Address { host, .. } | Need::Port { host: Some(host), .. } => {
            elsewhere(host).then(|| Needs::Connect(requirement.need.name()))
        }
        Need::Tool { server: Some((host, port)), .. } => {
            elsewhere(host).then(|| Needs::Connect(format!("{host}:{port}")))
        }
        Need::Name { name, .. } => elsewhere(name).then(|| Needs::Resolve(name.clone())),
        Need::File(file) if file.content.is_some() || file.sha256.is_some() => {
            let path = place_of(&file.path, machine, project);
            let is_own = match (machine.resolve(&path).present(), machine.resolve(project).present()) {
                (Some(end), Some(project)) => end.starts_with(project),
                // Nothing is there to look into.
                _ => true,
            };
            (!is_own).then_some(Needs::Read(path))
        }
        _ => None,
    }
}

/// The files of the project that a requirement's program is, or is given: they are trusted along with it.
pub fn files_run(requirement: &Requirement, machine: &dyn Machine, project: &Path) -> Vec<String> {
    let Need::Command(command) = &requirement.need else { return Vec::new() };
    let is_own = |word: &&String| {
        let path = project.join(word);
        !Path::new(word).is_absolute()
            && !word.is_empty()
            && machine.stat(&path).present().is_some_and(|stat| stat.kind == FileKind::File)
    };
    command.argv.iter().filter(is_own).cloned().collect()
}
