//! Recorded machines with GPUs, drivers and Python packages, put together from parts.

use serde_json::Value;

use crate::recorded::check;

pub(super) const SITE: &str = "/home/user/app/.venv/lib/python3.12/site-packages";
pub(super) const PCI: &str = "/sys/bus/pci/devices/0000:01:00.0";

/// A recorded machine, by parts: each section of the recording with its lines.
#[derive(Clone, Default)]
pub(super) struct Machine {
    host: String,
    env: Vec<String>,
    pub(super) which: Vec<String>,
    links: Vec<String>,
    pub(super) folders: Vec<String>,
    files: Vec<String>,
    access: Vec<String>,
    runs: Vec<String>,
}

pub(super) fn linux(name: &str) -> Machine {
    Machine {
        host: format!("{{family: linux, name: {name}, arch: x86_64, cpu: x, cpus: 8, memory: 34359738368}}"),
        ..Machine::default()
    }
}

/// A Mac with 64 GiB and one GPU.
pub(super) fn mac(version: &str) -> Machine {
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
    pub(super) fn env(mut self, line: &str) -> Self {
        self.env.push(line.to_owned());
        self
    }

    pub(super) fn file(mut self, path: &str, text: &str) -> Self {
        self.files.push(format!("{path}: {}", Value::from(text)));
        self
    }

    pub(super) fn link(mut self, from: &str, to: &str) -> Self {
        self.links.push(format!("{from}: {to}"));
        self
    }

    pub(super) fn denied(mut self, path: &str) -> Self {
        self.access.push(format!("{path}: false"));
        self
    }

    /// A virtual environment with these packages.
    pub(super) fn python(mut self, packages: &str) -> Self {
        self.which.push("python3: /home/user/app/.venv/bin/python3".to_owned());
        self.folders.push(format!("{SITE}: [{packages}]"));
        self.folders.push("/opt/python/lib/python3.12: [_sysconfigdata__x86_64-linux-gnu.py]".to_owned());
        self.link("/home/user/app/.venv/bin/python3", "/opt/python/bin/python3.12")
            .file("/home/user/app/.venv/pyvenv.cfg", "home = /opt/python/bin\nversion = 3.12.1\n")
    }

    pub(super) fn torch(self, version: &str, cuda: &str) -> Self {
        let plain = version.split('+').next().unwrap();
        self.python(&format!("torch, torch-{plain}.dist-info")).file(
            &format!("{SITE}/torch/version.py"),
            &format!("__version__ = '{version}'\ncuda = {cuda}\nhip = None\n"),
        )
    }

    /// An NVIDIA GPU with its driver and libraries.
    pub(super) fn nvidia(self, driver: &str) -> Self {
        self.kernel_driver(driver).libraries(driver)
    }

    pub(super) fn kernel_driver(self, driver: &str) -> Self {
        self.gpu()
            .link(&format!("{PCI}/driver"), "/sys/bus/pci/drivers/nvidia")
            .file("/sys/module/nvidia/version", &format!("{driver}\n"))
            .file("/proc/driver/nvidia/gpus/0000:01:00.0/information", "Model: NVIDIA GeForce RTX 4090\n")
            .file("/dev/nvidiactl", "")
    }

    pub(super) fn gpu(self) -> Self {
        self.file(&format!("{PCI}/vendor"), "0x10de\n").file(&format!("{PCI}/class"), "0x030000\n")
    }

    pub(super) fn libraries(self, driver: &str) -> Self {
        let folder = "/usr/lib/x86_64-linux-gnu";
        self.link(&format!("{folder}/libcuda.so.1"), &format!("{folder}/libcuda.so.{driver}"))
            .link(&format!("{folder}/libnvidia-ml.so.1"), &format!("{folder}/libnvidia-ml.so.{driver}"))
    }

    pub(super) fn wired_limit(mut self, mebibytes: u64) -> Self {
        self.runs
            .push(format!("{{argv: [/usr/sbin/sysctl, -n, iogpu.wired_limit_mb], stdout: '{mebibytes}'}}"));
        self
    }

    pub(super) fn recording(&self) -> String {
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

    /// What `check` says of a rule: its severity, its message and its places.
    pub(super) fn says(&self, rule: &str) -> Option<String> {
        let report = check(&self.recording());
        assert!(!report.is_folded(rule), "{rule} is folded beneath another");
        let found = report.finding(rule)?;
        let places: String = found.places.iter().map(|place| format!(" {place}")).collect();
        Some(format!("{}: {}{places}", found.severity, found.message))
    }
}
