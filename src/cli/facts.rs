//! `envdoctor facts`: what is known of the machine and the project.

use std::collections::BTreeSet;
use std::path::Path;
use std::sync::Arc;

use super::context::Context;
use super::{Failure, OK};
use crate::facts::Facts;
use crate::judge::facts_needed;
use crate::machine::{Change, Machine, Recorder};
use crate::probes;
use crate::report::{draw_facts, facts_to_json};

pub(super) fn facts(context: &Context, prefix: Option<&str>, record: Option<&Path>) -> Result<u8, Failure> {
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
    let (facts, recorder) = context.with_memory(|machine| {
        let recorder = Arc::new(Recorder::new(machine));
        let machine: Arc<dyn Machine> = Arc::<Recorder>::clone(&recorder);
        (context.inquiry(machine).facts(&wanted(context, prefix)), recorder)
    });
    let yaml = recorder.recording(&context.project, probes::is_tool_package).to_yaml()?;
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
