//! A file, a link, or a folder with all that is in it: copied as it is, removed, described.

#![allow(clippy::disallowed_methods)]

use std::fs::{self, File, Metadata};
use std::io;
use std::os::unix::fs::{MetadataExt, PermissionsExt, lchown, symlink};
use std::path::{Path, PathBuf};

use data_encoding::HEXLOWER;
use rustix::fs::{Access, AtFlags, CWD, Timespec, Timestamps, accessat, utimensat};
use rustix::process::geteuid;
use sha2::{Digest, Sha256};
use walkdir::WalkDir;

use super::super::{Imprint, Reply};
use super::ask::unanswered;
use super::change::parent;
use crate::facts::Reading;

/// Copies with modes and times, and with owners where one may. Links are copied as links.
pub(super) fn copy(from: &Path, to: &Path) -> io::Result<()> {
    let mut folders: Vec<(PathBuf, Metadata)> = Vec::new();
    // A link that it begins with would be followed, unlike all others.
    for entry in WalkDir::new(from).follow_root_links(false) {
        let entry = entry?;
        let target = match entry.path().strip_prefix(from) {
            Ok(below) if !below.as_os_str().is_empty() => to.join(below),
            _ => to.to_owned(),
        };
        let metadata = entry.path().symlink_metadata()?;
        let kind = metadata.file_type();
        if kind.is_dir() {
            fs::create_dir(&target)?;
            folders.push((target, metadata));
            continue;
        }
        if kind.is_symlink() {
            symlink(fs::read_link(entry.path())?, &target)?;
        } else if kind.is_file() {
            fs::copy(entry.path(), &target)?;
        } else {
            return Err(io::Error::other(format!(
                "{} is neither a file, a folder nor a link",
                entry.path().display()
            )));
        }
        be_like(&target, &metadata)?;
    }
    let is_file = folders.is_empty();
    // The deepest first, since a folder that may not be written takes in no more files.
    for (folder, metadata) in folders.into_iter().rev() {
        be_like(&folder, &metadata)?;
        fs::set_permissions(&folder, metadata.permissions())?;
    }
    // Thousands of files are made to last at once: one by one takes minutes.
    match is_file {
        true if to.symlink_metadata()?.is_file() => File::open(to)?.sync_all(),
        _ => {
            rustix::fs::sync();
            Ok(())
        }
    }
}

/// Gives a copy the original's owner, where one may, and times.
fn be_like(path: &Path, original: &Metadata) -> io::Result<()> {
    let copy = path.symlink_metadata()?;
    if (copy.uid(), copy.gid()) != (original.uid(), original.gid()) {
        let _ = lchown(path, Some(original.uid()), Some(original.gid()));
        // A new owner takes the set-user-ID bit away.
        if original.is_file() {
            fs::set_permissions(path, original.permissions())?;
        }
    }
    let time = |seconds, nanoseconds| Timespec { tv_sec: seconds, tv_nsec: nanoseconds };
    let times = Timestamps {
        last_access: time(original.atime(), original.atime_nsec()),
        last_modification: time(original.mtime(), original.mtime_nsec()),
    };
    Ok(utimensat(CWD, path, &times, AtFlags::SYMLINK_NOFOLLOW)?)
}

/// What stands there. A folder is told by what is known of its files without reading them.
pub(super) fn imprint(path: &Path) -> Reading<Reply> {
    let look = || {
        let metadata = fs::symlink_metadata(path)?;
        Ok(match metadata.file_type() {
            kind if kind.is_symlink() => Imprint::Link(fs::read_link(path)?),
            kind if kind.is_dir() => folder(path)?,
            kind if kind.is_file() => {
                let mut digest = DigestWriter(Sha256::new());
                let bytes = io::copy(&mut File::open(path)?, &mut digest)?;
                Imprint::File { sha256: HEXLOWER.encode(&digest.0.finalize()), bytes }
            }
            _ => Imprint::Other,
        })
    };
    match look() {
        Ok(imprint) => Reading::Present(Reply::Imprint(imprint)),
        Err(error) => unanswered(&error),
    }
}

/// Takes what is written to it.
struct DigestWriter(Sha256);

impl io::Write for DigestWriter {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.update(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

fn folder(path: &Path) -> io::Result<Imprint> {
    let mut digest = Sha256::new();
    let mut bytes = 0;
    for entry in WalkDir::new(path).sort_by_file_name() {
        let entry = entry?;
        let below = entry.path().strip_prefix(path).unwrap_or(entry.path());
        let metadata = entry.path().symlink_metadata()?;
        let name = below.as_os_str().as_encoded_bytes();
        digest.update(name.len().to_le_bytes());
        digest.update(name);
        digest.update(metadata.mode().to_le_bytes());
        if metadata.is_file() {
            bytes += metadata.len();
            digest.update(metadata.len().to_le_bytes());
            digest.update(metadata.mtime().to_le_bytes());
            digest.update(metadata.mtime_nsec().to_le_bytes());
        } else if metadata.is_symlink() {
            digest.update(fs::read_link(entry.path())?.as_os_str().as_encoded_bytes());
        }
    }
    Ok(Imprint::Folder { sha256: HEXLOWER.encode(&digest.finalize()), bytes })
}

/// Refuses what [`remove`] could not remove, or only in part.
pub(super) fn may_be_removed(path: &Path) -> io::Result<()> {
    let named = |path: &Path, error: io::Error| {
        io::Error::new(error.kind(), format!("{} cannot be emptied: {error}", path.display()))
    };
    let may_change = |folder: &Path| {
        let access = Access::WRITE_OK | Access::EXEC_OK;
        accessat(CWD, folder, access, AtFlags::EACCESS).map_err(|error| named(folder, error.into()))
    };
    may_change(parent(path))?;
    let device = fs::symlink_metadata(parent(path))?.dev();
    let user = geteuid().as_raw();
    for entry in WalkDir::new(path).follow_root_links(false) {
        let entry = entry?;
        let metadata = entry.path().symlink_metadata()?;
        if !metadata.is_dir() {
            continue;
        }
        if metadata.dev() != device {
            let error = io::Error::other("another file system is mounted there");
            return Err(named(entry.path(), error));
        }
        // Of the user's own folders the mode is no hindrance.
        match may_change(entry.path()) {
            Err(error) if metadata.uid() != user || error.kind() == io::ErrorKind::ReadOnlyFilesystem => {
                return Err(error);
            }
            _ => {}
        }
    }
    Ok(())
}

/// Removes what stands there; no error if nothing does.
pub(super) fn remove(path: &Path) -> io::Result<()> {
    let metadata = match fs::symlink_metadata(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
        metadata => metadata?,
    };
    if !metadata.is_dir() {
        return fs::remove_file(path);
    }
    give_owner(path, |metadata| if metadata.is_dir() { 0o700 } else { 0 })?;
    fs::remove_dir_all(path)
}

/// Lets the owner read and change all that is there.
pub(super) fn open_up(path: &Path) -> io::Result<()> {
    give_owner(path, |metadata| match metadata.file_type() {
        kind if kind.is_dir() => 0o700,
        kind if kind.is_file() => 0o600,
        _ => 0,
    })
}

/// Adds permission bits to files and folders, from above, since what is in a closed folder is found once it is open.
fn give_owner(path: &Path, bits: impl Fn(&Metadata) -> u32) -> io::Result<()> {
    for entry in WalkDir::new(path).follow_root_links(false).into_iter().filter_map(Result::ok) {
        let Ok(metadata) = entry.path().symlink_metadata() else { continue };
        let (mut permissions, bits) = (metadata.permissions(), bits(&metadata));
        if permissions.mode() & bits != bits {
            permissions.set_mode(permissions.mode() | bits);
            fs::set_permissions(entry.path(), permissions)?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::fs::Permissions;
    use std::time::{Duration, SystemTime};

    use super::*;

    fn seen(path: &Path) -> Imprint {
        match imprint(path) {
            Reading::Present(Reply::Imprint(imprint)) => imprint,
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn a_copy_has_the_imprint_of_its_original_and_any_change_shows() {
        let base = tempfile::tempdir().unwrap();
        let (from, to) = (base.path().join("from"), base.path().join("to"));
        fs::create_dir_all(from.join("sub")).unwrap();
        fs::write(from.join("sub/file"), "content").unwrap();
        fs::write(from.join("script"), "x").unwrap();
        fs::set_permissions(from.join("script"), Permissions::from_mode(0o4750)).unwrap();
        symlink("../nowhere", from.join("link")).unwrap();
        let then = SystemTime::UNIX_EPOCH + Duration::from_secs(1_000_000_000);
        File::options().write(true).open(from.join("script")).unwrap().set_modified(then).unwrap();
        copy(&from, &to).unwrap();
        let before = seen(&from);
        assert_eq!((seen(&to), before.bytes()), (before.clone(), 8));
        assert_eq!(fs::metadata(to.join("script")).unwrap().modified().unwrap(), then);

        let changes: [&dyn Fn(); 4] = [
            &|| fs::set_permissions(to.join("script"), Permissions::from_mode(0o700)).unwrap(),
            &|| fs::write(to.join("sub/file"), "CONTENT").unwrap(),
            &|| fs::rename(to.join("link"), to.join("other")).unwrap(),
            &|| fs::remove_dir_all(to.join("sub")).unwrap(),
        ];
        let mut last = before;
        for change in changes {
            change();
            let now = seen(&to);
            assert_ne!(now, last);
            last = now;
        }
    }

    #[test]
    fn files_and_links_are_told_by_what_they_hold() {
        let base = tempfile::tempdir().unwrap();
        let (file, link) = (base.path().join("file"), base.path().join("link"));
        fs::write(&file, "abc").unwrap();
        symlink("file", &link).unwrap();
        assert_eq!(seen(&file), Imprint::of(b"abc"));
        assert_eq!(seen(&link), Imprint::Link("file".into()));
        assert_eq!(imprint(&base.path().join("none")), Reading::Absent);
        fs::write(&file, "abd").unwrap();
        assert_ne!(seen(&file), Imprint::of(b"abc"));
    }
}
