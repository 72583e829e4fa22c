//! Nix, its store and its shells.

use super::Probe;

pub(super) const PROBES: &[Probe] = &[];
