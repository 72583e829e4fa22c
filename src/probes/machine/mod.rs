//! The machine, its environment and what is asked of it.

mod deep;
mod disk;
mod environment;
mod host;

use super::Probe;

pub(super) const PROBES: &[Probe] = &[host::PROBE, disk::PROBE, environment::PROBE, deep::PROBE];
