//! Nix: its installation, settings, daemon and store, and the shells that come from it.

mod build_users;
mod channels;
mod conf;
mod daemon;
mod direnv;
mod hook;
mod install;
mod shell;
mod store;
mod trust;

use super::Probe;

pub(super) const PROBES: &[Probe] = &[
    install::PROBE,
    conf::PROBE,
    daemon::PROBE,
    trust::PROBE,
    build_users::PROBE,
    store::PROBE,
    channels::PROBE,
    shell::PROBE,
    direnv::PROBE,
];
