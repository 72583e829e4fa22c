//! What the system runs in, or as: NixOS, WSL, a container.

use std::path::Path;

use super::super::{Context, Probe};
use crate::facts::{Facts, Reading, Value};

pub(super) const PROBE: Probe = Probe {
    name: "surroundings",
    yields: &["os.nixos", "os.wsl", "os.container"],
    usual: &[],
    apart: false,
    run,
};

fn run(context: &Context) -> Facts {
    let machine = context.machine();
    let mut facts = Facts::default();
    facts.add("os.nixos", Reading::Present(machine.exists(Path::new("/etc/NIXOS")).into()), "/etc/NIXOS");
    // Microsoft's kernels say so in their release: `5.15.167.4-microsoft-standard-WSL2`.
    let wsl = machine.host().map(|host| {
        Value::from(host.kernel.is_some_and(|kernel| kernel.to_ascii_lowercase().contains("microsoft")))
    });
    facts.add("os.wsl", wsl, "kernel");
    if let Some((kind, source)) = container(context) {
        facts.add("os.container", Reading::Present(kind.into()), source);
    }
    facts
}

/// The kind of container that envdoctor runs in, and what shows it.
fn container(context: &Context) -> Option<(String, &'static str)> {
    let machine = context.machine();
    // systemd-nspawn, podman and LXC set the variable; systemd keeps it for those that it starts.
    let variable = machine.env("container").present().filter(|kind| !kind.trim().is_empty());
    let kept = || machine.read(Path::new("/run/systemd/container")).present();
    let there = |file: &str| machine.exists(Path::new(file));
    if let Some(kind) = variable {
        return Some((kind, "container"));
    }
    if there("/run/.containerenv") {
        return Some(("podman".to_owned(), "/run/.containerenv"));
    }
    if machine.env("KUBERNETES_SERVICE_HOST").present().is_some() {
        return Some(("kubernetes".to_owned(), "KUBERNETES_SERVICE_HOST"));
    }
    if there("/.dockerenv") {
        return Some(("docker".to_owned(), "/.dockerenv"));
    }
    if let Some(kind) = kept().map(|kind| kind.trim().to_owned()).filter(|kind| !kind.is_empty()) {
        return Some((kind, "/run/systemd/container"));
    }
    let groups = machine.read(Path::new("/proc/1/cgroup")).present()?;
    in_control_groups(&groups).map(|kind| (kind.to_owned(), "/proc/1/cgroup"))
}

/// The kind of container that the control groups of the first process name.
fn in_control_groups(text: &str) -> Option<&'static str> {
    [("kubepods", "kubernetes"), ("docker", "docker"), ("libpod", "podman"), ("lxc", "lxc")]
        .into_iter()
        .find(|(part, _)| {
            text.lines().filter_map(|line| line.splitn(3, ':').nth(2)).any(|it| it.contains(part))
        })
        .map(|(_, kind)| kind)
}

#[cfg(test)]
mod tests {
    use crate::probes::recorded::ask;

    const HOST: &str = "host: {family: linux, name: Linux, version: null, arch: x86_64, cpu: x, cpus: 1, memory: 1, kernel: ";

    fn facts(kernel: &str, rest: &str) -> String {
        let recording = format!("{HOST}{kernel}}}\n{rest}");
        ask(&recording, &["os.nixos", "os.wsl", "os.container"]).join(" ")
    }

    #[test]
    fn systems_and_containers_are_told_apart() {
        assert_eq!(facts("6.12.1", "files: {/etc/NIXOS: ''}"), "yes no -");
        assert_eq!(facts("5.15.167.4-microsoft-standard-WSL2", ""), "no yes -");
        assert_eq!(facts("4.4.0-19041-Microsoft", ""), "no yes -");
        assert_eq!(facts("6.1.0-18-amd64", "files: {/.dockerenv: ''}"), "no no docker");
        assert_eq!(facts("6.1.0", "files: {/run/.containerenv: ''}"), "no no podman");
        assert_eq!(facts("6.1.0", "env: {container: systemd-nspawn}"), "no no systemd-nspawn");
        assert_eq!(facts("6.1.0", "files: {/run/systemd/container: \"lxc\\n\"}"), "no no lxc");
        let groups = "files: {/proc/1/cgroup: \"12:pids:/kubepods/besteffort/pod1\\n\"}";
        assert_eq!(facts("6.1.0", groups), "no no kubernetes");
        assert_eq!(facts("6.1.0", "files: {/proc/1/cgroup: \"0::/init.scope\\n\"}"), "no no -");
        assert_eq!(facts("null", ""), "no no -");
    }
}
