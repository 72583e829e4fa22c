//! Environment variables.

use super::super::{Context, Probe};
use crate::facts::{Facts, Value};
use crate::secrets::without_secrets;

pub(super) const PROBE: Probe =
    Probe { name: "environment", yields: &["env.*"], usual: USUAL, apart: false, run };

/// The variables that a person who asks for everything wants to see.
const USUAL: &[&str] = &[
    "ASDF_DATA_DIR",
    "CI",
    "CUDA_VISIBLE_DEVICES",
    "DIRENV_DIR",
    "ELIXIR_ERL_OPTIONS",
    "ERL_AFLAGS",
    "ERL_FLAGS",
    "ERL_LIBS",
    "HEX_HOME",
    "HEX_HTTP_TIMEOUT",
    "HEX_MIRROR",
    "HEX_OFFLINE",
    "HOME",
    "HTTPS_PROXY",
    "HTTP_PROXY",
    "IN_NIX_SHELL",
    "LANG",
    "LC_ALL",
    "MIX_ARCHIVES",
    "MIX_BUILD_PATH",
    "MIX_DEPS_PATH",
    "MIX_ENV",
    "MIX_HOME",
    "MIX_TARGET",
    "MIX_XDG",
    "MLX_BATCH_SIZE",
    "MLX_DISABLE_COMPILE",
    "MLX_GPU_ACCELERATION",
    "MLX_MAX_GPUS",
    "MLX_TENSOR_PARALLEL",
    "MLX_VRAM_LIMIT",
    "NIX_CONFIG",
    "NIX_PATH",
    "NIX_PROFILES",
    "NIX_REMOTE",
    "NIX_SSL_CERT_FILE",
    "NODE_ENV",
    "PATH",
    "PGDATA",
    "PGHOST",
    "PGPORT",
    "PYTHONPATH",
    "SHELL",
    "TERM",
    "TMPDIR",
    "VIRTUAL_ENV",
];

fn run(context: &Context) -> Facts {
    let mut facts = Facts::default();
    for variable in context.subjects() {
        let value =
            context.machine().env(variable).map(|value| Value::from(without_secrets(variable, &value)));
        facts.add(format!("env.{variable}"), value, "environment");
    }
    facts
}
