//! One remedy, worked out for one finding on this machine.

use std::path::{Path, PathBuf};

use super::nix_hash::NixHash;
use super::{FileEdit, Step, Treatment, place, replace};
use crate::causes::Finding;
use crate::facts::{Facts, Reading};
use crate::judge::{Truth, evaluate};
use crate::machine::Machine;
use crate::rules::{Action, Edit, Remedy, Template};

/// A captured value longer than this many bytes is no name, hash or path.
const LONGEST_VALUE: usize = 4096;

/// Where a remedy would be carried out.
#[derive(Clone, Copy)]
pub struct Setting<'a> {
    /// The machine.
    pub machine: &'a dyn Machine,
    /// The project's folder.
    pub project: &'a Path,
    /// What is known of the machine.
    pub facts: &'a Facts,
}

/// Works out what `remedy` would do about `finding`. What stands in the way is said, not hidden.
pub fn prepare(remedy: &Remedy, finding: &Finding, setting: Setting<'_>) -> Treatment {
    let lookup = |name: &str| value_of(name, finding, setting.facts);
    let shown = |template: &Template| {
        template.fill(|name| Some(lookup(name).unwrap_or_else(|| "…".to_owned()))).unwrap_or_default()
    };
    let (step, mut obstacle) = match work_out(&remedy.action, &lookup, setting) {
        Ok(step) => (step, None),
        Err(why) => (empty_step(&remedy.action, &shown), Some(why)),
    };
    // A remedy that cannot even be named here is for another form of the failure.
    if let Err(why) = fill(&remedy.title, lookup) {
        obstacle = obstacle.or(Some(why));
    }
    if let Some(when) = &remedy.when
        && let Truth::Fails = evaluate(when, setting.facts)
    {
        obstacle = Some("it does not fit this machine".to_owned());
    }
    Treatment {
        rule: finding.rule.clone(),
        title: shown(&remedy.title),
        risk: remedy.risk,
        caution: remedy.caution.as_ref().map(shown),
        step,
        obstacle,
    }
}

fn value_of(name: &str, finding: &Finding, facts: &Facts) -> Option<String> {
    if name.contains('.') {
        return facts.get(name)?.reading.as_present().map(ToString::to_string);
    }
    finding.captures.get(name).cloned()
}

fn fill(template: &Template, lookup: impl Fn(&str) -> Option<String>) -> Result<String, String> {
    template.fill(lookup).map_err(|name| format!("`{name}` is not known here"))
}

fn work_out(
    action: &Action,
    lookup: &impl Fn(&str) -> Option<String>,
    setting: Setting<'_>,
) -> Result<Step, String> {
    match action {
        Action::Run(argv) => {
            let argv = argv.iter().map(|word| argument(word, lookup)).collect::<Result<Vec<_>, _>>()?;
            match setting.machine.which(&argv[0]) {
                Reading::Absent => Err(format!("`{}` is not on PATH", argv[0])),
                _ => Ok(Step::Run(argv)),
            }
        }
        Action::Edit(edit) => edits(edit, lookup, setting).map(Step::Edit),
        Action::Remove(paths) => {
            let paths = paths.iter().map(|path| removable(&fill(path, lookup)?, setting));
            let paths: Vec<PathBuf> = paths.collect::<Result<Vec<_>, _>>()?.into_iter().flatten().collect();
            if paths.is_empty() { Err("none of it is there".to_owned()) } else { Ok(Step::Remove(paths)) }
        }
        Action::Tell(text) => fill(text, lookup).map(Step::Tell),
    }
}

/// One whole argument. What was captured is data: it may not turn into an option or hide in control characters.
fn argument(word: &Template, lookup: &impl Fn(&str) -> Option<String>) -> Result<String, String> {
    let filled = fill(word, lookup)?;
    if word.placeholders().next().is_none() {
        return Ok(filled);
    }
    if filled.starts_with('-') && !word.0.starts_with('-') {
        return Err(format!("`{filled}` would be read as an option"));
    }
    if filled.len() > LONGEST_VALUE || filled.chars().any(char::is_control) {
        return Err("a captured value is no plain word".to_owned());
    }
    Ok(filled)
}

fn edits(
    edit: &Edit,
    lookup: &impl Fn(&str) -> Option<String>,
    setting: Setting<'_>,
) -> Result<Vec<FileEdit>, String> {
    let (find, replacement) = (fill(&edit.find, lookup)?, fill(&edit.replace, lookup)?);
    if replacement.len() > LONGEST_VALUE || replacement.chars().any(char::is_control) {
        return Err("a captured value is no plain word".to_owned());
    }
    if !edit.nix_hash && differ_in_numbers_alone(&find, &replacement) {
        return Err(format!(
            "'{replacement}' would be another version than '{find}', not a correction of it"
        ));
    }
    let line = edit.line.as_ref().map(|line| fill(line, lookup)).transpose()?;
    let line =
        line.map(|line| line.parse::<usize>().map_err(|_| format!("`{line}` is no line"))).transpose()?;
    let hashes = match edit.nix_hash {
        true => Some(match (NixHash::parse(&find), NixHash::parse(&replacement)) {
            (Some(find), Some(replacement)) if find.same_algorithm(&replacement) => (find, replacement),
            _ => return Err(format!("`{find}` and `{replacement}` are no hashes of one kind")),
        }),
        false => None,
    };
    let mut found = Vec::new();
    let (mut places, mut why_not) = (0, None);
    for pattern in &edit.files {
        match place::files(setting.machine, setting.project, &fill(pattern, lookup)?) {
            Ok(files) => {
                for path in files {
                    let Reading::Present(before) = setting.machine.read(&path) else { continue };
                    let replacements = match &hashes {
                        Some((find, replacement)) => replace::hashes(&before, find, replacement),
                        None => replace::words(&before, &find, &replacement, line),
                    };
                    places += replacements.len();
                    if !replacements.is_empty() && !found.iter().any(|edit: &FileEdit| edit.path == path) {
                        let after = replace::apply(&before, &replacements);
                        let name = path.strip_prefix(setting.project).unwrap_or(&path).display().to_string();
                        found.push(FileEdit { path, name, before, after });
                    }
                }
            }
            Err(why) => why_not = Some(why),
        }
    }
    // One wrong hash in two places is one source used twice; a placeholder or a name in two places is not.
    let must_be_unique = line.is_none() && hashes.as_ref().is_none_or(|(find, _)| find.is_placeholder());
    match places {
        0 => Err(match why_not {
            Some(why) if edit.files.len() == 1 => why,
            _ => format!("`{find}` stands in no file of this project"),
        }),
        2.. if must_be_unique => {
            Err(format!("it stands in {places} places, and which one is meant is not known"))
        }
        _ => Ok(found),
    }
}

/// Whether two names differ, and in their digits alone: elixir_1_17 and elixir_1_16 are two things, not one misspelt.
fn differ_in_numbers_alone(one: &str, other: &str) -> bool {
    let letters = |text: &str| text.chars().filter(|c| !c.is_ascii_digit()).collect::<String>();
    one != other && letters(one) == letters(other)
}

/// The paths that a removal means: below the project or, written with `~/`, below the person's home.
fn removable(path: &str, setting: Setting<'_>) -> Result<Vec<PathBuf>, String> {
    let machine = setting.machine;
    let (base, rest) = match path.strip_prefix("~/") {
        Some(rest) => (machine.env("HOME").present().map(PathBuf::from).ok_or("HOME is not set")?, rest),
        None => (setting.project.to_owned(), path),
    };
    if Path::new(rest).components().any(|part| !matches!(part, std::path::Component::Normal(_))) {
        return Err(format!("{path} is no path below the project"));
    }
    let full = base.join(rest);
    match (machine.resolve(&full), machine.resolve(&base)) {
        (Reading::Present(real), Reading::Present(base)) if real.starts_with(&base) && real != base => {
            Ok(vec![full])
        }
        (Reading::Present(_), _) => Err(format!("{path} leads out of its folder")),
        _ => Ok(Vec::new()),
    }
}

fn empty_step(action: &Action, shown: &impl Fn(&Template) -> String) -> Step {
    match action {
        Action::Run(argv) => Step::Run(argv.iter().map(shown).collect()),
        Action::Edit(_) => Step::Edit(Vec::new()),
        Action::Remove(paths) => Step::Remove(paths.iter().map(|path| PathBuf::from(shown(path))).collect()),
        Action::Tell(text) => Step::Tell(shown(text)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn another_version_is_no_correction() {
        assert!(differ_in_numbers_alone("elixir_1_17", "elixir_1_16"));
        assert!(differ_in_numbers_alone("erlang_27", "erlang_7"));
        assert!(!differ_in_numbers_alone("elxir_1_17", "elixir_1_17"));
        assert!(!differ_in_numbers_alone("a", "a"));
    }
}
