//! A plan in a file: what it says is done only where the same plan would be made again.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};
use serde_json::{Value as Json, json};

use super::case::Case;
use super::plan::Planned;
use crate::cli::Failure;
use crate::cli::context::Context;
use crate::facts::Reading;
use crate::machine::{Change, Imprint};
use crate::plan::Step;
use crate::report::{Report, remedy_to_json};

/// The form of the file.
const SCHEMA_VERSION: u32 = 1;

/// A plan with all that it was made from.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Saved {
    schema_version: u32,
    made_at: jiff::Timestamp,
    project: PathBuf,
    /// The output that it was made from; `None`: the machine was asked.
    source: Option<Source>,
    /// What was known of the machine, by the facts' names.
    facts: BTreeMap<String, Json>,
    /// What stood in the files that it edits.
    files: BTreeMap<PathBuf, Option<Imprint>>,
    remedies: Vec<Json>,
}

#[derive(Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Source {
    file: PathBuf,
    content: Option<Imprint>,
    /// The command that was run; `None`: a log.
    command: Option<Vec<String>>,
}

/// Writes a plan.
pub(super) fn write(context: &Context, file: &Path, case: &Case, plan: &[Planned]) -> Result<(), Failure> {
    let edits = plan.iter().flat_map(|planned| match &planned.treatment.step {
        Step::Edit(edits) => edits.as_slice(),
        _ => &[],
    });
    let saved = Saved {
        schema_version: SCHEMA_VERSION,
        made_at: jiff::Timestamp::now(),
        project: context.project.clone(),
        source: source(context, case),
        facts: facts(context, plan.iter().map(|planned| planned.treatment.rule.as_str()))?,
        files: edits.map(|edit| (edit.path.clone(), imprint(context, &edit.path))).collect(),
        remedies: plan.iter().map(described).collect(),
    };
    let mut content = serde_json::to_vec_pretty(&saved)?;
    content.push(b'\n');
    context.machine.change(&Change::Write { path: context.path(file), content })?;
    Ok(())
}

impl Saved {
    pub(super) fn read(context: &Context, file: &Path) -> Result<Self, Failure> {
        let name = file.display();
        let text = context.machine.read(&context.path(file)).or_why("there is no such file");
        let text = text.map_err(|why| Failure(format!("{name}: {why}")))?;
        let saved: Saved = serde_json::from_str(&text).map_err(|error| {
            Failure(format!("{name} is no plan that `envdoctor fix --plan` wrote: {error}"))
        })?;
        match saved.schema_version {
            SCHEMA_VERSION => Ok(saved),
            other => Err(Failure(format!("{name}: plans of form {other} are not known here"))),
        }
    }

    /// What it was made from.
    pub(super) fn case(&self, context: &Context) -> Result<Case, Failure> {
        let case = match &self.source {
            None => Case::Check,
            Some(Source { file, command: None, .. }) => Case::Log(file.clone()),
            Some(Source { command: Some(_), .. }) => Case::open(context, None)?,
        };
        if source(context, &case) != self.source {
            let what =
                self.source.as_ref().map_or("the machine".to_owned(), |it| it.file.display().to_string());
            return Err(unfit(&[format!("{what} is not what it was made from")]));
        }
        Ok(case)
    }

    /// Refuses a plan that would be another one now.
    pub(super) fn must_still_fit(&self, context: &Context, report: &Report) -> Result<(), Failure> {
        let mut why = Vec::new();
        if self.project != context.project {
            why.push(format!("it is for {}", self.project.display()));
        }
        for (path, before) in &self.files {
            if imprint(context, path) != *before {
                why.push(format!("{} has changed", path.display()));
            }
        }
        let rules = self.remedies.iter().filter_map(|remedy| remedy["rule"].as_str());
        let now = facts(context, rules)?;
        for (name, value) in &self.facts {
            let now = now.get(name).unwrap_or(&Json::Null);
            if now != value {
                why.push(format!("{name} was {value}, and is {now}"));
            }
        }
        let offered: Vec<Json> = super::plan::next(report, &[]).iter().map(described).collect();
        let gone = self.remedies.iter().filter(|remedy| !offered.contains(remedy));
        why.extend(gone.map(|remedy| format!("{} is not what would be done now", remedy["title"])));
        if why.is_empty() { Ok(()) } else { Err(unfit(&why)) }
    }

    /// Whether a remedy is one of the plan's.
    pub(super) fn holds(&self, planned: &Planned) -> bool {
        self.remedies.contains(&described(planned))
    }
}

fn unfit(why: &[String]) -> Failure {
    Failure(format!("the plan does not fit any more, and nothing was done: {}", why.join("; ")))
}

fn described(planned: &Planned) -> Json {
    let mut remedy = remedy_to_json(&planned.treatment);
    remedy["rule"] = json!(planned.treatment.rule);
    remedy
}

fn source(context: &Context, case: &Case) -> Option<Source> {
    let (file, command) = match case {
        Case::Check => return None,
        Case::Log(log) => (context.path(log), None),
        Case::Run(run, output) => (output.clone(), Some(run.argv.clone())),
    };
    let content = imprint(context, &file);
    Some(Source { file, content, command })
}

fn imprint(context: &Context, path: &Path) -> Option<Imprint> {
    context.machine.imprint(path).present()
}

/// What these rules ask of the machine, by the facts' names.
fn facts<'r>(
    context: &Context,
    rules: impl Iterator<Item = &'r str>,
) -> Result<BTreeMap<String, Json>, Failure> {
    let rules = rules.map(|rule| context.rule(rule)).collect::<Result<Vec<_>, _>>()?;
    let facts = context.gather(rules);
    let known = facts.iter().map(|(name, fact)| {
        let value = match &fact.reading {
            Reading::Present(value) => json!(value.to_string()),
            Reading::Absent => Json::Null,
            other => json!({"unknown": other.why_unknown()}),
        };
        (name.to_owned(), value)
    });
    Ok(known.collect())
}
