//! Reading what only the machine has: files of the system and of the user, variables, and what servers answer. Pure, and never in
//! error about what is no such text.

mod direnv_consent;
mod direnv_toml;
mod locale;
mod mount_info;
mod nix_conf;
mod nix_registry;
mod nix_settings;
mod nix_worker;
mod ollama_host;
mod proc_net;
mod search_path;
mod shell_startup;

pub use direnv_consent::{consent, refusal};
pub use direnv_toml::{DirenvToml, parse_direnv_toml};
pub use locale::{charset_is_utf8, locale_folder};
pub use mount_info::{Mount, Mounted, mount_of, mounted_at, mounted_by_program};
pub use nix_conf::{Entry, NixConf, Origin, meant, parse_nix_conf};
pub use nix_registry::{in_global_registry, parse_registry};
pub use nix_settings::{SETTINGS, Setting, canonical};
pub use nix_worker::{Daemon, GREETING, HELLO, NEXT, daemon};
pub use ollama_host::ollama_address;
pub use proc_net::{Listening, parse_proc_net_tcp};
pub use search_path::{is_path, parse_channels, parse_search_path};
pub use shell_startup::{Startup, parse_startup, startup_alone};
