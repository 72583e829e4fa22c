//! The system, the processor and the memory.

use super::super::{Context, Probe};
use crate::facts::{Facts, Reading, Value};
use crate::machine::Host;

pub(super) const PROBE: Probe = Probe {
    name: "system",
    yields: &["os.family", "os.name", "os.version", "os.arch", "cpu.brand", "cpu.count", "memory.total"],
    usual: &[],
    apart: false,
    run,
};

fn run(context: &Context) -> Facts {
    let host = context.machine().host();
    let mut facts = Facts::default();
    let mut add = |name: &str, value: fn(Host) -> Option<Value>| {
        facts.add(name, host.clone().and_then(|host| Reading::from(value(host))), "system");
    };
    add("os.family", |host| Some(host.family.into()));
    add("os.name", |host| Some(host.name.into()));
    add("os.version", |host| host.version.map(Value::from));
    add("os.arch", |host| Some(host.arch.into()));
    add("cpu.brand", |host| Some(host.cpu).filter(|cpu| !cpu.is_empty()).map(Value::from));
    add("cpu.count", |host| Some(host.cpus.into()));
    add("memory.total", |host| Some(host.memory.into()));
    facts
}
