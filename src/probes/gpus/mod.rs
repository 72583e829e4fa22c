//! The GPUs that the system knows.

mod linux;
mod macos;

use super::{Context, Probe};
use crate::facts::{Facts, Reading, Value};

pub(super) const PROBE: Probe = Probe {
    name: "gpus",
    yields: &["gpu.count", "gpu.names", "gpu.metal", "gpu.nvidia"],
    usual: &[],
    apart: false,
    run,
};

/// What is known of a machine's GPUs.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Gpus {
    names: Vec<String>,
    metal: bool,
    nvidia: bool,
}

fn run(context: &Context) -> Facts {
    let mut facts = Facts::default();
    let host = context.machine().host();
    let macos = host.as_present().is_some_and(|host| host.family == "macos");
    let (gpus, source) = match host {
        Reading::Present(_) if macos => (macos::gpus(context), macos::COMMAND.join(" ")),
        Reading::Present(_) => (linux::gpus(context), linux::SOURCES.join(", ")),
        other => (other.and_then(|_| Reading::Absent), "system".to_owned()),
    };
    let mut add = |name: &str, value: fn(Gpus) -> Value| {
        facts.add(name, gpus.clone().map(value), source.clone());
    };
    add("gpu.count", |gpus| (gpus.names.len() as u64).into());
    add("gpu.metal", |gpus| gpus.metal.into());
    add("gpu.nvidia", |gpus| gpus.nvidia.into());
    add("gpu.names", |gpus| gpus.names.into());
    facts
}
