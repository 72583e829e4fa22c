//! npm's version, which is not that of the Node that it came with.

use std::path::Path;

use super::super::Context;
use super::beam::Found;
use crate::project::package_version;

/// The version in the package that `real`, npm's program, belongs to.
pub(super) fn version(context: &Context, real: &Path) -> Option<Found> {
    let file = real.parent()?.parent()?.join("package.json");
    let text = context.machine().read(&file).present()?;
    Some((package_version(&text)?, file))
}
