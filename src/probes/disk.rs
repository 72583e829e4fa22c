//! Free space.

use std::path::Path;

use super::{Context, Probe};
use crate::facts::{Facts, Value};

pub(super) const PROBE: Probe =
    Probe { name: "disk", yields: &["disk.project.free", "disk.nix.free"], apart: false, run };

fn run(context: &Context) -> Facts {
    let mut facts = Facts::default();
    for (name, folder) in
        [("disk.project.free", context.project.as_path()), ("disk.nix.free", Path::new("/nix"))]
    {
        if context.wants(name) {
            facts.add(name, context.machine().free_space(folder).map(Value::from), folder.to_string_lossy());
        }
    }
    facts
}
