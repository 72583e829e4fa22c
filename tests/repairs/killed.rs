//! `fix` and `undo`, killed before each system call that changes something: `undo` ends in the tree as it was.

use std::{fs, os::unix::fs::MetadataExt, path::Path};

use tempfile::TempDir;

use crate::{
    house::{House, NEW, OLD},
    lab::{Machine, left_out, output::Ran},
    tree::Tree,
};

/// The system calls by which state changes, besides opening a file, which a write follows.
const CALLS: &[&str] = &[
    "chmod",
    "copy_file_range",
    "fchmod",
    "flock",
    "fsync",
    "ftruncate",
    "mkdir",
    "rename",
    "renameat",
    "rmdir",
    "symlink",
    "sync",
    "unlink",
    "unlinkat",
    "utimensat",
    "write",
];

/// Those by which a copy to another file system differs from a renaming.
const COPYING: &[&str] = &[
    "chmod",
    "copy_file_range",
    "mkdir",
    "rename",
    "rmdir",
    "symlink",
    "sync",
    "unlink",
    "unlinkat",
    "utimensat",
];

/// Those between the steps of a remedy, and between what was done and the journal's line about it.
const BETWEEN: &[&str] = &["fsync", "mkdir", "rename", "renameat", "rmdir", "sync", "unlinkat"];

/// A house in which every kind of remedy has work to do, each on what is hard for it.
fn house() -> Option<House> {
    let house = House::with(&["strace", "git"])?;
    if house.lab.run(&["strace", "-qq", "-e", "trace=none", "true"]).code() != 0 {
        left_out(Machine::Host, "to be allowed to trace a process");
        return None;
    }
    house.rule(
        "hash-wrong",
        "  - {title: Put the right one, risk: project, edit: {kind: nix-hash, find: \"${one}\", replace: \"${two}\", in: [\"**/*.nix\"]}}",
    );
    house.rule(
        "junk-left",
        "  - {title: Remove it, risk: cache, remove: [junk, junk.txt, junk-link, nowhere]}",
    );
    house.rule(
        "out-stale",
        "  - {title: Make it anew, risk: project, run: [sh, ./mend], changes: [out, made, made.txt, settings, link], undo: [sh, ./unmend]}",
    );
    house.rule(
        "not-set",
        "  - {title: Set it, risk: user, edit: {kind: set, in: [\"~/.config/gizmo/deep/nix.conf\"], key: cores, value: \"4\", create: true}}",
    );
    house.rule("not-tracked", "  - {title: Track it, risk: project, track: [\"${one}\"]}");
    let lab = &house.lab;
    lab.run(&["git", "init", "--quiet"]).exits(0);
    lab.write("known", "");
    lab.run(&["git", "add", "known"]).exits(0);
    for file in ["a.nix", "sub/b.nix"] {
        lab.write(file, &format!("{{ hash = \"{OLD}\"; }}\n"));
    }
    house.chmod("sub/b.nix", 0o600);
    lab.write("junk/deep/file", "junk\n");
    lab.write("junk.txt", "junk\n");
    house.link("junk.txt", "junk-link");
    house.link("not-there", "nowhere");
    lab.write("out/deep/file", "old\n");
    house.link("file", "out/deep/link");
    house.chmod("out/deep/file", 0o755);
    lab.write("settings", "old\n");
    house.chmod("settings", 0o640);
    house.link("out", "link");
    lab.write(
        "mend",
        "rm -r out/deep; mkdir out/new made; echo new >out/new/file; echo new >made/file; echo new >made.txt; \
         echo new >settings; rm link; echo no link >link; echo new >beside\n",
    );
    lab.write("unmend", "rm -f beside\n");
    house.complain(&[
        &format!("hash-wrong {OLD} {NEW}"),
        "junk-left",
        "not-set",
        "out-stale",
        "not-tracked a.nix",
    ]);
    Some(house)
}

/// The same, with the state on another file system than the project.
fn house_apart() -> Option<(House, TempDir)> {
    let mut house = house()?;
    let apart = tempfile::tempdir_in("/dev/shm").ok();
    let device = |path: &Path| path.metadata().unwrap().dev();
    let Some(apart) = apart.filter(|apart| device(apart.path()) != device(&house.lab.project())) else {
        left_out(Machine::Host, "/dev/shm, as another file system than the one of temporary files");
        return None;
    };
    house.keep_state_in(apart.path());
    Some((house, apart))
}

/// Runs envdoctor, killed before its nth call of that name if it gets so far.
fn killed(house: &House, call: &str, nth: usize, arguments: &[&str]) -> Ran {
    let (trace, inject) = (format!("trace=?{call}"), format!("inject=?{call}:signal=KILL:when={nth}"));
    house.behind(&["strace", "-qq", "-o", "/dev/null", "-e", &trace, "-e", &inject], arguments)
}

/// Kills a command before each of its calls, every time after `begin`, and looks at what is there afterwards.
fn kill_at_each_call(
    house: &House,
    calls: &[&str],
    (arguments, survives): (&[&str], i32),
    begin: impl Fn(),
    afterwards: impl Fn(&str),
) {
    let mut kills = 0;
    for call in calls {
        for nth in 1.. {
            begin();
            let ran = killed(house, call, nth, arguments);
            afterwards(&format!("killed before its {call} number {nth}"));
            if !ran.was_killed() {
                ran.exits(survives);
                break;
            }
            kills += 1;
        }
    }
    assert!(kills > 20, "{kills} kills are too few");
}

/// Takes back what there is to take back: all is as it was, and nothing is left to say about it.
fn undone(house: &House, before: &Tree, at: &str) {
    house.doctor(&["undo", "--yes"]).exits(0).silent(at);
    house.must_be(before, at);
}

fn fix_is_killed(house: &House, calls: &[&str], arguments: &[&str], survives: i32) {
    let before = house.look();
    let begin = || {
        let _ = fs::remove_dir_all(house.state.join("fixes"));
    };
    kill_at_each_call(house, calls, (arguments, survives), begin, |at| undone(house, &before, at));
}

fn undo_is_killed(house: &House, calls: &[&str]) {
    let before = house.look();
    let begin = || {
        let _ = fs::remove_dir_all(house.state.join("fixes"));
        house.must_be(&before, "`undo` left something different");
        house.doctor(&fix_of_log(house)).exits(3);
    };
    kill_at_each_call(house, calls, (&["undo", "--yes"], 0), begin, |at| undone(house, &before, at));
}

fn fix_of_log(house: &House) -> [&str; 4] {
    ["fix", "--log", &house.log, "--yes=user"]
}

#[test]
fn fix() {
    let Some(house) = house() else { return };
    fix_is_killed(&house, CALLS, &fix_of_log(&house), 3);
}

#[test]
fn fix_across_file_systems() {
    let Some((house, _apart)) = house_apart() else { return };
    fix_is_killed(&house, COPYING, &fix_of_log(&house), 3);
}

/// It takes back by itself what did not help.
#[test]
fn fix_that_did_not_help() {
    let Some(house) = house() else { return };
    house.lab.write("build", &format!("cat '{}'; exit 1\n", house.log));
    house.doctor(&["run", "--", "sh", "./build"]).exits(1);
    fix_is_killed(&house, BETWEEN, &["fix", "--yes=user"], 1);
}

#[test]
fn undo() {
    let Some(house) = house() else { return };
    undo_is_killed(&house, CALLS);
}

#[test]
fn undo_across_file_systems() {
    let Some((house, _apart)) = house_apart() else { return };
    undo_is_killed(&house, COPYING);
}
