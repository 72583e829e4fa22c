//! Databases, local models, and the tools beside them.

use super::Probe;

pub(super) const PROBES: &[Probe] = &[];
