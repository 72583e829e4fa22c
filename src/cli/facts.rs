//! `envdoctor facts`: what is known of the machine and the project.

use std::collections::BTreeSet;
use std::path::Path;
use std::sync::Arc;

use super::context::Context;
use super::{Failure, OK, requirements};
use crate::facts::{Facts, catalogue};
use crate::judge::facts_needed;
use crate::machine::{Change, Machine, Recorder};
use crate::probes;
use crate::report::{draw_facts, facts_to_json};
use crate::require::sealed_settings;
use crate::rules::nearest;

pub(super) fn facts(context: &Context, prefix: Option<&str>, record: Option<&Path>) -> Result<u8, Failure> {
    if let Some(prefix) = prefix.filter(|prefix| wanted(context, Some(prefix)).is_empty()) {
        let areas: BTreeSet<&str> = catalogue().filter_map(|known| known.name.split('.').next()).collect();
        let near = nearest(prefix, areas.iter().copied());
        let help = near.unwrap_or_else(|| {
            format!("names begin with {}", areas.into_iter().collect::<Vec<_>>().join(", "))
        });
        return Err(Failure(format!("no fact's name begins with `{prefix}`; {help}")));
    }
    let facts = match record {
        None => gather(context, prefix),
        Some(file) => gather_and_record(context, prefix, file)?,
    };
    match context.json() {
        true => context.print_json(&facts_to_json(&facts)),
        false => context.say(&draw_facts(&facts, context.look)),
    }
    Ok(OK)
}

/// The facts whose names begin so, or all.
pub(super) fn gather(context: &Context, prefix: Option<&str>) -> Facts {
    context.with_memory(|machine| context.inquiry(machine).facts(&wanted(context, prefix)))
}

fn gather_and_record(context: &Context, prefix: Option<&str>, file: &Path) -> Result<Facts, Failure> {
    let (facts, recorder, packages) = context.with_memory(|machine| {
        let recorder = Arc::new(Recorder::new(machine));
        let machine: Arc<dyn Machine> = Arc::<Recorder>::clone(&recorder);
        let inquiry = context.inquiry(Arc::clone(&machine));
        let facts = inquiry.facts(&wanted(context, prefix));
        // A recording tells on another machine whether this one has what is required.
        let packages = requirements::ask_for_recording(context, &inquiry, &*machine)?;
        Ok::<_, Failure>((facts, recorder, packages))
    })?;
    let kept = |package: &str| probes::is_tool_package(package) || packages.contains(package);
    let is_settings =
        |file: &Path| file.ends_with("envdoctor.yaml") || file.ends_with("envdoctor/config.yaml");
    let settings = |file: &Path, text: &str| sealed_settings(text).filter(|_| is_settings(file));
    let yaml = recorder.recording(&context.project, kept, settings).to_yaml()?;
    context.machine.change(&Change::Write { path: context.path(file), content: yaml.into_bytes() })?;
    Ok(facts)
}

/// What a person who asks for everything wants to see, and what the rules ask for, so that a recording of it tells on
/// another machine what this one would.
fn wanted(context: &Context, prefix: Option<&str>) -> BTreeSet<String> {
    let mut names = probes::all_names();
    names.extend(context.rules.rules().iter().flat_map(facts_needed));
    names.retain(|name| prefix.is_none_or(|prefix| name.starts_with(prefix)));
    names
}
