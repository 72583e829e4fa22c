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
    use std::sync::Arc;

    use super::*;
    use crate::facts::{Facts, Reading};
    use crate::machine::{Recorded, Recording};
    use crate::probes::Context;

    /// What a probe brings on a whole machine with the project `/p`, where everything is wanted.
    pub(super) fn facts(probe: &Probe, recording: &str) -> Facts {
        let text = format!("project: /p\notherwise: absent\n{recording}");
        let recording = Recording::parse(&text, "m").unwrap();
        let packages = ["mlx", "torch", "numpy"].map(|name| format!("python.package.{name}"));
        let wanted = probe.yields.iter().filter(|name| !name.contains('*')).map(|&name| name.to_owned());
        (probe.run)(&Context {
            machine: Arc::new(Recorded::new(&recording)),
            project: "/p".into(),
            wanted: wanted.chain(packages).collect(),
            deep: false,
        })
    }

    /// A fact as a person would read it; `-` for one that is absent, `?` for one that is not known.
    pub(super) fn shown(facts: &Facts, name: &str) -> String {
        match &facts.get(name).unwrap().reading {
            Reading::Present(value) => value.to_string(),
            Reading::Absent => "-".to_owned(),
            other => format!("? {}", other.why_unknown().unwrap_or_default()),
        }
    }
}
