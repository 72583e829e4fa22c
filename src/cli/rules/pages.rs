//! `envdoctor rules pages DIR`: a page for each rule, and an index of them.

use std::collections::BTreeMap;
use std::path::Path;

use crate::cli::Failure;
use crate::cli::context::Context;
use crate::facts::Reading;
use crate::machine::Change;
use crate::report::{MADE, index, markdown};

/// Writes the pages that changed and removes those of rules that are gone. What somebody else wrote is left alone.
pub(super) fn pages(context: &Context, folder: &Path) -> Result<String, Failure> {
    let rules = context.rules.rules();
    let mut pages: BTreeMap<String, String> =
        rules.iter().map(|rule| (format!("{}.md", rule.id), markdown(rule))).collect();
    pages.insert("README.md".to_owned(), index(rules));
    let path = context.path(folder);
    let names = match context.machine.list(&path) {
        Reading::Present(names) => names,
        other => {
            let why = other.why_unknown().unwrap_or_else(|| "there is no such folder".to_owned());
            return Err(Failure(format!("{}: {why}", folder.display())));
        }
    };
    let ours = |name: &String| {
        let text = context.machine.read(&path.join(name));
        text.present().is_some_and(|text| text.starts_with(MADE))
    };
    if let Some(foreign) = names.iter().find(|name| pages.contains_key(*name) && !ours(name)) {
        let foreign = folder.join(foreign);
        return Err(Failure(format!(
            "{} is no page that envdoctor made: name a folder for the pages alone",
            foreign.display()
        )));
    }
    let (mut written, mut removed) = (0, 0);
    for (name, page) in &pages {
        let file = path.join(name);
        if context.machine.read(&file).as_present() != Some(page) {
            let content = page.clone().into_bytes();
            context.machine.change(&Change::Write { path: file, content })?;
            written += 1;
        }
    }
    let gone = names.iter().filter(|name| name.ends_with(".md") && !pages.contains_key(*name) && ours(name));
    for name in gone {
        context.machine.change(&Change::RemoveFile(path.join(name)))?;
        removed += 1;
    }
    Ok(format!("{} pages in {}: {written} written, {removed} removed.\n", pages.len(), folder.display()))
}
