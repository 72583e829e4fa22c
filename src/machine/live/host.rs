//! The machine itself: the system, the processor and the memory.

use std::env::consts;

use rustix::process::{Resource, getrlimit};
use sysinfo::{CpuRefreshKind, MemoryRefreshKind, RefreshKind, System};

use super::super::{Host, Reply};
use crate::facts::Reading;

pub(super) fn describe() -> Reading<Reply> {
    let refresh = RefreshKind::nothing()
        .with_cpu(CpuRefreshKind::nothing())
        .with_memory(MemoryRefreshKind::nothing().with_ram());
    let system = match System::new_with_specifics(refresh) {
        Ok(system) => system,
        Err(error) => return Reading::failed(error.to_string()),
    };
    let brand = system.cpus().first().map_or("", |cpu| cpu.brand().trim()).to_owned();
    let family = consts::OS;
    Reading::Present(Reply::Host(Host {
        family: family.to_owned(),
        name: if family == "macos" {
            "macOS".to_owned()
        } else {
            System::name().unwrap_or_else(|_| family.to_owned())
        },
        version: System::os_version().ok(),
        arch: architecture(family, consts::ARCH, &brand).to_owned(),
        cpu: brand.clone(),
        cpus: system.cpus().len() as u64,
        memory: system.total_memory(),
        kernel: System::kernel_version().ok(),
        open_files: getrlimit(Resource::Nofile).current,
        translated: architecture(family, consts::ARCH, &brand) != consts::ARCH,
    }))
}

/// The machine's architecture, where this program's own is `built_for`: an Intel build of envdoctor runs
/// translated on Apple silicon, and the system then answers like an Intel Mac in all but the processor's name.
fn architecture<'a>(family: &str, built_for: &'a str, cpu: &str) -> &'a str {
    if family == "macos" && (cpu.starts_with("Apple") || cpu.starts_with("VirtualApple")) {
        "aarch64"
    } else {
        built_for
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_translated_build_knows_its_machine() {
        assert_eq!(architecture("macos", "x86_64", "VirtualApple @ 2.50GHz"), "aarch64");
        assert_eq!(architecture("macos", "x86_64", "Apple M2 Max"), "aarch64");
        assert_eq!(architecture("macos", "x86_64", "Intel(R) Core(TM) i9-9880H"), "x86_64");
        assert_eq!(architecture("linux", "aarch64", ""), "aarch64");
    }

    #[test]
    fn this_machine_has_a_processor_and_memory() {
        let Reading::Present(Reply::Host(host)) = describe() else { panic!("no answer") };
        assert!(host.cpus > 0 && host.memory > 1 << 20, "{host:?}");
        assert!(["linux", "macos"].contains(&host.family.as_str()), "{host:?}");
        assert!(!host.name.is_empty());
    }
}
