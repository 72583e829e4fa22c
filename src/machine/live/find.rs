//! Questions about all files below a folder.

use std::path::Path;

use ignore::WalkBuilder;

use super::super::{Reply, glob};
use crate::facts::Reading;

/// A project with more files than this is not searched to its end.
const MOST_FILES: usize = 50_000;

pub(super) fn find(folder: &Path, pattern: &str) -> Reading<Reply> {
    let matcher = match glob::matcher(folder, pattern) {
        Ok(matcher) => matcher,
        Err(why) => return Reading::failed(why),
    };
    // Hidden folders are left out; links are not followed, so that the search ends and stays in the folder.
    let files = WalkBuilder::new(folder).require_git(false).overrides(matcher).build();
    let mut names = Vec::new();
    for entry in files.take(MOST_FILES).flatten() {
        if entry.file_type().is_some_and(|kind| kind.is_file())
            && let Some(name) = entry.path().strip_prefix(folder).ok().and_then(Path::to_str)
        {
            names.push(name.to_owned());
        }
    }
    names.sort();
    Reading::Present(Reply::Names(names))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    #[allow(clippy::disallowed_methods)]
    fn files_that_git_ignores_are_left_out() {
        let folder = tempfile::tempdir().unwrap();
        for name in ["flake.nix", "nix/a.nix", "nix/a.txt", "deps/x/b.nix", ".hidden/c.nix"] {
            let path = folder.path().join(name);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(path, "").unwrap();
        }
        std::fs::write(folder.path().join(".gitignore"), "/deps/\n").unwrap();
        let names = ["flake.nix", "nix/a.nix"].map(str::to_owned).to_vec();
        assert_eq!(find(folder.path(), "**/*.nix"), Reading::Present(Reply::Names(names)));
        assert!(matches!(find(folder.path(), "a[.nix"), Reading::Failed { .. }));
    }
}
