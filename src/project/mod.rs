//! Reading a project's files without evaluating them.

mod compiled_by;
mod compose;
mod dockerfile;
mod elixir;
mod github_workflow;
mod gitlab_ci;
mod hex_metadata;
mod image;
mod located;
mod mise_toml;
mod mix_exs;
mod mix_lock;
mod needed;
mod nix_names;
mod package_json;
mod tool_versions;
mod version_file;
mod yaml;

pub use compiled_by::{CompiledBy, compiled_by};
pub use compose::parse_compose;
pub use dockerfile::parse_dockerfile;
pub use elixir::SyntaxError;
pub use github_workflow::{Input, Workflow, parse_workflow};
pub use gitlab_ci::parse_gitlab_ci;
pub use hex_metadata::hex_version;
pub use image::Image;
pub use located::{FormatError, Located};
pub use mise_toml::parse_mise_toml;
pub use mix_exs::{Dep, Environments, MixExs, Repository, Source, parse_mix_exs};
pub use mix_lock::{Locked, Pin, Pinned, Required, parse_mix_lock};
pub use needed::needed;
pub use nix_names::nix_names;
pub use package_json::{PackageJson, package_version, parse_lockfile_version, parse_package_json};
pub use tool_versions::{ToolVersion, parse_tool_versions};
pub use version_file::parse_version_file;
