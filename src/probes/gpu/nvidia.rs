//! NVIDIA's GPUs and their driver in the kernel.

use std::path::Path;

use crate::facts::{Facts, Reading, Value};
use crate::probes::{Context, Probe};

pub(super) const PROBE: Probe = Probe {
    name: "NVIDIA's driver",
    yields: &[
        "nvidia.devices",
        "nvidia.undriven",
        "nvidia.driver.version",
        "nvidia.device_files",
        "nvidia.opengl_driver",
    ],
    usual: &[],
    apart: false,
    run,
};

const PCI: &str = "/sys/bus/pci/devices";
const MODULE: &str = "/sys/module/nvidia/version";
const DRIVER: &str = "/proc/driver/nvidia/version";
/// Through one of these every program reaches the driver: on a PC, in WSL, on a Jetson.
const CONTROLS: [&str; 4] = ["/dev/nvidiactl", "/dev/dxg", "/dev/nvhost-ctrl-gpu", "/dev/nvgpu"];
/// Where NixOS puts the libraries of the machine's driver.
const OPENGL: &str = "/run/opengl-driver/lib/libcuda.so.1";
/// The kernel's own drivers for these GPUs, which know nothing of CUDA.
const OTHERS: [&str; 3] = ["nouveau", "nova-core", "nova_core"];

fn run(context: &Context) -> Facts {
    let mut facts = Facts::default();
    let machine = context.machine();
    if context.wants("nvidia.devices") || context.wants("nvidia.undriven") {
        let devices = devices(context);
        let names = |keep: fn(&Device) -> bool| {
            devices
                .clone()
                .map(|devices| Value::List(devices.iter().filter(|it| keep(it)).map(Device::name).collect()))
        };
        facts.add("nvidia.devices", names(|_| true), PCI);
        facts.add("nvidia.undriven", names(Device::is_undriven), PCI);
    }
    let (version, source) = driver(context);
    facts.add("nvidia.driver.version", version.map(Value::from), source);
    let control = CONTROLS.into_iter().find(|path| machine.exists(Path::new(path)));
    let reachable = Reading::Present(control.is_some().into());
    facts.add("nvidia.device_files", reachable, control.unwrap_or(CONTROLS[0]));
    let nixos = machine.host().map(|host| host.name == "NixOS");
    let opengl = match nixos {
        Reading::Present(true) => Reading::Present(machine.exists(Path::new(OPENGL)).into()),
        other => other.and_then(|_| Reading::Absent),
    };
    facts.add("nvidia.opengl_driver", opengl, OPENGL);
    facts
}

/// A GPU on the PCI bus.
#[derive(Clone, Debug)]
struct Device {
    address: String,
    driver: Option<String>,
}

impl Device {
    fn name(&self) -> String {
        match &self.driver {
            Some(driver) => format!("{} ({driver})", self.address),
            None => self.address.clone(),
        }
    }

    /// A device that is kept for a virtual machine has a driver too.
    fn is_undriven(&self) -> bool {
        self.driver.as_deref().is_none_or(|driver| OTHERS.contains(&driver))
    }
}

fn devices(context: &Context) -> Reading<Vec<Device>> {
    let machine = context.machine();
    let addresses = match machine.list(Path::new(PCI)) {
        Reading::Absent => return Reading::Present(Vec::new()),
        addresses => addresses,
    };
    addresses.map(|addresses| {
        let mut devices = Vec::new();
        for address in addresses {
            let folder = Path::new(PCI).join(&address);
            let is = |name: &str, begins: &[&str]| {
                let text = machine.read(&folder.join(name)).present().unwrap_or_default();
                begins.iter().any(|begin| text.starts_with(begin))
            };
            // Their sound and USB functions are devices of their own.
            if is("vendor", &["0x10de"]) && is("class", &["0x0300", "0x0302"]) {
                let driver = machine.resolve(&folder.join("driver")).present();
                let driver = driver.and_then(|path| Some(path.file_name()?.to_string_lossy().into_owned()));
                devices.push(Device { address, driver });
            }
        }
        devices
    })
}

fn driver(context: &Context) -> (Reading<String>, &'static str) {
    let machine = context.machine();
    match machine.read(Path::new(MODULE)) {
        Reading::Present(version) if is_version(version.trim()) => {
            (Reading::Present(version.trim().to_owned()), MODULE)
        }
        _ => {
            let version = machine.read(Path::new(DRIVER)).and_then(|text| match in_description(&text) {
                Some(version) => Reading::Present(version),
                None => Reading::failed(format!("{DRIVER} names no version")),
            });
            (version, DRIVER)
        }
    }
}

/// The version in `NVRM version: NVIDIA UNIX x86_64 Kernel Module  550.54.14  Thu Feb 22 01:44:30 UTC 2024`.
fn in_description(text: &str) -> Option<String> {
    let line = text.lines().find(|line| line.starts_with("NVRM version:"))?;
    line.split_whitespace().find(|word| is_version(word)).map(str::to_owned)
}

pub(super) fn is_version(text: &str) -> bool {
    let mut parts = text.split('.');
    let numbers =
        parts.by_ref().all(|part| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit()));
    // The oldest that matters is 340.
    numbers && text.contains('.') && text.split('.').next().is_some_and(|major| major.len() == 3)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::probes::gpu::tests::{facts, shown};

    #[test]
    fn versions_in_every_form() {
        for (text, version) in [
            (
                "NVRM version: NVIDIA UNIX x86_64 Kernel Module  550.54.14  Thu Feb 22 01:44:30 UTC 2024\nGCC version:  gcc 12",
                "550.54.14",
            ),
            (
                "NVRM version: NVIDIA UNIX Open Kernel Module for x86_64  560.35.03  Release Build  (dvs-builder@U16)",
                "560.35.03",
            ),
            ("NVRM version: NVIDIA UNIX x86_64 Kernel Module  390.157  Wed Oct 12", "390.157"),
        ] {
            assert_eq!(in_description(text).as_deref(), Some(version));
        }
        for none in ["", "GCC version: 550.54.14", "NVRM version: unknown", "NVRM version: 12.2 of . 5"] {
            assert_eq!(in_description(none), None, "{none}");
        }
    }

    #[test]
    fn a_gpu_with_its_driver_and_one_kept_for_a_virtual_machine() {
        let pci = "/sys/bus/pci/devices";
        let facts = facts(
            &PROBE,
            &format!(
                "host: {{family: linux, name: NixOS, arch: x86_64, cpu: x, cpus: 1, memory: 1}}\nfiles: {{{pci}/0000:01:00.0/vendor: \"0x10de\\n\", {pci}/0000:01:00.0/class: \"0x030000\\n\", \
             {pci}/0000:01:00.1/vendor: \"0x10de\\n\", {pci}/0000:01:00.1/class: \"0x040300\\n\", \
             {pci}/0000:02:00.0/vendor: \"0x10de\\n\", {pci}/0000:02:00.0/class: \"0x030200\\n\", \
             {pci}/0000:03:00.0/vendor: \"0x1002\\n\", {pci}/0000:03:00.0/class: \"0x030000\\n\", \
             /sys/module/nvidia/version: \"550.54.14\\n\", /dev/nvidiactl: '', /run/opengl-driver/lib/libcuda.so.1: ''}}\n\
             links: {{{pci}/0000:01:00.0/driver: /sys/bus/pci/drivers/nvidia, {pci}/0000:02:00.0/driver: /sys/bus/pci/drivers/vfio-pci}}\n"
            ),
        );
        assert_eq!(shown(&facts, "nvidia.devices"), "0000:01:00.0 (nvidia), 0000:02:00.0 (vfio-pci)");
        assert_eq!(shown(&facts, "nvidia.undriven"), "");
        assert_eq!(shown(&facts, "nvidia.driver.version"), "550.54.14");
        assert_eq!(shown(&facts, "nvidia.device_files"), "yes");
        assert_eq!(shown(&facts, "nvidia.opengl_driver"), "yes");
    }

    #[test]
    fn a_gpu_that_only_nouveau_drives() {
        let pci = "/sys/bus/pci/devices/0000:01:00.0";
        let facts = facts(
            &PROBE,
            &format!(
                "host: {{family: linux, name: Debian, arch: x86_64, cpu: x, cpus: 1, memory: 1}}\n\
             files: {{{pci}/vendor: '0x10de', {pci}/class: '0x030000'}}\nlinks: {{{pci}/driver: /sys/bus/pci/drivers/nouveau}}\n"
            ),
        );
        assert_eq!(shown(&facts, "nvidia.undriven"), "0000:01:00.0 (nouveau)");
        assert_eq!(shown(&facts, "nvidia.driver.version"), "-");
        assert_eq!(shown(&facts, "nvidia.device_files"), "no");
        assert_eq!(shown(&facts, "nvidia.opengl_driver"), "-");
    }

    proptest::proptest! {
        #[test]
        fn no_text_is_too_odd(text in r#"[a-z0-9._+=: '"\n\-é]{0,80}"#) {
            let _ = (in_description(&text), is_version(&text));
            let _ = in_description(&format!("NVRM version: {text}"));
        }
    }
}
