//! Which files git tracks, from its index. git itself is not started: a repository's configuration may name programs
//! that it would run.

#![allow(clippy::disallowed_methods)]

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use gix_index::decode::Options;
use gix_index::hash::Kind;

use super::super::{READ_LIMIT, Reply};
use super::ask::unanswered;
use crate::facts::Reading;

/// A larger index is not read.
const LIMIT: u64 = 8 * READ_LIMIT;

pub(super) fn tracked(folder: &Path) -> Reading<Reply> {
    let folder = match fs::canonicalize(folder) {
        Ok(folder) => folder,
        Err(error) => return unanswered(&error),
    };
    let Some((root, git)) = folder.ancestors().find_map(|root| Some((root, git_folder(root)?))) else {
        return Reading::Absent;
    };
    let index = git.join("index");
    match fs::metadata(&index) {
        // Nothing was ever added.
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            return Reading::Present(Reply::Names(Vec::new()));
        }
        Err(error) => return unanswered(&error),
        Ok(metadata) if metadata.len() > LIMIT => {
            return Reading::failed(format!("{}: larger than {} MiB", index.display(), LIMIT >> 20));
        }
        Ok(_) => {}
    }
    let file = gix_index::File::at(&index, Kind::Sha1, true, Options::default());
    let file = match file {
        Ok(file) => file,
        Err(error) => return Reading::failed(format!("{}: {error}", index.display())),
    };
    let prefix = folder.strip_prefix(root).unwrap_or(Path::new(""));
    let mut names: Vec<String> = file
        .entries()
        .iter()
        .filter_map(|entry| {
            let path = String::from_utf8_lossy(entry.path(&file)).into_owned();
            Path::new(&path).strip_prefix(prefix).ok().map(|below| below.to_string_lossy().into_owned())
        })
        .collect();
    names.sort();
    names.dedup();
    Reading::Present(Reply::Names(names))
}

/// The folder that holds a repository's index: `.git`, or what a worktree's or submodule's `.git` file names.
fn git_folder(root: &Path) -> Option<PathBuf> {
    let git = root.join(".git");
    let metadata = fs::metadata(&git).ok()?;
    if metadata.is_dir() {
        return git.join("HEAD").exists().then_some(git);
    }
    if metadata.len() > 4096 {
        return None;
    }
    let text = fs::read_to_string(&git).ok()?;
    Some(root.join(text.strip_prefix("gitdir:")?.trim()))
}

#[cfg(test)]
mod tests {
    use std::process::Command;

    use super::*;

    fn git(folder: &Path, arguments: &[&str]) {
        let output = Command::new("git").arg("-C").arg(folder).args(arguments).output().unwrap();
        assert!(output.status.success(), "{output:?}");
    }

    fn names(reading: Reading<Reply>) -> Vec<String> {
        match reading {
            Reading::Present(Reply::Names(names)) => names,
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn what_was_added_and_what_was_not() {
        let folder = tempfile::tempdir().unwrap();
        let at = |name: &str| folder.path().join(name);
        assert_eq!(tracked(folder.path()), Reading::Absent);
        git(folder.path(), &["init", "-q"]);
        assert_eq!(names(tracked(folder.path())), Vec::<String>::new());
        fs::create_dir(at("sub")).unwrap();
        for name in ["flake.nix", "sub/a.nix", "sub/b.nix"] {
            fs::write(at(name), "{}").unwrap();
        }
        git(folder.path(), &["add", "flake.nix", "sub/a.nix"]);
        assert_eq!(names(tracked(folder.path())), ["flake.nix", "sub/a.nix"]);
        assert_eq!(names(tracked(&at("sub"))), ["a.nix"]);
        fs::write(at(".git/index"), "no index").unwrap();
        assert!(matches!(tracked(folder.path()), Reading::Failed { .. }));
    }

    #[test]
    fn a_worktree_has_its_own_index() {
        let folder = tempfile::tempdir().unwrap();
        let main = folder.path().join("main");
        fs::create_dir(&main).unwrap();
        git(&main, &["init", "-q"]);
        let commit =
            ["-c", "user.name=a", "-c", "user.email=a@b", "commit", "-q", "--allow-empty", "-m", "x"];
        git(&main, &commit);
        git(&main, &["worktree", "add", "-q", "../other"]);
        let other = folder.path().join("other");
        fs::write(other.join("mix.exs"), "").unwrap();
        git(&other, &["add", "mix.exs"]);
        assert_eq!(names(tracked(&other)), ["mix.exs"]);
        assert_eq!(names(tracked(&main)), Vec::<String>::new());
    }
}
