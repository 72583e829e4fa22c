//! File systems without room, for the backups or for the project: nothing is lost, and the report says what is true.

use std::fs;

use crate::{
    house::{House, NEW, OLD},
    lab::{Machine, left_out},
};

/// Mounts a file system of so many kilobytes on a new folder of the lab, until the lab is dropped; false (said in one line):
/// this machine does not allow it.
pub(crate) fn small_disk(house: &mut House, folder: &str, kilobytes: usize) -> bool {
    let path = house.lab.inside(folder);
    fs::create_dir_all(&path).unwrap();
    let size = format!("size={kilobytes}k,mode=755");
    let mount = ["mount", "-t", "tmpfs", "-o", &size, "tmpfs", &path];
    let mounted = rustix::process::geteuid().is_root() && house.lab.run_in("home", &mount, b"").code() == 0;
    match mounted {
        true => house.lab.run_at_the_end(&["umount", "--lazy", &path]),
        false => left_out(Machine::Host, "to be allowed to mount a file system"),
    }
    mounted
}

/// Fills the file system of a folder of the lab but for so many kilobytes.
fn fill(house: &House, folder: &str, but: usize) {
    let file = house.lab.path(folder).join("filler");
    let mut content = Vec::new();
    // A file system takes part of a write, so that it is filled to the last page.
    while fs::write(&file, &content).is_ok() {
        content.resize(content.len() + 64 * 1024, b'x');
    }
    let full = fs::metadata(&file).unwrap().len() as usize;
    fs::File::options().write(true).open(&file).unwrap().set_len((full - but * 1024) as u64).unwrap();
}

fn house(state: Option<usize>) -> Option<House> {
    let mut house = House::with(&["mount", "umount"])?;
    if let Some(kilobytes) = state {
        if !small_disk(&mut house, "state", kilobytes) {
            return None;
        }
        let folder = house.lab.path("state");
        house.keep_state_in(&folder);
    }
    house.rule(
        "hash-wrong",
        "  - {title: Put the right one, risk: project, edit: {kind: nix-hash, find: \"${one}\", replace: \"${two}\", in: [\"*.nix\"]}}",
    );
    house.rule("junk-left", "  - {title: Remove it, risk: cache, remove: [junk]}");
    house.rule("out-stale", "  - {title: Make it anew, risk: project, run: [sh, ./mend], changes: [out]}");
    let lab = &house.lab;
    lab.write("a.nix", &format!("{{ hash = \"{OLD}\"; }}\n"));
    lab.write("z.nix", &format!("{{ hash = \"{OLD}\"; }}\n#{}\n", "x".repeat(300 * 1024)));
    lab.write("junk/a", "junk\n");
    lab.write("junk/deep/large", &"junk\n".repeat(60 * 1024));
    lab.write("out/file", &"old\n".repeat(60 * 1024));
    lab.write("mend", "echo new >out/file; echo ran >../ran\n");
    Some(house)
}

fn hash() -> String {
    format!("hash-wrong {OLD} {NEW}")
}

/// A remedy fails for want of room, and nothing of it is left.
#[track_caller]
fn fails_for_want_of_room(house: &House, complaint: &str, why: &str) {
    house.complain(&[complaint]);
    let before = house.look();
    let fix = house.doctor(&["fix", "--log", &house.log, "--yes=project"]);
    fix.exits(1).shows("failed: ").shows(why);
    fix.must(!fix.all().contains("not verified"), "nothing was done");
    house.must_be(&before, "a remedy that failed left something");
    house.doctor(&["undo", "--yes"]).exits(0).shows("nothing to take back");
    house.must_be(&before, "there was nothing to take back");
}

#[test]
fn what_has_to_be_kept_does_not_fit() {
    let Some(house) = house(Some(200)) else { return };
    fails_for_want_of_room(&house, "out-stale", "have to be kept so that it can be taken back");
    assert!(!house.lab.path("ran").exists(), "it was run without a way back");
    fails_for_want_of_room(&house, &hash(), "No space left on device");
    fails_for_want_of_room(&house, "junk-left", "No space left on device");
}

#[test]
fn without_room_for_a_journal_nothing_begins() {
    let Some(house) = house(Some(200)) else { return };
    house.complain(&["junk-left"]);
    house.doctor(&["fix", "--log", &house.log, "--dry-run"]);
    fill(&house, "state", 0);
    let before = house.look();
    for complaint in [&hash(), "junk-left", "out-stale"] {
        house.complain(&[complaint]);
        house
            .doctor(&["fix", "--log", &house.log, "--yes=project"])
            .exits(2)
            .complains("No space left on device");
        house.must_be(&before, "something was changed that no journal tells of");
    }
    assert!(!house.lab.path("ran").exists());
}

/// Whatever room there is, a little more or less of it ends in one of two trees.
#[test]
fn the_disk_of_the_state_is_full_at_any_moment() {
    let Some(house) = house(Some(2048)) else { return };
    let before = house.look();
    let mut failed = 0;
    for kilobytes in (0..64).step_by(4).chain((64..1100).step_by(100)) {
        house.complain(&[&hash(), "junk-left", "out-stale"]);
        let _ = fs::remove_dir_all(house.state.join("fixes"));
        fill(&house, "state", kilobytes);
        let fix = house.doctor(&["fix", "--log", &house.log, "--yes=project"]);
        fix.must([1, 2, 3].contains(&fix.code()), "it is not well");
        failed += usize::from(fix.code() != 3);
        fs::remove_file(house.lab.path("state/filler")).unwrap();
        house.doctor(&["undo", "--yes"]).exits(0);
        house.must_be(&before, &format!("with {kilobytes} kB"));
    }
    assert!(failed > 5, "there was always room");
}

#[test]
fn a_full_disk_keeps_undo_from_its_journal_and_not_from_trying_again() {
    let Some(house) = house(Some(40 * 1024)) else { return };
    house.complain(&[&hash(), "junk-left", "out-stale"]);
    let before = house.look();
    house.doctor(&["fix", "--log", &house.log, "--yes=project"]).exits(3);
    fill(&house, "state", 0);
    // The last page of the journal may still have room for some lines.
    let undo = house.doctor(&["undo", "--yes"]);
    undo.must([0, 2].contains(&undo.code()), "it says so, or has done it");
    fs::remove_file(house.lab.path("state/filler")).unwrap();
    house.doctor(&["undo", "--yes"]).exits(0);
    house.must_be(&before, "`undo` left something different");
}

/// With the project on a disk of its own.
fn project_disk(kilobytes: usize) -> Option<House> {
    let mut house = House::with(&["mount", "umount"])?;
    small_disk(&mut house, "project", kilobytes).then_some(house)
}

#[test]
fn a_project_without_room_for_the_new_file_keeps_the_old_one() {
    let Some(house) = project_disk(1024) else { return };
    house.rule(
        "hash-wrong",
        "  - {title: Put the right one, risk: project, edit: {kind: nix-hash, find: \"${one}\", replace: \"${two}\", in: [\"*.nix\"]}}",
    );
    house.lab.write("a.nix", &format!("{{ hash = \"{OLD}\"; }}\n"));
    house.lab.write("z.nix", &format!("{{ hash = \"{OLD}\"; }}\n#{}\n", "x".repeat(300 * 1024)));
    fill(&house, "project", 32);
    fails_for_want_of_room(&house, &hash(), "No space left on device");
}

#[test]
fn a_remedy_that_fills_the_disk_is_taken_back() {
    let Some(house) = project_disk(1024) else { return };
    house.rule(
        "out-stale",
        "  - {title: Make it anew, risk: project, run: [sh, ./mend], changes: [out, settings]}",
    );
    house.lab.write("out/file", &"old\n".repeat(40 * 1024));
    house.lab.write("settings", &"old\n".repeat(40 * 1024));
    house.lab.write("mend", "echo new >settings; rm out/file; head -c 9999999 /dev/zero >out/large\n");
    house.complain(&["out-stale"]);
    let before = house.look();
    house.doctor(&["fix", "--log", &house.log, "--yes=project"]).exits(1).shows("taken back");
    house.must_be(&before, "something is not taken back");
}

/// `undo` cannot bring the old file back where there is no room for it: it says so, and does it later.
#[test]
fn a_project_that_is_full_since_waits_for_its_undo() {
    let Some(house) = project_disk(2048) else { return };
    house.rule("junk-left", "  - {title: Remove it, risk: cache, remove: [junk]}");
    house.lab.write("junk/large", &"junk\n".repeat(60 * 1024));
    house.complain(&["junk-left"]);
    let before = house.look();
    house.doctor(&["fix", "--log", &house.log, "--yes"]).exits(3);
    fill(&house, "project", 0);
    house.doctor(&["undo", "--yes"]).exits(2).complains("No space left on device");
    assert!(!house.exists("junk"), "half a folder came back");
    fs::remove_file(house.lab.path("project/filler")).unwrap();
    house.must_be_without(&before, "project/junk");
    house.doctor(&["undo", "--yes"]).exits(0);
    house.must_be(&before, "`undo` left something different");
}
