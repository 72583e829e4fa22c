//! Reading requirements of files and mounts.

use super::{List, Read, matcher};
use crate::require::format::{FILES, MOUNTS};
use crate::require::{FileNeed, FileType, MountNeed, Need};
use crate::rules::Node;

/// What can stand at a path.
pub(in crate::require) const TYPES: &[(&str, FileType)] = &[
    ("file", FileType::File),
    ("folder", FileType::Folder),
    ("directory", FileType::Folder),
    ("link", FileType::Link),
    ("symlink", FileType::Link),
    ("socket", FileType::Socket),
];

impl List<'_> {
    pub(super) fn file<'n>(&mut self, node: &'n Node) -> Option<Read<'n>> {
        let (path, fields) = self.named(node, &FILES)?;
        let Some(fields) = fields else {
            return Some((Need::File(FileNeed { path, ..FileNeed::default() }), None));
        };
        let text = |list: &mut Self, key: &str| fields.get(key).and_then(|node| list.word(node));
        let (owner, group) = (text(self, "owner"), text(self, "group"));
        let mut file = FileNeed { path, owner, group, ..FileNeed::default() };
        file.absent = self.flag(Some(&fields), "absent");
        file.kind = fields.get("type").and_then(|node| self.reader.one_of(node, "type of file", TYPES));
        file.mode = fields.get("mode").and_then(|node| self.mode(node));
        file.size = self.value(Some(&fields), "size");
        file.target = self.value(Some(&fields), "target");
        file.sha256 = fields.get("sha256").and_then(|node| self.sha256(node));
        file.content = matcher::inline(self.reader, &fields);
        Some((Need::File(file), Some(fields)))
    }

    /// Octal digits, with or without the 0 before them that a shell does without.
    fn mode(&mut self, node: &Node) -> Option<u32> {
        let text = self.reader.text(node)?;
        let digits = text.strip_prefix("0o").unwrap_or(&text);
        match u32::from_str_radix(digits, 8)
            .ok()
            .filter(|mode| (3..=5).contains(&digits.len()) && *mode <= 0o7777)
        {
            Some(mode) => Some(mode),
            None => {
                let help = "three or four octal digits, such as \"0600\"".to_owned();
                self.reader.problem(node.span.clone(), format!("`{text}` is no mode"), Some(help));
                None
            }
        }
    }

    fn sha256(&mut self, node: &Node) -> Option<String> {
        let text = self.reader.text(node)?.to_lowercase();
        if text.len() == 64 && text.bytes().all(|byte| byte.is_ascii_hexdigit()) {
            return Some(text);
        }
        self.reader.problem(node.span.clone(), "a SHA-256 has 64 hexadecimal digits", None);
        None
    }

    pub(super) fn mount<'n>(&mut self, node: &'n Node) -> Option<Read<'n>> {
        let (path, fields) = self.named(node, &MOUNTS)?;
        let said = fields.as_ref();
        if !path.starts_with('/') {
            let at = Self::at(node, said, "path");
            self.reader.problem(at.span.clone(), "a mount is named by its absolute path", None);
            return None;
        }
        let mount = MountNeed {
            path: path.into(),
            absent: self.flag(said, "absent"),
            source: self.value(said, "source"),
            filesystem: self.value(said, "filesystem"),
            options: self.value(said, "options"),
            used: self.value(said, "used"),
        };
        Some((Need::Mount(mount), fields))
    }
}
