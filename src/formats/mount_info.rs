//! `/proc/self/mountinfo`.

use std::path::{Path, PathBuf};

/// What is mounted somewhere.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mount {
    /// Where.
    pub point: PathBuf,
    /// Whether nothing can be written there.
    pub read_only: bool,
    /// The kind of file system, such as `ext4`.
    pub kind: String,
}

/// The mount that a path lies on.
pub fn mount_of(text: &str, path: &Path) -> Option<Mount> {
    // Of two at the same place, the later one hides the earlier.
    text.lines()
        .filter_map(parse)
        .filter(|mount| path.starts_with(&mount.point))
        .max_by_key(|mount| mount.point.components().count())
}

/// What is mounted at one place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mounted {
    /// The device, or what stands for it.
    pub source: String,
    /// The kind of file system, such as `ext4`.
    pub kind: String,
    /// How it is mounted, the options of the file system itself after those of the place.
    pub options: Vec<String>,
}

/// What is mounted just there.
pub fn mounted_at(text: &str, path: &Path) -> Option<Mounted> {
    // Of two at the same place, the later one hides the earlier.
    text.lines().rev().find_map(|line| {
        let (fields, file_system) = line.split_once(" - ")?;
        let mut fields = fields.split(' ').skip(4);
        let (point, options) = (fields.next()?, fields.next()?);
        let mut file_system = file_system.split(' ');
        let (kind, source) = (file_system.next()?, file_system.next()?);
        let all = options.split(',').chain(file_system.next().unwrap_or_default().split(','));
        (Path::new(&unescape(point)) == path).then(|| Mounted {
            source: unescape(source),
            kind: kind.to_owned(),
            options: all.filter(|option| !option.is_empty()).map(str::to_owned).collect(),
        })
    })
}

/// The same of what `mount` prints on macOS: `/dev/disk3s1 on / (apfs, local, journaled)`.
pub fn mounted_by_program(text: &str, path: &Path) -> Option<Mounted> {
    text.lines().rev().find_map(|line| {
        let (source, rest) = line.split_once(" on ")?;
        let (point, options) = rest.rsplit_once(" (")?;
        let mut options = options.strip_suffix(')')?.split(", ").map(str::to_owned);
        let kind = options.next()?;
        let is_it = Path::new(point) == path;
        is_it.then(|| Mounted { source: source.to_owned(), kind, options: options.collect() })
    })
}

fn parse(line: &str) -> Option<Mount> {
    let (fields, file_system) = line.split_once(" - ")?;
    let mut fields = fields.split(' ').skip(4);
    let (point, options) = (fields.next()?, fields.next()?);
    let mut file_system = file_system.split(' ');
    let (kind, _source, super_options) = (file_system.next()?, file_system.next()?, file_system.next());
    let is_read_only = |options: &str| options.split(',').any(|option| option == "ro");
    Some(Mount {
        point: PathBuf::from(unescape(point)),
        read_only: is_read_only(options) || super_options.is_some_and(is_read_only),
        kind: kind.to_owned(),
    })
}

/// White space and backslashes are written as three octal digits.
fn unescape(text: &str) -> String {
    let mut parts = text.split('\\');
    let mut plain = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let code = part.get(..3).and_then(|digits| u8::from_str_radix(digits, 8).ok());
        match code.filter(u8::is_ascii) {
            Some(code) => {
                plain.push(char::from(code));
                plain.push_str(&part[3..]);
            }
            None => {
                plain.push('\\');
                plain.push_str(part);
            }
        }
    }
    plain
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_innermost_mount_holds_a_path() {
        let text = "22 1 8:2 / / rw,relatime shared:1 - ext4 /dev/sda2 rw\n\
                    31 22 8:2 /nix/store /nix/store ro,relatime shared:1 - ext4 /dev/sda2 rw\n\
                    40 22 0:40 / /mnt/my\\040disk rw - squashfs /dev/loop0 ro\n\
                    41 22 0:41 / /tmp rw - tmpfs tmpfs rw,size=1\n42 22 0:41 / /tmp ro - tmpfs tmpfs rw\nnonsense\n";
        let on = |path: &str| {
            let mount = mount_of(text, Path::new(path)).unwrap();
            (mount.point.to_string_lossy().into_owned(), mount.read_only, mount.kind)
        };
        assert_eq!(on("/nix/store/x"), ("/nix/store".into(), true, "ext4".into()));
        assert_eq!(on("/nix/var"), ("/".into(), false, "ext4".into()));
        assert_eq!(on("/mnt/my disk/a"), ("/mnt/my disk".into(), true, "squashfs".into()));
        assert!(on("/tmp").1);
        assert_eq!(mount_of("", Path::new("/")), None);
    }

    #[test]
    fn what_is_mounted_just_there() {
        let text = "22 1 8:2 / / rw,relatime shared:1 - ext4 /dev/sda2 rw,errors=remount-ro\n\
                    41 22 0:41 / /tmp rw,nosuid - tmpfs tmpfs rw,size=1\n";
        let root = mounted_at(text, Path::new("/")).unwrap();
        assert_eq!((root.source.as_str(), root.kind.as_str()), ("/dev/sda2", "ext4"));
        assert_eq!(root.options, ["rw", "relatime", "rw", "errors=remount-ro"]);
        assert_eq!(mounted_at(text, Path::new("/tmp/x")), None);
        let text = "/dev/disk3s1 on / (apfs, sealed, local)\nmap auto_home on /System/Volumes/Data/home (autofs, automounted)\n";
        let root = mounted_by_program(text, Path::new("/")).unwrap();
        assert_eq!((root.source.as_str(), root.kind.as_str()), ("/dev/disk3s1", "apfs"));
        assert_eq!(root.options, ["sealed", "local"]);
        assert!(mounted_by_program(text, Path::new("/System/Volumes/Data/home")).is_some());
        assert_eq!(mounted_by_program("nonsense on (", Path::new("/")), None);
    }

    proptest::proptest! {
        #[test]
        fn no_table_is_too_odd(text in r"([0-9]{1,3}[ \\]|[-/é\n, ]| - |ro|rw)*") {
            let _ = (mount_of(&text, Path::new("/a/b")), mounted_at(&text, Path::new("/a/b")));
            let _ = mounted_by_program(&text, Path::new("/a/b"));
        }
    }
}
