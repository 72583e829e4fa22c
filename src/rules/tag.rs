//! What a failure has to do with, whichever family it is of.

use std::fmt;

use serde::{Deserialize, Serialize};

/// A word by which rules of several families are chosen or left out. A rule has none, one or a few; a family or a rule is
/// never called like a tag.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
#[allow(missing_docs)] // What each means is said in `meaning`.
pub enum Tag {
    Assets,
    Cache,
    Code,
    Config,
    Credentials,
    Dependencies,
    Download,
    Driver,
    Lockfile,
    Macos,
    Native,
    Nixos,
    Permissions,
    Platform,
    Resources,
    Sandbox,
    Security,
    Service,
    Shell,
    Tools,
    Versions,
}

impl Tag {
    /// Every tag by its name in a rule file.
    pub const ALL: &'static [(&'static str, Tag)] = &[
        ("assets", Tag::Assets),
        ("cache", Tag::Cache),
        ("code", Tag::Code),
        ("config", Tag::Config),
        ("credentials", Tag::Credentials),
        ("dependencies", Tag::Dependencies),
        ("download", Tag::Download),
        ("driver", Tag::Driver),
        ("lockfile", Tag::Lockfile),
        ("macos", Tag::Macos),
        ("native", Tag::Native),
        ("nixos", Tag::Nixos),
        ("permissions", Tag::Permissions),
        ("platform", Tag::Platform),
        ("resources", Tag::Resources),
        ("sandbox", Tag::Sandbox),
        ("security", Tag::Security),
        ("service", Tag::Service),
        ("shell", Tag::Shell),
        ("tools", Tag::Tools),
        ("versions", Tag::Versions),
    ];

    /// Whether a tag is called so.
    pub fn is_name(word: &str) -> bool {
        Tag::ALL.iter().any(|(name, _)| *name == word)
    }

    /// What the failure has to do with, in one line.
    pub fn meaning(self) -> &'static str {
        match self {
            Tag::Assets => "the web front end: esbuild, Tailwind, what npm brings for them",
            Tag::Cache => "what a tool built or keeps, and can make anew, is stale or damaged",
            Tag::Code => "a mistake in the project's own code, not in its environment",
            Tag::Config => "a setting: of a tool's configuration, or in a variable",
            Tag::Credentials => "passwords, keys and tokens, and who one is for a server",
            Tag::Dependencies => "the packages that the project asks for",
            Tag::Download => "something has to come from another machine",
            Tag::Driver => "a GPU's driver and what belongs to it",
            Tag::Lockfile => "mix.lock, flake.lock and other lock files",
            Tag::Macos => "macOS alone",
            Tag::Native => "compiled code: building it, or loading its libraries",
            Tag::Nixos => "NixOS and Home Manager",
            Tag::Permissions => "who may read, write or open something",
            Tag::Platform => "made for another processor, GPU or operating system",
            Tag::Resources => "memory, a GPU's too, disks and other limits of the machine",
            Tag::Sandbox => "containers, and builds that are shut off from the machine",
            Tag::Security => "what cannot be trusted: checksums, signatures, certificates, known weaknesses",
            Tag::Service => "a server does not run, is in another's way, or cannot be reached",
            Tag::Shell => "the way into the project's shell: direnv, asdf, mise, start-up files",
            Tag::Tools => "a program, or a part of one, is not installed, not on PATH, or hidden by another",
            Tag::Versions => "two things whose versions do not fit together",
        }
    }
}

impl fmt::Display for Tag {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(Tag::ALL.iter().find(|(_, tag)| tag == self).map_or("", |(name, _)| name))
    }
}
