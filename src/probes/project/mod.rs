//! The project's files, as parsing alone shows them.

mod files;
mod mix;

use super::Probe;

pub(super) use files::NAMES as FILES;

pub(super) const PROBES: &[Probe] = &[files::PROBE, mix::PROBE];
