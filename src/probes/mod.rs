//! The probes: what each fact is asked from, and asking all that is wanted at once.

mod beam;
mod gather;
mod gpu;
mod machine;
mod nix;
mod observer;
mod once;
mod parsed;
mod project;
#[cfg(test)]
mod recorded;
mod root;
mod services;
mod tools;
mod versions;

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::Arc;

pub use gather::{Inquiry, gather};
pub use observer::{Observer, TICK};
pub use root::{project_root, repository};
pub use tools::{is_tool_package, tool_names};
pub use versions::{Survey, Unread};

use parsed::Parsed;
use services::postgres_answers;

use crate::facts::{Facts, known};
use crate::machine::Machine;

/// One way to learn some facts.
#[derive(Clone, Copy, Debug)]
pub struct Probe {
    /// What it looks at, for messages.
    pub name: &'static str,
    /// The facts that it brings, as the catalogue names them.
    pub yields: &'static [&'static str],
    /// What `*` stands for where a person wants to see everything.
    pub usual: &'static [&'static str],
    /// Whether each thing that a `*` stands for is asked for in a thread of its own.
    pub apart: bool,
    /// Asks. Brings the wanted facts at least; what it leaves out is absent.
    pub run: fn(&Context) -> Facts,
}

/// What a probe has to work with.
#[derive(Clone)]
pub struct Context {
    /// The machine to ask.
    pub machine: Arc<dyn Machine>,
    /// The project's folder.
    pub project: PathBuf,
    /// The names of the facts that are wanted of this probe.
    pub wanted: BTreeSet<String>,
    parsed: Arc<Parsed>,
}

impl Context {
    fn machine(&self) -> &dyn Machine {
        self.machine.as_ref()
    }

    fn wants(&self, fact: &str) -> bool {
        self.wanted.contains(fact)
    }

    /// What `*` stands for in the wanted facts, such as `elixir` in `tool.elixir.path`.
    fn subjects(&self) -> BTreeSet<&str> {
        self.wanted.iter().filter_map(|name| subject(name)).collect()
    }

    /// The user's home folder.
    fn home(&self) -> Option<PathBuf> {
        self.machine().env("HOME").present().map(PathBuf::from).filter(|home| home.is_absolute())
    }

    /// The folder of the user's configuration, as the XDG base directories have it.
    fn config_home(&self) -> Option<PathBuf> {
        let own = self.machine().env("XDG_CONFIG_HOME").present().map(PathBuf::from);
        own.filter(|path| path.is_absolute()).or_else(|| Some(self.home()?.join(".config")))
    }

    /// The project's folder and those above it.
    fn upward(&self) -> impl Iterator<Item = &Path> {
        self.project.ancestors()
    }
}

/// Every probe there is, area by area.
pub const PROBES: &[&[Probe]] = &[
    machine::PROBES,
    &[tools::PROBE],
    nix::PROBES,
    beam::PROBES,
    gpu::PROBES,
    services::PROBES,
    project::PROBES,
    versions::PROBES,
];

/// The names of all facts that are worth asking for when a person wants to see everything.
pub fn all_names() -> BTreeSet<String> {
    let mut names = BTreeSet::new();
    for probe in PROBES.iter().copied().flatten() {
        for name in probe.yields {
            match name.contains('*') {
                true => names.extend(probe.usual.iter().map(|subject| name.replace('*', subject))),
                false => _ = names.insert((*name).to_owned()),
            }
        }
    }
    names
}

fn subject(name: &str) -> Option<&str> {
    let at = known(name)?.name.split('.').position(|part| part == "*")?;
    name.split('.').nth(at)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::facts::catalogue;

    #[test]
    fn probes_and_catalogue_name_the_same_facts() {
        let mut yielded: Vec<_> =
            PROBES.iter().copied().flatten().flat_map(|probe| probe.yields).copied().collect();
        let mut catalogued: Vec<_> = catalogue().map(|known| known.name).collect();
        yielded.sort_unstable();
        catalogued.sort_unstable();
        assert_eq!(yielded, catalogued);
    }

    #[test]
    fn everything_is_in_the_catalogue() {
        let names = all_names();
        assert!(names.iter().all(|name| known(name).is_some()), "{names:?}");
        assert!(names.contains("tool.hex.version") && names.contains("env.MLX_MAX_GPUS"));
        assert_eq!(subject("tool.elixir.path"), Some("elixir"));
        assert_eq!(subject("gpu.count"), None);
    }
}
