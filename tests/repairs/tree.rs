//! What lies below a folder, to the byte, so that before and after can be compared.

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt, fs,
    os::unix::fs::MetadataExt,
    path::{Path, PathBuf},
};

use walkdir::WalkDir;

/// Everything below some folders, by its path in the lab.
pub(crate) struct Tree(BTreeMap<PathBuf, Entry>);

/// One file, folder or link.
#[derive(PartialEq)]
struct Entry {
    what: What,
    mode: u32,
    owner: (u32, u32),
}

#[derive(PartialEq)]
enum What {
    Folder,
    File {
        content: Vec<u8>,
        modified: (i64, i64),
    },
    Link {
        target: PathBuf,
    },
    /// A socket, a pipe or a device.
    Other,
}

impl Tree {
    /// Looks at these folders of `base`, without what lies below those in `except`.
    pub(crate) fn of(base: &Path, folders: &[&str], except: &[&str]) -> Tree {
        let except: BTreeSet<PathBuf> = except.iter().map(|path| base.join(path)).collect();
        let mut entries = BTreeMap::new();
        for folder in folders {
            let walk = WalkDir::new(base.join(folder)).into_iter();
            for entry in walk.filter_entry(|entry| !except.contains(entry.path())) {
                let path = entry.unwrap().into_path();
                entries.insert(path.strip_prefix(base).unwrap().to_owned(), Entry::of(&path));
            }
        }
        Tree(entries)
    }

    /// What is different in another tree, a line for each path.
    pub(crate) fn differences(&self, after: &Tree) -> Vec<String> {
        let paths: BTreeSet<&PathBuf> = self.0.keys().chain(after.0.keys()).collect();
        let difference = |path: &&PathBuf| {
            let how = match (self.0.get(*path), after.0.get(*path)) {
                (Some(one), Some(other)) => one.difference(other)?,
                (Some(_), None) => "is gone".to_owned(),
                _ => "is new".to_owned(),
            };
            Some(format!("{} {how}", path.display()))
        };
        paths.iter().filter_map(difference).collect()
    }
}

impl Entry {
    fn of(path: &Path) -> Entry {
        let metadata = path.symlink_metadata().unwrap();
        let kind = metadata.file_type();
        let what = if kind.is_dir() {
            What::Folder
        } else if kind.is_symlink() {
            What::Link { target: fs::read_link(path).unwrap() }
        } else if kind.is_file() {
            let modified = (metadata.mtime(), metadata.mtime_nsec());
            What::File { content: fs::read(path).unwrap(), modified }
        } else {
            What::Other
        };
        Entry { what, mode: metadata.mode(), owner: (metadata.uid(), metadata.gid()) }
    }

    fn difference(&self, after: &Entry) -> Option<String> {
        if self.what != after.what {
            return Some(format!("was {}, is {}", self.what, after.what));
        }
        if self.mode != after.mode {
            return Some(format!("had the mode {:o}, has {:o}", self.mode, after.mode));
        }
        (self.owner != after.owner).then(|| format!("was {:?}'s, is {:?}'s", self.owner, after.owner))
    }
}

impl fmt::Display for What {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            What::Folder => write!(f, "a folder"),
            What::File { content, modified: (seconds, nanoseconds) } => {
                let start: String = String::from_utf8_lossy(content).chars().take(200).collect();
                write!(f, "a file of {} bytes, of {seconds}.{nanoseconds:09}: {start:?}", content.len())
            }
            What::Link { target } => write!(f, "a link to {}", target.display()),
            What::Other => write!(f, "no file, folder or link"),
        }
    }
}

#[test]
fn every_change_is_seen() {
    let lab = tempfile::tempdir().unwrap();
    let at = |path: &str| lab.path().join(path);
    let look = || Tree::of(lab.path(), &["project"], &["project/left-out"]);
    let write = |path: &str, text: &str| fs::write(at(path), text).unwrap();
    fs::create_dir_all(at("project/folder")).unwrap();
    fs::create_dir_all(at("project/left-out/below")).unwrap();
    write("project/file", "one");
    std::os::unix::fs::symlink("file", at("project/link")).unwrap();
    let before = look();
    write("project/left-out/below/file", "one");
    assert_eq!(before.differences(&look()), [""; 0]);

    let modified = fs::metadata(at("project/file")).unwrap().modified().unwrap();
    let keep_time = || fs::File::open(at("project/file")).unwrap().set_modified(modified).unwrap();
    write("project/file", "two");
    keep_time();
    assert_eq!(before.differences(&look()).len(), 1, "the content");
    write("project/file", "one");
    assert_eq!(before.differences(&look()).len(), 1, "the time");
    keep_time();
    assert_eq!(before.differences(&look()), [""; 0]);

    fs::set_permissions(at("project/folder"), std::os::unix::fs::PermissionsExt::from_mode(0o700)).unwrap();
    fs::remove_file(at("project/link")).unwrap();
    std::os::unix::fs::symlink("folder", at("project/link")).unwrap();
    write("project/new", "");
    fs::remove_file(at("project/file")).unwrap();
    let differences = before.differences(&look());
    let paths: Vec<_> = differences.iter().filter_map(|line| line.split(' ').next()).collect();
    assert_eq!(paths, ["project/file", "project/folder", "project/link", "project/new"], "{differences:#?}");
}
