//! Reading a project's files without evaluating them.

mod elixir;
mod flake;
mod hex_metadata;
mod mix_exs;
mod mix_lock;
mod needed;
mod nix;
mod position;

pub use elixir::SyntaxError;
pub use flake::{
    Arguments, Export, Expression, Flake, Hook, Input, Nixpkgs, Package, PathUse, cannot_exist, exports,
    is_system, parse_flake, parse_nix,
};
pub use hex_metadata::hex_version;
pub use mix_exs::{Dep, MixExs, Source, parse_mix_exs};
pub use mix_lock::{Locked, Pin, Required, parse_mix_lock};
pub use needed::needed;
pub use nix::{Mistake, NixError, Semicolon};
pub use position::At;
