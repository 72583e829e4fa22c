//! GPUs, drivers, and the Python packages that use them. No such machine is asked: the recordings are written by hand,
//! after what the systems' documentation and the tools' sources say.

use assert_cmd::Command;
use serde_json::Value;
use tempfile::TempDir;

const SITE: &str = "/home/user/app/.venv/lib/python3.12/site-packages";
const PCI: &str = "/sys/bus/pci/devices/0000:01:00.0";

/// A recorded machine, by parts: each section of the recording with its lines.
#[derive(Clone, Default)]
struct Machine {
    host: String,
    env: Vec<String>,
    which: Vec<String>,
    links: Vec<String>,
    folders: Vec<String>,
    files: Vec<String>,
    access: Vec<String>,
    runs: Vec<String>,
}

fn linux(name: &str) -> Machine {
    Machine {
        host: format!("{{family: linux, name: {name}, arch: x86_64, cpu: x, cpus: 8, memory: 34359738368}}"),
        ..Machine::default()
    }
}

/// A Mac with 64 GiB and one GPU.
fn mac(version: &str) -> Machine {
    let profile = r#"{"SPDisplaysDataType": [{"sppci_model": "Apple M2 Max", "sppci_cores": "38", "spdisplays_mtlgpufamilysupport": "spdisplays_metal3"}]}"#;
    Machine {
        host: format!(
            "{{family: macos, name: macOS, version: '{version}', arch: aarch64, cpu: M2 Max, cpus: 12, memory: 68719476736}}"
        ),
        runs: vec![
            format!("{{argv: [/usr/sbin/system_profiler, -json, SPDisplaysDataType], stdout: '{profile}'}}"),
            "{argv: [/usr/bin/file, -b, /opt/python/bin/python3.12], stdout: Mach-O 64-bit executable arm64}"
                .to_owned(),
        ],
        ..Machine::default()
    }
}

impl Machine {
    fn env(mut self, line: &str) -> Self {
        self.env.push(line.to_owned());
        self
    }

    fn file(mut self, path: &str, text: &str) -> Self {
        self.files.push(format!("{path}: {}", Value::from(text)));
        self
    }

    fn link(mut self, from: &str, to: &str) -> Self {
        self.links.push(format!("{from}: {to}"));
        self
    }

    fn denied(mut self, path: &str) -> Self {
        self.access.push(format!("{path}: false"));
        self
    }

    /// A virtual environment with these packages.
    fn python(mut self, packages: &str) -> Self {
        self.which.push("python3: /home/user/app/.venv/bin/python3".to_owned());
        self.folders.push(format!("{SITE}: [{packages}]"));
        self.folders.push("/opt/python/lib/python3.12: [_sysconfigdata__x86_64-linux-gnu.py]".to_owned());
        self.link("/home/user/app/.venv/bin/python3", "/opt/python/bin/python3.12")
            .file("/home/user/app/.venv/pyvenv.cfg", "home = /opt/python/bin\nversion = 3.12.1\n")
    }

    fn torch(self, version: &str, cuda: &str) -> Self {
        let plain = version.split('+').next().unwrap();
        self.python(&format!("torch, torch-{plain}.dist-info")).file(
            &format!("{SITE}/torch/version.py"),
            &format!("__version__ = '{version}'\ncuda = {cuda}\nhip = None\n"),
        )
    }

    /// An NVIDIA GPU with its driver and libraries.
    fn nvidia(self, driver: &str) -> Self {
        self.kernel_driver(driver).libraries(driver)
    }

    fn kernel_driver(self, driver: &str) -> Self {
        self.gpu()
            .link(&format!("{PCI}/driver"), "/sys/bus/pci/drivers/nvidia")
            .file("/sys/module/nvidia/version", &format!("{driver}\n"))
            .file("/proc/driver/nvidia/gpus/0000:01:00.0/information", "Model: NVIDIA GeForce RTX 4090\n")
            .file("/dev/nvidiactl", "")
    }

    fn gpu(self) -> Self {
        self.file(&format!("{PCI}/vendor"), "0x10de\n").file(&format!("{PCI}/class"), "0x030000\n")
    }

    fn libraries(self, driver: &str) -> Self {
        let folder = "/usr/lib/x86_64-linux-gnu";
        self.link(&format!("{folder}/libcuda.so.1"), &format!("{folder}/libcuda.so.{driver}"))
            .link(&format!("{folder}/libnvidia-ml.so.1"), &format!("{folder}/libnvidia-ml.so.{driver}"))
    }

    fn wired_limit(mut self, mebibytes: u64) -> Self {
        self.runs
            .push(format!("{{argv: [/usr/sbin/sysctl, -n, iogpu.wired_limit_mb], stdout: '{mebibytes}'}}"));
        self
    }

    fn recording(&self) -> String {
        let mut text = format!("project: /home/user/app\notherwise: absent\nhost: {}\n", self.host);
        text.push_str("file_systems: {/: {free: 99999999999}}\nuser: {uid: 1000, name: user}\n");
        let sections = [
            ("env", &self.env),
            ("which", &self.which),
            ("links", &self.links),
            ("folders", &self.folders),
            ("files", &self.files),
            ("access", &self.access),
        ];
        for (name, lines) in sections.into_iter().filter(|(_, lines)| !lines.is_empty()) {
            text.push_str(&format!("{name}:\n"));
            lines.iter().for_each(|line| text.push_str(&format!("  {line}\n")));
        }
        if !self.runs.is_empty() {
            text.push_str("runs:\n");
            self.runs.iter().for_each(|run| text.push_str(&format!("  - {run}\n")));
        }
        text
    }

    /// What `check` says of a rule: its severity, its message and its places. What is unknown begins with `?`.
    fn says(&self, rule: &str) -> Option<String> {
        let folder = TempDir::new().unwrap();
        let file = folder.path().join("machine.yaml");
        std::fs::write(&file, self.recording()).unwrap();
        let output = Command::new(env!("CARGO_BIN_EXE_envdoctor"))
            .args(["check", "--format", "json", "--facts"])
            .arg(&file)
            .env_clear()
            .env("HOME", folder.path())
            .output()
            .unwrap();
        let error = String::from_utf8_lossy(&output.stderr);
        assert!(error.is_empty(), "{error}\n{}", self.recording());
        let report: Value = serde_json::from_slice(&output.stdout).unwrap();
        let of = |list: &str| report[list].as_array().unwrap().iter().find(|it| it["rule"] == rule).cloned();
        let folded = report["diagnoses"]
            .as_array()
            .unwrap()
            .iter()
            .any(|it| it["consequences"].as_array().unwrap().iter().any(|other| other == rule));
        assert!(!folded, "{rule} is folded beneath another");
        if let Some(unknown) = of("unknown") {
            return Some(format!("? {unknown}"));
        }
        let found = of("diagnoses")?;
        let places: Vec<_> = found["evidence"]
            .as_array()
            .unwrap()
            .iter()
            .flat_map(|it| it["places"].as_array().cloned().unwrap_or_default())
            .map(|it| format!(" {}:{}:{}", it["file"].as_str().unwrap(), it["line"], it["column"]))
            .collect();
        let text = |name: &str| found[name].as_str().unwrap_or_default().to_owned();
        Some(format!("{}: {}{}", text("severity"), text("message"), places.concat()))
    }
}

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
