//! Reading a project's files without evaluating them.

mod elixir;
mod elixir_config;
mod git_config;
mod hex_metadata;
mod jsonc;
mod mix_exs;
mod mix_lock;
mod needed;
mod ollama_host;
mod opencode;
mod package_json;
mod postgres_url;
mod serena;

pub use elixir::SyntaxError;
pub use elixir_config::{ElixirConfig, Setting, Setup, parse_elixir_config};
pub use git_config::{GitConfig, is_safe, parse_git_config};
pub use hex_metadata::hex_version;
pub use mix_exs::{Dep, MixExs, Source, parse_mix_exs};
pub use mix_lock::{Locked, Pin, Required, parse_mix_lock};
pub use needed::needed;
pub use ollama_host::ollama_address;
pub use opencode::{McpServer, OpencodeConfig, Provider, Remark, parse_opencode};
pub use package_json::{needs_packages, outdated_packages};
pub use postgres_url::{PostgresUrl, parse_postgres_url};
pub use serena::{mistakes_in_serena_config, mistakes_in_serena_project};
