//! The recorded machines, as the probes see them.

#![allow(clippy::disallowed_methods, clippy::unwrap_used, clippy::panic)]

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use envdoctor::facts::{Facts, Reading, Value};
use envdoctor::machine::{Recorded, Recording};
use envdoctor::probes::{all_names, gather};

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/machines")
}

fn facts(machine: &str) -> Facts {
    let file = format!("{machine}.yaml");
    let text = std::fs::read_to_string(folder().join(&file)).unwrap();
    let recording = Recording::parse(&text, &file).unwrap_or_else(|error| panic!("{error}"));
    let machine = Arc::new(Recorded::new(&recording));
    gather(machine, &recording.project, &all_names(), Duration::from_secs(30))
}

/// A fact as a person would read it; `-` for one that is absent, `?` for one that is not known.
fn shown(facts: &Facts, name: &str) -> String {
    match &facts.get(name).unwrap_or_else(|| panic!("{name} was not asked for")).reading {
        Reading::Present(value) => value.to_string(),
        Reading::Absent => "-".to_owned(),
        other => format!("? {}", other.why_unknown().unwrap_or_default()),
    }
}

fn check(machine: &str, expected: &[(&str, &str)]) {
    let facts = facts(machine);
    for (name, value) in expected {
        assert_eq!(shown(&facts, name), *value, "{name} of {machine}");
    }
}

const M2_MAX: &[(&str, &str)] = &[
    ("os.family", "macos"),
    ("os.arch", "aarch64"),
    ("gpu.count", "1"),
    ("gpu.names", "Apple M2 Max"),
    ("gpu.metal", "yes"),
    ("gpu.nvidia", "no"),
];

#[test]
fn healthy_macos_m2_max() {
    check("healthy-macos-m2-max", M2_MAX);
    check(
        "healthy-macos-m2-max",
        &[
            ("memory.total", "68719476736"),
            ("disk.nix.free", "412316860416"),
            ("env.MLX_MAX_GPUS", "-"),
            ("tool.nix.version", "2.28.3"),
            ("tool.elixir.version", "1.17.3"),
            ("tool.mix.version", "1.17.3"),
            ("tool.erl.version", "27.3.2"),
            ("tool.hex.version", "2.2.1"),
            ("tool.hex.path", "/Users/user/.mix/archives/hex-2.2.1"),
            ("tool.direnv.version", "2.36.0"),
            ("tool.git.version", "2.39.5"),
            ("tool.python3.path", "/Users/user/chat/.venv/bin/python3"),
            ("tool.python3.version", "3.12.10"),
            ("tool.psql.path", "-"),
            ("tool.psql.version", "-"),
            ("python.arch", "aarch64"),
            ("mlx.version", "0.29.3"),
            ("mlx.backends", "metal"),
            ("mlx.gpu", "yes"),
            ("project.files", "flake.nix, mix.exs, mix.lock"),
            ("project.mix.hex_deps", "jason"),
            ("project.mix.missing_deps", ""),
            ("project.mix.mismatched_deps", ""),
        ],
    );
}

#[test]
fn more_gpus_asked_for_than_there_are() {
    check("broken-macos-m2-max-mlx-max-gpus", M2_MAX);
    check("broken-macos-m2-max-mlx-max-gpus", &[("env.MLX_MAX_GPUS", "5"), ("mlx.gpu", "yes")]);
}

#[test]
fn mlx_on_linux_without_a_gpu() {
    check(
        "broken-linux-mlx-cpu",
        &[
            ("os.family", "linux"),
            ("gpu.count", "0"),
            ("gpu.metal", "no"),
            ("gpu.nvidia", "no"),
            ("tool.python3.version", "3.11.7"),
            ("python.arch", "x86_64"),
            ("mlx.version", "0.32.4"),
            ("mlx.backends", "cpu"),
            ("mlx.gpu", "no"),
        ],
    );
}

#[test]
fn a_virtual_mac_without_metal() {
    check(
        "broken-macos-vm-no-metal",
        &[("gpu.count", "0"), ("gpu.metal", "no"), ("mlx.backends", "metal"), ("mlx.gpu", "yes")],
    );
}

#[test]
fn an_intel_python_on_apple_silicon() {
    check("broken-macos-rosetta-python", M2_MAX);
    check(
        "broken-macos-rosetta-python",
        &[
            ("python.arch", "x86_64"),
            ("tool.python3.version", "3.12.10"),
            ("mlx.version", "-"),
            ("mlx.gpu", "-"),
        ],
    );
}

#[test]
fn debians_own_elixir() {
    check(
        "healthy-debian-elixir",
        &[
            ("tool.elixir.version", "1.18.3"),
            ("tool.mix.version", "1.18.3"),
            ("tool.erl.version", "27.3.4.1"),
            ("tool.hex.version", "2.0.6"),
            ("tool.hex.path", "/usr/lib/elixir/lib/hex"),
            ("tool.nix.version", "2.26.3"),
            ("tool.git.version", "2.47.3"),
            ("tool.direnv.version", "2.32.1"),
            ("tool.psql.version", "17.6"),
            ("tool.python3.version", "3.13.5"),
            ("python.arch", "x86_64"),
            ("mlx.version", "-"),
            ("gpu.count", "0"),
            ("project.mix.deps", "jason, floki"),
            ("project.mix.missing_deps", ""),
        ],
    );
}

#[test]
fn two_nvidia_gpus() {
    check(
        "healthy-linux-nvidia-mlx-cuda",
        &[
            ("gpu.count", "2"),
            ("gpu.names", "NVIDIA GeForce RTX 4090, NVIDIA GeForce RTX 4090"),
            ("gpu.nvidia", "yes"),
            ("mlx.backends", "cuda"),
            ("mlx.gpu", "yes"),
            ("disk.nix.free", "-"),
            ("project.mix.deps", "-"),
        ],
    );
}

#[test]
fn limits_beyond_the_memory() {
    check("broken-macos-m2-max-mlx-limits", M2_MAX);
    check(
        "broken-macos-m2-max-mlx-limits",
        &[
            ("gpu.cores", "38"),
            ("gpu.metal_family", "metal3"),
            ("gpu.wired_limit", "67108864000"),
            ("gpu.wired_limit_rest", "1610612736"),
            (
                "mlx.unread_variables",
                "MLX_QUANTIZATION_BITS, MLX_QUANTIZATION_GROUP_SIZE, MLX_TENSOR_PARALLEL, MLX_VRAM_LIMIT",
            ),
        ],
    );
}

#[test]
fn a_driver_that_was_updated_and_still_runs() {
    check(
        "broken-linux-nvidia-driver-updated",
        &[
            ("gpu.count", "2"),
            ("nvidia.driver.version", "580.65.06"),
            ("cuda.library.version", "580.95.05"),
            ("nvml.library.version", "580.95.05"),
            ("nvidia.device_files", "yes"),
            ("mlx.cuda", "13"),
            ("cuda.packages", "mlx-cuda-13 0.30.0"),
        ],
    );
}

#[test]
fn nothing_about_a_recorded_machine_is_unknown() {
    let mut machines = 0;
    for entry in std::fs::read_dir(folder()).unwrap() {
        let name = entry.unwrap().file_name().into_string().unwrap();
        let machine = name.strip_suffix(".yaml").unwrap();
        for (fact, known) in facts(machine).iter() {
            let why = known.reading.why_unknown();
            assert_eq!(why, None, "{fact} of {machine}");
            assert!(!known.source.is_empty(), "{fact} of {machine} comes from nowhere");
            if let Reading::Present(Value::Text(text)) = &known.reading {
                assert!(!text.is_empty(), "{fact} of {machine} is empty");
            }
        }
        machines += 1;
    }
    assert!(machines >= 7);
}
