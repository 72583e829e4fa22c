//! Questions about files and folders.

#![allow(clippy::disallowed_methods)]

use std::fs::{self, OpenOptions};
use std::io::{self, Read};
use std::os::unix::fs::{FileTypeExt, MetadataExt, OpenOptionsExt};
use std::path::Path;

use memchr::memmem;
use rustix::fs::{Access, OFlags};

use super::super::{EXCERPT_LIMIT, FileKind, FileSystem, READ_LIMIT, Reply, Stat};
use super::ask::unanswered;
use crate::facts::Reading;

pub(super) fn read(path: &Path) -> Reading<Reply> {
    bytes_of(path, READ_LIMIT).and_then(|bytes| match String::from_utf8(bytes) {
        Ok(text) => Reading::Present(Reply::Text(text)),
        Err(_) => Reading::NotText,
    })
}

pub(super) fn read_bytes(path: &Path, limit: u64) -> Reading<Reply> {
    bytes_of(path, limit.min(READ_LIMIT)).map(Reply::Raw)
}

pub(super) fn excerpt(path: &Path, after: &str, before: &str) -> Reading<Reply> {
    bytes_of(path, READ_LIMIT).and_then(|bytes| {
        let between = || {
            let begins = memmem::find(&bytes, after.as_bytes())? + after.len();
            let rest = bytes.get(begins..)?;
            let rest = rest.get(..rest.len().min(EXCERPT_LIMIT + before.len()))?;
            let text = rest.get(..memmem::find(rest, before.as_bytes())?)?;
            String::from_utf8(text.to_owned()).ok()
        };
        between().map(Reply::Text).into()
    })
}

fn bytes_of(path: &Path, limit: u64) -> Reading<Vec<u8>> {
    match content(path, limit) {
        Ok(Content::Bytes(bytes)) => Reading::Present(bytes),
        Ok(Content::NotAFile) => Reading::failed(format!("{}: not a regular file", path.display())),
        Ok(Content::TooLarge) => Reading::failed(format!("{}: larger than {}", path.display(), size(limit))),
        Err(error) => unanswered(&error),
    }
}

fn size(bytes: u64) -> String {
    match bytes >> 20 {
        0 => format!("{bytes} bytes"),
        mebibytes => format!("{mebibytes} MiB"),
    }
}

enum Content {
    Bytes(Vec<u8>),
    NotAFile,
    TooLarge,
}

fn content(path: &Path, limit: u64) -> io::Result<Content> {
    // Looked at before it is opened, since opening a device may do something; opened without blocking, since
    // a FIFO may have taken the file's place in between.
    if !fs::metadata(path)?.is_file() {
        return Ok(Content::NotAFile);
    }
    let nonblocking = i32::try_from(OFlags::NONBLOCK.bits()).unwrap_or_default();
    let file = OpenOptions::new().read(true).custom_flags(nonblocking).open(path)?;
    let metadata = file.metadata()?;
    if !metadata.is_file() {
        return Ok(Content::NotAFile);
    }
    if metadata.len() > limit {
        return Ok(Content::TooLarge);
    }
    // Files under /proc say that they are empty, and others may grow: the limit holds for what is read.
    let mut bytes = Vec::with_capacity(usize::try_from(metadata.len() + 1).unwrap_or_default());
    file.take(limit + 1).read_to_end(&mut bytes)?;
    Ok(if bytes.len() as u64 > limit { Content::TooLarge } else { Content::Bytes(bytes) })
}

pub(super) fn list(folder: &Path) -> Reading<Reply> {
    let names = fs::read_dir(folder).and_then(|entries| {
        entries
            .map(|entry| Ok(entry?.file_name().to_string_lossy().into_owned()))
            .collect::<io::Result<Vec<_>>>()
    });
    match names {
        Ok(mut names) => {
            names.sort();
            Reading::Present(Reply::Names(names))
        }
        // Asked of a file, the honest answer is not that nothing is there.
        Err(error) if error.kind() == io::ErrorKind::NotADirectory && fs::metadata(folder).is_ok() => {
            Reading::failed(format!("{}: not a folder", folder.display()))
        }
        Err(error) => unanswered(&error),
    }
}

pub(super) fn resolve(path: &Path) -> Reading<Reply> {
    match fs::canonicalize(path) {
        Ok(path) => Reading::Present(Reply::Path(path)),
        Err(error) => unanswered(&error),
    }
}

pub(super) fn file_system(path: &Path) -> Reading<Reply> {
    match rustix::fs::statvfs(path) {
        Ok(stat) => Reading::Present(Reply::FileSystem(FileSystem {
            free: stat.f_bavail.saturating_mul(stat.f_frsize),
            total: stat.f_blocks.saturating_mul(stat.f_frsize),
            free_inodes: stat.f_favail,
            inodes: stat.f_files,
        })),
        Err(error) => unanswered(&error.into()),
    }
}

pub(super) fn stat(path: &Path) -> Reading<Reply> {
    let metadata = match fs::metadata(path) {
        Ok(metadata) => metadata,
        Err(error) => return unanswered(&error),
    };
    let file_type = metadata.file_type();
    let kind = match () {
        () if file_type.is_file() => FileKind::File,
        () if file_type.is_dir() => FileKind::Folder,
        () if file_type.is_socket() => FileKind::Socket,
        () => FileKind::Other,
    };
    Reading::Present(Reply::Stat(Stat {
        kind,
        size: metadata.size(),
        modified: metadata.mtime().saturating_mul(1_000_000_000).saturating_add(metadata.mtime_nsec()),
        inode: metadata.ino(),
        mode: metadata.mode() & 0o7777,
        uid: metadata.uid(),
        gid: metadata.gid(),
    }))
}

/// Where a link leads, as it is written in it.
pub(super) fn link(path: &Path) -> Reading<Reply> {
    match fs::read_link(path) {
        Ok(target) => Reading::Present(Reply::Path(target)),
        // Something else than a link stands there.
        Err(error) if error.kind() == std::io::ErrorKind::InvalidInput => Reading::Absent,
        Err(error) => unanswered(&error),
    }
}

/// Asks the kernel, which also knows of access control lists.
pub(super) fn access(path: &Path) -> Reading<Reply> {
    match rustix::fs::access(path, Access::READ_OK | Access::WRITE_OK) {
        Ok(()) => Reading::Present(Reply::Open),
        Err(error) => unanswered(&error.into()),
    }
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::symlink;
    use std::time::Instant;

    use super::*;

    #[test]
    fn reads_text_and_tells_every_other_state_apart() {
        let folder = tempfile::tempdir().unwrap();
        let at = |name: &str| folder.path().join(name);
        fs::write(at("text"), "naïve\n").unwrap();
        fs::write(at("binary"), [0xff, 0xfe, 0]).unwrap();
        fs::write(at("empty"), "").unwrap();
        let huge = fs::File::create(at("huge")).unwrap();
        huge.set_len(READ_LIMIT + 1).unwrap();
        symlink("nowhere", at("dangling")).unwrap();
        symlink("loop", at("loop")).unwrap();

        assert_eq!(read(&at("text")), Reading::Present(Reply::Text("naïve\n".into())));
        assert_eq!(read(&at("empty")), Reading::Present(Reply::Text(String::new())));
        assert_eq!(read(&at("binary")), Reading::NotText);
        assert_eq!(read(&at("nothing")), Reading::Absent);
        assert_eq!(read(&at("text/below")), Reading::Absent);
        assert_eq!(read(&at("dangling")), Reading::Absent);
        assert!(matches!(read(&at("loop")), Reading::Failed { .. }));
        assert!(read(&at("huge")).why_unknown().unwrap().contains("larger than 16 MiB"));
        assert!(read(folder.path()).why_unknown().unwrap().contains("not a regular file"));
    }

    #[test]
    fn bytes_and_text_among_bytes() {
        let folder = tempfile::tempdir().unwrap();
        let at = |name: &str| folder.path().join(name);
        fs::write(at("binary"), b"\xff\x00(built with 27)\x83(built with 28)").unwrap();
        fs::write(at("long"), format!("<{}>", "x".repeat(EXCERPT_LIMIT + 1))).unwrap();
        assert_eq!(excerpt(&at("binary"), "(built with ", ")"), Reading::Present(Reply::Text("27".into())));
        for (after, before) in [("(made with ", ")"), ("(built with ", "]"), ("\0", "\u{83}")] {
            assert_eq!(excerpt(&at("binary"), after, before), Reading::Absent, "{after} {before}");
        }
        assert_eq!(excerpt(&at("long"), "<", ">"), Reading::Absent);
        assert_eq!(excerpt(&at("none"), "<", ">"), Reading::Absent);
        assert!(matches!(excerpt(folder.path(), "<", ">"), Reading::Failed { .. }));

        fs::write(at("few"), [0x83, 0xff]).unwrap();
        assert_eq!(read_bytes(&at("few"), 2), Reading::Present(Reply::Raw(vec![0x83, 0xff])));
        assert!(read_bytes(&at("few"), 1).why_unknown().unwrap().contains("larger than 1 bytes"));
        assert_eq!(read_bytes(&at("none"), 1), Reading::Absent);
    }

    #[test]
    fn neither_a_fifo_nor_a_device_holds_it_up() {
        let folder = tempfile::tempdir().unwrap();
        let fifo = folder.path().join("fifo");
        let made = std::process::Command::new("mkfifo").arg(&fifo).status().unwrap();
        assert!(made.success());
        let begun = Instant::now();
        assert!(matches!(read(&fifo), Reading::Failed { .. }));
        assert!(matches!(read(Path::new("/dev/zero")), Reading::Failed { .. }));
        assert!(begun.elapsed().as_secs() < 5);
    }

    #[test]
    fn files_that_claim_to_be_empty_are_read() {
        if Path::new("/proc/self/status").exists() {
            assert!(matches!(read(Path::new("/proc/self/status")),
                Reading::Present(Reply::Text(text)) if text.contains("Pid:")));
        }
    }

    #[test]
    fn lists_in_order_and_follows_links() {
        let folder = tempfile::tempdir().unwrap();
        let at = |name: &str| folder.path().join(name);
        for name in ["b", "a", ".hidden"] {
            fs::write(at(name), "").unwrap();
        }
        symlink("a", at("c")).unwrap();
        assert_eq!(
            list(folder.path()),
            Reading::Present(Reply::Names(vec![".hidden".into(), "a".into(), "b".into(), "c".into()]))
        );
        assert!(matches!(list(&at("a")), Reading::Failed { .. }));
        assert_eq!(list(&at("none")), Reading::Absent);
        assert_eq!(
            resolve(&at("c")),
            Reading::Present(Reply::Path(folder.path().canonicalize().unwrap().join("a")))
        );
        assert_eq!(resolve(&at("none")), Reading::Absent);
    }

    #[test]
    fn only_an_existing_path_has_a_file_system_and_a_kind() {
        let Reading::Present(Reply::FileSystem(root)) = file_system(Path::new("/")) else {
            panic!("no answer")
        };
        assert!(root.free <= root.total && root.free_inodes <= root.inodes, "{root:?}");
        assert_eq!(file_system(Path::new("/no/such/folder")), Reading::Absent);
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("f");
        fs::write(&file, "abc").unwrap();
        let Reading::Present(Reply::Stat(seen)) = stat(&file) else { panic!("no answer") };
        assert_eq!((seen.kind, seen.size), (FileKind::File, 3));
        assert!(seen.inode > 0 && seen.modified > 0);
        let Reading::Present(Reply::Stat(seen)) = stat(folder.path()) else { panic!("no answer") };
        assert_eq!((seen.kind, seen.mode & 0o700), (FileKind::Folder, 0o700));
        assert_eq!(stat(&folder.path().join("none")), Reading::Absent);
        assert_eq!(access(&file), Reading::Present(Reply::Open));
        assert_eq!(access(&folder.path().join("none")), Reading::Absent);
    }
}
