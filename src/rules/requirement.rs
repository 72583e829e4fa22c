//! The kinds of requirements that a rule can be about, which a project's `envdoctor.yaml` states.

use serde::{Deserialize, Serialize};

/// A kind of requirement: a section of `require:`, or a tool in it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RequirementKind {
    /// A tool, its version, and for a server that it answers.
    Tool,
    /// An environment variable.
    Variable,
    /// A file, a folder or a link.
    File,
    /// A program, and what it prints.
    Command,
    /// A TCP port of this machine.
    Port,
    /// What a web server answers.
    Http,
    /// A service that runs in the background.
    Service,
    /// A process.
    Process,
    /// A package of the system.
    Package,
    /// A user.
    User,
    /// A group of users.
    Group,
    /// A host and port that accepts connections.
    Address,
    /// A host name.
    Name,
    /// A mounted file system.
    Mount,
    /// A setting of the kernel.
    Sysctl,
    /// A fact.
    Fact,
    /// Any of these: something is there that must not be.
    Any,
}

impl RequirementKind {
    /// Every kind by its name in a rule file.
    pub const ALL: &'static [(&'static str, RequirementKind)] = &[
        ("tool", RequirementKind::Tool),
        ("variable", RequirementKind::Variable),
        ("file", RequirementKind::File),
        ("command", RequirementKind::Command),
        ("port", RequirementKind::Port),
        ("http", RequirementKind::Http),
        ("service", RequirementKind::Service),
        ("process", RequirementKind::Process),
        ("package", RequirementKind::Package),
        ("user", RequirementKind::User),
        ("group", RequirementKind::Group),
        ("address", RequirementKind::Address),
        ("name", RequirementKind::Name),
        ("mount", RequirementKind::Mount),
        ("sysctl", RequirementKind::Sysctl),
        ("fact", RequirementKind::Fact),
        ("any", RequirementKind::Any),
    ];

    /// The kind's name in a rule file.
    pub fn name(self) -> &'static str {
        Self::ALL.iter().find(|(_, kind)| *kind == self).map_or("", |(name, _)| name)
    }

    /// What a rule about it may name in its messages and remedies. Only `why` and `remedy` may be missing: the requirement
    /// itself says them, or does not.
    pub const CAPTURES: &'static [&'static str] = &["name", "wanted", "seen", "file", "why", "remedy"];
}
