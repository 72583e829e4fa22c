//! A row of the table: what is broken, how it is seen, and what becomes of it.

use serde_json::Value;

use crate::{
    lab::{Lab, Machine, output::Report},
    tree::Tree,
};

/// One environment that is broken for real.
pub(crate) struct Scenario {
    /// The tools that it takes.
    pub(crate) needs: &'static [&'static str],
    /// Makes a project and breaks it.
    pub(crate) break_it: fn(&mut Lab),
    /// The real command that fails then.
    pub(crate) fails: &'static [&'static str],
    /// How envdoctor comes to know of it.
    pub(crate) seen_by: SeenBy,
    /// The rule that it names first.
    pub(crate) rule: &'static str,
    /// What becomes of it.
    pub(crate) end: End,
}

/// How envdoctor comes to know of a failure.
pub(crate) enum SeenBy {
    /// `envdoctor run -- COMMAND`.
    Run,
    /// `envdoctor check`, before anybody runs anything.
    Check,
}

/// What becomes of a failure.
pub(crate) enum End {
    /// `envdoctor fix` repairs it, and `envdoctor undo` takes that back.
    Repaired {
        /// The consent that it takes.
        consent: &'static [&'static str],
        /// The real command that succeeds then.
        works: &'static [&'static str],
        /// Paths such as `project/_build` or `home/.hex` which the commands `fails` and `works` themselves change: no repair's,
        /// so no undo brings them back.
        not_ours: &'static [&'static str],
    },
    /// `envdoctor fix` repairs it with this consent, this real command succeeds then, and it stays, since what was made may hold
    /// data by the time of an undo: `undo` says that it cannot take the command back.
    RepairedForGood {
        consent: &'static [&'static str],
        works: &'static [&'static str],
        command: &'static str,
    },
    /// Only a person can do something about it: envdoctor says what, with these words, and changes nothing.
    Told { words: &'static [&'static str] },
}

/// Makes each scenario a test, on each of the machines that are named behind it.
macro_rules! scenarios {
    ($($name:ident on [$($machine:ident),+] $scenario:expr;)+) => {
        $(
            mod $name {
                use super::*;
                $(
                    #[test]
                    fn $machine() {
                        crate::scenario::play(&$scenario, stringify!($machine));
                    }
                )+
            }
        )+
    };
}
pub(crate) use scenarios;

/// Plays a scenario from the breaking to the undoing.
pub(crate) fn play(scenario: &Scenario, machine: &'static str) {
    let machine = if machine == "host" { Machine::Host } else { Machine::Root(machine) };
    if let Some(lab) = Lab::on(machine, scenario.needs) {
        play_on(scenario, lab);
    }
}

/// Plays a scenario in a lab that has what it needs.
pub(crate) fn play_on(scenario: &Scenario, mut lab: Lab) {
    play_until_undone(scenario, &mut lab);
    if !matches!(scenario.end, End::RepairedForGood { .. }) {
        lab.run(scenario.fails).fails();
    }
}

/// The same, up to the undoing.
pub(crate) fn play_until_undone(scenario: &Scenario, lab: &mut Lab) {
    (scenario.break_it)(lab);
    lab.run(scenario.fails).fails();
    diagnose(lab, scenario);
    match &scenario.end {
        End::Repaired { consent, works, not_ours } => {
            let before = snapshot(lab, not_ours);
            lab.doctor(&["fix", "--fail-on=warning"]).fails();
            same(&before, &snapshot(lab, not_ours), "`fix` without consent changed something");
            repair(lab, scenario.rule, consent);
            lab.run(works).exits(0);
            lab.doctor(&["undo", "--yes"]).exits(0);
            same(&before, &snapshot(lab, not_ours), "`undo` left something different");
        }
        End::RepairedForGood { consent, works, command } => {
            lab.doctor(&["fix", "--fail-on=warning"]).fails();
            // Without consent nothing was made.
            lab.run(scenario.fails).fails();
            repair(lab, scenario.rule, consent);
            lab.run(works).exits(0);
            lab.doctor(&["undo", "--yes"]).shows(command).shows("cannot be taken back");
            lab.run(works).exits(0);
        }
        End::Told { words } => {
            let before = snapshot(lab, &[]);
            let fix = lab.doctor(&["fix", "--fail-on=warning", "--yes=project"]);
            fix.fails().shows(scenario.rule);
            for word in *words {
                let spaced = fix.all().split_whitespace().collect::<Vec<_>>().join(" ");
                fix.must(spaced.contains(word), &format!("it must tell '{word}'"));
            }
            same(&before, &snapshot(lab, &[]), "what is only told changed something");
        }
    }
}

/// The rule is named first.
fn diagnose(lab: &Lab, scenario: &Scenario) {
    let report = match scenario.seen_by {
        SeenBy::Check => lab.doctor(&["check", "--fail-on=warning", "--format", "json"]).fails().report(),
        SeenBy::Run => {
            let file = lab.inside("report.json");
            let words = [&["run", "--report", &file, "--"], scenario.fails].concat();
            lab.doctor(&words).fails();
            let json = std::fs::read(lab.path("report.json")).unwrap();
            Report::new(serde_json::from_slice(&json).unwrap())
        }
    };
    report.first(scenario.rule);
}

/// `fix` repairs it, and has seen that it did.
fn repair(lab: &Lab, rule: &str, consent: &[&str]) {
    let fix = lab.doctor(&[&["fix", "--fail-on=warning", "--format", "json"], consent].concat());
    let json = fix.exits(0).json();
    let outcomes = json["outcomes"].as_array().unwrap();
    let fixed = |outcome: &&Value| outcome["rule"] == rule && outcome["outcome"] == "fixed";
    fix.must(outcomes.iter().any(|outcome| fixed(&outcome)), &format!("{rule} must be fixed"));
}

/// The project and the home, without what envdoctor keeps for itself.
fn snapshot(lab: &Lab, not_ours: &[&str]) -> Tree {
    let own = ["home/.local/state/envdoctor", "home/.cache/envdoctor"];
    Tree::of(&lab.path(""), &["project", "home"], &[&own, not_ours].concat())
}

#[track_caller]
fn same(before: &Tree, after: &Tree, otherwise: &str) {
    let differences = before.differences(after);
    assert!(differences.is_empty(), "{otherwise}:\n{}", differences.join("\n"));
}
