//! One remedy, worked out for one finding on this machine.

use std::collections::BTreeMap;
use std::path::{Component, Path, PathBuf};
use std::time::Duration;

use super::edit::edits;
use super::{Obstacle, Run, Step, Treatment, below, git_index, place};
use crate::causes::Finding;
use crate::facts::{Facts, Reading};
use crate::judge::{Truth, evaluate};
use crate::machine::Machine;
use crate::rules::{self, Action, Remedy, Template};

/// A captured value longer than this many bytes is no name, hash or path.
const LONGEST_VALUE: usize = 4096;

/// So many characters of a captured value are shown; what is longer is nothing to read.
const MOST_SHOWN: usize = 300;

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
    let lookup = |name: &str| finding.value(name, setting.facts);
    let shown = |template: &Template| {
        let value = |name: &str| lookup(name).map_or_else(|| "…".to_owned(), |value| shortened(&value));
        template.fill(|name| Some(value(name))).unwrap_or_default()
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
        obstacle = Some(Obstacle::Unfit("it does not fit this machine".to_owned()));
    }
    Treatment {
        rule: finding.rule.clone(),
        folder: setting.project.to_owned(),
        title: shown(&remedy.title),
        risk: remedy.risk,
        caution: remedy.caution.as_ref().map(shown),
        needs: remedy.needs.clone(),
        sizes: BTreeMap::new(),
        anchors: anchors(&step, setting.machine),
        step,
        obstacle,
    }
}

/// Where the paths that a step touches lead: each with the nearest folder above it that is there, and what it is itself.
fn anchors(step: &Step, machine: &dyn Machine) -> Vec<(PathBuf, PathBuf)> {
    let moved = matches!(step, Step::Edit(_) | Step::Remove(_));
    let mut anchors = Vec::new();
    for path in step.touches() {
        let above = machine.folder_above(path);
        let own = moved.then(|| Some((path, machine.resolve(path).present()?))).flatten();
        anchors.extend(above.into_iter().chain(own).map(|(path, real)| (path.to_owned(), real)));
    }
    anchors.sort();
    anchors.dedup();
    anchors
}

fn shortened(value: &str) -> String {
    match value.char_indices().nth(MOST_SHOWN) {
        Some((end, _)) => format!("{}…", &value[..end]),
        None => value.to_owned(),
    }
}

/// A text with its placeholders filled.
pub(super) fn fill(template: &Template, lookup: impl Fn(&str) -> Option<String>) -> Result<String, Obstacle> {
    template.fill(lookup).map_err(|name| Obstacle::Unfit(format!("`{name}` is not known here")))
}

/// A captured value that is one plain word: it may be put into an argument or into a file.
pub(super) fn plain(value: String) -> Result<String, Obstacle> {
    match value.len() > LONGEST_VALUE || value.chars().any(char::is_control) {
        true => Err(Obstacle::Blocked("a captured value is no plain word".to_owned())),
        false => Ok(value),
    }
}

fn work_out(
    action: &Action,
    lookup: &impl Fn(&str) -> Option<String>,
    setting: Setting<'_>,
) -> Result<Step, Obstacle> {
    match action {
        Action::Run(run) => work_out_run(run, lookup, setting).map(Step::Run),
        Action::Edit(edit) => edits(edit, lookup, setting).map(Step::Edit),
        Action::Remove(paths) => {
            let paths = paths.iter().map(|path| below::path(path, &plain(fill(path, lookup)?)?, setting));
            let mut paths: Vec<PathBuf> = paths.collect::<Result<Vec<_>, _>>()?;
            paths.retain(|path| setting.machine.exists(path));
            paths.sort();
            // What lies in a folder goes with it.
            paths.dedup_by(|below, above| below.starts_with(&*above));
            match paths.is_empty() {
                true => Err(Obstacle::Unfit("none of it is there".to_owned())),
                false => Ok(Step::Remove(paths)),
            }
        }
        Action::Track(files) => {
            installed("git", setting.machine)?;
            for variable in ["GIT_DIR", "GIT_INDEX_FILE", "GIT_WORK_TREE"] {
                if setting.machine.env(variable) != Reading::Absent {
                    return Err(Obstacle::Blocked(format!("{variable} tells Git of another repository")));
                }
            }
            let file = |file: &Template| {
                let name = plain(fill(file, lookup)?)?;
                let file = place::file(setting.machine, setting.project, &name).map_err(Obstacle::Blocked)?;
                match git_index(setting.machine, &file.path) {
                    Some(_) => Ok(file),
                    None => Err(Obstacle::Blocked(format!("{name} lies in no Git repository"))),
                }
            };
            let files = files.iter().map(|it| Ok(file(it)?.path)).collect::<Result<Vec<_>, _>>()?;
            Ok(Step::Track(files))
        }
        Action::Tell(text) => fill(text, |name| lookup(name).map(|value| shortened(&value))).map(Step::Tell),
    }
}

fn work_out_run(
    run: &rules::Run,
    lookup: &impl Fn(&str) -> Option<String>,
    setting: Setting<'_>,
) -> Result<Run, Obstacle> {
    let arguments = |argv: &[Template]| {
        let argv = argv.iter().map(|word| argument(word, lookup)).collect::<Result<Vec<_>, _>>()?;
        installed(&argv[0], setting.machine)?;
        Ok(argv)
    };
    // What is not known here cannot be kept, and the command is as good without.
    let known = run.changes.iter().filter_map(|path| Some((path, fill(path, lookup).ok()?)));
    let changes = known.map(|(template, path)| below::changed(template, &plain(path)?, setting));
    let changes = changes.collect::<Result<Vec<_>, _>>()?;
    Ok(Run {
        argv: arguments(&run.argv)?,
        changes: changes.into_iter().flatten().collect(),
        undo: run.undo.as_ref().map(|argv| arguments(argv)).transpose()?,
        deadline: Duration::from_secs(run.deadline),
    })
}

fn installed(program: &str, machine: &dyn Machine) -> Result<(), Obstacle> {
    match machine.which(program) {
        Reading::Absent => Err(Obstacle::Blocked(format!("`{program}` is not on PATH"))),
        _ => Ok(()),
    }
}

/// One whole argument. What was captured is data: it may not turn into an option or hide in control characters.
fn argument(word: &Template, lookup: &impl Fn(&str) -> Option<String>) -> Result<String, Obstacle> {
    let filled = fill(word, lookup)?;
    if word.placeholders().next().is_none() {
        return Ok(filled);
    }
    if filled.starts_with('-') && !word.0.starts_with('-') {
        return Err(Obstacle::Blocked(format!("`{filled}` would be read as an option")));
    }
    for value in word.placeholders().filter(|name| !name.contains('.')).filter_map(lookup) {
        let path = Path::new(&value);
        if path.is_absolute() || path.components().any(|part| part == Component::ParentDir) {
            return Err(Obstacle::Blocked(format!("`{}` leads out of the project", shortened(&value))));
        }
    }
    plain(filled)
}

fn empty_step(action: &Action, shown: &impl Fn(&Template) -> String) -> Step {
    match action {
        Action::Run(run) => Step::Run(Run {
            argv: run.argv.iter().map(shown).collect(),
            changes: Vec::new(),
            undo: None,
            deadline: Duration::from_secs(run.deadline),
        }),
        Action::Edit(_) => Step::Edit(Vec::new()),
        Action::Remove(paths) => Step::Remove(paths.iter().map(|path| PathBuf::from(shown(path))).collect()),
        Action::Track(files) => Step::Track(files.iter().map(|file| PathBuf::from(shown(file))).collect()),
        Action::Tell(text) => Step::Tell(shown(text)),
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::{prepared, project};
    use super::*;

    fn step(action: &str, what: &str) -> Result<Step, Obstacle> {
        let treatment = prepared(&project(""), action, &[("what", what)]);
        treatment.obstacle.map_or(Ok(treatment.step), Err)
    }

    #[test]
    fn a_captured_value_stays_one_plain_argument() {
        let run = |what: &str| step("run: [tool, \"--name=x\", \"${what}\"]", what);
        for what in ["$(touch x)", "; rm -rf ~", "a b"] {
            let Ok(Step::Run(run)) = run(what) else { panic!("{what}") };
            assert_eq!(run.argv, ["tool", "--name=x", what]);
        }
        for what in [
            "--option",
            "../../etc/passwd",
            "a/../b",
            "/etc/passwd",
            "-e",
            "\u{1b}[2J",
            "a\nb",
            &"A".repeat(1 << 20),
        ] {
            assert!(matches!(run(what), Err(Obstacle::Blocked(_))), "{what:.20}");
        }
    }

    #[test]
    fn what_a_command_changes_is_kept_below_the_project_and_the_home() {
        let machine = project("env: {HOME: /home/user}\n");
        let changes = |what: &str| {
            let treatment =
                prepared(&machine, "run: [tool]\n    changes: [\"${what}\", lock]", &[("what", what)]);
            match (treatment.obstacle, treatment.step) {
                (None, Step::Run(run)) => Ok(run.changes),
                (obstacle, _) => Err(obstacle),
            }
        };
        let lock = PathBuf::from("/home/user/app/lock");
        for (what, full) in [
            ("/home/user/app/.nix-mix", "/home/user/app/.nix-mix"),
            ("/home/user/.mix", "/home/user/.mix"),
            // Only the rule itself means the home.
            ("~/.mix", "/home/user/app/~/.mix"),
            ("deps", "/home/user/app/deps"),
        ] {
            assert_eq!(changes(what), Ok(vec![PathBuf::from(full), lock.clone()]));
        }
        assert_eq!(changes("/opt/mix"), Ok(vec![lock]));
        let unknown = step("run: [tool]\n    changes: [\"${mix.home}/elixir\"]", "");
        assert!(matches!(unknown, Ok(Step::Run(run)) if run.changes.is_empty()));
        for what in ["/home/user/../other", "../x", "~/../other", "/home/user"] {
            assert!(matches!(changes(what), Err(Some(Obstacle::Blocked(_)))), "{what}");
        }
    }

    #[test]
    fn what_is_told_is_short() {
        let Ok(Step::Tell(text)) = step("tell: \"Ask for ${what}.\"", &"ä".repeat(1 << 20)) else {
            panic!()
        };
        assert_eq!(text, format!("Ask for {}….", "ä".repeat(MOST_SHOWN)));
    }

    #[test]
    fn nothing_outside_the_project_is_removed() {
        let remove = |what: &str| step("remove: [\"x/${what}\"]", what);
        for what in ["../..", "../../etc/passwd", "..", &"A".repeat(1 << 20)] {
            assert!(matches!(remove(what), Err(Obstacle::Blocked(_))), "{what:.20}");
        }
        assert!(matches!(remove("nothing"), Err(Obstacle::Unfit(_))));
    }
}
