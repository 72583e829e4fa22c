//! Projects whose rules envdoctor may read and whose code it may run, each as it was when the person said so.

mod own;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use data_encoding::HEXLOWER;
pub use own::{OwnContent, OwnFiles};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::State;
use crate::facts::Reading;
use crate::machine::{Change, ChangeError, Machine, READ_LIMIT};

/// Files of a project's folder that Nix, Mix or direnv evaluate, or that decide what they fetch.
const FILES: &[&str] = &[
    ".envrc",
    ".env",
    ".tool-versions",
    ".mise.toml",
    // Also where they are links, or where git ignores them.
    "default.nix",
    "flake.nix",
    "shell.nix",
    "flake.lock",
    "mise.toml",
    "mix.exs",
    "mix.lock",
    "rebar.config",
];

/// The project's settings.
const SETTINGS: &str = "envdoctor.yaml";

/// And those below it. What git ignores is left out, but Mix evaluates the `mix.exs` of each fetched dependency.
const GLOBS: &[&str] = &["**/*.nix", "config/**/*.exs", "apps/*/mix.exs", "apps/*/config/**/*.exs"];

/// The files of a project that its tools evaluate or envdoctor reads for itself, by the sum of their content.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pinned {
    /// SHA-256 of each file's content, in hexadecimal digits, by its path from the project's folder.
    pub files: BTreeMap<String, String>,
    /// The same of the files that commands run which the project requires to succeed.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub programs: BTreeMap<String, String>,
}

impl Pinned {
    /// The files as they are now.
    ///
    /// # Errors
    /// Names the file that could not be read.
    pub fn now(machine: &dyn Machine, project: &Path) -> Result<Pinned, String> {
        let own = OwnFiles::list(machine, project)?.read(machine, project)?;
        Pinned::with(machine, project, &own)
    }

    /// The same with the project's own files as they were read before.
    ///
    /// # Errors
    /// Names the file that could not be read.
    pub fn with(machine: &dyn Machine, project: &Path, own: &OwnContent) -> Result<Pinned, String> {
        let mut names: Vec<String> = FILES.iter().chain([&SETTINGS]).map(|&name| name.to_owned()).collect();
        for glob in GLOBS {
            names.extend(machine.find(project, glob).or_why("the project's folder is not there")?);
        }
        let deps = machine.list(&project.join("deps")).present().unwrap_or_default();
        for name in deps {
            let evaluated = ["mix.exs", "rebar.config", "rebar.config.script"];
            names.extend(evaluated.map(|file| format!("deps/{name}/{file}")));
        }
        let mut files: BTreeMap<String, String> = own.sums().collect();
        for name in names {
            match machine.read(&project.join(&name)) {
                Reading::Present(text) => {
                    files.insert(name, sum(text.as_bytes()));
                }
                Reading::Absent => {}
                other => return Err(format!("{name}: {}", other.why_unknown().unwrap_or_default())),
            }
        }
        Ok(Pinned { files, programs: BTreeMap::new() })
    }

    /// The same with the files of the project that its required commands run.
    ///
    /// # Errors
    /// Names the file that could not be read.
    pub fn with_programs(
        mut self,
        machine: &dyn Machine,
        project: &Path,
        names: &[String],
    ) -> Result<Pinned, String> {
        for name in names {
            let bytes = machine.read_bytes(&project.join(name), READ_LIMIT).or_why("it is gone");
            self.programs.insert(name.clone(), sum(&bytes.map_err(|why| format!("{name}: {why}"))?));
        }
        Ok(self)
    }

    /// Whether this text was trusted as that of the project's settings.
    pub fn has_settings(&self, text: &str) -> bool {
        self.files.get(SETTINGS).is_some_and(|pinned| *pinned == sum(text.as_bytes()))
    }

    /// The programs, among these, that were not trusted as they are now.
    pub fn programs_changed(&self, now: &Pinned) -> Vec<String> {
        let changed = now.programs.iter().filter(|(name, sum)| self.programs.get(*name) != Some(*sum));
        changed.map(|(name, _)| name.clone()).collect()
    }

    /// The files that are not as they were in `before`: changed, new or gone.
    pub fn changed_since(&self, before: &Pinned) -> Vec<String> {
        let names = self.files.keys().chain(before.files.keys());
        let mut changed: Vec<String> =
            names.filter(|name| self.files.get(*name) != before.files.get(*name)).cloned().collect();
        changed.sort();
        changed.dedup();
        changed
    }
}

fn sum(bytes: &[u8]) -> String {
    HEXLOWER.encode(&Sha256::digest(bytes))
}

impl State {
    /// What was trusted of a project; `None`: it is not.
    pub fn trusted(&self, machine: &dyn Machine, project: &Path) -> Option<Pinned> {
        self.all_trusted(machine).remove(project)
    }

    /// Trusts a project as it is pinned, or no longer.
    ///
    /// # Errors
    /// The state folder cannot be written to.
    pub fn trust(
        &self,
        machine: &dyn Machine,
        project: &Path,
        pinned: Option<Pinned>,
    ) -> Result<(), ChangeError> {
        let mut all = self.all_trusted(machine);
        match pinned {
            Some(pinned) => _ = all.insert(project.to_owned(), pinned),
            None => _ = all.remove(project),
        }
        self.create(machine)?;
        let path = self.folder.join("trusted.json");
        let content = serde_json::to_vec_pretty(&all)
            .map_err(|error| ChangeError { path: path.clone(), why: error.to_string() })?;
        machine.change(&Change::Write { path, content })
    }

    fn all_trusted(&self, machine: &dyn Machine) -> BTreeMap<PathBuf, Pinned> {
        let text = machine.read(&self.folder.join("trusted.json")).present();
        text.and_then(|text| serde_json::from_str(&text).ok()).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::machine::{Recorded, Recording};

    fn pinned(files: &str) -> Pinned {
        let text = format!("project: /p\notherwise: absent\nfiles: {{{files}}}\n");
        let machine = Recorded::new(&Recording::parse(&text, "m").unwrap());
        Pinned::now(&machine, Path::new("/p")).unwrap()
    }

    #[test]
    fn every_change_of_what_is_evaluated_shows() {
        let before = pinned("/p/mix.exs: a, /p/nix/shell.nix: b, /p/lib/a.ex: c, /p/deps/jason/mix.exs: d");
        assert_eq!(before.files.len(), 3, "{before:?}");
        let same = pinned("/p/mix.exs: a, /p/nix/shell.nix: b, /p/lib/a.ex: other, /p/deps/jason/mix.exs: d");
        assert_eq!(same.changed_since(&before), Vec::<String>::new());
        let other = pinned("/p/mix.exs: x, /p/config/dev.exs: n, /p/deps/jason/mix.exs: e");
        let changed = ["config/dev.exs", "deps/jason/mix.exs", "mix.exs", "nix/shell.nix"];
        assert_eq!(other.changed_since(&before), changed);
    }
}
