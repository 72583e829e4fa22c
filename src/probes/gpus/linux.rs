//! GPUs as Linux shows them: NVIDIA's driver, and the kernel's graphics devices.

use std::path::Path;

use super::super::Context;
use super::Gpus;
use crate::facts::Reading;

pub(super) const SOURCES: [&str; 2] = [NVIDIA, DRM];

const NVIDIA: &str = "/proc/driver/nvidia/gpus";
const DRM: &str = "/sys/class/drm";
/// The device that every program opens before it uses one of NVIDIA's GPUs.
const CONTROL: &str = "/dev/nvidiactl";

pub(super) fn gpus(context: &Context) -> Reading<Gpus> {
    let machine = context.machine();
    let names = |folder: &str| match machine.list(Path::new(folder)) {
        Reading::Absent => Reading::Present(Vec::new()),
        names => names,
    };
    names(NVIDIA).and_then(|addresses| {
        let mut gpus = Gpus::default();
        for address in &addresses {
            let file = Path::new(NVIDIA).join(address).join("information");
            let model = machine.read(&file).present().and_then(|text| model(&text));
            gpus.names.push(model.unwrap_or_else(|| "NVIDIA GPU".to_owned()));
        }
        // A container may be given the devices without the driver's description.
        if addresses.is_empty() && machine.exists(Path::new(CONTROL)) {
            let devices = names("/dev").present().unwrap_or_default();
            gpus.names.extend(devices.iter().filter(|name| is_nvidia(name)).map(|_| "NVIDIA GPU".to_owned()));
        }
        gpus.nvidia = !gpus.names.is_empty();
        let counted = gpus.nvidia;
        names(DRM).map(|cards| {
            for card in cards.iter().filter(|name| is_card(name)) {
                let device = Path::new(DRM).join(card).join("device");
                let read = |name: &str| machine.read(&device.join(name)).present().unwrap_or_default();
                if let Some(name) = named(read("vendor").trim(), read("device").trim(), &read("uevent"))
                    && !(counted && name.starts_with("NVIDIA"))
                {
                    gpus.names.push(name);
                }
            }
            gpus
        })
    })
}

/// `nvidia0`, but not `nvidiactl`.
fn is_nvidia(name: &str) -> bool {
    name.strip_prefix("nvidia").is_some_and(is_number)
}

/// `card0`, but not `card0-HDMI-A-1`.
fn is_card(name: &str) -> bool {
    name.strip_prefix("card").is_some_and(is_number)
}

fn is_number(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

/// The model in the description of NVIDIA's driver.
fn model(text: &str) -> Option<String> {
    let model = text.lines().find_map(|line| line.strip_prefix("Model:"))?.trim();
    (!model.is_empty()).then(|| model.to_owned())
}

/// A name for a graphics device, unless it only shows pictures: the display of a virtual machine or a server's
/// remote console.
fn named(vendor: &str, device: &str, uevent: &str) -> Option<String> {
    let maker = match vendor {
        "0x10de" => "NVIDIA",
        "0x1002" => "AMD",
        "0x8086" => "Intel",
        "" => {
            // Not on the PCI bus, as the GPUs of small boards.
            let driver = uevent.lines().find_map(|line| line.strip_prefix("DRIVER="))?;
            let gpu = [
                "asahi", "panfrost", "panthor", "msm_dpu", "adreno", "v3d", "lima", "tegra", "nvgpu",
                "etnaviv",
            ];
            return gpu.iter().any(|name| driver.contains(name)).then(|| format!("{driver} GPU"));
        }
        _ => return None,
    };
    Some(format!("{maker} GPU {device}").trim_end().to_owned())
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::machine::{Recorded, Recording};

    fn found(recording: &str) -> Reading<Gpus> {
        let text = format!("project: /p\notherwise: absent\n{recording}");
        let recording = Recording::parse(&text, "m").unwrap();
        gpus(&Context {
            machine: Arc::new(Recorded::new(&recording)),
            project: "/p".into(),
            wanted: Default::default(),
            deep: false,
        })
    }

    #[test]
    fn two_of_nvidia_and_one_of_the_processor() {
        let gpus = found(
            "files:\n  /proc/driver/nvidia/gpus/0000:01:00.0/information: \"Model: \\t\\t NVIDIA GeForce RTX 4090\\nIRQ: 1\\n\"\n  \
             /proc/driver/nvidia/gpus/0000:02:00.0/information: \"\"\n  \
             /sys/class/drm/card0/device/vendor: \"0x8086\\n\"\n  /sys/class/drm/card0/device/device: \"0x4680\\n\"\n  \
             /sys/class/drm/card1/device/vendor: \"0x10de\\n\"\n  /sys/class/drm/card0-HDMI-A-1/status: connected\n",
        );
        let gpus = gpus.present().unwrap();
        assert_eq!(gpus.names, ["NVIDIA GeForce RTX 4090", "NVIDIA GPU", "Intel GPU 0x4680"]);
        assert!(gpus.nvidia && !gpus.metal);
    }

    #[test]
    fn devices_in_a_container() {
        let gpus =
            found("folders: {/dev: [\"null\", nvidia0, nvidia1, nvidiactl, nvidia-uvm]}").present().unwrap();
        assert_eq!((gpus.names.len(), gpus.nvidia), (2, true));
    }

    #[test]
    fn a_card_without_nvidias_driver_and_a_virtual_display() {
        let gpus = found(
            "files: {/sys/class/drm/card0/device/vendor: '0x10de', /sys/class/drm/card1/device/vendor: '0x1af4', \
             /sys/class/drm/card2/device/uevent: 'DRIVER=simple-framebuffer', /sys/class/drm/card3/device/uevent: 'DRIVER=asahi'}",
        );
        let gpus = gpus.present().unwrap();
        assert_eq!(gpus.names, ["NVIDIA GPU", "asahi GPU"]);
        assert!(!gpus.nvidia);
    }

    #[test]
    fn none_and_unknown_are_told_apart() {
        assert_eq!(found(""), Reading::Present(Gpus::default()));
        let denied = "unknown:\n  - {question: !list /proc/driver/nvidia/gpus, reading: denied}\n";
        assert_eq!(found(denied), Reading::Denied);
    }

    #[test]
    fn models() {
        assert_eq!(model("Model: \t\t NVIDIA H100\nIRQ:\t 1\n").as_deref(), Some("NVIDIA H100"));
        assert_eq!(model("Model:\n"), None);
        assert_eq!(model(""), None);
    }
}
