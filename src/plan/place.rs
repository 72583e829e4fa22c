//! Which files of the project an edit means, and no others.

use std::path::{Component, Path, PathBuf};

use crate::facts::Reading;
use crate::machine::Machine;

/// A file of the project.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Place {
    /// The file, as it was named.
    pub(super) path: PathBuf,
    /// The path from the project's root to it, with every link followed.
    pub(super) within: PathBuf,
}

/// The folder below which a project's files may be changed: the nearest one with a `.git`, else the folder itself.
pub(super) fn root(machine: &dyn Machine, folder: &Path) -> PathBuf {
    folder.ancestors().find(|above| machine.exists(&above.join(".git"))).unwrap_or(folder).to_owned()
}

/// The project's files that `pattern` names: a glob below the root, or one path.
///
/// # Errors
/// Why there is none, as a sentence for a person.
pub(super) fn files(machine: &dyn Machine, folder: &Path, pattern: &str) -> Result<Vec<Place>, String> {
    if !pattern.contains(['*', '?', '[']) {
        return file(machine, folder, pattern).map(|place| vec![place]);
    }
    let root = root(machine, folder);
    match machine.find(&root, pattern) {
        Reading::Present(names) => {
            let places =
                names.iter().map(|name| Place { path: root.join(name), within: PathBuf::from(name) });
            Ok(places.filter(|place| !in_git(&place.within)).collect())
        }
        Reading::Absent => Ok(Vec::new()),
        other => Err(format!("{}: {}", root.display(), other.why_unknown().unwrap_or_default())),
    }
}

/// The one file of the project that a path means, whatever characters are in it. A path in a copy that Nix made of
/// the project (`/nix/store/…-source/flake.nix`) stands for the project's own file.
///
/// # Errors
/// Why there is none, as a sentence for a person.
pub(super) fn file(machine: &dyn Machine, folder: &Path, path: &str) -> Result<Place, String> {
    let root = root(machine, folder);
    let candidates = match store_relative(path) {
        Some(rest) => vec![root.join(&rest), folder.join(&rest)],
        None => vec![folder.join(path)],
    };
    let real_root = machine.resolve(&root).present().unwrap_or_else(|| root.clone());
    for candidate in candidates {
        if let Reading::Present(real) = machine.resolve(&candidate) {
            let Ok(within) = real.strip_prefix(&real_root) else {
                return Err(format!("{path} lies outside the project"));
            };
            if in_git(within) {
                return Err(format!("{path} is Git's own, and is left alone"));
            }
            return Ok(Place { path: candidate, within: within.to_owned() });
        }
    }
    Err(format!("{path} is no file of this project"))
}

/// A file as a person standing in the project's folder would name it.
pub(super) fn name(project: &Path, path: &Path) -> String {
    path.strip_prefix(project).unwrap_or(path).display().to_string()
}

/// Whether a path leads through a hidden folder.
pub(super) fn in_hidden_folder(within: &Path) -> bool {
    within.parent().is_some_and(|folder| folder.iter().any(|part| part.as_encoded_bytes().starts_with(b".")))
}

pub(super) fn in_git(within: &Path) -> bool {
    within.iter().any(|part| part.eq_ignore_ascii_case(".git"))
}

/// The path within the source tree, if this is a path in a source tree's copy in the Nix store.
pub(super) fn store_relative(path: &str) -> Option<PathBuf> {
    let rest = path.split_once("/nix/store/")?.1;
    let mut parts = Path::new(rest).components();
    let top = parts.next()?;
    let is_source = top.as_os_str().to_string_lossy().ends_with("-source");
    let rest = parts.as_path();
    let plain = rest.components().all(|part| matches!(part, Component::Normal(_)));
    (is_source && plain && rest != Path::new("")).then(|| rest.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::machine::{Recorded, Recording};

    #[test]
    fn a_store_copy_stands_for_the_projects_file() {
        assert_eq!(store_relative("/nix/store/abc-source/nix/a.nix"), Some("nix/a.nix".into()));
        assert_eq!(store_relative("«git+file:///home»/nix/store/abc-source/a.nix"), Some("a.nix".into()));
        assert_eq!(store_relative("/nix/store/abc-hello-2.12/a.nix"), None);
        assert_eq!(store_relative("/nix/store/abc-source/../../etc/passwd"), None);
        assert_eq!(store_relative("/nix/store/abc-source"), None);
        assert_eq!(store_relative("/home/a.nix"), None);
    }

    #[test]
    fn only_the_projects_own_files_are_meant() {
        let text = "project: /home/user/app/sub\notherwise: absent\nfiles:\n  /home/user/app/.git/config: x\n  \
                    /home/user/app/flake.nix: x\n  /home/user/app/sub/a[1].nix: x\n  /etc/passwd: x\nlinks:\n  \
                    /home/user/app/out.nix: /etc/passwd\n  /home/user/app/hook.nix: /home/user/app/.git/config\n";
        let machine = Recorded::new(&Recording::parse(text, "m.yaml").unwrap());
        let one = |path: &str| file(&machine, Path::new("/home/user/app/sub"), path);
        let within = |path: &str| one(path).map(|place| place.within);
        assert_eq!(within("../flake.nix"), Ok("flake.nix".into()));
        assert_eq!(within("a[1].nix"), Ok("sub/a[1].nix".into()));
        assert_eq!(within("/nix/store/x-source/flake.nix"), Ok("flake.nix".into()));
        for path in [
            "a*.nix",
            "*",
            "../.git/config",
            "/home/user/app/.git/config",
            "../hook.nix",
            "../out.nix",
            "../../../../etc/passwd",
            "/etc/passwd",
            "--option",
            "",
            "$(touch x)",
        ] {
            assert!(one(path).is_err() || path.is_empty(), "{path}: {:?}", one(path));
        }
    }

    #[test]
    fn hidden_folders_are_told_from_hidden_files() {
        assert!(in_hidden_folder(Path::new("a/.direnv/x.nix")));
        assert!(!in_hidden_folder(Path::new("a/.x.nix")));
        assert!(in_git(Path::new("sub/.GIT/config")) && !in_git(Path::new("sub/.gitignore")));
    }
}
