//! Files with rules, and reading them.

use std::num::NonZero;
use std::panic::resume_unwind;
use std::path::{Path, PathBuf};
use std::thread;

use crate::cli::Failure;
use crate::machine::Machine;
use crate::rules::{Problem, ReadRule, Source, read_rule};
use crate::scan;

/// So few files are read sooner than a thread is started.
const FEW: usize = 100;

/// A file with a rule.
#[derive(Debug)]
pub(crate) struct RuleFile {
    /// Where it lies, with every link to its folder followed.
    pub(super) path: PathBuf,
    /// How the person is told of it.
    pub(super) name: String,
    /// What stands in it, where that was read before.
    pub(super) content: Option<Vec<u8>>,
}

/// Whether a file's name is that of a rule.
pub(super) fn is_rule(name: &str) -> bool {
    name.ends_with(".yaml") || name.ends_with(".yml")
}

/// Each file's rule, or its mistakes.
pub(in crate::cli) fn read_all(
    machine: &dyn Machine,
    files: &[RuleFile],
) -> Vec<Result<Result<ReadRule, Vec<Problem>>, Failure>> {
    in_parallel(files, |file| read(machine, file))
}

/// One file's rule, or its mistakes.
pub(super) fn read(
    machine: &dyn Machine,
    file: &RuleFile,
) -> Result<Result<ReadRule, Vec<Problem>>, Failure> {
    let text = match &file.content {
        Some(bytes) => String::from_utf8(bytes.clone()).map_err(|_| "it is not UTF-8 text".to_owned()),
        None => machine.read(&file.path).or_why("there is no such file"),
    };
    let text = text.map_err(|why| Failure(format!("{}: {why}", file.name)))?;
    let stem = file.path.file_stem().unwrap_or_default().to_string_lossy();
    let rule = read_rule(Source { name: file.name.clone(), text }, &stem, None);
    Ok(rule.and_then(|rule| {
        let problems: Vec<Problem> = oversized(&rule).collect();
        if problems.is_empty() { Ok(rule) } else { Err(problems) }
    }))
}

impl RuleFile {
    /// A file in a folder, which is told of as `shown`.
    pub(super) fn new(folder: &Path, name: &str, shown: &Path) -> RuleFile {
        RuleFile { path: folder.join(name), name: shown.display().to_string(), content: None }
    }

    /// The id that its rule must have.
    pub(super) fn id(&self) -> String {
        self.path.file_stem().unwrap_or_default().to_string_lossy().into_owned()
    }
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
