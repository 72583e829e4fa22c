//! The Nix shell in force.

use std::path::PathBuf;

use super::super::{Context, Probe};
use crate::facts::{Facts, Reading, Value};

pub(super) const PROBE: Probe = Probe {
    name: "Nix shell",
    yields: &["nix.shell.kind", "nix.shell.name", "nix.shell.on_path", "nix.shell.builds"],
    usual: &[],
    apart: false,
    run,
};

fn run(context: &Context) -> Facts {
    let machine = context.machine();
    let mut facts = Facts::default();
    let kind = machine.env("IN_NIX_SHELL");
    if matches!(kind, Reading::Present(_)) {
        facts.add("nix.shell.name", machine.env("name").map(Value::from), "name");
    }
    facts.add("nix.shell.kind", kind.map(Value::from), "IN_NIX_SHELL");
    let on_path =
        machine.env("PATH").map(|path| path.split(':').any(|entry| entry.starts_with("/nix/store/")));
    facts.add("nix.shell.on_path", on_path.map(Value::from), "PATH");
    // A shell leaves it unset; a build has it point to the folder in which it runs.
    let top = machine.env("NIX_BUILD_TOP").map(PathBuf::from);
    let builds =
        top.map(|top| context.project.starts_with(top) && machine.env("IN_NIX_SHELL").present().is_none());
    facts.add("nix.shell.builds", builds.map(Value::from), "NIX_BUILD_TOP");
    facts
}

#[cfg(test)]
mod tests {
    use crate::probes::recorded::ask;

    #[test]
    fn shells_and_builds() {
        let facts = ["nix.shell.kind", "nix.shell.name", "nix.shell.on_path", "nix.shell.builds"];
        let shell = "env: {IN_NIX_SHELL: impure, name: nix-shell-env, PATH: '/nix/store/x/bin:/usr/bin', NIX_BUILD_TOP: /tmp}\n";
        assert_eq!(ask(shell, &facts), ["impure", "nix-shell-env", "yes", "no"]);
        assert_eq!(ask("env: {name: x, PATH: /usr/bin}\n", &facts), ["-", "-", "no", "-"]);
        assert_eq!(ask("env: {NIX_BUILD_TOP: /p}\n", &facts), ["-", "-", "-", "yes"]);
    }
}
