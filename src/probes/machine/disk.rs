//! Room on the file systems that matter.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use super::super::{Context, Probe};
use crate::facts::{Facts, Reading, Value};
use crate::formats::mount_of;
use crate::machine::FileSystem;

pub(super) const PROBE: Probe = Probe {
    name: "disk",
    yields: &[
        "disk.*.free",
        "disk.*.total",
        "disk.*.inodes_free",
        "disk.*.inodes",
        "disk.full",
        "disk.nearly_full",
    ],
    usual: PLACES,
    apart: false,
    run,
};

/// Where room matters, as the facts name it.
const PLACES: &[&str] = &["nix", "home", "project", "tmp"];

const MIB: u64 = 1 << 20;

/// How little room is too little: both less than that many bytes and than that part of the whole, since a large disk is
/// not full with a percent left, and a small one not with few bytes.
struct Limit {
    bytes: u64,
    bytes_percent: u64,
    inodes: u64,
    inodes_percent: u64,
}

const FULL: Limit = Limit { bytes: 100 * MIB, bytes_percent: 2, inodes: 200, inodes_percent: 1 };
const NEARLY_FULL: Limit = Limit { bytes: 2048 * MIB, bytes_percent: 10, inodes: 20_000, inodes_percent: 3 };

fn run(context: &Context) -> Facts {
    let mut facts = Facts::default();
    for place in context.subjects() {
        let Some(folder) = folder(context, place) else { continue };
        let room = context.machine().file_system(&folder);
        let source = folder.to_string_lossy().into_owned();
        let mut add = |part: &str, value: fn(&FileSystem) -> Option<u64>| {
            let reading = room.clone().and_then(|room| Reading::from(value(&room).map(Value::from)));
            facts.add(format!("disk.{place}.{part}"), reading, source.clone());
        };
        add("free", |room| Some(room.free));
        add("total", |room| Some(room.total).filter(|total| *total > 0));
        // File systems such as btrfs make inodes as they are needed, and count none.
        add("inodes_free", |room| Some(room.free_inodes).filter(|_| room.inodes > 0));
        add("inodes", |room| Some(room.inodes).filter(|inodes| *inodes > 0));
    }
    if context.wants("disk.full") || context.wants("disk.nearly_full") {
        let systems = writable(context);
        let short = |limit: &Limit, unless: Option<&Limit>| {
            systems.clone().map(|systems| {
                let short =
                    systems.iter().filter(|it| unless.is_none_or(|unless| short_of(it, unless).is_none()));
                Value::List(short.filter_map(|it| short_of(it, limit)).collect())
            })
        };
        facts.add("disk.full", short(&FULL, None), "file systems");
        facts.add("disk.nearly_full", short(&NEARLY_FULL, Some(&FULL)), "file systems");
    }
    facts
}

fn folder(context: &Context, place: &str) -> Option<PathBuf> {
    let named = |variable: &str, usual: &str| {
        let set = context.machine().env(variable).present().filter(|folder| !folder.is_empty());
        PathBuf::from(set.unwrap_or_else(|| usual.to_owned()))
    };
    match place {
        "nix" => Some(named("NIX_STORE_DIR", "/nix")),
        "home" => context.home(),
        "project" => Some(context.project.clone()),
        "tmp" => Some(named("TMPDIR", "/tmp")),
        _ => None,
    }
}

/// The file systems that something is written to, each with the folders that lie there.
fn writable(context: &Context) -> Reading<Vec<(Vec<PathBuf>, FileSystem)>> {
    let mounts = context.machine().read(Path::new("/proc/self/mountinfo")).present().unwrap_or_default();
    let mut systems: BTreeMap<(u64, u64), (Vec<PathBuf>, FileSystem)> = BTreeMap::new();
    for folder in PLACES.iter().filter_map(|place| folder(context, place)) {
        let room = match context.machine().file_system(&folder) {
            Reading::Present(room) => room,
            Reading::Absent => continue,
            unknown => return unknown.and_then(|_| Reading::Absent),
        };
        // Of a file system that is as full as it will ever be, nothing is asked.
        if mount_of(&mounts, &folder).is_some_and(|mount| mount.read_only) || room.total == 0 {
            continue;
        }
        // Two of the very same size are one: their free space may have changed in between.
        systems.entry((room.total, room.inodes)).or_insert((Vec::new(), room)).0.push(folder);
    }
    Reading::Present(systems.into_values().collect())
}

fn short_of((folders, room): &(Vec<PathBuf>, FileSystem), limit: &Limit) -> Option<String> {
    let below = |free: u64, all: u64, least: u64, percent: u64| {
        free < least && u128::from(free) * 100 < u128::from(all) * u128::from(percent)
    };
    let folders: Vec<_> = folders.iter().map(|folder| folder.to_string_lossy()).collect();
    let folders = folders.join(", ");
    if below(room.free, room.total, limit.bytes, limit.bytes_percent) {
        return Some(format!("{folders}: {} of {} free", size(room.free), size(room.total)));
    }
    let few = below(room.free_inodes, room.inodes, limit.inodes, limit.inodes_percent);
    few.then(|| format!("{folders}: {} of {} inodes free", room.free_inodes, room.inodes))
}

fn size(bytes: u64) -> String {
    let mib = bytes / MIB;
    if mib >= 10 * 1024 { format!("{} GiB", mib / 1024) } else { format!("{mib} MiB") }
}

#[cfg(test)]
mod tests {
    use crate::probes::recorded::ask;

    #[test]
    fn room_where_it_matters() {
        let recording = "env: {HOME: /home/user, TMPDIR: /scratch}\nfolders: {/nix: [], /home/user: [], /scratch: []}\n\
                         file_systems:\n  /nix: {free: 5, total: 9, free_inodes: 0, inodes: 0}\n  /: {free: 7, total: 8, free_inodes: 3, inodes: 4}\n";
        let facts =
            ["disk.nix.free", "disk.nix.total", "disk.nix.inodes_free", "disk.home.inodes", "disk.tmp.free"];
        assert_eq!(ask(recording, &facts), ["5", "9", "-", "4", "7"]);
    }

    fn short(systems: &str, rest: &str) -> String {
        let recording = format!("folders: {{/nix: [], /tmp: []}}\n{rest}file_systems:\n{systems}");
        ask(&recording, &["disk.full", "disk.nearly_full"]).join(" | ")
    }

    #[test]
    fn a_disk_is_full_when_both_bytes_and_share_are_few() {
        const GIB: u64 = 1 << 30;
        let at = |path: &str, free: u64, total: u64| {
            format!("  {path}: {{free: {free}, total: {total}, free_inodes: 900000, inodes: 1000000}}\n")
        };
        let healthy = at("/", 90 * GIB, 100 * GIB);
        assert_eq!(short(&healthy, ""), " | ");
        let both = at("/", 50 << 20, 100 * GIB);
        assert_eq!(short(&both, ""), "/nix, /p, /tmp: 50 MiB of 100 GiB free | ");
        let nearly = format!("{healthy}{}", at("/nix", GIB, 200 * GIB));
        assert_eq!(short(&nearly, ""), " | /nix: 1024 MiB of 200 GiB free");
        let large = at("/", 15 * GIB, 8000 * GIB);
        assert_eq!(short(&large, ""), " | ");
        let small = format!("{healthy}{}", at("/tmp", 60 << 20, 64 << 20));
        assert_eq!(short(&small, ""), " | ", "a small tmpfs that is nearly empty is not full");
        let read_only =
            "files: {/proc/self/mountinfo: \"31 22 8:2 / /nix ro - squashfs /dev/loop0 ro\\n\"}\n";
        let image = format!("{healthy}{}", at("/nix", 0, 3 * GIB));
        assert_eq!(short(&image, read_only), " | ", "an image is always full");
        assert_eq!(short(&image, ""), "/nix: 0 MiB of 3072 MiB free | ");
        assert_eq!(short("  /: {free: 7}\n", ""), " | ", "nothing is known of the whole");
    }

    #[test]
    fn inodes_run_out_too() {
        let with = |free: u64| {
            format!("  /: {{free: 99999999999, total: 199999999999, free_inodes: {free}, inodes: 6000000}}\n")
        };
        assert_eq!(short(&with(12), ""), "/nix, /p, /tmp: 12 of 6000000 inodes free | ");
        assert_eq!(short(&with(9000), ""), " | /nix, /p, /tmp: 9000 of 6000000 inodes free");
        assert_eq!(short(&with(900_000), ""), " | ");
        assert_eq!(short("  /: {free: 99999999999, total: 199999999999}\n", ""), " | ", "btrfs counts none");
    }
}
