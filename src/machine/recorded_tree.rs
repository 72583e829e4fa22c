//! The files and folders of a machine that was written down by hand, as its paths show them.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use super::{Question, Reply};
use crate::facts::Reading;

/// As many links are followed as Linux would.
const LINKS: usize = 40;

#[derive(Clone, Debug, Default)]
pub(super) struct Tree {
    paths: BTreeSet<PathBuf>,
    links: BTreeMap<PathBuf, PathBuf>,
}

impl Tree {
    pub(super) fn of(project: &Path, answers: &BTreeMap<Question, Reading<Reply>>) -> Tree {
        let mut tree = Tree::default();
        tree.add(project);
        for (question, reading) in answers {
            match (question, reading) {
                (_, Reading::Absent) => {}
                (Question::Read(path) | Question::Access(path), _)
                | (Question::ReadBytes { file: path, .. } | Question::Excerpt { file: path, .. }, _) => {
                    tree.add(path);
                }
                (Question::List(folder), Reading::Present(Reply::Names(names))) => {
                    tree.add(folder);
                    names.iter().for_each(|name| tree.add(&folder.join(name)));
                }
                (Question::Resolve(path), Reading::Present(Reply::Path(end))) => {
                    tree.add(path);
                    tree.add(end);
                    if path != end {
                        tree.links.insert(path.clone(), end.clone());
                    }
                }
                (Question::Which(_), Reading::Present(Reply::Path(path))) => tree.add(path),
                _ => {}
            }
        }
        tree
    }

    fn add(&mut self, path: &Path) {
        for path in path.ancestors() {
            if !self.paths.insert(path.to_owned()) {
                break;
            }
        }
    }

    /// Where a path leads, if there is something.
    pub(super) fn resolve(&self, path: &Path) -> Option<PathBuf> {
        let mut path: PathBuf = lexical(path);
        for _ in 0..LINKS {
            let Some((link, end)) =
                path.ancestors().find_map(|above| self.links.get(above).map(|end| (above, end)))
            else {
                return self.paths.contains(&path).then_some(path);
            };
            path = match path.strip_prefix(link) {
                Ok(below) if !below.as_os_str().is_empty() => end.join(below),
                _ => end.clone(),
            };
        }
        None
    }

    /// The names in a folder.
    pub(super) fn names(&self, folder: &Path) -> Vec<String> {
        self.paths
            .iter()
            .filter(|path| path.parent() == Some(folder))
            .filter_map(|path| path.file_name())
            .map(|name| name.to_string_lossy().into_owned())
            .collect()
    }
}

/// A path without `.` and `..`.
fn lexical(path: &Path) -> PathBuf {
    use std::path::Component;
    let mut plain = PathBuf::new();
    for component in path.components() {
        match component {
            Component::CurDir => {}
            Component::ParentDir => _ = plain.pop(),
            other => plain.push(other),
        }
    }
    plain
}
