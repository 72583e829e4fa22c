//! GPUs, their drivers and libraries, and the Python packages that use them.

mod cuda;
mod gpus;
mod metal;
mod nvidia;
mod python;
mod rocm;
mod settings;

use super::Probe;

pub(super) use python::environment_version;

pub(super) const PROBES: &[Probe] = &[
    gpus::PROBE,
    metal::PROBE,
    nvidia::PROBE,
    cuda::PROBE,
    rocm::PROBE,
    python::PROBE,
    python::PACKAGES,
    python::ENVIRONMENTS,
    settings::PROBE,
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::facts::Facts;
    use crate::probes::recorded;

    pub(super) use crate::probes::recorded::shown;

    /// What a probe brings on a recorded machine; of the packages, these.
    pub(super) fn facts(probe: &Probe, recording: &str) -> Facts {
        let packages = ["mlx", "torch", "numpy"].map(|name| format!("python.package.{name}"));
        let packages =
            packages.iter().map(String::as_str).filter(|_| probe.yields.contains(&"python.package.*"));
        let names = probe.yields.iter().copied().filter(|name| !name.contains('*'));
        recorded::facts(recording, names.chain(packages))
    }
}
