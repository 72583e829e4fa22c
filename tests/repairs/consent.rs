//! Who agrees to what: options, settings, questions, and the administrator's rights.

use std::{fs, os::unix::fs::PermissionsExt};

use rustix::process::geteuid;

use crate::{house::House, lab::Machine, lab::left_out, terminal::Terminal};

/// Every risk, from the least to the greatest.
const RISKS: [&str; 6] = ["none", "cache", "project", "user", "system", "destructive"];

/// A remedy of each risk, which makes a file of the risk's name.
fn house() -> House {
    let house = House::with(&["touch", "sh"]).unwrap();
    for risk in RISKS {
        let remedy = format!(
            "  - {{title: Make {risk}, risk: {risk}, run: [touch, did-{risk}], changes: [did-{risk}]}}"
        );
        house.rule(&format!("is-{risk}"), &remedy);
    }
    house.complain(&RISKS.map(|risk| format!("is-{risk}")).each_ref().map(String::as_str));
    house
}

/// The risks whose remedies were carried out by `fix` with these options.
fn done(house: &House, options: &[&str]) -> Vec<&'static str> {
    house.doctor(&[&["fix", "--log", &house.log], options].concat()).fails();
    let done = RISKS.into_iter().filter(|risk| house.exists(&format!("did-{risk}"))).collect();
    house.doctor(&["undo", "--yes"]);
    assert!(RISKS.iter().all(|risk| !house.exists(&format!("did-{risk}"))), "undo takes all back");
    done
}

#[test]
fn options_cover_what_they_name() {
    let house = house();
    assert_eq!(done(&house, &[]), [""; 0]);
    assert_eq!(done(&house, &["--yes"]), RISKS[..2]);
    for (greatest, risk) in RISKS.iter().enumerate().take(5) {
        assert_eq!(done(&house, &[&format!("--yes={risk}")]), RISKS[..=greatest]);
    }
    assert_eq!(done(&house, &["--yes=destructive"]), RISKS[..5], "it has to be named");
    assert_eq!(done(&house, &["--allow", "is-destructive"]), ["destructive"]);
    assert_eq!(done(&house, &["--yes=none", "--allow", "is-user"]), ["none", "user"]);
    assert_eq!(done(&house, &["is-project", "--yes=system"]), ["project"]);
    assert_eq!(done(&house, &["--yes=system", "--dry-run"]), [""; 0]);
    house.doctor(&["fix", "--log", &house.log, "--allow", "is-projct"]).exits(2).complains("is-project");
    house.doctor(&["fix", "is-projct", "--log", &house.log]).exits(2).complains("is-project");
}

#[test]
fn what_is_held_back_names_the_option_that_would_allow_it() {
    let house = house();
    let fix = house.doctor(&["fix", "--log", &house.log, "--yes=cache"]);
    for risk in &RISKS[2..5] {
        fix.shows(&format!("--yes={risk} would allow it"));
    }
    fix.shows("--allow is-destructive would allow it");
}

#[test]
fn settings_narrow_and_never_widen() {
    let mut house = house();
    house.lab.write("envdoctor.yaml", "fix: {most: user, never: [is-cache]}\n");
    let narrowed = house.doctor(&["fix", "--log", &house.log, "--yes=system", "--dry-run"]);
    narrowed.shows("envdoctor.yaml:1");
    assert_eq!(done(&house, &["--yes=system"]), ["none", "project", "user"]);
    assert_eq!(done(&house, &["--allow", "is-cache", "--allow", "is-system"]), [""; 0]);
    house.lab.set("ENVDOCTOR_FIX_MOST", "system");
    assert_eq!(done(&house, &["--yes=system"]), ["none", "project", "user"], "a variable widens nothing");
    house.lab.set("ENVDOCTOR_FIX_MOST", "project");
    house.lab.set("ENVDOCTOR_FIX_NEVER", "is-none");
    assert_eq!(done(&house, &["--yes=system"]), ["project"]);
}

#[test]
fn what_cannot_be_rebuilt_is_agreed_to_by_its_name() {
    let house = house();
    for (answer, happens) in [("y\n", false), ("is-destructive\n", true)] {
        let mut terminal = terminal(&house, &["fix", "is-destructive", "--log", &house.log]);
        terminal.expect("Type is-destructive to go on:");
        terminal.press(answer);
        let (_, screen) = terminal.finish();
        assert_eq!(house.exists("did-destructive"), happens, "{screen}");
    }
}

fn terminal(house: &House, arguments: &[&str]) -> Terminal {
    let words = house.words(arguments);
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    Terminal::start(house.lab.command("project", &words))
}

/// A remedy that needs root, run by somebody who is not; `sudo` is a stand-in that notes what it is to run, and runs it.
fn unprivileged() -> Option<House> {
    if !geteuid().is_root() {
        left_out(Machine::Host, "root, to become another user");
        return None;
    }
    let mut house = House::with(&["touch", "sh"]).unwrap();
    let remedy =
        "  - {title: Start it, risk: system, run: [touch, started], changes: [started], needs: [root]}";
    house.rule("not-started", remedy);
    house.complain(&["not-started"]);
    let bin = house.lab.path("bin");
    fs::create_dir(&bin).unwrap();
    fs::write(bin.join("sudo"), "#!/bin/sh\necho \"$*\" > sudo.log\nshift\nexec \"$@\"\n").unwrap();
    fs::set_permissions(bin.join("sudo"), PermissionsExt::from_mode(0o755)).unwrap();
    house.lab.put_on_path(bin.to_str().unwrap());
    house.lab.become_user("daemon");
    Some(house)
}

#[test]
fn root_is_never_taken_by_itself() {
    let Some(house) = unprivileged() else { return };
    let fix = house.doctor(&["fix", "--log", &house.log, "--yes=system", "--allow", "not-started"]);
    fix.exits(1).shows("sudo touch started");
    assert!(!house.exists("started") && !house.exists("sudo.log"));
}

#[test]
fn root_is_asked_for_in_a_terminal_whatever_was_agreed_to() {
    let Some(house) = unprivileged() else { return };
    for (answer, happens) in [("n\n", false), ("y\n", true)] {
        let mut terminal = terminal(&house, &["fix", "--log", &house.log, "--yes=system"]);
        terminal.expect("Start it as root, with sudo? [y/N]");
        terminal.press(answer);
        let (_, screen) = terminal.finish();
        assert_eq!(house.exists("started"), happens, "{screen}");
    }
    assert_eq!(house.lab.read("sudo.log").trim(), "-- touch started");
}
