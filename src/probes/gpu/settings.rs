//! The variables that are meant for MLX, and whether MLX reads them.

use super::python;
use crate::facts::{Facts, Value};
use crate::probes::{Context, Probe};

pub(super) const PROBE: Probe = Probe {
    name: "MLX's settings",
    yields: &["mlx.variables", "mlx.unread_variables"],
    usual: &[],
    apart: false,
    run,
};

const PREFIX: &str = "MLX_";

/// What MLX reads, as the libraries of its releases from 0.10 to 0.32.4 hold it, with every back end.
const READ: &[&str] = &[
    "BFS_MAX_WIDTH",
    "DISABLE_COMPILE",
    "ENABLE_CACHE_THRASHING_CHECK",
    "ENABLE_TF32",
    "HOSTFILE",
    "IBV_DEVICES",
    "MAX_MB_PER_BUFFER",
    "MAX_OPS_PER_BUFFER",
    "MPI_LIBNAME",
    "NCCL_TIMEOUT",
    "PTX_CACHE_DIR",
    "RANK",
    "RING_VERBOSE",
    "SAVE_CUDA_GRAPHS_DOT_FILE",
    "USE_CUDA_GRAPHS",
    "USE_MPS",
    "WORLD_SIZE",
];

/// The names of its undocumented ones begin so; they come and go with its versions.
const FAMILIES: &[&str] = &["CONV_", "CUDA_", "JACCL_", "METAL_", "RESIDENCY_", "SDPA_"];

/// What its builds, and those against it, read.
const BUILD: &[&str] = &["BUILD_", "C_", "DIR", "INCLUDE_", "ROOT", "SOURCE_"];

fn run(context: &Context) -> Facts {
    let mut facts = Facts::default();
    let names = context.machine().variables(PREFIX);
    facts.add("mlx.variables", names.clone().map(Value::List), "environment");
    if context.wants("mlx.unread_variables") {
        let unread = names.map(|names| {
            let mut unread: Vec<_> = names.into_iter().filter(|name| !is_read(name)).collect();
            if !unread.is_empty() {
                let owners = python::beside_mlx(context);
                unread.retain(|name| !owners.iter().any(|owner| name.starts_with(owner.as_str())));
            }
            unread
        });
        facts.add("mlx.unread_variables", unread.map(Value::List), "environment");
    }
    facts
}

fn is_read(name: &str) -> bool {
    let Some(name) = name.strip_prefix(PREFIX) else { return false };
    READ.contains(&name) || FAMILIES.iter().chain(BUILD).any(|family| name.starts_with(family))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::probes::gpu::tests::{facts, shown};

    #[test]
    fn variables_that_mlx_reads_and_those_that_it_does_not() {
        for name in [
            "MLX_RANK",
            "MLX_DISABLE_COMPILE",
            "MLX_CUDA_GRAPH_CACHE_SIZE",
            "MLX_JACCL_COORDINATOR",
            "MLX_BUILD_METAL",
        ] {
            assert!(is_read(name), "{name}");
        }
        for name in [
            "MLX_MAX_GPUS",
            "MLX_TENSOR_PARALLEL",
            "MLX_VRAM_LIMIT",
            "MLX_GPU_ACCELERATION",
            "MLX_BATCH_PLAN",
            "MLX_RANKS",
            "MLX_",
        ] {
            assert!(!is_read(name), "{name}");
        }
    }

    #[test]
    fn those_of_another_installed_package_are_its_own() {
        let env = "env: {MLX_MAX_GPUS: '5', MLX_VLM_PRELOAD: x, MLX_RANK: '0', MLXLM_X: y}\n";
        let plain = facts(&PROBE, env);
        assert_eq!(shown(&plain, "mlx.variables"), "MLX_MAX_GPUS, MLX_RANK, MLX_VLM_PRELOAD");
        assert_eq!(shown(&plain, "mlx.unread_variables"), "MLX_MAX_GPUS, MLX_VLM_PRELOAD");
        let with = facts(
            &PROBE,
            &format!(
                "{env}which: {{python3: /v/bin/python3}}\nfiles: {{/v/pyvenv.cfg: 'version = 3.12.1'}}\n\
             folders: {{/v/lib/python3.12/site-packages: [mlx-0.32.4.dist-info, mlx_vlm-0.3.0.dist-info]}}\n"
            ),
        );
        assert_eq!(shown(&with, "mlx.unread_variables"), "MLX_MAX_GPUS");
    }
}
