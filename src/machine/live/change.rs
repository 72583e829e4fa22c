//! Changes to files, each complete or not made at all.

#![allow(clippy::disallowed_methods)]

use std::ffi::OsString;
use std::fs::{self, DirBuilder, File, OpenOptions, Permissions};
use std::io::{self, Write};
use std::os::unix::fs::{DirBuilderExt, MetadataExt, PermissionsExt, fchown};
use std::path::{Path, PathBuf};

use tempfile::NamedTempFile;

use super::super::{Change, ChangeError};
use super::{relocate, tree};

pub(super) fn make(change: &Change) -> Result<(), ChangeError> {
    let (path, done) = match change {
        Change::Write { path, content } => (path, write(path, content)),
        Change::Append { path, content } => (path, append(path, content)),
        Change::Copy { from, to } => (to, relocate::copy(from, to)),
        Change::Move { from, to } => (from, relocate::relocate(from, to)),
        Change::PutBack { from, to } => (to, relocate::put_back(from, to)),
        Change::Tidy(path) => (path, tidy(path)),
        Change::OpenUp(path) => (path, tree::open_up(path)),
        Change::MakeFolder(path) => (path, fs::create_dir_all(path)),
        Change::MakePrivateFolder(path) => (path, make_private(path)),
        Change::RemoveFile(path) => (path, remove(path)),
        Change::RemoveEmptyFolder(path) => (path, remove_empty(path)),
        Change::RemoveTree(path) => (path, tree::remove(path)),
    };
    done.map_err(|error| ChangeError { path: path.clone(), why: error.to_string() })
}

fn make_private(path: &Path) -> io::Result<()> {
    fs::create_dir_all(parent(path))?;
    match DirBuilder::new().mode(0o700).create(path) {
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists && path.is_dir() => Ok(()),
        made => made,
    }
}

fn write(path: &Path, content: &[u8]) -> io::Result<()> {
    let path = target(path)?;
    let before = match fs::metadata(&path) {
        Ok(metadata) if !metadata.is_file() => return Err(io::Error::other("not a regular file")),
        Ok(metadata) => Some(metadata),
        Err(error) if error.kind() == io::ErrorKind::NotFound => None,
        Err(error) => return Err(error),
    };
    let mut beside = beside(&path)?;
    beside.write_all(content)?;
    if let Some(before) = before {
        let owner = |it: &fs::Metadata| (it.uid(), it.gid());
        if owner(&beside.as_file().metadata()?) != owner(&before) {
            fchown(beside.as_file(), Some(before.uid()), Some(before.gid())).map_err(|error| {
                io::Error::new(error.kind(), format!("its owner cannot be kept: {error}"))
            })?;
        }
        beside.as_file().set_permissions(before.permissions())?;
    }
    beside.as_file().sync_all()?;
    beside.persist(&path).map_err(|error| error.error)?;
    sync_folder(&path)
}

/// The file that is written when `path` is: where the links end, whether or not something stands there.
fn target(path: &Path) -> io::Result<PathBuf> {
    let mut path = path.to_owned();
    for _ in 0..40 {
        match fs::read_link(&path) {
            Ok(link) => path = parent(&path).join(link),
            Err(_) => return Ok(path),
        }
    }
    Err(io::Error::other("too many levels of symbolic links"))
}

/// How the name begins of what is not yet whole.
fn unfinished(path: &Path) -> OsString {
    let mut name = OsString::from(".envdoctor-unfinished-");
    name.push(path.file_name().unwrap_or_default());
    name
}

/// A place beside `path` for what is to stand there once it is whole.
pub(super) fn staged(path: &Path) -> PathBuf {
    parent(path).join(unfinished(path))
}

/// Nobody else writes here meanwhile: one fix runs at a time.
fn tidy(path: &Path) -> io::Result<()> {
    let begin = unfinished(path);
    let entries = match fs::read_dir(parent(path)) {
        Err(error) if matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory) => {
            return Ok(());
        }
        entries => entries?,
    };
    for entry in entries {
        let name = entry?.file_name();
        let rest = name.as_encoded_bytes().strip_prefix(begin.as_encoded_bytes());
        if rest.is_some_and(|rest| rest.is_empty() || (rest.len() == RANDOM + 1 && rest[0] == b'-')) {
            tree::remove(&parent(path).join(name))?;
        }
    }
    Ok(())
}

/// So many letters tell files of one name that are being written apart.
const RANDOM: usize = 6;

/// A file in the folder of `path`, with the mode that a new file gets.
fn beside(path: &Path) -> io::Result<NamedTempFile> {
    let mut prefix = unfinished(path);
    prefix.push("-");
    tempfile::Builder::new()
        .prefix(&prefix)
        .rand_bytes(RANDOM)
        .permissions(Permissions::from_mode(0o666))
        .tempfile_in(parent(path))
}

fn append(path: &Path, content: &[u8]) -> io::Result<()> {
    let mut file = OpenOptions::new().create(true).append(true).open(path)?;
    let before = file.metadata()?.len();
    let written = file.write_all(content).and_then(|()| file.sync_all());
    if written.is_err() {
        let _ = file.set_len(before);
    }
    written?;
    if before == 0 { sync_folder(path) } else { Ok(()) }
}

fn remove_empty(path: &Path) -> io::Result<()> {
    use io::ErrorKind::{DirectoryNotEmpty, NotADirectory, NotFound};
    match fs::remove_dir(path) {
        Err(error) if matches!(error.kind(), NotFound | DirectoryNotEmpty | NotADirectory) => Ok(()),
        removed => removed,
    }
}

fn remove(path: &Path) -> io::Result<()> {
    match fs::remove_file(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        Err(error) => Err(error),
        Ok(()) => sync_folder(path),
    }
}

/// The folder that holds `path`.
pub(super) fn parent(path: &Path) -> &Path {
    match path.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    }
}

/// Makes a new name in a folder last.
pub(super) fn sync_folder(path: &Path) -> io::Result<()> {
    File::open(parent(path))?.sync_all()
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::symlink;

    use super::*;

    fn mode(path: &Path) -> u32 {
        fs::metadata(path).unwrap().permissions().mode() & 0o7777
    }

    fn names(folder: &Path) -> Vec<String> {
        let mut names: Vec<_> = fs::read_dir(folder)
            .unwrap()
            .map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned())
            .collect();
        names.sort();
        names
    }

    #[test]
    fn writing_keeps_the_mode_and_leaves_nothing_beside_it() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("file");
        make(&Change::Write { path: path.clone(), content: b"new".to_vec() }).unwrap();
        let usual = folder.path().join("usual");
        fs::write(&usual, "").unwrap();
        assert_eq!(mode(&path), mode(&usual));
        fs::set_permissions(&path, Permissions::from_mode(0o751)).unwrap();
        make(&Change::Write { path: path.clone(), content: b"newer".to_vec() }).unwrap();
        assert_eq!((fs::read(&path).unwrap(), mode(&path)), (b"newer".to_vec(), 0o751));
        assert_eq!(names(folder.path()), ["file", "usual"]);
    }

    #[test]
    fn writing_through_links_changes_what_they_lead_to() {
        let folder = tempfile::tempdir().unwrap();
        let at = |name: &str| folder.path().join(name);
        fs::create_dir(at("real")).unwrap();
        fs::write(at("real/file"), "old").unwrap();
        symlink("real/file", at("link")).unwrap();
        symlink("link", at("second")).unwrap();
        symlink("real/absent", at("dangling")).unwrap();
        symlink("loop", at("loop")).unwrap();
        make(&Change::Write { path: at("second"), content: b"new".to_vec() }).unwrap();
        make(&Change::Write { path: at("dangling"), content: b"made".to_vec() }).unwrap();
        assert_eq!(fs::read(at("real/file")).unwrap(), b"new");
        assert_eq!(fs::read(at("real/absent")).unwrap(), b"made");
        assert!(fs::symlink_metadata(at("second")).unwrap().is_symlink());
        make(&Change::Write { path: at("loop"), content: Vec::new() }).unwrap_err();
        let error = make(&Change::Write { path: at("real"), content: Vec::new() }).unwrap_err();
        assert_eq!(error.path, at("real"));
    }

    #[test]
    fn appends_to_what_is_there() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("journal");
        for line in ["a\n", "b\n"] {
            make(&Change::Append { path: path.clone(), content: line.into() }).unwrap();
        }
        assert_eq!(fs::read(&path).unwrap(), b"a\nb\n");
    }

    #[test]
    fn a_copy_never_replaces() {
        let folder = tempfile::tempdir().unwrap();
        let (from, to) = (folder.path().join("from"), folder.path().join("to"));
        fs::write(&from, "x").unwrap();
        fs::set_permissions(&from, Permissions::from_mode(0o640)).unwrap();
        let change = Change::Copy { from: from.clone(), to: to.clone() };
        make(&change).unwrap();
        assert_eq!((fs::read(&to).unwrap(), mode(&to)), (b"x".to_vec(), 0o640));
        fs::write(&to, "kept").unwrap();
        make(&change).unwrap_err();
        assert_eq!(fs::read(&to).unwrap(), b"kept");
        assert_eq!(names(folder.path()), ["from", "to"]);
    }

    #[test]
    fn removes_files_only() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a/b/c");
        make(&Change::MakeFolder(path.clone())).unwrap();
        make(&Change::RemoveFile(path.clone())).unwrap_err();
        make(&Change::RemoveFile(path.join("nothing"))).unwrap();
        fs::write(path.join("file"), "").unwrap();
        make(&Change::RemoveFile(path.join("file"))).unwrap();
        assert!(names(&path).is_empty());
    }

    #[test]
    fn what_a_kill_left_beside_a_file_goes_and_nothing_else() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("flake.nix");
        let others = [
            ".envdoctor-unfinished-flake.nix-old",
            ".envdoctor-unfinished-flake.nixos",
            ".envdoctor-flake.nix",
            "flake.nix",
        ];
        for name in others.into_iter().chain([".envdoctor-unfinished-flake.nix-aB3xY9"]) {
            fs::write(folder.path().join(name), "").unwrap();
        }
        fs::create_dir(staged(&path)).unwrap();
        fs::write(staged(&path).join("half"), "").unwrap();
        make(&Change::Tidy(path)).unwrap();
        let mut left = others;
        left.sort();
        assert_eq!(names(folder.path()), left);
        make(&Change::Tidy(folder.path().join("gone/file"))).unwrap();
    }
}
