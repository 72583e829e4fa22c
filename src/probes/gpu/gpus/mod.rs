//! The GPUs that the system knows.

mod linux;
mod macos;

use crate::facts::{Facts, Reading, Value};
use crate::probes::{Context, Probe};

pub(super) const PROBE: Probe = Probe {
    name: "gpus",
    yields: &[
        "gpu.count",
        "gpu.names",
        "gpu.vendors",
        "gpu.drivers",
        "gpu.memory",
        "gpu.cores",
        "gpu.metal",
        "gpu.metal_family",
        "gpu.nvidia",
    ],
    usual: &[],
    apart: false,
    run,
};

/// What is known of a machine's GPUs.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Gpus {
    all: Vec<Gpu>,
    /// The version of Metal that the first one with any supports.
    metal: Option<String>,
    nvidia: bool,
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Gpu {
    name: String,
    vendor: String,
    driver: Option<String>,
    /// Bytes of its own.
    memory: Option<u64>,
    cores: Option<u64>,
}

impl Gpus {
    fn list(self, item: impl FnMut(Gpu) -> Option<String>) -> Option<Value> {
        Some(Value::List(self.all.into_iter().filter_map(item).collect()))
    }

    fn most_memory(&self) -> Option<u64> {
        self.all.iter().filter_map(|gpu| gpu.memory).max()
    }
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
    let mut add = |name: &str, value: fn(Gpus) -> Option<Value>| {
        let reading = gpus.clone().and_then(|gpus| Reading::from(value(gpus)));
        facts.add(name, reading, source.clone());
    };
    add("gpu.count", |gpus| Some((gpus.all.len() as u64).into()));
    add("gpu.metal", |gpus| Some(gpus.metal.is_some().into()));
    add("gpu.metal_family", |gpus| gpus.metal.filter(|family| !family.is_empty()).map(Value::from));
    add("gpu.nvidia", |gpus| Some(gpus.nvidia.into()));
    add("gpu.names", |gpus| gpus.list(|gpu| Some(gpu.name)));
    add("gpu.vendors", |gpus| gpus.list(|gpu| Some(gpu.vendor)));
    add("gpu.drivers", |gpus| gpus.list(|gpu| gpu.driver));
    add("gpu.cores", |gpus| gpus.all.first().and_then(|gpu| gpu.cores).map(Value::from));
    if context.wants("gpu.memory") {
        let known = gpus.clone().map(|gpus| (gpus.most_memory(), gpus.nvidia));
        let (memory, source) = match known {
            Reading::Present((None, true)) => (linux::memory_of_nvidia(context), linux::QUERY.join(" ")),
            known => (known.and_then(|(memory, _)| Reading::from(memory)), source.clone()),
        };
        facts.add("gpu.memory", memory.map(Value::from), source);
    }
    facts
}
