//! Edits as replacements of lines.

use serde_json::{Value as Json, json};
use similar::{DiffTag, TextDiff};

use super::super::Scene;
use super::super::brief::one_line;
use super::super::location::from_root;
use super::artifact;
use crate::plan::{FileEdit, Step, Treatment};

/// The remedy as a fix, where it edits nothing but files of the repository that are there.
pub(super) fn fix(treatment: &Treatment, scene: &Scene) -> Option<Json> {
    let Step::Edit(edits) = &treatment.step else { return None };
    if treatment.obstacle.is_some() || edits.is_empty() {
        return None;
    }
    let changes: Vec<Json> = edits.iter().map(|edit| change(edit, scene)).collect::<Option<_>>()?;
    Some(json!({"description": {"text": one_line(&treatment.title)}, "artifactChanges": changes}))
}

fn change(edit: &FileEdit, scene: &Scene) -> Option<Json> {
    let file = from_root(&edit.name, scene)?;
    let before = edit.before.as_deref()?;
    let old: Vec<&str> = before.split_inclusive('\n').collect();
    let new: Vec<&str> = edit.after.split_inclusive('\n').collect();
    let diff = TextDiff::from_slices(&old, &new);
    let replaced = diff.ops().iter().filter(|op| op.tag() != DiffTag::Equal);
    let replacements = replaced.map(|op| {
        let inserted: String = new.get(op.new_range()).unwrap_or_default().concat();
        let (start_line, start_column) = start(&old, op.old_range().start);
        let (end_line, end_column) = start(&old, op.old_range().end);
        json!({
            "deletedRegion": {
                "startLine": start_line,
                "startColumn": start_column,
                "endLine": end_line,
                "endColumn": end_column,
            },
            "insertedContent": {"text": inserted},
        })
    });
    Some(json!({"artifactLocation": artifact(&file), "replacements": replacements.collect::<Vec<_>>()}))
}

/// The line and the column at which a line of a text begins, or the text ends.
fn start(lines: &[&str], at: usize) -> (usize, usize) {
    match lines.last() {
        Some(last) if at == lines.len() && !last.ends_with('\n') => (at, last.chars().count() + 1),
        _ => (at + 1, 1),
    }
}
