//! `envdoctor rules new`: the beginning of a rule, from the output of a failure that no rule knows.

use std::path::{Path, PathBuf};

use serde_json::json;

use crate::cli::context::Context;
use crate::cli::private::private;
use crate::cli::{FOUND, Failure, OK, UNKNOWN, diagnose, load};
use crate::facts::Reading;
use crate::machine::Change;
use crate::plan::command_line;
use crate::scan::{Quote, Scan, by_likelihood};
use crate::schema::{PLACES, is_rule_files, modeline};
use crate::stub::{Stub, stub};

pub(super) fn new(
    context: &mut Context,
    from: &Path,
    id: Option<&str>,
    output: &Path,
) -> Result<u8, Failure> {
    let folder = context.path(output);
    let beside = load::beside(&*context.machine, &folder, &context.rules);
    context.rules = beside.rules;
    if let Some(id) = id.filter(|id| context.rules.get(id).is_some()) {
        return Err(Failure(format!("there is a rule `{id}` already: choose another name")));
    }
    let (scan, name) = diagnose::read(context, from)?;
    if scan.sightings.is_empty() && scan.is_binary() {
        return Err(Failure(format!("{name} is not text: name a file that holds a tool's output")));
    }
    let known = known(context, &scan);
    if let Some((first, line)) = known.first() {
        if context.json() {
            let ids: Vec<_> = known.iter().map(|(id, _)| id).collect();
            context.print_json(&json!({"schema_version": 1, "rule": null, "known": ids}));
        }
        context.tell(&format!(
            "envdoctor: the rule `{first}` knows line {line} of {name}, so nothing is written: `envdoctor explain \
             {first}` tells about it. For another failure in this output, give the lines of that one alone.\n"
        ));
        return Ok(FOUND);
    }
    let Some(stub) = stub(&context.rules, &lines(&scan), id, &private(context)) else {
        if context.json() {
            context.print_json(&json!({"schema_version": 1, "rule": null, "known": []}));
        }
        context.tell(&format!("envdoctor: {name}: {}; nothing is written\n", why_none(&scan)));
        return Ok(UNKNOWN);
    };
    let file = write(context, &stub, &folder, output)?;
    if context.json() {
        context.print_json(&json!({
            "schema_version": 1,
            "rule": stub.id,
            "known": [],
            "file": file,
            "line": stub.line,
            "pattern": stub.pattern,
        }));
    } else {
        context.say(&next(&stub, &file, from, &name, output));
    }
    if beside.strangers {
        let folder = output.display();
        context.tell(&format!(
            "envdoctor: {folder} also holds YAML that is no rule, for which `--rules {folder}` will stop: keep the rules in a \
             folder of their own\n"
        ));
    }
    Ok(OK)
}

/// The rules that know the output, with the line on which each sees it. One that says little by itself does not count:
/// it gives way to the new one.
fn known(context: &Context, scan: &Scan) -> Vec<(String, u64)> {
    let telling =
        scan.sightings.iter().filter(|it| context.rules.get(&it.rule).is_some_and(|rule| !rule.generic));
    let mut known: Vec<(String, u64)> = telling.map(|it| (it.rule.clone(), it.line())).collect();
    known.sort_by_key(|(_, line)| *line);
    known.dedup_by(|one, other| one.0 == other.0);
    known
}

/// What may say what failed, the likeliest first: lines that look like an error, then the last ones.
fn lines(scan: &Scan) -> Vec<&Quote> {
    let mut lines = by_likelihood(&scan.suspects);
    if !scan.ended_well {
        lines.extend(by_likelihood(scan.tail.iter().rev().filter(|line| !scan.suspects.contains(line))));
    }
    lines.retain(|line| !scan.sightings.iter().any(|it| it.quotes.contains(line)));
    lines
}

fn why_none(scan: &Scan) -> &'static str {
    match scan.suspects.is_empty() && scan.ended_well {
        _ if scan.blank => "it is empty",
        true => "no line of it looks like an error, and it ends as if all went well",
        false => {
            "no line that looks like an error has words of its own by which a rule could tell it from others. Give \
             the lines of the failure alone, or begin with docs/writing-rules.md"
        }
    }
}

/// Writes the file, where none is. Its name, as the person would write it.
fn write(context: &Context, stub: &Stub, folder: &Path, output: &Path) -> Result<String, Failure> {
    let file = format!("{}.yaml", stub.id);
    let shown = match output == Path::new(".") {
        true => PathBuf::from(&file),
        false => output.join(&file),
    };
    let shown = shown.display().to_string();
    match context.machine.list(folder) {
        Reading::Present(names) if names.contains(&file) => {
            return Err(Failure(format!(
                "{shown} is there already, and is not written over: name the rule with --id, or another folder with \
                 --output"
            )));
        }
        Reading::Present(_) => {}
        Reading::Absent => context.machine.change(&Change::MakeFolder(folder.to_owned()))?,
        other => {
            let why = other.why_unknown().unwrap_or_default();
            return Err(Failure(format!("--output {}: {why}", output.display())));
        }
    }
    // An editor complains of a schema that is not where a file says.
    let place = PLACES.iter().find(|place| {
        let there = context.machine.read(&folder.join(place));
        there.as_present().is_some_and(|text| is_rule_files(text))
    });
    let head = place.map(|place| modeline(place)).unwrap_or_default();
    let content = (head + &stub.text).into_bytes();
    context.machine.change(&Change::Write { path: folder.join(&file), content })?;
    Ok(shown)
}

/// What was written, and what to do with it.
fn next(stub: &Stub, file: &str, from: &Path, name: &str, output: &Path) -> String {
    let Stub { line, pattern, .. } = stub;
    let output = output.display().to_string();
    let command = |words: &[&str]| {
        let words = ["envdoctor"].iter().chain(words).map(|&word| word.to_owned());
        command_line(&words.collect::<Vec<_>>())
    };
    let mut next = format!(
        "{file}\n\n\
         It is made of line {line} of {name}, and knows it by\n\n    {pattern}\n\n\
         What it means and what helps, only you know: write its explanation and remedy,\n\
         better its title, and see that nothing private is left in its example. Then:\n\n    {}\n    {}\n",
        command(&["rules", "lint", "--rules", &output]),
        command(&["rules", "test", "--rules", &output]),
    );
    if from != Path::new("-") {
        let from = from.display().to_string();
        next.push_str(&format!("    {}\n", command(&["diagnose", "--rules", &output, &from])));
    }
    next
}
