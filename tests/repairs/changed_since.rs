//! What happened between a fix and its `undo`: nothing that a person did since is lost.

use std::{fs, path::PathBuf};

use crate::house::{House, NEW, OLD};

/// A house in which a fix has edited two files, removed a folder and run a command.
fn repaired() -> House {
    let house = House::with(&[]).unwrap();
    house.rule(
        "hash-wrong",
        "  - {title: Put the right one, risk: project, edit: {kind: nix-hash, find: \"${one}\", replace: \"${two}\", in: [\"*.nix\"]}}",
    );
    house.rule("junk-left", "  - {title: Remove it, risk: cache, remove: [junk]}");
    house.rule(
        "out-stale",
        "  - {title: Make it anew, risk: project, run: [sh, ./mend], changes: [out, made.txt]}",
    );
    let lab = &house.lab;
    for file in ["a.nix", "b.nix"] {
        lab.write(file, &format!("{{ hash = \"{OLD}\"; }}\n"));
    }
    lab.write("junk/deep/file", "junk\n");
    lab.write("out/file", "old\n");
    lab.write("mend", "echo new >out/file; echo new >made.txt\n");
    house.complain(&[&format!("hash-wrong {OLD} {NEW}"), "junk-left", "out-stale"]);
    fix(&house);
    house
}

fn fix(house: &House) {
    house.doctor(&["fix", "--log", &house.log, "--yes=project"]).exits(3);
    assert!(house.lab.read("a.nix").contains(NEW) && !house.exists("junk") && house.exists("made.txt"));
}

/// The files of the project whose names begin so.
fn beside(house: &House, name: &str) -> Vec<PathBuf> {
    let entries = fs::read_dir(house.lab.project()).unwrap().map(|entry| entry.unwrap().path());
    entries.filter(|path| path.file_name().unwrap().to_str().unwrap().starts_with(name)).collect()
}

#[test]
fn a_file_that_the_person_went_on_with_stays_and_the_old_one_lies_beside_it() {
    let house = repaired();
    let mine = format!("{{ hash = \"{NEW}\"; mine = true; }}\n");
    house.lab.write("a.nix", &mine);
    house.lab.write("made.txt", "mine\n");
    let undo = house.doctor(&["undo", "--yes"]);
    undo.exits(1).shows("a.nix was changed since the fix, and stays").shows("made.txt was changed since");
    assert_eq!(house.lab.read("a.nix"), mine);
    assert_eq!(house.lab.read("made.txt"), "mine\n");
    let [copy] = &beside(&house, "a.nix.before-fix-")[..] else { panic!("no copy of a.nix beside it") };
    assert!(fs::read_to_string(copy).unwrap().contains(OLD));
    assert!(house.lab.read("b.nix").contains(OLD) && house.exists("junk/deep/file"), "the rest comes back");
    assert_eq!(house.lab.read("out/file"), "old\n");
    house.doctor(&["history"]).exits(0).shows("taken back in part");

    // Again, it is the same; and once the person put their file away, all of it comes back.
    house.doctor(&["undo", "--yes"]).exits(1);
    assert_eq!((house.lab.read("a.nix"), beside(&house, "a.nix.before-fix-").len()), (mine, 1));
    fs::remove_file(house.lab.project().join("a.nix")).unwrap();
    fs::remove_file(house.lab.project().join("made.txt")).unwrap();
    house.doctor(&["undo", "--yes"]).exits(0);
    assert!(house.lab.read("a.nix").contains(OLD) && !house.exists("made.txt"));
    house.doctor(&["history"]).exits(0).shows("taken back");
}

#[test]
fn the_copy_beside_a_changed_file_is_no_other_than_ours() {
    let house = repaired();
    house.lab.write("a.nix", "mine\n");
    let name = format!("a.nix.before-fix-{}", house.fixes()[0]);
    house.lab.write(&name, "somebody else's\n");
    house.doctor(&["undo", "--yes"]).exits(1);
    assert_eq!(
        (house.lab.read("a.nix"), house.lab.read(&name)),
        ("mine\n".to_owned(), "somebody else's\n".to_owned())
    );
    let all: Vec<String> =
        beside(&house, "a.nix.before-fix-").iter().map(|path| fs::read_to_string(path).unwrap()).collect();
    assert!(all.iter().any(|text| text.contains(OLD)), "what was there before is nowhere: {all:?}");
}

#[test]
fn a_removed_folder_that_was_built_anew_is_swapped() {
    let house = repaired();
    house.lab.write("junk/anew", "worth keeping\n");
    house.lab.write("out/mine", "worth keeping\n");
    let undo = house.doctor(&["undo", "--yes"]);
    undo.exits(0).shows("what stood there since lies in");
    assert_eq!(house.lab.read("junk/deep/file"), "junk\n");
    assert!(!house.exists("junk/anew") && !house.exists("out/mine"));
    let aside = house.state.join("fixes").join(&house.fixes()[0]).join("aside");
    let kept = |name: &str| {
        let below = walkdir::WalkDir::new(&aside).into_iter().map(Result::unwrap);
        below.into_iter().any(|entry| entry.file_name() == name)
    };
    assert!(kept("anew") && kept("mine"), "what was built since is lost");
}

#[test]
fn what_was_deleted_since_comes_back() {
    let house = repaired();
    fs::remove_file(house.lab.project().join("a.nix")).unwrap();
    fs::remove_dir_all(house.lab.project().join("out")).unwrap();
    fs::remove_file(house.lab.project().join("made.txt")).unwrap();
    house.doctor(&["undo", "--yes"]).exits(0);
    assert!(house.lab.read("a.nix").contains(OLD));
    assert_eq!(house.lab.read("out/file"), "old\n");
    assert!(!house.exists("made.txt"));
}

#[test]
fn a_folder_above_that_is_gone_is_made_again() {
    let house = House::with(&[]).unwrap();
    house.rule("junk-left", "  - {title: Remove it, risk: cache, remove: [deep/below/junk]}");
    house.lab.write("deep/below/junk/file", "junk\n");
    house.complain(&["junk-left"]);
    house.doctor(&["fix", "--log", &house.log, "--yes"]).exits(3);
    fs::remove_dir_all(house.lab.project().join("deep")).unwrap();
    house.doctor(&["undo", "--yes"]).exits(0);
    assert_eq!(house.lab.read("deep/below/junk/file"), "junk\n");
}

#[test]
fn undo_twice_takes_back_the_fix_before() {
    let house = repaired();
    house.doctor(&["undo", "--yes"]).exits(0);
    let before = house.look();
    fix(&house);
    house.complain(&["junk-left"]);
    house.lab.write("junk/second", "junk\n");
    house.doctor(&["fix", "--log", &house.log, "--yes"]).exits(3);
    let [first, second, third] = &house.fixes()[..] else { panic!("{:?}", house.fixes()) };

    house.doctor(&["undo", "--yes"]).exits(0).shows(third);
    assert!(house.exists("junk/second") && house.lab.read("a.nix").contains(NEW));
    fs::remove_dir_all(house.lab.project().join("junk")).unwrap();
    house.doctor(&["undo", "--yes"]).exits(0).shows(second);
    house.must_be(&before, "the fix before is not taken back");
    house.doctor(&["undo", "--yes"]).exits(0).shows("nothing to take back");
    house.doctor(&["undo", first, "--yes"]).exits(2).complains("taken back already");
    house.must_be(&before, "something was taken back twice");
}

#[test]
fn a_fix_is_taken_back_by_its_name_from_anywhere() {
    let house = repaired();
    fs::create_dir(house.lab.path("home/elsewhere")).unwrap();
    let elsewhere = house.lab.inside("home/elsewhere");
    let id = &house.fixes()[0];
    let at_home = house.doctor(&["-C", &elsewhere, "undo", "--yes"]);
    at_home.exits(0).shows("nothing to take back").shows(id);
    assert!(house.lab.read("a.nix").contains(NEW), "a fix of another project was taken back");
    house.doctor(&["-C", &elsewhere, "undo", id, "--yes"]).exits(0);
    assert!(house.lab.read("a.nix").contains(OLD) && house.exists("junk/deep/file"));
}

#[test]
fn a_name_that_is_no_fix_is_refused() {
    let house = repaired();
    let before = house.look();
    for name in ["20200101T000000000Z", "../../..", "", "--", "latest"] {
        let undo = house.doctor(&["undo", "--yes", "--", name]);
        undo.exits(2);
    }
    house.doctor(&["undo", "20200101T000000000Z", "--yes"]).exits(2).complains("envdoctor history");
    house.must_be(&before, "something was taken back");
}

#[test]
fn without_consent_nothing_is_taken_back() {
    let house = repaired();
    let before = house.look();
    house.doctor(&["undo"]).exits(1).shows("envdoctor undo --yes").shows("a.nix");
    house.must_be(&before, "something was taken back");
}

/// The second fix is of that day, the first is old: what is old goes, the last one never.
#[test]
fn a_fix_whose_backups_were_removed_says_so() {
    let house = repaired();
    let old = house.fixes()[0].clone();
    let (old_folder, older) =
        (house.state.join("fixes").join(&old), house.state.join("fixes/20200101T000000000Z"));
    fs::rename(&old_folder, &older).unwrap();
    let journal = older.join("journal.jsonl");
    let text = fs::read_to_string(&journal).unwrap();
    let (first, rest) = text.split_once('\n').unwrap();
    let mut begin: serde_json::Value = serde_json::from_str(first).unwrap();
    begin["at"] = "2020-01-01T00:00:00Z".into();
    fs::write(&journal, format!("{begin}\n{}", rest.replace(&old, "20200101T000000000Z"))).unwrap();

    house.lab.write("junk/anew", "junk\n");
    house.complain(&["junk-left"]);
    house.doctor(&["fix", "--log", &house.log, "--yes"]).exits(3);
    assert!(!older.join("backup").exists(), "an old backup stays");
    let before = house.look();
    house.doctor(&["history"]).exits(0).shows("backups removed");
    house.doctor(&["undo", "20200101T000000000Z", "--yes"]).exits(2).complains("cannot be taken back");
    house.must_be(&before, "something was taken back");
    house.doctor(&["undo", "--yes"]).exits(0);
    assert!(house.exists("junk/anew"));
}

#[test]
fn a_backup_that_is_gone_is_told_and_the_rest_comes_back() {
    let house = repaired();
    let backup = house.state.join("fixes").join(&house.fixes()[0]).join("backup");
    let of_a: Vec<_> = fs::read_dir(&backup)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.to_str().unwrap().ends_with("-a.nix"))
        .collect();
    fs::remove_file(&of_a[0]).unwrap();
    house.doctor(&["undo", "--yes"]).exits(1).shows("its backup is gone");
    assert!(house.lab.read("a.nix").contains(NEW), "what cannot be brought back stays");
    assert!(house.lab.read("b.nix").contains(OLD) && house.exists("junk/deep/file"));
}

#[test]
fn a_torn_last_line_is_a_step_that_never_began() {
    let house = repaired();
    let journal = house.state.join("fixes").join(&house.fixes()[0]).join("journal.jsonl");
    let text = fs::read_to_string(&journal).unwrap();
    let whole = text.lines().count();
    for torn in ["{\"step\":\"remo", "{", "{\"step\":\"remove\",\"path\":\"/", "\0\0\0\0"] {
        fs::write(&journal, format!("{text}{torn}")).unwrap();
        house.doctor(&["history"]).exits(0).silent(torn);
        house.doctor(&["undo", "--yes"]).exits(0).silent(torn);
        assert!(house.lab.read("a.nix").contains(OLD) && house.exists("junk/deep/file"), "{torn}");
        let journal = fs::read_to_string(&journal).unwrap();
        let added = journal.lines().skip(whole + 1);
        assert!(
            added.clone().count() > 0 && added.clone().all(|line| line.starts_with("{\"step\":\"back\"")),
            "{journal}"
        );
        house.doctor(&["undo", "--yes"]).exits(0).shows("nothing to take back");
        fs::remove_dir_all(house.state.join("fixes")).unwrap();
        fix(&house);
        // The same names again, so that the text above is of this fix.
        let id = house.fixes()[0].clone();
        fs::rename(house.state.join("fixes").join(&id), house.state.join("fixes").join(journal_id(&text)))
            .unwrap();
    }
}

/// The name of the fix whose journal this is, by its backups' paths.
fn journal_id(journal: &str) -> String {
    let (_, rest) = journal.split_once("/fixes/").unwrap();
    rest[..rest.find('/').unwrap()].to_owned()
}

#[test]
fn a_journal_of_a_later_version_is_refused() {
    let house = repaired();
    let id = &house.fixes()[0];
    let journal = house.state.join("fixes").join(id).join("journal.jsonl");
    let text = fs::read_to_string(&journal).unwrap();
    let before = house.look();
    for line in [
        "{\"step\":\"link\",\"path\":\"/x\"}",
        "{\"step\":\"remove\",\"path\":\"/x\"}",
        "{\"path\":\"/x\"}",
        "{\"step\":\"done\",\"left\":7}",
    ] {
        fs::write(&journal, format!("{text}{line}\n")).unwrap();
        for arguments in [&["undo", "--yes"][..], &["undo", id, "--yes"]] {
            let undo = house.doctor(arguments);
            undo.complains("another version of envdoctor")
                .shows(&format!("line {}", text.lines().count() + 1));
            undo.must(undo.code() == 2, "what cannot be understood must not be called done");
        }
        house.must_be(&before, "a journal that is not understood was acted on");
    }
}
