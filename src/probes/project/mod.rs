//! The project's files, as parsing alone shows them.

mod envrc;
mod files;
mod flake;
mod flake_lock;
mod mix;
mod mlx;
mod nix_file;
mod scripts;
mod settings;
mod shell_nix;
mod tracked;

use super::Probe;

pub(super) use files::NAMES as FILES;

pub(super) const PROBES: &[Probe] = &[
    files::PROBE,
    mix::PROBE,
    mlx::PROBE,
    flake::PROBE,
    flake_lock::PROBE,
    shell_nix::PROBE,
    envrc::PROBE,
    scripts::PROBE,
    settings::PROBE,
];
