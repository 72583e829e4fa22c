//! AMD's ROCm, and whether this user may use its devices.

use std::path::{Path, PathBuf};

use crate::facts::{Facts, Reading, Value};
use crate::probes::{Context, Probe};

pub(super) const PROBE: Probe =
    Probe { name: "ROCm", yields: &["rocm.version", "rocm.inaccessible"], usual: &[], apart: false, run };

const VERSION: &str = "/opt/rocm/.info/version";
/// The kernel's interface to compute on AMD's GPUs.
const COMPUTE: &str = "/dev/kfd";
const RENDER: &str = "/dev/dri";

fn run(context: &Context) -> Facts {
    let mut facts = Facts::default();
    let version = context.machine().read(Path::new(VERSION));
    // 6.2.0-66
    let version = version.map(|text| text.trim().split('-').next().unwrap_or_default().to_owned());
    facts.add("rocm.version", version.map(Value::from), VERSION);
    if context.wants("rocm.inaccessible") {
        facts.add(
            "rocm.inaccessible",
            inaccessible(context).map(Value::List),
            format!("{COMPUTE}, {RENDER}"),
        );
    }
    facts
}

fn inaccessible(context: &Context) -> Reading<Vec<String>> {
    let machine = context.machine();
    if !machine.exists(Path::new(COMPUTE)) {
        return Reading::Absent;
    }
    let names = machine.list(Path::new(RENDER)).present().unwrap_or_default();
    let render =
        names.iter().filter(|name| name.starts_with("renderD")).map(|name| Path::new(RENDER).join(name));
    let mut found = Vec::new();
    for device in std::iter::once(PathBuf::from(COMPUTE)).chain(render) {
        match machine.access(&device) {
            Reading::Present(()) | Reading::Absent => {}
            Reading::Denied => found.push(device.to_string_lossy().into_owned()),
            other => return other.map(|()| Vec::new()),
        }
    }
    Reading::Present(found)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::probes::gpu::tests::{facts, shown};

    #[test]
    fn devices_that_may_be_opened_and_those_that_may_not() {
        let devices = "folders: {/dev/dri: [by-path, card0, renderD128, renderD129]}\nfiles: {/dev/kfd: '', /opt/rocm/.info/version: \"6.2.0-66\\n\"}\n";
        let open = facts(&PROBE, devices);
        assert_eq!(
            (shown(&open, "rocm.inaccessible"), shown(&open, "rocm.version")),
            ("".into(), "6.2.0".into())
        );
        let denied =
            facts(&PROBE, &format!("{devices}access: {{/dev/kfd: false, /dev/dri/renderD129: false}}"));
        assert_eq!(shown(&denied, "rocm.inaccessible"), "/dev/kfd, /dev/dri/renderD129");
        let none = facts(&PROBE, "folders: {/dev/dri: [renderD128]}\naccess: {/dev/dri/renderD128: false}");
        assert_eq!(
            (shown(&none, "rocm.inaccessible"), shown(&none, "rocm.version")),
            ("-".into(), "-".into())
        );
    }
}
