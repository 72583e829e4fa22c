//! Requirements: what `require:` in a project's `envdoctor.yaml`, or in the user's `config.yaml`, says that there must be.
//! They are read here, asked about, and judged; one that is not met is a finding of a built-in rule.

mod examine;
pub(crate) mod format;
mod judge;
mod read;
mod sealed;
mod tools;
mod trust;

use std::collections::BTreeSet;
use std::path::PathBuf;
use std::time::Duration;

use crate::facts::{Place, Severity};
use crate::machine::{Request, command_line};
use crate::matching::Matcher;
use crate::rules::RequirementKind;
use crate::secrets::without_literal_secrets;

pub use examine::{Judged, Undecided, examine, findings, undecided};
pub use judge::{Unmet, Verdict};
pub(crate) use read::{read, sections};
pub(crate) use sealed::sealed_settings;
pub use tools::RequiredTool;
pub(crate) use tools::TOOLS;
pub use trust::{Needs, Trust, files_run, needs};

/// One thing that there must be, or must not be.
#[derive(Clone, Debug, PartialEq)]
pub struct Requirement {
    /// What is required.
    pub need: Need,
    /// Where that stands.
    pub place: Place,
    /// Whose file it stands in.
    pub owner: Owner,
    /// How bad it is if it is not met; `None`: as the rule says.
    pub severity: Option<Severity>,
    /// Why it is required, in the words of whoever requires it.
    pub why: Option<String>,
    /// What to do where it is not met, in the same words.
    pub remedy: Option<String>,
}

/// Whose file a requirement stands in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Owner {
    /// The user's own.
    User,
    /// The project's, which is somebody else's until it is trusted.
    Project,
}

/// What is required.
#[derive(Clone, Debug, PartialEq)]
pub enum Need {
    /// A tool on PATH.
    Tool {
        /// The tool.
        tool: RequiredTool,
        /// The version that it must have.
        version: Option<String>,
        /// Where its server must answer.
        server: Option<(String, u16)>,
    },
    /// An environment variable.
    Variable {
        /// Its name.
        name: String,
        /// What it must be.
        wanted: Wanted,
    },
    /// A file, a folder or a link.
    File(FileNeed),
    /// A program on PATH.
    Program {
        /// Its name.
        name: String,
        /// Whether it must not be there.
        absent: bool,
    },
    /// What comes of a program.
    Command(CommandNeed),
    /// A TCP port of this machine.
    Port {
        /// The address at which it must be open; `None`: any of this machine.
        host: Option<String>,
        /// The port.
        port: u16,
        /// Whether nothing may listen there.
        free: bool,
    },
    /// What a web server answers.
    Http(Box<HttpNeed>),
    /// A service in the background.
    Service {
        /// Its name.
        name: String,
        /// Whether it must start by itself.
        enabled: Option<bool>,
        /// Whether it must not run.
        absent: bool,
    },
    /// A process.
    Process {
        /// Its name.
        name: String,
        /// Whether it must not run.
        absent: bool,
    },
    /// A package of the system.
    Package {
        /// Its name.
        name: String,
        /// The version that it must have.
        version: Option<Matcher>,
        /// Whether it must not be installed.
        absent: bool,
    },
    /// A user.
    User(UserNeed),
    /// A group of users.
    Group {
        /// Its name.
        name: String,
        /// Its number.
        gid: Option<Matcher>,
        /// Whether there must be none.
        absent: bool,
    },
    /// A host and port that accepts connections.
    Address {
        /// The host.
        host: String,
        /// The port.
        port: u16,
        /// Whether it must not.
        absent: bool,
    },
    /// A host name.
    Name {
        /// The name.
        name: String,
        /// What its addresses must be.
        addresses: Option<Matcher>,
        /// Whether it must have none.
        absent: bool,
    },
    /// A mounted file system.
    Mount(MountNeed),
    /// A setting of the kernel.
    Sysctl {
        /// Its name, such as `vm.max_map_count`.
        name: String,
        /// What it must be.
        wanted: Matcher,
    },
    /// A fact that envdoctor knows.
    Fact {
        /// Its name.
        name: String,
        /// What it must be.
        wanted: Wanted,
    },
}

/// What a thing that may or may not be there must be.
#[derive(Clone, Debug, PartialEq)]
pub enum Wanted {
    /// There.
    There,
    /// Not there.
    Absent,
    /// There, and so.
    So(Matcher),
}

/// A file, a folder or a link that is required.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct FileNeed {
    /// The path, from the project's folder or absolute; `~` is the home.
    pub path: String,
    /// Whether nothing may stand there.
    pub absent: bool,
    /// What must stand there.
    pub kind: Option<FileType>,
    /// The permission bits that it must have.
    pub mode: Option<u32>,
    /// The user that it must belong to.
    pub owner: Option<String>,
    /// The group that it must belong to.
    pub group: Option<String>,
    /// How large it must be, in bytes.
    pub size: Option<Matcher>,
    /// Where the link must lead, as it is written in it.
    pub target: Option<Matcher>,
    /// SHA-256 of its content, in hexadecimal digits.
    pub sha256: Option<String>,
    /// What its text must be.
    pub content: Option<Matcher>,
}

/// What stands at a path.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FileType {
    /// A regular file.
    File,
    /// A folder.
    Folder,
    /// A link, wherever it leads.
    Link,
    /// A socket.
    Socket,
}

/// A program that is run.
#[derive(Clone, Debug, PartialEq)]
pub struct CommandNeed {
    /// The program and its arguments.
    pub argv: Vec<String>,
    /// What its exit status must be.
    pub exit: Matcher,
    /// What it must print on its standard output.
    pub stdout: Option<Matcher>,
    /// What it must print on its standard error.
    pub stderr: Option<Matcher>,
    /// How long it may take.
    pub timeout: Duration,
}

/// A web server that is asked.
#[derive(Clone, Debug, PartialEq)]
pub struct HttpNeed {
    /// What it is asked.
    pub request: Request,
    /// What the status must be.
    pub status: Matcher,
}

/// A user that is required.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct UserNeed {
    /// The name; `me` is the user that envdoctor runs as.
    pub name: String,
    /// Whether there must be none.
    pub absent: bool,
    /// Its number.
    pub uid: Option<Matcher>,
    /// The number of its own group.
    pub gid: Option<Matcher>,
    /// Its home folder.
    pub home: Option<Matcher>,
    /// Its shell.
    pub shell: Option<Matcher>,
    /// Its groups.
    pub groups: Option<Matcher>,
}

/// A mounted file system that is required.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct MountNeed {
    /// Where.
    pub path: PathBuf,
    /// Whether nothing may be mounted there.
    pub absent: bool,
    /// What is mounted.
    pub source: Option<Matcher>,
    /// The kind of file system.
    pub filesystem: Option<Matcher>,
    /// How it is mounted.
    pub options: Option<Matcher>,
    /// How much of it is used, in per cent.
    pub used: Option<Matcher>,
}

impl Need {
    /// The kind of requirement, which says which rules can be about it.
    pub fn kind(&self) -> RequirementKind {
        match self {
            Need::Tool { .. } => RequirementKind::Tool,
            Need::Variable { .. } => RequirementKind::Variable,
            Need::File(_) => RequirementKind::File,
            Need::Program { .. } | Need::Command(_) => RequirementKind::Command,
            Need::Port { .. } => RequirementKind::Port,
            Need::Http(_) => RequirementKind::Http,
            Need::Service { .. } => RequirementKind::Service,
            Need::Process { .. } => RequirementKind::Process,
            Need::Package { .. } => RequirementKind::Package,
            Need::User(_) => RequirementKind::User,
            Need::Group { .. } => RequirementKind::Group,
            Need::Address { .. } => RequirementKind::Address,
            Need::Name { .. } => RequirementKind::Name,
            Need::Mount(_) => RequirementKind::Mount,
            Need::Sysctl { .. } => RequirementKind::Sysctl,
            Need::Fact { .. } => RequirementKind::Fact,
        }
    }

    /// What it is about, as a person would name it, without the secrets in it.
    pub fn name(&self) -> String {
        match self {
            Need::Tool { tool, .. } => tool.shown.to_owned(),
            Need::Variable { name, .. }
            | Need::Program { name, .. }
            | Need::Service { name, .. }
            | Need::Process { name, .. }
            | Need::Package { name, .. }
            | Need::Group { name, .. }
            | Need::Name { name, .. }
            | Need::Sysctl { name, .. }
            | Need::Fact { name, .. } => name.clone(),
            Need::File(file) => file.path.clone(),
            Need::Command(command) => without_literal_secrets(&command_line(&command.argv)),
            Need::Port { host: None, port, .. } => port.to_string(),
            Need::Port { host: Some(host), port, .. } | Need::Address { host, port, .. } => {
                host_and_port(host, *port)
            }
            Need::Http(http) => without_literal_secrets(&http.request.url),
            Need::User(user) => user.name.clone(),
            Need::Mount(mount) => mount.path.display().to_string(),
        }
    }

    /// How long it may take to tell, beside what any question may.
    pub fn timeout(&self) -> Duration {
        match self {
            Need::Command(command) => command.timeout,
            Need::Http(http) => Duration::from_millis(http.request.timeout),
            _ => Duration::ZERO,
        }
    }

    /// The facts that decide it.
    pub fn facts(&self) -> BTreeSet<String> {
        match self {
            Need::Tool { tool, server, .. } => {
                let facts = |name: &&str| [format!("tool.{name}.path"), format!("tool.{name}.version")];
                // Whether it is the one that the project's own files name.
                let named = ["postgres.server", "postgres.answers"].map(str::to_owned);
                let named = named.into_iter().filter(|_| server.is_some());
                tool.programs.iter().flat_map(facts).chain(named).collect()
            }
            Need::Port { host: None, port, .. } => [format!("port.{port}.process")].into(),
            Need::Fact { name, .. } => [name.clone()].into(),
            _ => BTreeSet::new(),
        }
    }
}

fn host_and_port(host: &str, port: u16) -> String {
    match host.contains(':') {
        true => format!("[{host}]:{port}"),
        false => format!("{host}:{port}"),
    }
}
