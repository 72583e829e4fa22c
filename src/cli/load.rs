//! The rules: those built in, and those of the folders that the person names.

use std::num::NonZero;
use std::panic::resume_unwind;
use std::path::Path;
use std::thread;

use super::Failure;
use super::args::Global;
use crate::built_in;
use crate::machine::Machine;
use crate::rules::{Problem, Problems, ReadRule, RuleSet, Source, read_rule};
use crate::scan;

/// So few files are read sooner than a thread is started.
const FEW: usize = 100;

/// The rules, and those among them that came from files.
pub(super) struct Loaded {
    pub(super) rules: RuleSet,
    pub(super) read: Vec<ReadRule>,
}

/// Reads every rule.
///
/// # Errors
/// A folder that cannot be read, or every mistake in its files.
pub(super) fn rules(machine: &dyn Machine, project: &Path, global: &Global) -> Result<Loaded, Failure> {
    let mut read = Vec::new();
    let mut problems = Vec::new();
    for folder in &global.rules {
        let path = project.join(folder);
        let listed = machine.list(&path).and_then(|_| machine.find(&path, "**/*.{yaml,yml}"));
        let names = listed
            .or_why("there is no such folder")
            .map_err(|why| Failure(format!("--rules {}: {why}", folder.display())))?;
        for rule in in_parallel(&names, |name| one(machine, project, &folder.join(name))) {
            match rule? {
                Ok(rule) => read.push(rule),
                Err(more) => problems.extend(more),
            }
        }
    }
    if !problems.is_empty() {
        return Err(Problems(problems).into());
    }
    let known = if global.without_built_in { RuleSet::default() } else { built_in::rules() };
    Ok(Loaded { rules: known.with(&read)?, read })
}

/// One file's rule, or its mistakes.
fn one(
    machine: &dyn Machine,
    project: &Path,
    name: &Path,
) -> Result<Result<ReadRule, Vec<Problem>>, Failure> {
    let file = project.join(name);
    let text = machine
        .read(&file)
        .or_why("there is no such file")
        .map_err(|why| Failure(format!("{}: {why}", name.display())))?;
    let stem = file.file_stem().unwrap_or_default().to_string_lossy();
    let rule = read_rule(Source { name: name.display().to_string(), text }, &stem, None);
    Ok(rule.and_then(|rule| {
        let problems: Vec<Problem> = oversized(&rule).collect();
        if problems.is_empty() { Ok(rule) } else { Err(problems) }
    }))
}

/// What `work` makes of each item, in their order.
fn in_parallel<T: Sync, R: Send>(items: &[T], work: impl Fn(&T) -> R + Sync) -> Vec<R> {
    let threads = thread::available_parallelism().map_or(1, NonZero::get);
    let share = items.len().div_ceil(threads).max(FEW);
    if items.len() <= share {
        return items.iter().map(work).collect();
    }
    let work = &work;
    thread::scope(|scope| {
        let shares: Vec<_> = items
            .chunks(share)
            .map(|share| scope.spawn(move || share.iter().map(work).collect::<Vec<_>>()))
            .collect();
        let done = shares.into_iter().map(|share| share.join().unwrap_or_else(|why| resume_unwind(why)));
        done.flatten().collect()
    })
}

/// The patterns of a rule that grow too large.
fn oversized(rule: &ReadRule) -> impl Iterator<Item = Problem> {
    let symptoms = rule.rule.symptoms.iter().map(|symptom| &symptom.pattern).zip(&rule.symptom_spans);
    let look_alikes = rule.rule.not_if.iter().map(|pattern| (pattern, &rule.id_span));
    symptoms.chain(look_alikes).filter_map(|(pattern, span)| {
        let message = scan::fits(pattern).err()?;
        Some(Problem { source: rule.source.clone(), span: span.clone(), message, help: None })
    })
}

/// Rules with those that lie in a folder beside a new one.
pub(super) struct Beside {
    pub(super) rules: RuleSet,
    /// There is also YAML that is no rule, or none that goes with the others.
    pub(super) strangers: bool,
}

/// Reads those of the rules in a folder that are not known yet, if it is there. What cannot be read is not what the person
/// asks about.
pub(super) fn beside(machine: &dyn Machine, folder: &Path, known: &RuleSet) -> Beside {
    let names = machine.list(folder).present().unwrap_or_default();
    let files = names.into_iter().filter(|name| name.ends_with(".yaml") || name.ends_with(".yml"));
    let mut read = Vec::new();
    let mut strangers = false;
    for name in files {
        match one(machine, folder, Path::new(&name)).ok().and_then(Result::ok) {
            Some(rule) => read.extend(Some(rule).filter(|it| known.get(&it.rule.id).is_none())),
            None => strangers = true,
        }
    }
    match known.clone().with(&read) {
        Ok(rules) => Beside { rules, strangers },
        Err(_) => Beside { rules: known.clone(), strangers: true },
    }
}
