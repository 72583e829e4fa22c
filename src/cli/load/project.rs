//! The project's own rules, which are somebody else's: they are read only as they were trusted.

use std::path::{Path, PathBuf};

use super::Sources;
use super::file::RuleFile;
use crate::machine::Machine;
use crate::state::{OwnContent, OwnFiles};

/// Of names that are told, the first.
const TOLD: usize = 3;

/// The project's own rules that are not read.
#[derive(Clone, Debug)]
pub(in crate::cli) struct Unread {
    files: Vec<RuleName>,
    why: Why,
}

#[derive(Clone, Debug)]
struct RuleName {
    path: PathBuf,
    id: String,
}

#[derive(Clone, Debug)]
enum Why {
    /// Nobody has trusted them.
    NotTrusted,
    /// They are not as they were trusted.
    Changed(Vec<String>),
    /// They cannot be read.
    Refused(String),
}

/// What a project brings.
#[derive(Default)]
pub(super) struct Own {
    pub(super) files: Vec<RuleFile>,
    pub(super) unread: Option<Unread>,
}

/// The project's own rules, if they are trusted. What is hashed is what is parsed: each file is read once.
pub(super) fn own(sources: &Sources<'_>) -> Own {
    let (machine, root) = (sources.machine, sources.root);
    if !OwnFiles::has_rules(machine, root) {
        return Own::default();
    }
    let end = machine.resolve(root).present().unwrap_or_else(|| root.to_owned());
    let unread = |files: Vec<RuleName>, why| Own { unread: Some(Unread { files, why }), ..Own::default() };
    let files = match OwnFiles::list(machine, root) {
        Ok(files) => files,
        Err(why) => return unread(Vec::new(), Why::Refused(why)),
    };
    let names: Vec<RuleName> =
        files.rules().map(|name| RuleFile::new(&end, name, Path::new(name))).map(RuleName::of).collect();
    if names.is_empty() {
        return Own::default();
    }
    let trusted = sources.state.and_then(|state| state.trusted(machine, root));
    let Some(trusted) = trusted.filter(|pinned| !pinned.own().files.is_empty()) else {
        return unread(names, Why::NotTrusted);
    };
    match files.read(machine, root) {
        Err(why) => unread(names, Why::Refused(why)),
        Ok(content) => match content.changed_since(&trusted) {
            changed if changed.is_empty() => {
                let shown = if sources.folder == root { Path::new("") } else { root };
                Own { files: rule_files(content, &end, shown), unread: None }
            }
            changed => unread(names, Why::Changed(changed)),
        },
    }
}

/// What a project brings, trusted or not, to be shown.
///
/// # Errors
/// Names what cannot be read.
pub(in crate::cli) fn brought(
    machine: &dyn Machine,
    root: &Path,
) -> Result<(OwnContent, Vec<RuleFile>), String> {
    let content = OwnFiles::list(machine, root)?.read(machine, root)?;
    let files = rule_files(content.clone(), root, Path::new(""));
    Ok((content, files))
}

fn rule_files(content: OwnContent, root: &Path, shown: &Path) -> Vec<RuleFile> {
    let files = content.rules.into_iter();
    files
        .map(|(name, bytes)| RuleFile {
            content: Some(bytes),
            ..RuleFile::new(root, &name, &shown.join(&name))
        })
        .collect()
}

impl RuleName {
    fn of(file: RuleFile) -> RuleName {
        RuleName { id: file.id(), path: file.path }
    }
}

impl Unread {
    /// The same without the files that the person names.
    pub(super) fn but(mut self, named: &[RuleFile]) -> Option<Unread> {
        let before = self.files.len();
        self.files.retain(|file| !named.iter().any(|other| other.path == file.path));
        (before == 0 || !self.files.is_empty()).then_some(self)
    }

    /// The ids that these rules would have.
    pub(in crate::cli) fn ids(&self) -> impl Iterator<Item = &str> {
        self.files.iter().map(|file| file.id.as_str())
    }

    /// What the person is told.
    pub(in crate::cli) fn told(&self) -> String {
        let (rules, they_are, them) = match self.files.len() {
            1 => ("1 rule".to_owned(), "it is", "it"),
            count => (format!("{count} rules"), "they are", "them"),
        };
        match &self.why {
            Why::NotTrusted => format!(
                "this project brings {rules} of its own; {they_are} not read before `envdoctor trust` has shown {them}"
            ),
            Why::Changed(names) => format!(
                "this project brings {rules} of its own; {they_are} not read, since its own files changed since they were \
                 trusted ({}): `envdoctor trust` shows {them} again",
                shortened(names)
            ),
            Why::Refused(why) => format!("this project's own rules are not read: {why}"),
        }
    }
}

fn shortened(names: &[String]) -> String {
    let told = names[..names.len().min(TOLD)].join(", ");
    match names.len().saturating_sub(TOLD) {
        0 => told,
        more => format!("{told} and {more} more"),
    }
}
