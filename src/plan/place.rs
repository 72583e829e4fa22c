//! Which files of the project an edit or a removal means, and no others.

use std::path::{Component, Path, PathBuf};

use crate::facts::Reading;
use crate::machine::Machine;

/// The folder below which a project's files may be changed: the nearest one with a `.git`, else the folder itself.
pub fn root(machine: &dyn Machine, folder: &Path) -> PathBuf {
    folder.ancestors().find(|above| machine.exists(&above.join(".git"))).unwrap_or(folder).to_owned()
}

/// The project's files that `pattern` names: a glob below `folder`, or one path. A path in a copy that Nix made of
/// the project (`/nix/store/…-source/flake.nix`) stands for the project's own file.
///
/// # Errors
/// Why there is none, as a sentence for a person.
pub(super) fn files(machine: &dyn Machine, folder: &Path, pattern: &str) -> Result<Vec<PathBuf>, String> {
    let root = root(machine, folder);
    if pattern.contains(['*', '?', '[']) {
        return match machine.find(&root, pattern) {
            Reading::Present(names) => Ok(names.iter().map(|name| root.join(name)).collect()),
            Reading::Absent => Ok(Vec::new()),
            other => Err(format!("{}: {}", root.display(), other.why_unknown().unwrap_or_default())),
        };
    }
    let candidates = match store_relative(pattern) {
        Some(rest) => vec![root.join(&rest), folder.join(&rest)],
        None => vec![folder.join(pattern)],
    };
    let real_root = machine.resolve(&root).present().unwrap_or_else(|| root.clone());
    for candidate in &candidates {
        if let Reading::Present(real) = machine.resolve(candidate) {
            if !real.starts_with(&real_root) {
                return Err(format!("{pattern} lies outside the project"));
            }
            return Ok(vec![candidate.clone()]);
        }
    }
    Err(format!("{pattern} is no file of this project"))
}

/// The path within the source tree, if this is a path in a source tree's copy in the Nix store.
fn store_relative(path: &str) -> Option<PathBuf> {
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

    #[test]
    fn a_store_copy_stands_for_the_projects_file() {
        assert_eq!(store_relative("/nix/store/abc-source/nix/a.nix"), Some("nix/a.nix".into()));
        assert_eq!(store_relative("«git+file:///home»/nix/store/abc-source/a.nix"), Some("a.nix".into()));
        assert_eq!(store_relative("/nix/store/abc-hello-2.12/a.nix"), None);
        assert_eq!(store_relative("/nix/store/abc-source/../../etc/passwd"), None);
        assert_eq!(store_relative("/nix/store/abc-source"), None);
        assert_eq!(store_relative("/home/a.nix"), None);
    }
}
