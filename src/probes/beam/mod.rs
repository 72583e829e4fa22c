//! Erlang, Elixir, their packages and their version managers.

use super::Probe;

pub(super) const PROBES: &[Probe] = &[];
