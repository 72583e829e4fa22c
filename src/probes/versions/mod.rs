//! What each place asks for, and whether they agree.

use super::Probe;

pub(super) const PROBES: &[Probe] = &[];
