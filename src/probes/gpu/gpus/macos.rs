//! GPUs as macOS describes them.

use serde::Deserialize;

use super::{Gpu, Gpus};
use crate::facts::Reading;
use crate::probes::Context;

pub(super) const COMMAND: [&str; 3] = ["/usr/sbin/system_profiler", "-json", "SPDisplaysDataType"];

pub(super) fn gpus(context: &Context) -> Reading<Gpus> {
    context.machine().run(&COMMAND).and_then(|text| match parse(&text) {
        Ok(gpus) => Reading::Present(gpus),
        Err(error) => Reading::failed(format!("system_profiler printed something else: {error}")),
    })
}

#[derive(Deserialize)]
struct Profile {
    #[serde(rename = "SPDisplaysDataType")]
    displays: Vec<Adapter>,
}

#[derive(Deserialize)]
struct Adapter {
    #[serde(rename = "sppci_model")]
    model: Option<String>,
    /// macOS 12 and later: `spdisplays_metal3`.
    #[serde(rename = "spdisplays_mtlgpufamilysupport")]
    family: Option<String>,
    /// macOS 11 and before: `spdisplays_supported`, or a feature set.
    #[serde(rename = "spdisplays_metal")]
    metal: Option<String>,
    #[serde(rename = "spdisplays_vendor")]
    vendor: Option<String>,
    #[serde(rename = "sppci_cores")]
    cores: Option<String>,
    #[serde(rename = "spdisplays_vram")]
    memory: Option<String>,
}

impl Adapter {
    /// `metal3` of `spdisplays_metal3`; empty where macOS says only that there is Metal.
    fn metal_family(&self) -> String {
        let family = self.family.as_deref().and_then(|family| family.strip_prefix("spdisplays_"));
        family.filter(|family| family.starts_with("metal")).unwrap_or_default().to_owned()
    }

    fn into_gpu(self) -> Gpu {
        let vendor = self.vendor.as_deref().unwrap_or_default().to_lowercase();
        let known = ["apple", "amd", "intel", "nvidia"];
        Gpu {
            vendor: known.into_iter().find(|name| vendor.contains(name)).unwrap_or("unknown").to_owned(),
            name: self.model.unwrap_or_else(|| "unnamed GPU".to_owned()),
            driver: None,
            memory: self.memory.as_deref().and_then(bytes),
            cores: self.cores.and_then(|cores| cores.trim().parse().ok()),
        }
    }

    fn has_metal(&self) -> bool {
        let says_yes = |value: &Option<String>| {
            value.as_deref().is_some_and(|value| {
                let value = value.to_lowercase();
                let no = ["unsupported", "notsupported", "not_supported", "no_support"];
                (value.contains("metal") || value.contains("supported"))
                    && !no.iter().any(|no| value.contains(no))
            })
        };
        says_yes(&self.family) || says_yes(&self.metal)
    }

    /// Whether it only shows pictures: what a virtual machine without a graphics device has.
    fn is_framebuffer(&self) -> bool {
        !self.has_metal() && self.model.as_deref().is_none_or(|model| model == "Display")
    }
}

fn parse(text: &str) -> Result<Gpus, serde_json::Error> {
    let profile: Profile = serde_json::from_str(text)?;
    let gpus: Vec<_> = profile.displays.into_iter().filter(|adapter| !adapter.is_framebuffer()).collect();
    Ok(Gpus {
        metal: gpus.iter().find(|gpu| gpu.has_metal()).map(Adapter::metal_family),
        all: gpus.into_iter().map(Adapter::into_gpu).collect(),
        nvidia: false,
    })
}

/// `8 GB`, as the memory of a graphics card is written.
fn bytes(text: &str) -> Option<u64> {
    let (number, unit) = text.trim().split_once(' ')?;
    let factor = match unit {
        "MB" => 1 << 20,
        "GB" => 1 << 30,
        _ => return None,
    };
    number.parse::<u64>().ok()?.checked_mul(factor)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(gpus: &Gpus) -> Vec<&str> {
        gpus.all.iter().map(|gpu| gpu.name.as_str()).collect()
    }

    #[test]
    fn apple_silicon() {
        let gpus = parse(
            r#"{"SPDisplaysDataType" : [{"_name" : "Apple M2 Max", "spdisplays_mtlgpufamilysupport" : "spdisplays_metal3",
            "spdisplays_ndrvs" : [{"_name" : "Color LCD"}], "spdisplays_vendor" : "sppci_vendor_Apple",
            "sppci_bus" : "spdisplays_builtin", "sppci_cores" : "38", "sppci_device_type" : "spdisplays_gpu",
            "sppci_model" : "Apple M2 Max"}]}"#,
        )
        .unwrap();
        assert_eq!(
            (names(&gpus), gpus.metal.as_deref(), gpus.nvidia),
            (vec!["Apple M2 Max"], Some("metal3"), false)
        );
        assert_eq!(
            (gpus.all[0].vendor.as_str(), gpus.all[0].cores, gpus.all[0].memory),
            ("apple", Some(38), None)
        );
    }

    #[test]
    fn two_gpus_of_an_older_mac() {
        let gpus = parse(
            r#"{"SPDisplaysDataType": [{"sppci_model": "Intel UHD Graphics 630", "spdisplays_metal": "spdisplays_supported"},
            {"sppci_model": "AMD Radeon Pro 5500M", "spdisplays_vendor": "sppci_vendor_amd", "spdisplays_vram": "8 GB", "spdisplays_metal": "spdisplays_metalfeaturesetfamily21"}]}"#,
        )
        .unwrap();
        assert_eq!((gpus.all.len(), gpus.metal.as_deref()), (2, Some("")));
        assert_eq!((gpus.all[1].vendor.as_str(), gpus.most_memory()), ("amd", Some(8 << 30)));
    }

    #[test]
    fn a_virtual_machine_without_metal() {
        let gpus = parse(r#"{"SPDisplaysDataType": [{"_name": "Display", "sppci_model": "Display", "spdisplays_vram": "7 MB"}]}"#).unwrap();
        assert_eq!(gpus, Gpus::default());
        assert_eq!(parse(r#"{"SPDisplaysDataType": []}"#).unwrap(), Gpus::default());
        let old = parse(
            r#"{"SPDisplaysDataType": [{"sppci_model": "ATY", "spdisplays_metal": "spdisplays_notsupported"}]}"#,
        );
        assert!(old.unwrap().metal.is_none());
    }

    #[test]
    fn anything_else_is_an_error() {
        for text in ["", "[]", "{}", "{\"SPDisplaysDataType\": 1}", "SPDisplaysDataType"] {
            assert!(parse(text).is_err(), "{text}");
        }
        assert!(parse(&"[".repeat(100_000)).is_err());
    }
}
