//! The folder of the project in which somebody stands.

use std::path::{Path, PathBuf};

use crate::facts::Reading;
use crate::machine::Machine;

/// What stands in a project's own folder, and seldom further down.
const MARKS: &[&str] = &[
    ".envdoctor",
    ".envrc",
    ".git",
    ".mise.toml",
    ".tool-versions",
    "default.nix",
    "devenv.nix",
    "envdoctor.yaml",
    "flake.nix",
    "mise.toml",
    "mix.exs",
    "opencode.json",
    "package.json",
    "pyproject.toml",
    "shell.nix",
];

/// May be written by everybody.
const BY_ALL: u32 = 0o002;

/// The nearest folder with files of a project: this one or one above it, as far up as the repository reaches. The home
/// folder and folders in which everybody may leave files, such as /tmp, are nobody's project as long as one stands
/// below them.
pub fn project_root(machine: &dyn Machine, folder: &Path) -> PathBuf {
    let home = machine.env("HOME").present().map(PathBuf::from);
    let is_shared = |folder: &Path| match machine.stat(folder) {
        Reading::Present(stat) => stat.mode & BY_ALL != 0,
        _ => true,
    };
    let marked = |folder: &Path| {
        let names = machine.list(folder).present().unwrap_or_default();
        names.iter().any(|name| MARKS.contains(&name.as_str()))
    };
    if marked(folder) {
        return folder.to_owned();
    }
    let above = folder.ancestors().skip(1);
    let mut above = above.take_while(|above| Some(*above) != home.as_deref() && !is_shared(above));
    above.find(|above| marked(above)).unwrap_or(folder).to_owned()
}

/// The folder of the repository in which a project lies.
pub(super) fn git_root(machine: &dyn Machine, project: &Path) -> Option<PathBuf> {
    project.ancestors().find(|folder| machine.exists(&folder.join(".git"))).map(Path::to_owned)
}

/// Where CI puts what it builds.
const WORKSPACES: &[&str] = &["GITHUB_WORKSPACE", "CI_PROJECT_DIR"];

/// The folder from which others know a project's files: that of its repository, or the one that CI names where it left the
/// `.git` away, or the project's own.
pub fn repository(machine: &dyn Machine, project: &Path) -> PathBuf {
    let workspace = |name: &&str| {
        let folder = machine.env(name).present().map(PathBuf::from).filter(|folder| folder.is_absolute())?;
        let real = machine.resolve(&folder).present();
        std::iter::once(folder).chain(real).find(|folder| project.starts_with(folder))
    };
    let root = git_root(machine, project).or_else(|| WORKSPACES.iter().find_map(workspace));
    root.unwrap_or_else(|| project.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::machine::{Recorded, Recording};

    fn root(folder: &str) -> PathBuf {
        let text = "project: /\notherwise: absent\nenv: {HOME: /h}\nfiles:\n  /h/.tool-versions: ''\n  \
                    /h/x/notes: ''\n  /h/app/mix.exs: ''\n  /h/app/lib/a/b.ex: ''\n  \
                    /h/app/apps/one/mix.exs: ''\n  /h/app/apps/one/lib/one.ex: ''\n  \
                    /h/app/priv/.formatter.exs: ''\n  /tmp/mix.exs: ''\n  /tmp/x/y: ''\n\
                    stats: {/tmp: {kind: folder, mode: 1023}}\n";
        let machine = Recorded::new(&Recording::parse(text, "m").unwrap());
        project_root(&machine, Path::new(folder))
    }

    #[test]
    fn the_nearest_folder_with_a_projects_files() {
        for (folder, expected) in [
            ("/h/app", "/h/app"),
            ("/h/app/lib/a", "/h/app"),
            ("/h/app/priv", "/h/app"),
            ("/h/app/apps", "/h/app"),
            ("/h/app/apps/one/lib", "/h/app/apps/one"),
            ("/h", "/h"),
            ("/h/x", "/h/x"),
            ("/tmp/x", "/tmp/x"),
        ] {
            assert_eq!(root(folder), Path::new(expected), "{folder}");
        }
    }

    #[test]
    fn files_are_known_from_the_repository_or_from_where_ci_put_them() {
        let of = |env: &str, files: &str, project: &str| {
            let text = format!("project: /\notherwise: absent\nenv: {{{env}}}\nfiles: {{{files}}}\n");
            let machine = Recorded::new(&Recording::parse(&text, "m").unwrap());
            repository(&machine, Path::new(project))
        };
        let (git, ci) = ("/b/r/.git/HEAD: ''", "GITHUB_WORKSPACE: /b");
        assert_eq!(of("", git, "/b/r/x/y"), Path::new("/b/r"));
        assert_eq!(of(ci, git, "/b/r/x"), Path::new("/b/r"), "CI may check out below its own folder");
        assert_eq!(of(ci, "", "/b/r/x"), Path::new("/b"));
        assert_eq!(of("CI_PROJECT_DIR: /b/r", "", "/b/r/x"), Path::new("/b/r"));
        assert_eq!(of("CI_PROJECT_DIR: /b/r", "", "/b/rest"), Path::new("/b/rest"));
        assert_eq!(of("GITHUB_WORKSPACE: ''", "", "/b/r"), Path::new("/b/r"));
    }
}
