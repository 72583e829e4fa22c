//! GPUs as Linux shows them: NVIDIA's driver, and the kernel's graphics devices.

use std::path::Path;

use super::{Gpu, Gpus};
use crate::facts::Reading;
use crate::probes::Context;

pub(super) const SOURCES: [&str; 2] = [NVIDIA, DRM];

/// What NVIDIA's tool is asked where no file tells.
pub(super) const QUERY: [&str; 3] =
    ["nvidia-smi", "--query-gpu=name,memory.total,driver_version", "--format=csv,noheader"];

const NVIDIA: &str = "/proc/driver/nvidia/gpus";
const DRM: &str = "/sys/class/drm";
/// The device that every program opens before it uses one of NVIDIA's GPUs.
const CONTROL: &str = "/dev/nvidiactl";
/// In WSL the GPU is reached through this device, with libraries that Windows brings.
const WSL: (&str, &str) = ("/dev/dxg", "/usr/lib/wsl/lib/libcuda.so.1");

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
            gpus.all.push(of_nvidia(machine.read(&file).present().and_then(|text| model(&text))));
        }
        // A container may be given the devices without the driver's description.
        if addresses.is_empty() && machine.exists(Path::new(CONTROL)) {
            let devices = names("/dev").present().unwrap_or_default();
            gpus.all.extend(devices.iter().filter(|name| is_nvidia(name)).map(|_| of_nvidia(None)));
        }
        if gpus.all.is_empty() && machine.exists(Path::new(WSL.0)) && machine.exists(Path::new(WSL.1)) {
            gpus.all.push(of_nvidia(Some("NVIDIA GPU of Windows".to_owned())));
        }
        gpus.nvidia = !gpus.all.is_empty();
        let counted = gpus.nvidia;
        names(DRM).map(|cards| {
            for card in cards.iter().filter(|name| is_card(name)) {
                let device = Path::new(DRM).join(card).join("device");
                let found = described(&|name| machine.read(&device.join(name)).present().unwrap_or_default());
                gpus.all.extend(found.filter(|gpu| !(counted && gpu.vendor == "nvidia")));
            }
            gpus
        })
    })
}

fn of_nvidia(model: Option<String>) -> Gpu {
    Gpu {
        name: model.unwrap_or_else(|| "NVIDIA GPU".to_owned()),
        vendor: "nvidia".to_owned(),
        driver: Some("nvidia".to_owned()),
        ..Gpu::default()
    }
}

/// The memory of the largest of NVIDIA's GPUs: only its own tool tells.
pub(super) fn memory_of_nvidia(context: &Context) -> Reading<u64> {
    context.machine().run(&QUERY).and_then(|text| match largest(&text) {
        Some(bytes) => Reading::Present(bytes),
        None => Reading::failed(format!("nvidia-smi tells no memory: {}", text.trim())),
    })
}

/// The most memory in lines such as `NVIDIA H100 80GB HBM3, 81559 MiB, 550.54.14`.
fn largest(text: &str) -> Option<u64> {
    let memory = |line: &str| {
        let number = line.split(", ").nth(1)?.trim().strip_suffix(" MiB")?;
        number.parse::<u64>().ok()?.checked_mul(1 << 20)
    };
    text.lines().filter_map(memory).max()
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

/// The graphics device that these files of its folder describe, unless it only shows pictures: the display of a virtual
/// machine or a server's remote console.
fn described(read: &dyn Fn(&str) -> String) -> Option<Gpu> {
    let uevent = read("uevent");
    let driver = uevent.lines().find_map(|line| line.strip_prefix("DRIVER=")).map(str::to_owned);
    let (maker, vendor) = match read("vendor").trim() {
        "0x10de" => ("NVIDIA", "nvidia"),
        "0x1002" => ("AMD", "amd"),
        "0x8086" => ("Intel", "intel"),
        "" => {
            // Not on the PCI bus, as the GPUs of small boards.
            let driver = driver?;
            let gpu = [
                "asahi", "panfrost", "panthor", "msm_dpu", "adreno", "v3d", "lima", "tegra", "nvgpu",
                "etnaviv",
            ];
            let known = gpu.iter().any(|name| driver.contains(name));
            let vendor = if driver == "asahi" { "apple" } else { "unknown" };
            return known.then(|| Gpu {
                name: format!("{driver} GPU"),
                vendor: vendor.to_owned(),
                driver: Some(driver),
                ..Gpu::default()
            });
        }
        _ => return None,
    };
    let product = read("product_name");
    let name = match product.trim() {
        "" => format!("{maker} GPU {}", read("device").trim()).trim_end().to_owned(),
        product => product.to_owned(),
    };
    let memory = read("mem_info_vram_total").trim().parse().ok().filter(|bytes| *bytes > 0);
    Some(Gpu { name, vendor: vendor.to_owned(), driver, memory, cores: None })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::probes::recorded;

    fn found(recording: &str) -> Reading<Gpus> {
        gpus(&recorded::context(recording))
    }

    fn names(gpus: &Gpus) -> Vec<&str> {
        gpus.all.iter().map(|gpu| gpu.name.as_str()).collect()
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
        assert_eq!(names(&gpus), ["NVIDIA GeForce RTX 4090", "NVIDIA GPU", "Intel GPU 0x4680"]);
        assert!(gpus.nvidia && gpus.metal.is_none());
    }

    #[test]
    fn devices_in_a_container() {
        let gpus =
            found("folders: {/dev: [\"null\", nvidia0, nvidia1, nvidiactl, nvidia-uvm]}").present().unwrap();
        assert_eq!((gpus.all.len(), gpus.nvidia), (2, true));
    }

    #[test]
    fn a_card_without_nvidias_driver_and_a_virtual_display() {
        let gpus = found(
            "files: {/sys/class/drm/card0/device/vendor: '0x10de', /sys/class/drm/card1/device/vendor: '0x1af4', \
             /sys/class/drm/card2/device/uevent: 'DRIVER=simple-framebuffer', /sys/class/drm/card3/device/uevent: 'DRIVER=asahi'}",
        );
        let gpus = gpus.present().unwrap();
        assert_eq!(names(&gpus), ["NVIDIA GPU", "asahi GPU"]);
        assert!(!gpus.nvidia);
    }

    #[test]
    fn one_of_amd_with_its_memory() {
        let card = "/sys/class/drm/card1/device";
        let gpus = found(&format!(
            "files: {{{card}/vendor: '0x1002', {card}/device: '0x744c', {card}/uevent: \"DRIVER=amdgpu\\nPCI_ID=1002:744C\", \
             {card}/mem_info_vram_total: '25753026560', {card}/product_name: ''}}"
        ));
        let gpus = gpus.present().unwrap();
        assert_eq!((names(&gpus), gpus.most_memory()), (vec!["AMD GPU 0x744c"], Some(25_753_026_560)));
        assert_eq!((gpus.all[0].driver.as_deref(), gpus.all[0].vendor.as_str()), (Some("amdgpu"), "amd"));
    }

    #[test]
    fn one_of_windows_in_wsl() {
        let wsl = found("files: {/dev/dxg: '', /usr/lib/wsl/lib/libcuda.so.1: ''}").present().unwrap();
        assert_eq!((names(&wsl), wsl.nvidia), (vec!["NVIDIA GPU of Windows"], true));
        let without = found("files: {/dev/dxg: ''}").present().unwrap();
        assert_eq!(without, Gpus::default());
    }

    #[test]
    fn memory_as_nvidias_tool_prints_it() {
        let text =
            "NVIDIA GeForce RTX 3060, 12288 MiB, 550.54.14\nNVIDIA H100 80GB HBM3, 81559 MiB, 550.54.14\n";
        assert_eq!(largest(text), Some(81_559 << 20));
        assert_eq!(largest("NVIDIA Thor, [N/A], 580.00\n"), None);
        assert_eq!(largest(""), None);
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
