//! GPUs, drivers, and the Python packages that use them. No such machine is asked: the recordings are written by hand,
//! after what the systems' documentation and the tools' sources say.

mod machine;

use machine::{Machine, PCI, SITE, linux, mac};

#[track_caller]
fn fires(rule: &str, machine: Machine, text: &str) {
    assert_eq!(machine.says(rule).as_deref(), Some(text), "{rule}");
}

#[track_caller]
fn quiet(rule: &str, machine: Machine) {
    assert_eq!(machine.says(rule), None, "{rule}");
}

#[test]
fn more_gpus_than_there_are() {
    let rule = "mlx-max-gpus-exceeds-hardware";
    fires(
        rule,
        mac("15.5").env("MLX_MAX_GPUS: '5'"),
        "warning: MLX_MAX_GPUS asks for 5, and there is 1 GPU here",
    );
    fires(
        rule,
        mac("15.5").env("MLX_TENSOR_PARALLEL: '5'"),
        "warning: MLX_TENSOR_PARALLEL asks for 5, and there is 1 GPU here",
    );
    quiet(rule, mac("15.5").env("MLX_MAX_GPUS: '1'").env("MLX_TENSOR_PARALLEL: '1'"));
    quiet(rule, linux("Debian").env("MLX_TENSOR_PARALLEL: '1'"));
    let envrc = |text: &str| mac("15.5").file("/home/user/app/.envrc", text);
    fires(
        rule,
        envrc("export MLX_MAX_GPUS=5\n"),
        "warning: The project sets MLX_MAX_GPUS to 5, and there is 1 GPU here .envrc:1:8",
    );
    // The environment has it from the file, and will have what stands there now.
    quiet(rule, envrc("export MLX_MAX_GPUS=1\n").env("MLX_MAX_GPUS: '5'"));
}

#[test]
fn quantization_that_no_mlx_or_not_this_one_has() {
    let rule = "mlx-quantization-unsupported";
    let mlx = |version: &str| {
        mac("15.5").python(&format!("mlx-{version}.dist-info, mlx_metal-{version}.dist-info"))
    };
    let bits = |bits: &str| format!("MLX_QUANTIZATION_BITS: '{bits}'");
    let group = |size: &str| format!("MLX_QUANTIZATION_GROUP_SIZE: '{size}'");
    fires(rule, mac("15.5").env(&bits("7")), "warning: MLX_QUANTIZATION_BITS is 7: no MLX has that");
    fires(rule, mac("15.5").env(&bits("four")), "warning: MLX_QUANTIZATION_BITS is four: no MLX has that");
    fires(
        rule,
        mac("15.5").env(&group("256")),
        "warning: MLX_QUANTIZATION_GROUP_SIZE is 256: no MLX has that",
    );
    fires(
        rule,
        mlx("0.25.2").env(&bits("5")).env(&group("64")),
        "warning: MLX_QUANTIZATION_BITS is 5 and MLX_QUANTIZATION_GROUP_SIZE 64: MLX 0.25.2 does not have that",
    );
    for (version, number) in [("0.32.3", "1"), ("0.20.0", "3"), ("0.20.0", "6"), ("0.25.2", "5")] {
        assert!(mlx(version).env(&bits(number)).says(rule).is_some(), "{number} bits in {version}");
    }
    for (version, number) in
        [("0.32.4", "1"), ("0.21.1", "3"), ("0.21.1", "6"), ("0.26.1", "5"), ("0.10.0", "4")]
    {
        assert_eq!(mlx(version).env(&bits(number)).says(rule), None, "{number} bits in {version}");
    }
    for size in ["32", "64", "128", ""] {
        quiet(rule, mac("15.5").env(&bits("4")).env(&group(size)));
    }
    quiet(rule, mac("15.5").env(&group("16")).env("MLX_QUANTIZATION_MODE: nvfp4"));
    assert!(mac("15.5").env(&group("16")).says(rule).is_some());
}

#[test]
fn variables_that_mlx_does_not_read() {
    let rule = "mlx-variable-not-read";
    fires(
        rule,
        linux("Debian").env("MLX_VRAM_LIMIT: '45000000000'").env("MLX_BATCH_PLAN: '1'").env("MLX_RANK: '0'"),
        "info: No MLX reads MLX_BATCH_PLAN, MLX_VRAM_LIMIT",
    );
    quiet(rule, linux("Debian").env("MLX_RANK: '0'").env("MLX_DISABLE_COMPILE: '1'"));
    quiet(rule, linux("Debian"));
}

#[test]
fn memory_limits_above_what_there_is() {
    let rule = "mlx-wired-limit-too-high";
    let mlx = || mac("15.5").python("mlx-0.32.4.dist-info, mlx_metal-0.32.4.dist-info");
    let found = mlx().wired_limit(0).env("MLX_VRAM_LIMIT: '99000000000'").says(rule).unwrap();
    assert_eq!(found, "warning: MLX_VRAM_LIMIT is 99000000000 bytes, and this Mac has 68719476736");
    fires(
        rule,
        mlx().wired_limit(40960).env("MLX_VRAM_LIMIT: '45000000000'"),
        "warning: MLX_VRAM_LIMIT is 45000000000, iogpu.wired_limit_mb gives the GPU 42949672960 bytes, and this Mac has 68719476736",
    );
    fires(
        rule,
        mlx().wired_limit(64000),
        "warning: iogpu.wired_limit_mb leaves macOS 1610612736 of 68719476736 bytes",
    );
    // The default is not known, so that only the memory itself is certain to be too little.
    quiet(rule, mlx().wired_limit(0).env("MLX_VRAM_LIMIT: '60000000000'"));
    quiet(rule, mlx().wired_limit(57344).env("MLX_VRAM_LIMIT: '45000000000'"));
    quiet(rule, mac("15.5"));
}

#[test]
fn an_mlx_for_a_newer_macos() {
    let rule = "mlx-unsupported-macos";
    let mlx = |version: &str, tag: &str| {
        mac(version)
            .python("mlx-0.32.4.dist-info, mlx_metal-0.32.4.dist-info")
            .file(&format!("{SITE}/mlx_metal-0.32.4.dist-info/WHEEL"), &format!("Tag: py3-none-{tag}\n"))
            .wired_limit(0)
    };
    let found = mlx("13.6.1", "macosx_14_0_arm64").says(rule).unwrap();
    assert!(found.starts_with("error: ") && found.contains("13.6.1") && found.contains("14.0"), "{found}");
    quiet(rule, mlx("14.0", "macosx_14_0_arm64"));
    quiet(rule, mlx("26.1", "macosx_15_0_arm64"));
}

#[test]
fn a_torch_for_the_cpu_beside_a_gpu() {
    let rule = "torch-cpu-only-build";
    let text = "warning: torch 2.5.1+cpu is a build for the CPU, and there is an NVIDIA GPU here";
    fires(rule, linux("Debian").nvidia("550.54.14").torch("2.5.1+cpu", "None"), text);
    quiet(rule, linux("Debian").nvidia("550.54.14").torch("2.5.1+cu124", "'12.4'"));
    quiet(rule, linux("Debian").torch("2.5.1+cpu", "None"));
}

#[test]
fn drivers_too_old_for_cuda() {
    let rule = "cuda-driver-too-old";
    fires(
        rule,
        linux("Debian").nvidia("470.223.02").torch("2.5.1+cu124", "'12.4'"),
        "error: NVIDIA's driver 470.223.02 is too old for torch 2.5.1+cu124",
    );
    fires(
        rule,
        linux("Debian").nvidia("570.86.15").torch("2.9.0+cu130", "'13.0'"),
        "error: NVIDIA's driver 570.86.15 is too old for torch 2.9.0+cu130",
    );
    let mlx = |cuda: u32| {
        linux("Debian").python(&format!("mlx-0.32.4.dist-info, mlx_cuda_{cuda}-0.32.4.dist-info"))
    };
    fires(
        rule,
        mlx(12).nvidia("535.183.01"),
        "error: NVIDIA's driver 535.183.01 is too old for mlx-cuda-12 0.32.4",
    );
    quiet(rule, mlx(12).nvidia("550.54.14"));
    quiet(rule, mlx(13).nvidia("580.65.06"));
    // Within one major version of CUDA an older driver is enough.
    quiet(rule, linux("Debian").nvidia("525.60.13").torch("2.5.1+cu124", "'12.4'"));
    quiet(rule, linux("Debian").nvidia("450.80.02").torch("2.1.0+cu118", "'11.8'"));
    quiet(rule, linux("Debian").nvidia("470.223.02").torch("2.5.1+cpu", "None"));
    let compat = "/usr/local/cuda/compat/libcuda.so.1";
    quiet(
        rule,
        linux("Debian")
            .nvidia("470.223.02")
            .torch("2.5.1+cu124", "'12.4'")
            .env("LD_LIBRARY_PATH: /usr/local/cuda/compat")
            .link(compat, "/usr/local/cuda/compat/libcuda.so.550.54.14"),
    );
}

#[test]
fn libraries_of_another_driver() {
    let rule = "cuda-driver-library-mismatch";
    let torch = |machine: Machine| machine.torch("2.5.1+cu124", "'12.4'");
    fires(
        rule,
        torch(linux("Debian").kernel_driver("535.183.01").libraries("550.54.14")),
        "error: The kernel runs NVIDIA's driver 535.183.01, and libcuda is of 550.54.14",
    );
    let shell = torch(linux("NixOS").nvidia("550.54.14"))
        .env("LD_LIBRARY_PATH: /nix/store/abc-nvidia-x11-535.86.05/lib")
        .link(
            "/nix/store/abc-nvidia-x11-535.86.05/lib/libcuda.so.1",
            "/nix/store/abc-nvidia-x11-535.86.05/lib/libcuda.so.535.86.05",
        );
    fires(rule, shell, "error: The kernel runs NVIDIA's driver 550.54.14, and libcuda is of 535.86.05");
    quiet(rule, torch(linux("Debian").nvidia("550.54.14")));
    // Whoever uses no CUDA need not restart.
    quiet(rule, linux("Debian").kernel_driver("535.183.01").libraries("550.54.14"));
}

#[test]
fn a_gpu_without_its_driver() {
    let torch = |machine: Machine| machine.torch("2.5.1+cu124", "'12.4'");
    let nouveau = || linux("Debian").gpu().link(&format!("{PCI}/driver"), "/sys/bus/pci/drivers/nouveau");
    fires(
        "cuda-no-driver",
        torch(nouveau()),
        "warning: There is an NVIDIA GPU (0000:01:00.0 (nouveau)), and NVIDIA's driver is not installed",
    );
    quiet("nvml-driver-not-loaded", torch(nouveau()));
    fires(
        "nvml-driver-not-loaded",
        torch(nouveau().libraries("550.54.14")),
        "error: NVIDIA's driver is installed (/usr/lib/x86_64-linux-gnu/libcuda.so.1), and the kernel has not loaded it for 0000:01:00.0 (nouveau)",
    );
    quiet("cuda-no-driver", torch(nouveau().libraries("550.54.14")));
    for rule in ["cuda-no-driver", "nvml-driver-not-loaded"] {
        quiet(rule, nouveau());
        quiet(rule, torch(linux("Debian")));
        quiet(rule, torch(linux("Debian").nvidia("550.54.14")));
        quiet(
            rule,
            torch(linux("Debian").gpu().link(&format!("{PCI}/driver"), "/sys/bus/pci/drivers/vfio-pci")),
        );
        let wsl = linux("Debian").file("/dev/dxg", "").file("/usr/lib/wsl/lib/libcuda.so.1", "");
        quiet(rule, torch(wsl));
    }
}

#[test]
fn a_driver_that_a_container_was_not_handed() {
    let rule = "cuda-no-device";
    let container = || linux("Debian").file("/sys/module/nvidia/version", "550.54.14\n");
    fires(
        rule,
        container().torch("2.5.1+cu124", "'12.4'"),
        "warning: NVIDIA's driver 550.54.14 runs, and this session has none of its devices",
    );
    quiet(rule, container());
    quiet(rule, linux("Debian").nvidia("550.54.14").torch("2.5.1+cu124", "'12.4'"));
}

#[test]
fn nvidias_tool_is_missing() {
    let rule = "nvidia-smi-missing";
    let mut machine = linux("Debian").nvidia("550.54.14").torch("2.5.1+cu124", "'12.4'");
    fires(rule, machine.clone(), "info: NVIDIA's driver 550.54.14 runs, and nvidia-smi is not on PATH");
    machine.which.push("nvidia-smi: /usr/bin/nvidia-smi".to_owned());
    quiet(rule, machine);
    quiet(rule, linux("Debian"));
}

#[test]
fn devices_of_amd_that_the_user_may_not_open() {
    let rule = "rocm-permission";
    let rocm = || {
        let mut machine = linux("Ubuntu").file("/dev/kfd", "").file("/opt/rocm/.info/version", "6.2.0-66\n");
        machine.folders.push("/dev/dri: [card0, renderD128]".to_owned());
        machine
    };
    fires(
        rule,
        rocm().denied("/dev/kfd").denied("/dev/dri/renderD128"),
        "error: This user may not open /dev/kfd, /dev/dri/renderD128",
    );
    quiet(rule, rocm());
    quiet(rule, linux("Ubuntu").file("/dev/kfd", "").denied("/dev/kfd"));
}

#[test]
fn a_torch_of_pip_on_nixos() {
    let rule = "nixos-driver-not-on-path";
    let nixos = || {
        linux("NixOS").kernel_driver("550.54.14").torch("2.5.1+cu124", "'12.4'").link(
            "/run/opengl-driver/lib/libcuda.so.1",
            "/nix/store/abc-graphics-drivers/lib/libcuda.so.550.54.14",
        )
    };
    fires(
        rule,
        nixos(),
        "error: torch 2.5.1+cu124 will not find libcuda.so.1: /run/opengl-driver/lib is not in LD_LIBRARY_PATH",
    );
    quiet(rule, nixos().env("LD_LIBRARY_PATH: /run/opengl-driver/lib"));
    quiet(rule, nixos().env("NIX_LD_LIBRARY_PATH: /run/opengl-driver/lib"));
    let mut of_nix = linux("NixOS").kernel_driver("550.54.14");
    let python = "/nix/store/abc-python3-3.12.8-env";
    of_nix.which.push(format!("python3: {python}/bin/python3.12"));
    of_nix.folders.push(format!("{python}/lib/python3.12/site-packages: [torch, torch-2.5.1.dist-info]"));
    quiet(
        rule,
        of_nix.file(
            &format!("{python}/lib/python3.12/site-packages/torch/version.py"),
            "__version__ = '2.5.1'\ncuda = '12.4'\n",
        ),
    );
}

#[test]
fn a_driver_without_its_libraries() {
    let rule = "libcuda-not-found";
    let torch = |machine: Machine| machine.torch("2.5.1+cu124", "'12.4'");
    fires(
        rule,
        torch(linux("Debian").kernel_driver("550.54.14")),
        "warning: The library of NVIDIA's driver is not found",
    );
    quiet(rule, torch(linux("Debian").nvidia("550.54.14")));
    quiet(rule, torch(linux("Debian")));
    let elsewhere =
        linux("Debian").kernel_driver("550.54.14").file("/etc/ld.so.conf.d/x.conf", "/opt/driver\n");
    quiet(rule, torch(elsewhere.link("/opt/driver/libcuda.so.1", "/opt/driver/libcuda.so.550.54.14")));
}

#[test]
fn an_environment_whose_python_is_gone() {
    let rule = "venv-broken-interpreter";
    let venv = || {
        let mut machine =
            linux("Debian").file("/home/user/app/.venv/pyvenv.cfg", "version = 3.11.7\nhome = /opt/py/bin\n");
        machine.folders.push("/home/user/app/.venv/bin: [activate, python3]".to_owned());
        machine
    };
    fires(
        rule,
        venv().link("/home/user/app/.venv/bin/python3", "null"),
        "warning: The Python of the virtual environment .venv is gone .venv/pyvenv.cfg:2:1",
    );
    quiet(rule, venv().link("/home/user/app/.venv/bin/python3", "/opt/py/bin/python3.11"));
    quiet(rule, linux("Debian"));
}

#[test]
fn packages_for_another_processor() {
    let rule = "python-arch-mismatch";
    let numpy = |tag: &str| {
        linux("Debian")
            .python("numpy-2.2.5.dist-info")
            .file(&format!("{SITE}/numpy-2.2.5.dist-info/WHEEL"), &format!("Tag: cp312-cp312-{tag}\n"))
    };
    fires(
        rule,
        numpy("manylinux_2_17_aarch64"),
        "error: numpy 2.2.5 was built for another processor than this Python (x86_64)",
    );
    quiet(rule, numpy("manylinux_2_17_x86_64"));
    quiet(rule, linux("Debian"));
}
