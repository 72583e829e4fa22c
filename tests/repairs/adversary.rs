//! Paths that lead elsewhere than they seem to, backups that are not what they were, and outcomes that look better than they are.

use std::fs;

use serde_json::Value;

use crate::house::House;

fn house() -> House {
    let house = House::with(&["sh", "touch"]).unwrap();
    fs::create_dir_all(house.lab.path("out/sub/cache")).unwrap();
    fs::write(house.lab.path("out/sub/cache/precious"), "precious").unwrap();
    house.lab.write("sub/cache/file", "cached");
    house
}

fn precious(house: &House) -> bool {
    fs::read(house.lab.path("out/sub/cache/precious")).is_ok_and(|content| content == b"precious")
}

#[test]
fn a_captured_path_means_neither_the_home_nor_git() {
    let house = house();
    house.rule("takes-a-path", "  - {title: Remove it, risk: cache, remove: [\"${one}\"]}");
    fs::create_dir_all(house.lab.path("home/.ssh")).unwrap();
    house.lab.write(".git/config", "");
    let before = house.look();
    for path in ["~/.ssh", ".git", ".git/config", "sub/../.git", "/etc/passwd"] {
        house.complain(&[&format!("takes-a-path {path}")]);
        house.doctor(&["fix", "--log", &house.log, "--yes=system", "--allow", "takes-a-path"]);
        house.must_be(&before, path);
    }
    house.complain(&["takes-a-path sub/cache/."]);
    house.doctor(&["fix", "--log", &house.log, "--yes"]).exits(3);
    assert!(!house.exists("sub/cache"), "what lies in the project is removed");
}

#[test]
fn a_path_that_an_earlier_remedy_leads_elsewhere_is_left_alone() {
    let house = house();
    let swap = "mv sub sub.b && ln -s ../out/sub sub";
    house.rule("first", &format!("  - {{title: Swap, risk: cache, run: [sh, -c, '{swap}']}}"));
    house.rule("second", "  - {title: Remove it, risk: cache, remove: [sub/cache]}");
    house.complain(&["first", "second"]);
    let fix = house.doctor(&["fix", "--log", &house.log, "--yes"]);
    fix.shows("failed: Remove it").shows("leads elsewhere since the plan was made");
    assert!(precious(&house));
}

#[test]
fn undo_follows_no_link_that_was_put_in_its_way() {
    let house = house();
    house.rule("cached", "  - {title: Remove it, risk: cache, remove: [sub/cache]}");
    house.complain(&["cached"]);
    house.doctor(&["fix", "--log", &house.log, "--yes"]).exits(3);
    let project = house.lab.project();
    fs::rename(project.join("sub"), project.join("sub.b")).unwrap();
    house.link("../out/sub", "sub");
    house.doctor(&["undo", "--yes"]).exits(1).shows("has become a link since");
    assert!(precious(&house));
    fs::remove_file(project.join("sub")).unwrap();
    fs::rename(project.join("sub.b"), project.join("sub")).unwrap();
    house.doctor(&["undo", "--yes"]).exits(0);
    assert!(house.exists("sub/cache/file"));
}

#[test]
fn a_command_that_writes_through_a_link_is_taken_back() {
    let house = house();
    house.lab.write("real/settings", "old");
    house.link("real/settings", "settings");
    let run = "  - {title: Set it, risk: project, run: [sh, -c, 'echo new > settings'], changes: [settings]}";
    house.rule("unset", run);
    house.complain(&["unset"]);
    let before = house.look();
    house.doctor(&["fix", "--log", &house.log, "--yes=project"]).exits(3);
    assert_eq!(house.lab.read("real/settings"), "new\n");
    house.doctor(&["undo", "--yes"]).exits(0);
    house.must_be(&before, "`undo` left something different");
}

#[test]
fn a_damaged_backup_is_not_put_back() {
    let house = house();
    house.lab.write("a", "old");
    let run = "  - {title: Set it, risk: project, run: [sh, -c, 'echo new > a'], changes: [a]}";
    house.rule("unset", run);
    house.complain(&["unset"]);
    house.doctor(&["fix", "--log", &house.log, "--yes=project"]).exits(3);
    let fix = house.fixes().pop().unwrap();
    fs::write(house.state.join("fixes").join(fix).join("backup/1-a"), "garbage").unwrap();
    house.doctor(&["undo", "--yes"]).exits(1).shows("its backup is gone or damaged");
    assert_eq!(house.lab.read("a"), "new\n");
}

#[test]
fn what_a_later_fix_has_changed_too_is_taken_back_after_it() {
    let house = house();
    house.lab.write("d/f", "0\n");
    let run = "  - {title: Add one, risk: project, run: [sh, -c, 'echo 1 >> d/f'], changes: [d]}";
    house.rule("too-few", run);
    house.complain(&["too-few"]);
    let before = house.look();
    for _ in 0..2 {
        house.doctor(&["fix", "--log", &house.log, "--yes=project"]).exits(3);
    }
    let older = house.fixes().remove(0);
    house.doctor(&["undo", &older, "--yes"]).exits(2).complains("take that one back first");
    house.doctor(&["undo", "--yes"]).exits(0);
    house.doctor(&["undo", &older, "--yes"]).exits(0);
    house.must_be(&before, "`undo` left something different");
}

#[test]
fn commands_that_take_back_run_in_the_projects_folder() {
    let house = house();
    let run = "  - {title: Make it, risk: project, run: [touch, made], undo: [touch, unmade]}";
    house.rule("unmade", run);
    house.complain(&["unmade"]);
    house.doctor(&["fix", "--log", &house.log, "--yes=project"]).exits(3);
    let words = house.words(&["undo", "--yes", &house.fixes()[0]]);
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    house.lab.run_in("home", &words, b"").exits(0);
    assert!(house.exists("unmade") && !house.lab.path("home/unmade").exists());
}

fn outcomes(fix: &Value) -> Vec<(String, String)> {
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let outcomes = fix["outcomes"].as_array().unwrap().iter();
    outcomes.map(|outcome| (text(&outcome["rule"]), text(&outcome["outcome"]))).collect()
}

fn pairs(expected: &[(&str, &str)]) -> Vec<(String, String)> {
    expected.iter().map(|&(rule, outcome)| (rule.to_owned(), outcome.to_owned())).collect()
}

/// The first does not help and is taken back, and with it whatever else lies in the folder that it declares.
#[test]
fn remedies_that_touch_one_path_wait_for_each_other() {
    let house = house();
    house.lab.write("d/f", "");
    house.rule("in-vain", "  - {title: Try, risk: project, run: [touch, d/try], changes: [d]}");
    house.rule("helps", "  - {title: Help, risk: project, run: [touch, d/help], changes: [d]}");
    house.build_fails(&[("in-vain", "true"), ("helps", "! [ -e d/help ]")]);
    let fix = house.doctor(&["fix", "--yes=project", "--format", "json"]).exits(1).json();
    assert_eq!(outcomes(&fix), pairs(&[("in-vain", "still_broken"), ("helps", "no_longer_seen")]));
    assert!(house.exists("d/help") && !house.exists("d/try"));
}

/// The build ends before it comes to where the first failure was.
#[test]
fn what_is_not_reached_is_not_called_fixed() {
    let house = house();
    house
        .rule("first", "  - {title: Break the rest, risk: project, run: [touch, broken], changes: [broken]}");
    house.rule("earlier", "  - {title: Tell, tell: Look at it.}");
    house.lab.write(
        "build",
        "if [ -e broken ]; then echo 'gizmo: earlier'; exit 1; fi\necho 'gizmo: first'; exit 1\n",
    );
    house.doctor(&["run", "--", "sh", "./build"]).exits(1);
    let fix = house.doctor(&["fix", "--yes=project", "--format", "json"]).exits(1).json();
    assert_eq!(outcomes(&fix), pairs(&[("first", "no_longer_seen")]));
}
