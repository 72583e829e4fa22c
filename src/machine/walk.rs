//! Every file below a folder, with links followed, which the search by a glob does not do.

use std::collections::BTreeSet;
use std::path::Path;

use super::{FileKind, Machine};
use crate::facts::Reading;

/// More is no folder of rules.
const MOST_FILES: usize = 10_000;

/// Deeper is no folder of rules.
const DEEPEST: usize = 32;

/// What a walk looks at.
#[derive(Clone, Copy, Debug)]
pub struct Walk<'a> {
    /// Whether hidden files and folders count.
    pub hidden: bool,
    /// The folder that no link may leave.
    pub within: Option<&'a Path>,
}

impl Walk<'_> {
    /// The sorted names of the files below `base/start`, as paths from `base`. A link that leads nowhere is no file.
    ///
    /// # Errors
    /// Names what cannot be looked at, is no file, or leads out.
    pub fn files(&self, machine: &dyn Machine, base: &Path, start: &str) -> Result<Vec<String>, String> {
        let within = self.within.map(|folder| machine.resolve(folder).or_why("the folder is not there"));
        let within = within.transpose()?;
        let mut files = Vec::new();
        let mut seen = BTreeSet::new();
        let mut open = vec![(start.to_owned(), 0)];
        while let Some((name, depth)) = open.pop() {
            let failed = |why: String| format!("{name}: {why}");
            let end = match machine.resolve(&base.join(&name)) {
                Reading::Absent => continue,
                other => other.or_why("").map_err(failed)?,
            };
            if within.as_ref().is_some_and(|within| !end.starts_with(within)) {
                return Err(format!("{name} leads out of the project, to {}", end.display()));
            }
            match machine.stat(&end).or_why("it is gone").map_err(failed)?.kind {
                FileKind::File => files.push(name),
                FileKind::Folder if depth == DEEPEST => {
                    return Err(failed(format!("nested deeper than {DEEPEST} folders")));
                }
                // Links can make a circle.
                FileKind::Folder if !seen.insert(end.clone()) => {}
                FileKind::Folder => {
                    let names = machine.list(&end).or_why("it is gone").map_err(failed)?;
                    let names = names.into_iter().filter(|name| self.hidden || !name.starts_with('.'));
                    open.extend(names.map(|child| (format!("{name}/{child}"), depth + 1)));
                }
                FileKind::Socket | FileKind::Other => return Err(failed("not a regular file".to_owned())),
            }
            if files.len() + open.len() > MOST_FILES {
                return Err(format!("{start} holds more than {MOST_FILES} files"));
            }
        }
        files.sort();
        Ok(files)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::machine::{Recorded, Recording};

    fn machine(links: &str) -> Recorded {
        let text = format!(
            "project: /p\notherwise: absent\nfiles:\n  /p/own/a.yaml: ''\n  /p/own/b/c.yaml: ''\n  \
             /p/own/.d/e.yaml: ''\n  /p/shared/f.yaml: ''\n  /etc/secret: ''\nlinks: {{{links}}}\n"
        );
        Recorded::new(&Recording::parse(&text, "m").unwrap())
    }

    fn files(links: &str, hidden: bool) -> Result<Vec<String>, String> {
        let walk = Walk { hidden, within: Some(Path::new("/p")) };
        walk.files(&machine(links), Path::new("/p"), "own")
    }

    #[test]
    fn links_are_followed_and_stay_within() {
        assert_eq!(files("", false).unwrap(), ["own/a.yaml", "own/b/c.yaml"]);
        assert_eq!(files("", true).unwrap(), ["own/.d/e.yaml", "own/a.yaml", "own/b/c.yaml"]);
        let linked = files("/p/own/x: /p/shared, /p/own/b/up: /p/own", false).unwrap();
        assert_eq!(linked, ["own/a.yaml", "own/b/c.yaml", "own/x/f.yaml"]);
        let why = files("/p/own/x.yaml: /etc/secret", false).unwrap_err();
        assert_eq!(why, "own/x.yaml leads out of the project, to /etc/secret");
    }
}
