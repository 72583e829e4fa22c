//! The files that a report is written to.

use std::path::{Path, PathBuf};

use super::Failure;
use super::args::Output;
use super::context::Context;
use crate::facts::Reading;
use crate::machine::{Change, FileKind, Machine};
use crate::report::{Format, Report, Scene};

/// Refuses, before anything is asked, what could not be written or would overwrite what is read. `inputs` are files that
/// are read.
pub(super) fn check(context: &Context, inputs: &[PathBuf]) -> Result<(), Failure> {
    let machine = &*context.machine;
    let inputs: Vec<PathBuf> =
        inputs.iter().filter_map(|file| machine.resolve(&context.path(file)).present()).collect();
    let mut taken: Vec<PathBuf> = Vec::new();
    for Output { format, file } in &context.outputs {
        let wrong = |why: &str| Failure(format!("--output {}={}: {why}", format.name(), file.display()));
        let end = end(machine, &context.path(file)).map_err(|why| wrong(&why))?;
        if taken.contains(&end) {
            return Err(wrong("another --output goes to the same file"));
        }
        if inputs.contains(&end) {
            return Err(wrong("that file is read here, and would be overwritten"));
        }
        taken.push(end);
    }
    Ok(())
}

/// Where a file is, or would be, with every link followed.
fn end(machine: &dyn Machine, path: &Path) -> Result<PathBuf, String> {
    match machine.stat(path) {
        Reading::Present(stat) if stat.kind != FileKind::File => {
            Err("it is there and is no regular file; --format prints on stdout".to_owned())
        }
        Reading::Present(_) => machine.resolve(path).or_why("it is gone"),
        Reading::Absent => {
            let folder = path.parent().unwrap_or(Path::new("/"));
            let above =
                machine.resolve(folder).or_why(&format!("there is no folder {}", folder.display()))?;
            Ok(above.join(path.file_name().unwrap_or_default()))
        }
        other => Err(other.why_unknown().unwrap_or_default()),
    }
}

/// Writes a report to the files that were asked for, and, in a workflow of GitHub, to the summary of its step.
pub(super) fn write(context: &Context, report: &Report, scene: &Scene) -> Result<(), Failure> {
    let machine = &*context.machine;
    for Output { format, file } in &context.outputs {
        let text = anstream::adapter::strip_str(&format.draw(report, scene)).to_string();
        machine.change(&Change::Write { path: context.path(file), content: text.into_bytes() })?;
    }
    if context.prints(Format::Github) {
        add_to_summary(context, report, scene)?;
    }
    Ok(())
}

fn add_to_summary(context: &Context, report: &Report, scene: &Scene) -> Result<(), Failure> {
    let machine: &dyn Machine = &*context.machine;
    let Some(file) = machine.env("GITHUB_STEP_SUMMARY").present().filter(|file| !file.is_empty()) else {
        return Ok(());
    };
    let path = PathBuf::from(file);
    if let Reading::Present(stat) = machine.stat(&path)
        && stat.kind != FileKind::File
    {
        let why = "envdoctor: GITHUB_STEP_SUMMARY names no regular file: no summary is written\n";
        context.tell(why);
        return Ok(());
    }
    let content = Format::Markdown.draw(report, scene).into_bytes();
    Ok(machine.change(&Change::Append { path, content })?)
}
