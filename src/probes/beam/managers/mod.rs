//! asdf and mise: what they have installed, and what .tool-versions asks of them.

mod asked;
mod manager;
#[cfg(test)]
mod tests;

use std::path::Path;

use super::super::{Context, Probe, tools};
use crate::facts::{Facts, Reading, Value};
use asked::Asked;
use manager::{Manager, asdf, mise};

pub(super) const PROBE: Probe = Probe {
    name: "version managers",
    yields: &[
        "asdf.flavour",
        "asdf.data",
        "asdf.plugins",
        "asdf.installed",
        "asdf.shims_on_path",
        "mise.data",
        "mise.installed",
        "tool_versions.missing_plugins",
        "tool_versions.missing",
        "tool_versions.bypassed",
    ],
    usual: &[],
    apart: false,
    run,
};

fn run(context: &Context) -> Facts {
    let mut facts = Facts::default();
    let (asdf, mise) = (asdf(context), mise(context));
    for manager in [&asdf, &mise].into_iter().flatten() {
        let name = manager.name;
        let source = manager.data.to_string_lossy();
        let data = Reading::Present(source.clone().into_owned().into());
        facts.add(format!("{name}.data"), data, source.clone());
        if context.wants(&format!("{name}.installed")) {
            facts.add(format!("{name}.installed"), manager.installed(context).map(Value::List), source);
        }
    }
    if let Some(asdf) = &asdf {
        let source = asdf.data.to_string_lossy().into_owned();
        facts.add("asdf.flavour", flavour(context), "PATH");
        facts.add("asdf.plugins", asdf.plugins(context).map(Value::List), &source);
        facts.add("asdf.shims_on_path", asdf.has_shims_on_path(context).map(Value::from), "PATH");
    }
    let asked = ["missing_plugins", "missing", "bypassed"];
    if asked.iter().any(|name| context.wants(&format!("tool_versions.{name}"))) {
        let managers: Vec<Manager> = [asdf, mise].into_iter().flatten().filter(|it| it.in_use).collect();
        let asked = if managers.is_empty() { Reading::Absent } else { Asked::of(context) };
        asked::add(&mut facts, context, &managers, &asked);
    }
    facts
}

/// The shell scripts of asdf up to 0.15 stand beside it; since 0.16 it is one program.
fn flavour(context: &Context) -> Reading<Value> {
    tools::locate(context, "asdf").real.map(|real| {
        let root = real.parent().and_then(Path::parent).unwrap_or(&real);
        let scripts = ["lib/commands", "libexec/lib/commands"];
        let is_bash = scripts.iter().any(|folder| context.machine().exists(&root.join(folder)));
        if is_bash { "bash".into() } else { "go".into() }
    })
}
