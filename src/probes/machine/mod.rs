//! The machine, its environment and what is asked of it.

mod disk;
mod environment;
mod host;
mod locale;
mod path;
mod ports;
mod surroundings;

use super::Probe;

pub(super) const PROBES: &[Probe] = &[
    host::PROBE,
    surroundings::PROBE,
    disk::PROBE,
    environment::PROBE,
    locale::PROBE,
    path::PROBE,
    ports::PROBE,
];
