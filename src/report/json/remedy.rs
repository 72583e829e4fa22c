//! A remedy as JSON.

use std::path::PathBuf;

use schemars::JsonSchema;
use serde::Serialize;

use super::schema::{needs, risks};
use crate::facts::Risk;
use crate::plan::{FileEdit, Obstacle, Step, Treatment};
use crate::rules::Need;

/// What helps. Which of the keys behind `applicable` there are depends on `command`.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "Remedy")]
pub(super) struct RemedyForm<'a> {
    /// What it does.
    title: &'a str,
    /// How far it reaches.
    #[schemars(schema_with = "risks")]
    risk: Risk,
    /// The words of the command that it runs, or what else it is.
    command: CommandForm<'a>,
    /// Whether it fits here.
    applicable: bool,
    /// Why it does not.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(with = "String")]
    obstacle: Option<&'a str>,
    /// What to think of first.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(with = "String")]
    caution: Option<&'a str>,
    /// Of an edit: the files.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Vec<EditForm>")]
    edits: Option<Vec<EditForm>>,
    /// Of a removal: what would be moved into the backup. Of `track`: the files that Git would know.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Vec<String>")]
    paths: Option<Vec<String>>,
    /// Of one that only tells: what.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(with = "String")]
    text: Option<&'a str>,
    /// Of a command: the paths that it makes or changes, so far as that is known.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Vec<String>")]
    changes: Option<Vec<String>>,
    /// Of a command: the words of the one that takes it back, if there is one.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<Vec<String>>")]
    undo: Option<Option<&'a [String]>>,
    /// What it needs beside its program: `network`, or `root`.
    #[serde(skip_serializing_if = "<[Need]>::is_empty")]
    #[schemars(schema_with = "needs")]
    needs: &'a [Need],
}

/// The words of a command, or what a remedy does beside running one.
#[derive(Serialize, JsonSchema)]
#[serde(untagged)]
#[schemars(inline)]
enum CommandForm<'a> {
    Run(&'a [String]),
    Other(StepName),
}

#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
#[schemars(inline)]
enum StepName {
    Edit,
    Remove,
    Track,
    Tell,
}

/// A file's change.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "Edit")]
struct EditForm {
    /// The file.
    path: String,
    /// A unified diff.
    diff: String,
}

impl<'a> From<&'a Treatment> for RemedyForm<'a> {
    fn from(treatment: &'a Treatment) -> Self {
        let form = RemedyForm {
            title: &treatment.title,
            risk: treatment.risk,
            command: CommandForm::from(&treatment.step),
            applicable: treatment.obstacle.is_none(),
            obstacle: treatment.obstacle.as_ref().map(Obstacle::why),
            caution: treatment.caution.as_deref(),
            edits: None,
            paths: None,
            text: None,
            changes: None,
            undo: None,
            needs: &treatment.needs,
        };
        match &treatment.step {
            Step::Edit(edits) if edits.is_empty() => form,
            Step::Edit(edits) => {
                RemedyForm { edits: Some(edits.iter().map(EditForm::from).collect()), ..form }
            }
            Step::Remove(paths) | Step::Track(paths) => RemedyForm { paths: Some(names(paths)), ..form },
            Step::Tell(text) => RemedyForm { text: Some(text), ..form },
            Step::Run(run) => {
                RemedyForm { changes: Some(names(&run.changes)), undo: Some(run.undo.as_deref()), ..form }
            }
        }
    }
}

impl<'a> From<&'a Step> for CommandForm<'a> {
    fn from(step: &'a Step) -> Self {
        match step {
            Step::Run(run) => CommandForm::Run(&run.argv),
            Step::Edit(_) => CommandForm::Other(StepName::Edit),
            Step::Remove(_) => CommandForm::Other(StepName::Remove),
            Step::Track(_) => CommandForm::Other(StepName::Track),
            Step::Tell(_) => CommandForm::Other(StepName::Tell),
        }
    }
}

impl From<&FileEdit> for EditForm {
    fn from(edit: &FileEdit) -> Self {
        EditForm { path: edit.path.display().to_string(), diff: edit.diff() }
    }
}

fn names(paths: &[PathBuf]) -> Vec<String> {
    paths.iter().map(|path| path.display().to_string()).collect()
}
