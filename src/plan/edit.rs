//! An edit, worked out on the files of the project or of the home.

use std::path::Path;

use super::nix_hash::NixHash;
use super::place::{self, Place};
use super::prepare::{Setting, fill, plain};
use super::replace::{self, Replacement};
use super::settings::{self, Key, Wanted};
use super::{FileEdit, Obstacle, below, nix_attribute, nix_insert, nix_system, spelling};
use crate::facts::Reading;
use crate::project::{AsdfCommand, Era, Located, asdf_commands, corrected};
use crate::rules::{Edit, EditKind, SetKey, SetValue, SettingsFormat, Template};

/// An edit with every value filled in and looked at.
enum Filled<'r> {
    Word { find: String, replace: String, line: Option<usize> },
    Hash { find: NixHash, replace: NixHash, written: (String, String) },
    Attribute { wrong: String, right: String, position: (usize, usize) },
    Insert { text: &'r str, position: (usize, usize) },
    System,
    Set { set: &'r SetKey, value: Wanted },
    Comment { find: String, line: Option<usize>, format: Option<SettingsFormat> },
    AsdfCommand { since_0_16: bool },
}

/// A file's edit, with the lines in which something changes.
type Edited = (FileEdit, Vec<usize>);

/// The files with what they are to hold, or why they are left as they are.
pub(super) fn edits(
    edit: &Edit,
    lookup: &impl Fn(&str) -> Option<String>,
    setting: Setting<'_>,
) -> Result<Vec<FileEdit>, Obstacle> {
    let plain = |template: &Template| plain(fill(template, lookup)?);
    let files = edit.files.iter().map(plain).collect::<Result<Vec<_>, _>>()?;
    let filled = Filled::new(&edit.kind, lookup)?;
    let mut found: Vec<FileEdit> = Vec::new();
    let mut places = Vec::new();
    let mut why_not = None;
    for (template, pattern) in edit.files.iter().zip(&files) {
        // What was captured is one path, even where it looks like a glob.
        let captured = template.placeholders().next().is_some();
        let named = match captured {
            true => place::file(setting.machine, setting.project, pattern).map(|place| vec![place]),
            false if Edit::is_in_home(template) => {
                below::home_file(pattern, setting).map(|place| vec![place])
            }
            false if filled.creates() => below::project_file(pattern, setting).map(|place| vec![place]),
            false => place::files(setting.machine, setting.project, pattern),
        };
        let named = match named {
            Ok(named) => named,
            Err(why) => {
                why_not = Some(why);
                continue;
            }
        };
        match filled.in_files(&named, setting) {
            Ok(edits) => {
                for (edit, lines) in edits {
                    if !found.iter().any(|other| other.path == edit.path) {
                        places.extend(lines.iter().map(|line| format!("{}:{line}", edit.name)));
                        found.push(edit);
                    }
                }
            }
            Err(why) if filled.is_all_or_nothing() => return Err(Obstacle::Blocked(why)),
            Err(why) => why_not = Some(why),
        }
    }
    match places.len() {
        0 => Err(Obstacle::Blocked(match why_not {
            Some(why) if edit.files.len() == 1 => why,
            _ => filled.nowhere(),
        })),
        2.. if filled.must_be_unique() => Err(Obstacle::Blocked(format!(
            "it stands at {}, and which one is meant is not known{}",
            listed(&places),
            filled.by_hand()
        ))),
        _ => Ok(found),
    }
}

impl<'r> Filled<'r> {
    fn new(kind: &'r EditKind, lookup: &impl Fn(&str) -> Option<String>) -> Result<Self, Obstacle> {
        let text = |template: &Template| plain(fill(template, lookup)?);
        let number = |template: &Template| {
            let text = text(template)?;
            text.parse().map_err(|_| Obstacle::Blocked(format!("`{text}` is no position in a file")))
        };
        match kind {
            EditKind::Word { find, replace, line } => {
                let (find, replace) = (text(find)?, text(replace)?);
                spelling::same_version(&find, &replace).map_err(Obstacle::Blocked)?;
                Ok(Filled::Word { find, replace, line: line.as_ref().map(number).transpose()? })
            }
            EditKind::NixHash { find, replace } => {
                let written = (text(find)?, text(replace)?);
                match (NixHash::parse(&written.0), NixHash::parse(&written.1)) {
                    (Some(find), Some(replace)) if find.same_algorithm(&replace) => {
                        Ok(Filled::Hash { find, replace, written })
                    }
                    _ => Err(Obstacle::Blocked(format!(
                        "`{}` and `{}` are no hashes of one kind",
                        written.0, written.1
                    ))),
                }
            }
            EditKind::NixAttribute { find, replace, line, column } => {
                let (wrong, right) = (nix_attribute::unquoted(&text(find)?), text(replace)?);
                let position = (number(line)?, number(column)?);
                spelling::corrects(&wrong, &right).map_err(Obstacle::Blocked)?;
                Ok(Filled::Attribute { wrong, right, position })
            }
            EditKind::Insert { text, line, column } => {
                Ok(Filled::Insert { text, position: (number(line)?, number(column)?) })
            }
            EditKind::NixSystem => Ok(Filled::System),
            EditKind::Set(set) => {
                let value = match &set.value {
                    SetValue::Text(value) => Wanted::Text(text(value)?),
                    SetValue::List(items) => Wanted::List(items.iter().map(text).collect::<Result<_, _>>()?),
                    SetValue::Integer(number) => Wanted::Integer(*number),
                    SetValue::Bool(flag) => Wanted::Bool(*flag),
                };
                Ok(Filled::Set { set, value })
            }
            EditKind::Comment { find, line, format } => {
                let line = line.as_ref().map(number).transpose()?;
                Ok(Filled::Comment { find: text(find)?, line, format: *format })
            }
            EditKind::AsdfCommand { version } => {
                let version = text(version)?;
                let mut parts = version.split('.').map(|part| part.parse::<u64>().ok());
                match (parts.next().flatten(), parts.next().flatten()) {
                    (Some(major), Some(minor)) => {
                        Ok(Filled::AsdfCommand { since_0_16: (major, minor) >= (0, 16) })
                    }
                    _ => Err(Obstacle::Blocked(format!("`{version}` is no version of asdf"))),
                }
            }
        }
    }

    /// The edits of these files. If there is one file alone, what keeps it from being edited is told.
    fn in_files(&self, files: &[Place], setting: Setting<'_>) -> Result<Vec<Edited>, String> {
        let mut edits = Vec::new();
        for place in files {
            match self.in_file(place, setting) {
                Ok(Some(edit)) => edits.push(edit),
                Ok(None) => {}
                Err(why) if files.len() == 1 || self.is_all_or_nothing() => return Err(why),
                Err(_) => {}
            }
        }
        Ok(edits)
    }

    fn in_file(&self, place: &Place, setting: Setting<'_>) -> Result<Option<Edited>, String> {
        let name = below::name(&place.path, setting);
        if !self.may_edit(&place.within) {
            return Err(format!("{name} is no file in which this may be replaced"));
        }
        let before = match setting.machine.read(&place.path) {
            Reading::Present(text) => Some(text),
            Reading::Absent if self.creates() => None,
            // A program among the scripts.
            _ if self.is_all_or_nothing() => return Ok(None),
            Reading::Absent => return Err(format!("{name} is not there")),
            unread => return Err(format!("{name}: {}", unread.why_unknown().unwrap_or_default())),
        };
        let text = before.as_deref().unwrap_or_default();
        let after = self.after(place, text).map_err(|why| format!("{name} {why}"))?;
        Ok(after.map(|(after, lines)| (FileEdit { path: place.path.clone(), name, before, after }, lines)))
    }

    /// What a file is to hold, with the lines in which something changes; `None`: nothing does.
    fn after(&self, place: &Place, text: &str) -> Result<Option<(String, Vec<usize>)>, String> {
        let replacements = match self {
            Filled::Word { find, replace, line } => replace::words(text, find, replace, *line),
            Filled::Hash { find, replace, .. } => replace::hashes(text, find, replace),
            Filled::Attribute { wrong, right, position } => {
                vec![nix_attribute::correct(text, wrong, right, *position)?]
            }
            Filled::Insert { text: inserted, position } => {
                vec![nix_insert::insert(text, inserted, *position)?]
            }
            Filled::System => nix_system::complete(text)?,
            Filled::AsdfCommand { since_0_16 } => asdf_replacements(text, *since_0_16)?,
            Filled::Set { set, value } => {
                let format = format(set.format, place)?;
                let mut after = None;
                for name in &set.keys {
                    let key = Key { name, value, append: set.append, add: set.add };
                    let so_far = after.as_deref().unwrap_or(text);
                    after = settings::set(format, so_far, &key)?.or(after);
                }
                return Ok(after.map(|after| changed(text, after)));
            }
            Filled::Comment { find, line, format: stated } => {
                let after = settings::comment(format(*stated, place)?, text, find, *line)?;
                return Ok(Some(changed(text, after)));
            }
        };
        let line = |(range, _): &Replacement| text[..range.start].matches('\n').count() + 1;
        let lines = replacements.iter().map(line).collect();
        Ok((!replacements.is_empty()).then(|| (replace::apply(text, &replacements), lines)))
    }

    /// Whether a file, by its path below the root, is one in which such a thing stands.
    fn may_edit(&self, within: &Path) -> bool {
        let is_nix = within.extension().is_some_and(|ending| ending == "nix");
        match self {
            Filled::Hash { .. } => is_nix || within.file_name().is_some_and(|name| name == "flake.lock"),
            Filled::Attribute { .. } | Filled::Insert { .. } | Filled::System => {
                is_nix && !place::in_hidden_folder(within)
            }
            Filled::Word { .. }
            | Filled::Set { .. }
            | Filled::Comment { .. }
            | Filled::AsdfCommand { .. } => true,
        }
    }

    /// Whether a file that is not there is made.
    fn creates(&self) -> bool {
        matches!(self, Filled::Set { set, .. } if set.create)
    }

    /// Whether one file that cannot be edited keeps the others from being so: what is left would still be wrong.
    fn is_all_or_nothing(&self) -> bool {
        matches!(self, Filled::AsdfCommand { .. })
    }

    /// One wrong hash in two places is one source used twice; a placeholder or a word in two places is not.
    fn must_be_unique(&self) -> bool {
        match self {
            Filled::Word { line, .. } | Filled::Comment { line, .. } => line.is_none(),
            Filled::Hash { find, .. } => find.is_placeholder(),
            Filled::Attribute { .. } | Filled::Insert { .. } => true,
            Filled::System | Filled::Set { .. } | Filled::AsdfCommand { .. } => false,
        }
    }

    /// Why nothing is edited if no file says another reason.
    fn nowhere(&self) -> String {
        match self {
            Filled::Word { find, .. }
            | Filled::Hash { written: (find, _), .. }
            | Filled::Attribute { wrong: find, .. }
            | Filled::Comment { find, .. } => format!("`{find}` stands in no file of this project"),
            Filled::Insert { text, .. } => format!("`{text}` belongs in no file of this project"),
            Filled::Set { set, .. } if set.add => format!("`{}` is set so already", set.keys.join("`, `")),
            Filled::Set { set, .. } => {
                format!("`{}` stands otherwise in none of these files", set.keys.join("`, `"))
            }
            Filled::System => "no file lacks a system".to_owned(),
            Filled::AsdfCommand { .. } => "no script has a command that can be corrected".to_owned(),
        }
    }

    /// What the person can do where only they know which place is meant.
    fn by_hand(&self) -> String {
        match self {
            Filled::Word { replace, .. } | Filled::Hash { written: (_, replace), .. } => {
                format!("; put `{replace}` there")
            }
            _ => String::new(),
        }
    }
}

/// The format of a settings file: the stated one, or what its name tells.
fn format(stated: Option<SettingsFormat>, place: &Place) -> Result<SettingsFormat, String> {
    let name = place.path.file_name().unwrap_or_default().to_string_lossy();
    let known = stated.or_else(|| SettingsFormat::of(&name));
    known.ok_or_else(|| "has no name that tells its format".to_owned())
}

fn asdf_replacements(text: &str, since_0_16: bool) -> Result<Vec<Replacement>, String> {
    let has = if since_0_16 { Era::New } else { Era::Old };
    let wrong = asdf_commands(text).into_iter().filter(|command| command.value.era != has);
    let replacement = |command: Located<AsdfCommand>| {
        let written = &command.value.written;
        let none = || format!("has `{written}`, for which this asdf has no command");
        let (replaced, instead) = corrected(written, since_0_16).ok_or_else(none)?;
        Ok((command.offset..command.offset + replaced.len(), instead))
    };
    wrong.map(replacement).collect()
}

/// The new text, with the first line in which it differs.
fn changed(before: &str, after: String) -> (String, Vec<usize>) {
    let same = before.lines().zip(after.lines()).take_while(|(one, other)| one == other).count();
    (after, vec![same + 1])
}

/// Places in a sentence: all of a few, the first of many.
fn listed(places: &[String]) -> String {
    const FEW: usize = 4;
    match places {
        [all @ .., last] if all.len() < FEW => format!("{} and {last}", all.join(", ")),
        _ => {
            let (shown, more) = places.split_at(FEW.min(places.len()));
            format!("{} and {} more places", shown.join(", "), more.len())
        }
    }
}

#[cfg(test)]
mod tests;
