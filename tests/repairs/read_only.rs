//! Where nothing may be written: a remedy fails with the system's own word, and nothing is half done.

use std::{fs, os::unix::fs::chown};

use crate::{
    house::{House, NEW, OLD, chmod},
    lab::{Machine, left_out},
};

const MAY_NOT: &str = "Permission denied";

fn house() -> House {
    let house = House::with(&[]).unwrap();
    house.rule(
        "hash-wrong",
        "  - {title: Put the right one, risk: project, edit: {kind: nix-hash, find: \"${one}\", replace: \"${two}\", in: [\"*.nix\"]}}",
    );
    house.rule("junk-left", "  - {title: Remove it, risk: cache, remove: [junk]}");
    house.rule("out-stale", "  - {title: Make it anew, risk: project, run: [sh, ./mend], changes: [out]}");
    let lab = &house.lab;
    lab.write("a.nix", &format!("{{ hash = \"{OLD}\"; }}\n"));
    lab.write("junk/deep/file", "junk\n");
    lab.write("out/deep/file", "old\n");
    lab.write("mend", "set -e; rm -r out/deep; echo new >out/new\n");
    house.complain(&[&format!("hash-wrong {OLD} {NEW}"), "junk-left", "out-stale"]);
    house
}

/// Each of the remedies fails so, and all is as it was.
#[track_caller]
fn every_remedy_fails(house: &House, why: &str) {
    let before = house.look();
    let fix = house.doctor(&["fix", "--log", &house.log, "--yes=project"]);
    fix.exits(1).shows(why);
    let failures = fix.stdout.matches("✗ failed: ").count();
    fix.must(failures == 3, "three remedies must fail");
    house.must_be(&before, "something was changed");
    house.doctor(&["undo", "--yes"]).exits(0).shows("nothing to take back");
    house.must_be(&before, "something was changed");
}

#[test]
fn a_project_that_is_mounted_read_only() {
    let mut house = house();
    let path = house.lab.inside("project");
    let run = |words: &[&str]| house.lab.run_in("home", words, b"").code() == 0;
    if !rustix::process::geteuid().is_root() || !run(&["mount", "--bind", &path, &path]) {
        return left_out(Machine::Host, "to be allowed to mount a folder");
    }
    assert!(run(&["mount", "-o", "remount,ro,bind", &path]));
    house.lab.run_at_the_end(&["umount", "--lazy", &path]);
    every_remedy_fails(&house, "Read-only file system");
}

/// The project is root's, and the doctor's user is not root.
#[test]
fn a_project_of_somebody_else() {
    let Some(house) = as_user() else { return };
    for entry in walkdir::WalkDir::new(house.lab.project()) {
        chown(entry.unwrap().path(), Some(0), Some(0)).unwrap();
    }
    every_remedy_fails(&house, MAY_NOT);
}

/// Its folders may not be written to, and what is in them is the user's own.
#[test]
fn a_project_whose_folders_are_closed() {
    let Some(house) = as_user() else { return };
    for folder in ["junk/deep", "junk", "out/deep", "out", ""] {
        house.chmod(folder, 0o555);
    }
    every_remedy_fails(&house, MAY_NOT);
}

fn as_user() -> Option<House> {
    if !rustix::process::geteuid().is_root() {
        left_out(Machine::Host, "root, to become another user");
        return None;
    }
    let mut house = house();
    house.lab.become_user("daemon");
    Some(house)
}

/// Without a journal there is no way back, so nothing is done.
#[test]
fn a_state_folder_that_may_not_be_written_to() {
    let Some(house) = as_user() else { return };
    let closed = house.lab.path("home/.local/state");
    chmod(&closed, 0o555);
    let before = house.look();
    let fix = house.doctor(&["fix", "--log", &house.log, "--yes=project"]);
    fix.exits(2).complains(MAY_NOT).complains(closed.to_str().unwrap());
    house.must_be(&before, "something was changed that no journal tells of");
    house.doctor(&["undo", "--yes"]).exits(2).complains(MAY_NOT);
    // What only looks needs no state.
    house.doctor(&["fix", "--log", &house.log, "--dry-run"]).exits(1).shows("a.nix");
    house.doctor(&["history"]).exits(0);
}

/// What is in a closed folder comes back closed.
#[test]
fn a_closed_folder_is_removed_and_comes_back() {
    let Some(house) = as_user() else { return };
    house.chmod("junk/deep/file", 0o400);
    house.chmod("junk/deep", 0o500);
    house.chmod("out/deep", 0o700);
    let before = house.look();
    house.doctor(&["fix", "--log", &house.log, "--yes=project"]).exits(3);
    assert!(!house.exists("junk") && house.exists("out/new"));
    house.doctor(&["undo", "--yes"]).exits(0);
    house.must_be(&before, "`undo` left something different");
}

/// Moved to another file system, too, where a closed folder has to be copied.
#[test]
fn a_closed_folder_goes_to_another_file_system_and_comes_back() {
    let Some(mut house) = as_user() else { return };
    let Ok(apart) = tempfile::tempdir_in("/dev/shm") else {
        return left_out(Machine::Host, "/dev/shm");
    };
    let daemon = uzers::get_user_by_name("daemon").unwrap();
    chown(apart.path(), Some(daemon.uid()), Some(daemon.primary_group_id())).unwrap();
    house.keep_state_in(apart.path());
    house.chmod("junk/deep/file", 0o400);
    house.chmod("junk/deep", 0o500);
    house.chmod("junk", 0o500);
    let before = house.look();
    house.doctor(&["fix", "--log", &house.log, "--yes=project"]).exits(3);
    assert!(!house.exists("junk"));
    house.doctor(&["undo", "--yes"]).exits(0);
    house.must_be(&before, "`undo` left something different");
    fs::remove_dir_all(apart.path()).unwrap();
}
