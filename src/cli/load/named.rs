//! The folders that the person names with `--rules`.

use super::Sources;
use super::file::RuleFile;
use crate::cli::Failure;
use crate::cli::args::Global;

/// Their files.
///
/// # Errors
/// A folder that cannot be read.
pub(super) fn list(sources: &Sources<'_>, global: &Global) -> Result<Vec<RuleFile>, Failure> {
    let mut files = Vec::new();
    for folder in &global.rules {
        let path = sources.folder.join(folder);
        let listed = sources.machine.list(&path).and_then(|_| sources.machine.find(&path, "**/*.{yaml,yml}"));
        let names = listed
            .or_why("there is no such folder")
            .map_err(|why| Failure(format!("--rules {}: {why}", folder.display())))?;
        let end = sources.machine.resolve(&path).present().unwrap_or(path);
        files.extend(names.iter().map(|name| RuleFile::new(&end, name, &folder.join(name))));
    }
    Ok(files)
}
