//! MLX without a GPU back end: Linux with the CPU build.

use crate::lab::{Lab, Machine, lab_folder, left_out};

const PROGRAM: &str = "import mlx.core as mx

mx.set_default_device(mx.gpu)
print(mx.add(mx.array(1), mx.array(2)))
";

/// This machine with MLX's CPU build first on PATH.
fn lab_with_mlx() -> Option<Lab> {
    let venv = lab_folder().join("mlx/bin");
    if !cfg!(target_os = "linux") || !venv.join("python").exists() {
        left_out(Machine::Host, &format!("Linux and MLX's CPU build in {}", venv.display()));
        return None;
    }
    let mut lab = Lab::host(&[])?;
    lab.put_on_path(venv.to_str().unwrap());
    lab.write("infer.py", PROGRAM);
    Some(lab)
}

#[test]
fn program_that_asks_for_the_gpu() {
    let Some(lab) = lab_with_mlx() else { return };
    let python = ["python", "infer.py"];
    let alone = lab.run(&python);
    alone.fails().complains("Cannot set gpu device without gpu backend");
    let ran = lab.doctor(&["run", "--", "python", "infer.py"]);
    ran.exits(alone.code()).complains("Cannot set gpu device without gpu backend");
    ran.complains("mlx-no-gpu-backend");
}

#[test]
fn machine_says_the_same() {
    let Some(lab) = lab_with_mlx() else { return };
    let check = lab.doctor(&["check", "--format", "json"]);
    let report = check.report();
    assert!(report.roots().contains(&"mlx-no-gpu-backend"), "{}", check.stdout);
}

#[test]
fn machine_without_mlx_does_not() {
    let Some(mut lab) = Lab::host(&[]) else { return };
    let empty = lab.inside("runtime");
    lab.set("PATH", &empty);
    let roots = lab.doctor(&["check", "--format", "json"]);
    assert!(!roots.report().roots().contains(&"mlx-no-gpu-backend"), "{}", roots.stdout);
}
