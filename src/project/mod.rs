//! Reading a project's files without evaluating them.

mod asdf_commands;
mod channel;
mod elixir;
mod envrc;
mod flake;
mod flake_lock;
mod hex_metadata;
mod mix_exs;
mod mix_lock;
mod mojibake;
mod needed;
mod nix;
mod position;
mod registry;

pub use asdf_commands::{AsdfCommand, Era, asdf_commands};
pub use channel::Release;
pub use elixir::SyntaxError;
pub use envrc::{Envrc, parse_dotenv, parse_envrc};
pub use flake::{
    Arguments, Export, Expression, Flake, FlakeInput, Hook, Nixpkgs, Package, PathUse, cannot_exist, exports,
    is_system, parse_flake, parse_nix,
};
pub use flake_lock::{FlakeLock, LockError, LockedInput, parse_flake_lock, same_input};
pub use hex_metadata::hex_version;
pub use mix_exs::{Dep, MixExs, Source, parse_mix_exs};
pub use mix_lock::{Locked, Pin, Required, parse_mix_lock};
pub use mojibake::{Garbled, mojibake};
pub use needed::needed;
pub use nix::{Mistake, NixError, Semicolon, nix_mistake};
pub use position::At;
pub use registry::{in_global_registry, parse_registry};
