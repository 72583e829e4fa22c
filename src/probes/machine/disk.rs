//! Free space.

use std::path::Path;

use super::super::{Context, Probe};
use crate::facts::{Facts, Value};

pub(super) const PROBE: Probe =
    Probe { name: "disk", yields: &["disk.project.free", "disk.nix.free"], usual: &[], apart: false, run };

fn run(context: &Context) -> Facts {
    let mut facts = Facts::default();
    for (name, folder) in
        [("disk.project.free", context.project.as_path()), ("disk.nix.free", Path::new("/nix"))]
    {
        if context.wants(name) {
            facts.add(
                name,
                context.machine().file_system(folder).map(|system| Value::from(system.free)),
                folder.to_string_lossy(),
            );
        }
    }
    facts
}
