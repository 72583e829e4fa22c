//! Moving files and folders, across file systems too.

#![allow(clippy::disallowed_methods)]

use std::ffi::OsString;
use std::fs::{self, File, Metadata};
use std::io;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::{Path, PathBuf};

use walkdir::WalkDir;

use super::change::{parent, sync_folder};

pub(super) fn relocate(from: &Path, to: &Path) -> io::Result<()> {
    if fs::symlink_metadata(to).is_ok() {
        return Err(io::Error::new(
            io::ErrorKind::AlreadyExists,
            format!("{} is already there", to.display()),
        ));
    }
    match fs::rename(from, to) {
        Ok(()) => {}
        Err(error) if error.kind() == io::ErrorKind::CrossesDevices => carry(from, to)?,
        Err(error) => return Err(error),
    }
    sync_folder(from)?;
    sync_folder(to)
}

/// Copies under another name, takes on the right one when all is there, and only then removes the original.
fn carry(from: &Path, to: &Path) -> io::Result<()> {
    let mut name = OsString::from(".envdoctor-");
    name.push(to.file_name().unwrap_or_default());
    let unfinished = parent(to).join(name);
    remove(&unfinished)?;
    copy(from, &unfinished).inspect_err(|_| {
        let _ = remove(&unfinished);
    })?;
    fs::rename(&unfinished, to)?;
    remove(from)
}

fn copy(from: &Path, to: &Path) -> io::Result<()> {
    let mut folders: Vec<(PathBuf, Metadata)> = Vec::new();
    for entry in WalkDir::new(from) {
        let entry = entry?;
        let target = match entry.path().strip_prefix(from) {
            Ok(below) if !below.as_os_str().is_empty() => to.join(below),
            _ => to.to_owned(),
        };
        let metadata = entry.metadata()?;
        let kind = metadata.file_type();
        if kind.is_dir() {
            fs::create_dir(&target)?;
            folders.push((target, metadata));
        } else if kind.is_symlink() {
            symlink(fs::read_link(entry.path())?, &target)?;
        } else if kind.is_file() {
            fs::copy(entry.path(), &target)?;
            let file = File::options().read(true).open(&target)?;
            file.set_modified(metadata.modified()?)?;
            file.sync_all()?;
        } else {
            return Err(io::Error::other(format!(
                "{} is neither a file, a folder nor a link",
                entry.path().display()
            )));
        }
    }
    // The deepest first, since a folder that may not be written takes in no more files.
    for (folder, metadata) in folders.into_iter().rev() {
        let opened = File::open(&folder)?;
        opened.set_modified(metadata.modified()?)?;
        opened.set_permissions(metadata.permissions())?;
        opened.sync_all()?;
    }
    Ok(())
}

fn remove(path: &Path) -> io::Result<()> {
    let metadata = match fs::symlink_metadata(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
        metadata => metadata?,
    };
    if !metadata.is_dir() {
        return fs::remove_file(path);
    }
    for entry in WalkDir::new(path).into_iter().filter_map(Result::ok) {
        let mut permissions = match entry.metadata() {
            Ok(metadata) if metadata.is_dir() => metadata.permissions(),
            _ => continue,
        };
        if permissions.mode() & 0o700 != 0o700 {
            permissions.set_mode(permissions.mode() | 0o700);
            fs::set_permissions(entry.path(), permissions)?;
        }
    }
    fs::remove_dir_all(path)
}

#[cfg(test)]
mod tests {
    use std::fs::Permissions;

    use super::*;

    fn tree(folder: &Path) {
        fs::create_dir_all(folder.join("sub/deep")).unwrap();
        fs::write(folder.join("sub/deep/file"), "content").unwrap();
        fs::write(folder.join("script"), "#!/bin/sh\n").unwrap();
        fs::set_permissions(folder.join("script"), Permissions::from_mode(0o755)).unwrap();
        symlink("script", folder.join("link")).unwrap();
        symlink("nowhere", folder.join("dangling")).unwrap();
        fs::set_permissions(folder.join("sub"), Permissions::from_mode(0o555)).unwrap();
    }

    fn check(folder: &Path) {
        let mode = |name: &str| fs::metadata(folder.join(name)).unwrap().permissions().mode() & 0o777;
        assert_eq!(fs::read(folder.join("sub/deep/file")).unwrap(), b"content");
        assert_eq!((mode("script"), mode("sub")), (0o755, 0o555));
        assert_eq!(fs::read_link(folder.join("link")).unwrap(), Path::new("script"));
        assert_eq!(fs::read_link(folder.join("dangling")).unwrap(), Path::new("nowhere"));
        fs::set_permissions(folder.join("sub"), Permissions::from_mode(0o755)).unwrap();
    }

    #[test]
    fn moves_a_folder_but_onto_nothing() {
        let folder = tempfile::tempdir().unwrap();
        let (from, to) = (folder.path().join("from"), folder.path().join("to"));
        tree(&from);
        fs::create_dir(&to).unwrap();
        relocate(&from, &to).unwrap_err();
        fs::remove_dir(&to).unwrap();
        relocate(&from, &to).unwrap();
        assert!(!from.exists());
        check(&to);
    }

    #[test]
    fn a_copy_across_file_systems_is_the_same_tree() {
        let folder = tempfile::tempdir().unwrap();
        let (from, to) = (folder.path().join("from"), folder.path().join("to"));
        tree(&from);
        let then = std::time::SystemTime::UNIX_EPOCH + std::time::Duration::from_secs(1_000_000_000);
        File::options().write(true).open(from.join("script")).unwrap().set_modified(then).unwrap();
        carry(&from, &to).unwrap();
        assert!(!from.exists());
        assert_eq!(fs::metadata(to.join("script")).unwrap().modified().unwrap(), then);
        check(&to);
        let names: Vec<_> = fs::read_dir(folder.path()).unwrap().map(|e| e.unwrap().file_name()).collect();
        assert_eq!(names, ["to"]);
    }

    #[test]
    fn carries_one_file_and_one_link() {
        let folder = tempfile::tempdir().unwrap();
        let at = |name: &str| folder.path().join(name);
        fs::write(at("file"), "x").unwrap();
        symlink("file", at("link")).unwrap();
        carry(&at("link"), &at("moved-link")).unwrap();
        carry(&at("file"), &at("moved")).unwrap();
        assert_eq!(fs::read_link(at("moved-link")).unwrap(), Path::new("file"));
        assert_eq!(fs::read(at("moved")).unwrap(), b"x");
        assert!(!at("file").exists() && fs::symlink_metadata(at("link")).is_err());
    }

    #[test]
    fn crosses_to_another_file_system_for_real() {
        let here = tempfile::tempdir().unwrap();
        let Ok(there) = tempfile::tempdir_in("/dev/shm") else { return };
        tree(&here.path().join("from"));
        relocate(&here.path().join("from"), &there.path().join("to")).unwrap();
        check(&there.path().join("to"));
        assert!(!here.path().join("from").exists());
    }
}
