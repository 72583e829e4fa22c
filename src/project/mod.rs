//! Reading a project's files without evaluating them.

mod elixir;
mod hex_metadata;
mod mix_exs;
mod mix_lock;
mod needed;
mod nix;
mod position;

pub use elixir::SyntaxError;
pub use hex_metadata::hex_version;
pub use mix_exs::{Dep, MixExs, Source, parse_mix_exs};
pub use mix_lock::{Locked, Pin, Required, parse_mix_lock};
pub use needed::needed;
pub use nix::{Mistake, NixError, Semicolon};
pub use position::{At, Lines, Position};
