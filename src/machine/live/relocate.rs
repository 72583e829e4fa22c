//! Moving and copying files and folders, across file systems too: what has the right name is whole.

#![allow(clippy::disallowed_methods)]

use std::fs;
use std::io;
use std::path::Path;

use super::change::{staged, sync_folder};
use super::tree;

pub(super) fn relocate(from: &Path, to: &Path) -> io::Result<()> {
    must_be_free(to)?;
    match fs::rename(from, to) {
        Ok(()) => {}
        Err(error) if error.kind() == io::ErrorKind::CrossesDevices => carry(from, to)?,
        Err(error) => return Err(error),
    }
    sync_folder(from)?;
    sync_folder(to)
}

pub(super) fn copy(from: &Path, to: &Path) -> io::Result<()> {
    must_be_free(to)?;
    stage(from, to)
}

/// A file's backup is copied and takes the file's place at once. A folder is moved; across file systems it is copied, and
/// the backup stays, so that of two folders after a kill the backup is always the whole one.
pub(super) fn put_back(from: &Path, to: &Path) -> io::Result<()> {
    if !fs::symlink_metadata(from)?.is_dir() {
        return stage(from, to);
    }
    must_be_free(to)?;
    match fs::rename(from, to) {
        Err(error) if error.kind() == io::ErrorKind::CrossesDevices => stage(from, to),
        Err(error) => Err(error),
        Ok(()) => {
            sync_folder(from)?;
            sync_folder(to)
        }
    }
}

fn must_be_free(to: &Path) -> io::Result<()> {
    match fs::symlink_metadata(to) {
        Ok(_) => {
            Err(io::Error::new(io::ErrorKind::AlreadyExists, format!("{} is already there", to.display())))
        }
        Err(_) => Ok(()),
    }
}

/// Copies, and only then removes the original.
fn carry(from: &Path, to: &Path) -> io::Result<()> {
    tree::may_be_removed(from)?;
    stage(from, to)?;
    tree::remove(from)
}

/// Copies under another name, which is then changed to the right one.
fn stage(from: &Path, to: &Path) -> io::Result<()> {
    let unfinished = staged(to);
    tree::remove(&unfinished)?;
    tree::copy(from, &unfinished).and_then(|()| fs::rename(&unfinished, to)).inspect_err(|_| {
        let _ = tree::remove(&unfinished);
    })?;
    sync_folder(to)
}

#[cfg(test)]
mod tests {
    use std::fs::{File, Permissions};
    use std::os::unix::fs::{PermissionsExt, symlink};

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
        fs::create_dir_all(at("folder/below")).unwrap();
        for target in ["file", "folder", "nowhere"] {
            symlink(target, at("link")).unwrap();
            carry(&at("link"), &at("moved-link")).unwrap();
            assert_eq!(fs::read_link(at("moved-link")).unwrap(), Path::new(target));
            fs::remove_file(at("moved-link")).unwrap();
        }
        carry(&at("file"), &at("moved")).unwrap();
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

    #[test]
    fn a_backup_takes_the_place_of_a_file_at_once_and_of_no_folder() {
        let folder = tempfile::tempdir().unwrap();
        let at = |name: &str| folder.path().join(name);
        fs::write(at("backup"), "old").unwrap();
        fs::write(at("file"), "new").unwrap();
        put_back(&at("backup"), &at("file")).unwrap();
        assert_eq!(fs::read(at("file")).unwrap(), b"old");
        assert!(at("backup").exists(), "a file's backup stays");
        tree(&at("tree"));
        fs::create_dir(at("there")).unwrap();
        put_back(&at("tree"), &at("there")).unwrap_err();
        put_back(&at("tree"), &at("free")).unwrap();
        check(&at("free"));
    }

    #[test]
    fn across_file_systems_a_folders_backup_stays() {
        let Ok(there) = tempfile::tempdir_in("/dev/shm") else { return };
        let here = tempfile::tempdir().unwrap();
        tree(&there.path().join("backup"));
        put_back(&there.path().join("backup"), &here.path().join("tree")).unwrap();
        check(&here.path().join("tree"));
        check(&there.path().join("backup"));
    }
}
