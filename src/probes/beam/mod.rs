//! Erlang, Elixir, their packages and their version managers.

mod cacerts;
mod managers;
mod mix;
mod otp;

use super::Probe;

pub(super) const PROBES: &[Probe] = &[otp::PROBE, mix::PROBE, cacerts::PROBE, managers::PROBE];
