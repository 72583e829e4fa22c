//! Where Git keeps the index of the repository that holds a file.

use std::path::{Path, PathBuf};

use crate::facts::Reading;
use crate::machine::Machine;

/// The index file: in `.git`, or in the folder that a `.git` file names (a linked worktree, a submodule). Absent where there
/// is no repository.
pub fn git_index(machine: &dyn Machine, file: &Path) -> Option<PathBuf> {
    let root = file.ancestors().skip(1).find(|above| machine.exists(&above.join(".git")))?;
    let git = root.join(".git");
    match machine.read(&git) {
        Reading::Present(text) => {
            let folder = text.strip_prefix("gitdir:")?.trim();
            Some(root.join(folder).join("index"))
        }
        _ => Some(git.join("index")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::machine::{Recorded, Recording};

    #[test]
    fn a_worktrees_index_lies_elsewhere() {
        let text = "project: /a\notherwise: absent\nfiles:\n  /a/.git/HEAD: x\n  /w/.git: \"gitdir: ../a/.git/worktrees/w\\n\"\n  /n/f: x\n";
        let machine = Recorded::new(&Recording::parse(text, "m.yaml").unwrap());
        let index = |file: &str| git_index(&machine, Path::new(file));
        assert_eq!(index("/a/sub/f"), Some("/a/.git/index".into()));
        assert_eq!(index("/w/f"), Some("/w/../a/.git/worktrees/w/index".into()));
        assert_eq!(index("/n/f"), None);
    }
}
