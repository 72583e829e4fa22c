//! The store's health, as far as looking at it tells.

use std::path::{Path, PathBuf};

use super::super::{Context, Probe};
use super::daemon;
use crate::facts::{Facts, Reading, Value};
use crate::formats::mount_of;

pub(super) const PROBE: Probe = Probe {
    name: "Nix's store",
    yields: &["nix.store.owner", "nix.store.read_only", "nix.store.database"],
    usual: &[],
    apart: false,
    run,
};

fn run(context: &Context) -> Facts {
    let mut facts = Facts::default();
    let machine = context.machine();
    let folder: PathBuf =
        machine.env("NIX_STORE_DIR").present().map_or_else(|| "/nix/store".into(), PathBuf::from);
    let source = folder.to_string_lossy().into_owned();
    let store = machine.stat(&folder);
    facts.add("nix.store.owner", store.clone().map(|store| Value::Integer(store.uid.into())), source.clone());
    if matches!(store, Reading::Present(_)) {
        let mounts = machine.read(Path::new("/proc/self/mountinfo"));
        let read_only = mounts.and_then(|text| mount_of(&text, &folder).map(|it| it.read_only.into()).into());
        facts.add("nix.store.read_only", read_only, "/proc/self/mountinfo");
        let database = daemon::state(context).join("db/db.sqlite");
        let there = match machine.stat(&database) {
            Reading::Present(_) => Reading::Present(true.into()),
            Reading::Absent => Reading::Present(false.into()),
            unknown => unknown.and_then(|_| Reading::Absent),
        };
        facts.add("nix.store.database", there, database.to_string_lossy());
    }
    facts
}

#[cfg(test)]
mod tests {
    use crate::probes::recorded::ask;

    #[test]
    fn a_store_as_it_looks() {
        let facts = ["nix.store.owner", "nix.store.read_only", "nix.store.database"];
        assert_eq!(ask("", &facts), ["-", "-", "-"]);
        let nixos = "stats: {/nix/store: {kind: folder, uid: 0}}\nfiles:\n  /nix/var/nix/db/db.sqlite: ''\n  \
                     /proc/self/mountinfo: \"1 0 8:1 / / rw - ext4 /d rw\\n2 1 8:1 /nix/store /nix/store ro - ext4 /d rw\\n\"\nfolders: {/nix/store: []}\n";
        assert_eq!(ask(nixos, &facts), ["0", "yes", "yes"]);
        assert_eq!(ask("folders: {/nix/store: []}\n", &facts), ["1000", "-", "no"]);
    }
}
