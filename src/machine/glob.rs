//! Globs as in `.gitignore`: what [`super::Question::Find`] matches names with.

use std::path::Path;

use ignore::overrides::{Override, OverrideBuilder};

/// A matcher of paths below `folder`.
///
/// # Errors
/// What is wrong with the glob.
pub(super) fn matcher(folder: &Path, glob: &str) -> Result<Override, String> {
    let mut builder = OverrideBuilder::new(folder);
    builder.add(glob).map_err(|error| error.to_string())?;
    builder.build().map_err(|error| error.to_string())
}
