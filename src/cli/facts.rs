//! `envdoctor facts`: what is known of the machine and the project.

use std::path::Path;
use std::sync::Arc;

use owo_colors::OwoColorize;
use serde_json::{Value as Json, json};

use super::context::Context;
use super::{Failure, OK};
use crate::facts::{Fact, Facts, Reading};
use crate::machine::{Change, Machine, Recorder};
use crate::probes;
use crate::report::{Detail, fact_value};

pub(super) fn facts(context: &Context, prefix: Option<&str>, record: Option<&Path>) -> Result<u8, Failure> {
    let recorder = Arc::new(Recorder::new(Arc::clone(&context.machine)));
    let machine: Arc<dyn Machine> = Arc::<Recorder>::clone(&recorder);
    let wanted =
        probes::all_names().into_iter().filter(|name| prefix.is_none_or(|p| name.starts_with(p))).collect();
    let facts = probes::gather(machine, &context.project, &wanted, context.timeout);
    if let Some(file) = record {
        let yaml = recorder.recording(&context.project, probes::is_tool_package).to_yaml()?;
        context.machine.change(&Change::Write { path: context.path(file), content: yaml.into_bytes() })?;
    }
    match context.json() {
        true => context.print_json(&to_json(&facts)),
        false => context.say(&table(&facts, context.look.detail == Detail::Full)),
    }
    Ok(OK)
}

fn to_json(facts: &Facts) -> Json {
    let one = |fact: &Fact| {
        json!({
            "value": fact.reading.as_present().map(fact_value),
            "unknown": fact.reading.why_unknown(),
            "source": fact.source,
            "took_ms": u64::try_from(fact.took.as_millis()).unwrap_or(u64::MAX),
        })
    };
    let facts: serde_json::Map<String, Json> =
        facts.iter().map(|(name, fact)| (name.to_owned(), one(fact))).collect();
    json!({"schema_version": 1, "facts": facts})
}

fn table(facts: &Facts, verbose: bool) -> String {
    let shown: Vec<_> = facts.iter().filter(|(_, fact)| verbose || fact.reading != Reading::Absent).collect();
    let width = shown.iter().map(|(name, _)| name.len()).max().unwrap_or(0);
    let lines = shown.into_iter().map(|(name, fact)| {
        let value = match &fact.reading {
            Reading::Present(value) => value.to_string(),
            Reading::Absent => "–".dimmed().to_string(),
            other => format!("? {}", other.why_unknown().unwrap_or_default()).yellow().to_string(),
        };
        let source = match (verbose, fact.source.is_empty()) {
            (true, false) => {
                format!("  ({}, {} ms)", fact.source, fact.took.as_millis()).dimmed().to_string()
            }
            _ => String::new(),
        };
        format!("{name:width$}  {value}{source}\n")
    });
    lines.collect()
}
