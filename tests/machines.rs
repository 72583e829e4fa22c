//! The recorded machines, as the probes see them.

#![allow(clippy::disallowed_methods, clippy::unwrap_used, clippy::panic)]

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use envdoctor::built_in;
use envdoctor::causes::{diagnose, findings_from_facts};
use envdoctor::facts::{Facts, Reading, Value};
use envdoctor::judge::facts_needed;
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
    let mut wanted = all_names();
    wanted.extend(built_in::rules().rules().iter().flat_map(facts_needed));
    gather(machine, &recording.project, &wanted, Duration::from_secs(60))
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
            ("project.files", ".envrc, flake.lock, flake.nix, mix.exs, mix.lock"),
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
            ("tool.python3.version", "3.13.5"),
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

/// What each machine has; no rule finds anything on a healthy one.
const FINDINGS: &[(&str, &[&str])] = &[
    ("broken-linux-mlx-cpu", &["mlx-no-gpu-backend"]),
    ("broken-linux-nvidia-driver-updated", &["cuda-driver-library-mismatch"]),
    (
        "broken-macos-m2-max-direnv-blocked",
        &["elixir-version-requirement", "direnv-blocked", "version-sources-disagree"],
    ),
    (
        "broken-macos-m2-max-mlx-limits",
        &[
            "mlx-max-gpus-exceeds-hardware",
            "mlx-quantization-unsupported",
            "mlx-wired-limit-too-high",
            "mlx-variable-not-read",
        ],
    ),
    ("broken-macos-m2-max-mlx-max-gpus", &["mlx-max-gpus-exceeds-hardware", "mlx-variable-not-read"]),
    ("broken-macos-m2-max-nix-daemon", &["nix-daemon-not-running"]),
    ("broken-macos-m2-max-ollama-model", &["ollama-model-missing"]),
    ("broken-macos-rosetta-python", &["mlx-wrong-python-arch"]),
    ("broken-macos-vm-no-metal", &["mlx-metal-not-available"]),
    ("healthy-ci-container", &[]),
    ("healthy-debian-elixir", &[]),
    ("healthy-debian-nvidia-torch", &[]),
    ("healthy-linux-nvidia-mlx-cuda", &[]),
    ("healthy-macos-m2-max", &[]),
    ("healthy-nixos", &[]),
    ("healthy-wsl-asdf", &[]),
];

#[test]
fn each_machine_has_what_it_was_recorded_for_and_nothing_else() {
    let rules = built_in::rules();
    let mut found = Vec::new();
    for machine in machines() {
        let facts = facts(&machine);
        let diagnoses = diagnose(&rules, findings_from_facts(&rules, &facts));
        let ids: Vec<String> = diagnoses.into_iter().map(|diagnosis| diagnosis.root.rule).collect();
        found.push((machine, ids));
    }
    let expected: Vec<(String, Vec<String>)> = FINDINGS
        .iter()
        .map(|(machine, ids)| ((*machine).to_owned(), ids.iter().map(|&id| id.to_owned()).collect()))
        .collect();
    assert_eq!(found, expected);
}

#[test]
fn nothing_about_a_recorded_machine_is_unknown() {
    for machine in machines() {
        for (fact, known) in facts(&machine).iter() {
            let why = known.reading.why_unknown();
            assert_eq!(why, None, "{fact} of {machine}");
            assert!(!known.source.is_empty(), "{fact} of {machine} comes from nowhere");
            if let Reading::Present(Value::Text(text)) = &known.reading {
                assert!(!text.is_empty(), "{fact} of {machine} is empty");
            }
        }
    }
}

/// The names of the recorded machines, in order.
fn machines() -> Vec<String> {
    let names = std::fs::read_dir(folder()).unwrap().map(|entry| entry.unwrap().file_name());
    let mut names: Vec<String> =
        names.map(|name| name.into_string().unwrap().strip_suffix(".yaml").unwrap().to_owned()).collect();
    names.sort();
    names
}
