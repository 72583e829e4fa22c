//! Two at once, and one that is told to end.

use std::{
    fs::{self, File},
    process::{Child, Command, Stdio},
};

use rustix::process::{Pid, Signal, kill_process};

use crate::{house::House, terminal::Terminal, world::eventually};

/// What the remedy does until a file `go` is there, and what it started goes on with, whoever asks it to end.
const SLOW: &str = "echo half >out/file; echo . >>../begun
    (trap '' TERM INT HUP QUIT; while :; do echo . >>../ticks; sleep 0.05; done) & ticker=$!
    while [ ! -e ../go ]; do sleep 0.05; done
    kill -9 $ticker; echo tight >state\n";

/// A house whose first remedy is slow, and whose second one would mend at once.
fn house() -> House {
    let house = House::with(&[]).unwrap();
    house.rule(
        "a-loose-gear",
        "  - {title: Mend it slowly, risk: project, run: [sh, ./slow], changes: [out, state]}
  - {title: Mend it, risk: project, run: [sh, ./mend], changes: [state]}",
    );
    house.rule("junk-left", "  - {title: Remove it, risk: cache, remove: [junk]}");
    let lab = &house.lab;
    lab.write("state", "loose\n");
    lab.write("slow", SLOW);
    lab.write("mend", "echo tight >state\n");
    lab.write("out/file", "old\n");
    lab.write("junk/file", "junk\n");
    house.build_fails(&[("a-loose-gear", "grep -q loose state")]);
    house
}

/// Starts `fix` with every consent; what it prints goes to files beside the project.
fn start(house: &House) -> Child {
    let words = house.words(&["fix", "--yes=project"]);
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    let file = |name: &str| File::create(house.lab.path(name)).unwrap();
    let mut command: Command = house.lab.command("project", &words);
    command.stdin(Stdio::null()).stdout(file("stdout")).stderr(file("stderr"));
    let child = command.spawn().unwrap();
    eventually("the remedy runs", || house.lab.path("ticks").exists());
    child
}

fn printed(house: &House) -> String {
    let read = |name: &str| fs::read_to_string(house.lab.path(name)).unwrap();
    format!("{}\n{}", read("stdout"), read("stderr"))
}

#[track_caller]
fn nothing_ticks(house: &House) {
    let ticks = || fs::read(house.lab.path("ticks")).unwrap();
    let before = ticks();
    std::thread::sleep(std::time::Duration::from_millis(300));
    assert_eq!(before, ticks(), "something outlived the remedy");
}

#[test]
fn while_one_repairs_others_refuse_and_change_nothing() {
    let house = house();
    let mut first = start(&house);
    let before = house.look();
    let journal = house.journal();
    house.complain(&["junk-left"]);
    for arguments in [
        &["fix", "--yes=project"][..],
        &["fix", "--log", &house.log, "--yes"],
        &["undo", "--yes"],
        &["undo", &house.fixes()[0], "--yes"],
    ] {
        let refused = house.doctor(arguments);
        refused.exits(2).complains("somebody else repairs").complains(&first.id().to_string());
    }
    house.doctor(&["fix", "--log", &house.log, "--dry-run"]).exits(1);
    house.must_be(&before, "somebody changed something meanwhile");
    assert_eq!((house.journal(), house.fixes().len()), (journal, 1));
    fs::write(house.lab.path("go"), "").unwrap();
    assert!(first.wait().unwrap().success(), "{}", printed(&house));
    house.doctor(&["fix", "--log", &house.log, "--yes"]).exits(3);
    house.doctor(&["undo", "--yes"]).exits(0);
}

#[test]
fn a_signal_ends_the_remedy_and_takes_back_what_it_changed() {
    for signal in [Signal::INT, Signal::TERM, Signal::HUP] {
        let house = house();
        let before = house.look();
        let mut fix = start(&house);
        kill_process(Pid::from_child(&fix), signal).unwrap();
        assert_eq!(fix.wait().unwrap().code(), Some(130), "{signal:?}\n{}", printed(&house));
        is_interrupted(&house, &printed(&house));
        nothing_ticks(&house);
        house.must_be(&before, "something is not taken back");
    }
}

/// The report says so and how to go on, the journal knows it, and going on works.
#[track_caller]
fn is_interrupted(house: &House, printed: &str) {
    assert!(printed.contains("interrupted: Mend it slowly"), "{printed}");
    assert!(printed.contains("`envdoctor fix` goes on"), "{printed}");
    assert!(printed.contains("what it changed was taken back"), "{printed}");
    assert!(!printed.contains("Mend it\n"), "after an interruption nothing more is tried:\n{printed}");
    house
        .doctor(&["history"])
        .exits(0)
        .silent("history")
        .shows("interrupted: Mend it slowly")
        .shows("taken back");
    house.doctor(&["undo", "--yes"]).exits(0).shows("nothing to take back");
}

#[test]
fn after_an_interruption_fix_goes_on() {
    let house = house();
    let mut fix = start(&house);
    kill_process(Pid::from_child(&fix), Signal::INT).unwrap();
    fix.wait().unwrap();
    fs::write(house.lab.path("go"), "").unwrap();
    house.doctor(&["fix", "--yes=project"]).exits(0);
    house.lab.run(&["sh", "./build"]).exits(0);
}

/// Killed outright, it leaves the command running, of which nothing is known any more.
#[test]
fn killed_during_its_command_it_can_be_taken_back() {
    let house = house();
    let before = house.look();
    let mut fix = start(&house);
    kill_process(Pid::from_child(&fix), Signal::KILL).unwrap();
    fix.wait().unwrap();
    fs::write(house.lab.path("go"), "").unwrap();
    eventually("the command's end", || house.lab.read("state") == "tight\n");
    house.doctor(&["history"]).exits(0).shows("not finished").shows("can be taken back");
    house.doctor(&["undo", "--yes"]).exits(0);
    house.must_be(&before, "`undo` left something different");
}

/// On the person's terminal.
fn terminal(house: &House, arguments: &[&str]) -> Terminal {
    let words = house.words(arguments);
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    Terminal::start(house.lab.command("project", &words))
}

#[test]
fn ctrl_c_ends_the_remedy_and_takes_back_what_it_changed() {
    let house = house();
    let before = house.look();
    let mut terminal = terminal(&house, &["fix", "--yes=project"]);
    eventually("the remedy runs", || house.lab.path("ticks").exists());
    terminal.press("\u{3}");
    let (code, screen) = terminal.finish();
    assert_eq!(code, 130, "{screen}");
    is_interrupted(&house, &screen);
    nothing_ticks(&house);
    house.must_be(&before, "something is not taken back");
}

#[test]
fn ctrl_c_at_a_question_ends_it_and_changes_nothing() {
    let house = house();
    let before = house.look();
    let mut terminal = terminal(&house, &["fix"]);
    terminal.expect("Mend it slowly? [y/N]");
    terminal.press("\u{3}");
    let (code, screen) = terminal.finish();
    assert_eq!(code, 130, "{screen}");
    assert!(screen.contains("`envdoctor fix` goes on"), "{screen}");
    house.must_be(&before, "something was changed");
    assert!(house.fixes().is_empty());
}

#[test]
fn ctrl_c_at_the_question_of_undo_takes_nothing_back() {
    let house = house();
    house.complain(&["junk-left"]);
    house.doctor(&["fix", "--log", &house.log, "--yes"]).exits(3);
    let before = house.look();
    let mut terminal = terminal(&house, &["undo"]);
    terminal.expect("Take this back? [y/N]");
    terminal.press("\u{3}");
    let (code, screen) = terminal.finish();
    assert_eq!(code, 130, "{screen}");
    house.must_be(&before, "something was taken back");
    house.doctor(&["undo", "--yes"]).exits(0);
    assert!(house.exists("junk/file"));
}

/// The second of two remedies is not asked about any more, and the first stands until it is taken back.
#[test]
fn ctrl_c_at_a_later_question_leaves_what_was_done_and_says_so() {
    let house = house();
    house.build_fails(&[("junk-left", "[ -e junk ]"), ("a-loose-gear", "grep -q loose state")]);
    let before = house.look();
    let mut terminal = terminal(&house, &["fix"]);
    terminal.expect("Remove it? [y/N]");
    terminal.press("y\n");
    terminal.expect("Mend it slowly? [y/N]");
    terminal.press("\u{3}");
    let (code, screen) = terminal.finish();
    assert_eq!(code, 130, "{screen}");
    assert!(screen.contains("not verified: Remove it"), "{screen}");
    assert!(!house.exists("junk"));
    house.doctor(&["undo", "--yes"]).exits(0);
    house.must_be(&before, "`undo` left something different");
}

/// A command that was stopped in the middle has not said whether it works.
#[test]
fn ctrl_c_while_the_command_runs_again_proves_nothing() {
    let house = house();
    house.rule("a-loose-gear", "  - {title: Lie, risk: project, run: ['true'], changes: [out]}");
    let build = house.lab.read("build");
    house.lab.write("build", &format!("if [ -e ../slow ]; then echo . >>../ticks; sleep 60; fi\n{build}"));
    fs::write(house.lab.path("slow"), "").unwrap();
    let mut terminal = terminal(&house, &["fix", "--yes=project"]);
    eventually("the build runs again", || house.lab.path("ticks").exists());
    terminal.press("\u{3}");
    let (code, screen) = terminal.finish();
    assert!(!screen.contains("✓ fixed"), "{screen}");
    assert_eq!(code, 130, "{screen}");
}
