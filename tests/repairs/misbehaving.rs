//! Remedies that do not do what they should: nothing of it lasts, and the report says what is true.

use std::{
    fs,
    thread::sleep,
    time::{Duration, Instant},
};

use serde_json::Value;

use crate::{
    house::House,
    lab::{Machine, left_out, output::Ran},
};

/// A house whose build fails until `state` is tight, and in which `sh ./mend` makes it so.
fn house() -> House {
    let house = House::with(&[]).unwrap();
    furnish(&house);
    house
}

fn furnish(house: &House) {
    let lab = &house.lab;
    lab.write("state", "loose\n");
    lab.write("mend", "echo tight >state\n");
    lab.write("out/deep/file", "old\n");
    lab.write("file", "old\n");
    house.chmod("out/deep/file", 0o755);
    house.link("file", "out/link");
}

fn build(house: &House) {
    house.build_fails(&[("a-loose-gear", "grep -q loose state")]);
}

/// Gives the gear's rule one remedy, which runs a script and declares these paths.
fn remedy(house: &House, script: &str, changes: &str) {
    house.lab.write("remedy", script);
    house.rule(
        "a-loose-gear",
        &format!(
            "  - {{title: Try it, risk: project, run: [sh, ./remedy], changes: [{changes}], deadline: 20}}"
        ),
    );
}

/// The outcomes of a fix with every consent, in their order.
#[track_caller]
fn outcomes(fix: &Ran) -> Vec<(String, String)> {
    let json = fix.json();
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let told = |outcome: &Value| {
        let notes = outcome["notes"].as_array().unwrap().iter().map(text).collect::<Vec<_>>().join("; ");
        (text(&outcome["outcome"]), format!("{}; {notes}", text(&outcome["why"])))
    };
    json["outcomes"].as_array().unwrap().iter().map(told).collect()
}

fn fix(house: &House) -> Ran {
    house.doctor(&["fix", "--yes=project", "--format", "json"])
}

/// A remedy ends so, and is taken back: all is as it was.
#[track_caller]
fn is_taken_back(house: &House, outcome: &str, why: &str) {
    let before = house.look();
    let fix = fix(house);
    fix.exits(1);
    let outcomes = outcomes(&fix);
    let [(first, told)] = &outcomes[..] else { panic!("{outcomes:#?}") };
    fix.must(first == outcome && told.contains(why), &format!("it must end as {outcome}: {why}"));
    fix.must(told.contains("what it changed was taken back"), "it must say that it was taken back");
    house.must_be(&before, "something is not taken back");
    house.doctor(&["undo", "--yes"]).exits(0).shows("nothing to take back");
    house.must_be(&before, "there was nothing to take back, and something was");
}

#[test]
fn one_that_hangs_is_ended_with_all_that_it_started() {
    let house = house();
    let script = "echo half >out/deep/file
        (trap '' TERM INT HUP; while :; do echo . >>../ticks; sleep 0.05; done) &
        while [ ! -s ../ticks ]; do sleep 0.05; done; sleep 60";
    remedy(&house, script, "out");
    let rule = house.lab.path("rules/a-loose-gear.yaml");
    let text = fs::read_to_string(&rule).unwrap();
    fs::write(&rule, text.replace("deadline: 20", "deadline: 1")).unwrap();
    build(&house);
    let started = Instant::now();
    is_taken_back(&house, "failed", "it may take 1 s");
    assert!(started.elapsed() < Duration::from_secs(15), "{:?}", started.elapsed());
    let ticks = fs::read(house.lab.path("ticks")).unwrap();
    sleep(Duration::from_millis(300));
    assert_eq!(fs::read(house.lab.path("ticks")).unwrap(), ticks, "something outlived the remedy");
}

#[test]
fn one_that_lies_is_found_out_and_the_next_is_tried() {
    let house = house();
    house.rule(
        "a-loose-gear",
        "  - {title: Lie, risk: project, run: [sh, -c, 'echo rubbish >out/new'], changes: [out]}
  - {title: Mend, risk: project, run: [sh, ./mend], changes: [state]}
  - {title: Never, risk: project, run: [touch, never]}",
    );
    build(&house);
    let before = house.look();
    let fix = fix(&house);
    let outcomes = outcomes(fix.exits(0));
    let names: Vec<&str> = outcomes.iter().map(|(name, _)| name.as_str()).collect();
    fix.must(names == ["still_broken", "fixed"], "the first must be found out, the second help");
    assert!(outcomes[0].1.contains("taken back"), "{outcomes:?}");
    assert!(!house.exists("out/new") && !house.exists("never"));
    house.lab.run(&["sh", "./build"]).exits(0);
    house.doctor(&["undo", "--yes"]).exits(0);
    house.must_be(&before, "`undo` left something different");
}

#[test]
fn one_that_lies_and_does_nothing() {
    let house = house();
    house.rule("a-loose-gear", "  - {title: Lie, risk: project, run: ['true'], changes: [out]}");
    build(&house);
    let before = house.look();
    let fix = fix(&house);
    let outcomes = outcomes(fix.exits(1));
    fix.must(outcomes.len() == 1 && outcomes[0].0 == "still_broken", "it must be found out");
    house.must_be(&before, "something changed");
    house.doctor(&["undo", "--yes"]).exits(0).shows("nothing to take back");
}

#[test]
fn one_that_fails_half_way_is_taken_back() {
    let house = house();
    remedy(
        &house,
        "echo half >out/deep/file; mkdir made; echo x >made/file; echo tight >state; exit 3",
        "out, made, state",
    );
    build(&house);
    is_taken_back(&house, "failed", "exit status 3");
}

#[test]
fn after_one_that_fails_the_next_is_tried() {
    let house = house();
    house.rule(
        "a-loose-gear",
        "  - {title: Fail, risk: project, run: ['false']}
  - {title: Mend, risk: project, run: [sh, ./mend], changes: [state]}",
    );
    build(&house);
    let fix = fix(&house);
    let outcomes = outcomes(fix.exits(0));
    let names: Vec<&str> = outcomes.iter().map(|(name, _)| name.as_str()).collect();
    fix.must(names == ["failed", "fixed"], "the first must fail, the second help");
}

/// The repaired build succeeds, and a check finds what was sound before.
#[test]
fn one_that_breaks_more_than_it_mends_is_told_of() {
    let house = house();
    remedy(&house, "echo tight >state; rm mix.exs", "state, mix.exs");
    house.lab.write(
        "mix.exs",
        "defmodule A.MixProject do\n  use Mix.Project\n  def project, do: [app: :a]\nend\n",
    );
    house.check(
        "no-project",
        "{fact: project.mix.app, exists: false}",
        "  - {title: Write one, tell: Write one.}",
    );
    build(&house);
    let before = house.look();
    let fix = fix(&house);
    let outcomes = outcomes(fix.exits(1));
    fix.must(outcomes.len() == 1 && outcomes[0].0 == "fixed", "what it was for is mended");
    fix.must(outcomes[0].1.contains("no-project"), "it must tell what is broken since");
    house.doctor(&["undo", "--yes"]).exits(0);
    house.must_be(&before, "`undo` left something different");
}

/// What a declared path can become: all of it is taken back at once where it did not help, and by `undo` where it did.
#[track_caller]
fn is_taken_back_and_undone(script: &str, changes: &str) {
    let first = house();
    remedy(&first, script, changes);
    build(&first);
    is_taken_back(&first, "still_broken", "");

    let house = house();
    remedy(&house, &format!("{script}; echo tight >state"), &format!("{changes}, state"));
    build(&house);
    let before = house.look();
    let fix = fix(&house);
    fix.must(outcomes(fix.exits(0))[0].0 == "fixed", "it must help");
    house.doctor(&["undo", "--yes"]).exits(0);
    house.must_be(&before, "`undo` left something different");
}

#[test]
fn one_that_deletes_what_it_declares() {
    is_taken_back_and_undone("rm -r out file", "out, file");
}

#[test]
fn one_that_puts_another_thing_in_the_place_of_a_folder() {
    is_taken_back_and_undone("mv out elsewhere; ln -s elsewhere out", "out, elsewhere");
    is_taken_back_and_undone("rm -r out; echo file >out", "out");
    is_taken_back_and_undone("rm -r out; ln -s nowhere out", "out");
    is_taken_back_and_undone("rm -r out; mkfifo out", "out");
}

#[test]
fn one_that_puts_another_thing_in_the_place_of_a_file() {
    is_taken_back_and_undone("rm file; mkdir -p file/deep; echo x >file/deep/file", "file");
    is_taken_back_and_undone("rm file; ln -s out file", "file");
    is_taken_back_and_undone("rm file; mkfifo file", "file");
}

/// Nobody declared that file, so it stays; the rest is taken back all the same.
#[test]
fn one_that_puts_a_file_where_a_folder_was_to_be() {
    let house = house();
    remedy(&house, "echo x >made; echo half >out/deep/file", "made/deep/file, out");
    build(&house);
    let before = house.look();
    let fix = fix(&house);
    fix.exits(1);
    fs::remove_file(house.lab.project().join("made")).unwrap();
    house.must_be(&before, "something is not taken back");
    house.doctor(&["undo", "--yes"]).exits(0).shows("nothing to take back");
}

#[test]
fn one_that_changes_modes_and_times_alone() {
    is_taken_back_and_undone("chmod 600 out/deep/file", "out");
    is_taken_back_and_undone("touch out/deep/file", "out");
    is_taken_back_and_undone("chmod 600 file", "file");
    is_taken_back_and_undone("touch -d '2001-01-01' file", "file");
}

/// As a user: to root nothing is unreadable.
#[test]
fn one_that_locks_what_it_declares() {
    for (script, changes) in [
        ("chmod 000 out", "out"),
        ("echo new >out/new; chmod 000 out", "out"),
        ("chmod 000 out/deep", "out"),
        ("chmod 000 file", "file"),
        ("mkdir made; echo x >made/file; chmod 000 made", "made"),
    ] {
        if !rustix::process::geteuid().is_root() {
            return left_out(Machine::Host, "root, to become another user");
        }
        let mut house = house();
        remedy(&house, script, changes);
        house.lab.become_user("daemon");
        build(&house);
        is_taken_back(&house, "still_broken", "");
    }
}

/// In a log nobody can see whether the first one helped.
#[test]
fn without_another_look_the_next_is_not_tried() {
    let house = house();
    house.rule(
        "a-loose-gear",
        "  - {title: Mend, risk: project, run: [sh, ./mend], changes: [state]}
  - {title: Never, risk: project, run: [touch, never]}",
    );
    house.complain(&["a-loose-gear"]);
    house.doctor(&["fix", "--log", &house.log, "--yes=project"]).exits(3).shows("not verified: Mend");
    assert!(!house.exists("never"));
}
