//! A Mix project with one dependency: without Hex, without a network, without the dependency, with another one.

use std::fs;

use serde_json::Value;

use crate::lab::{Lab, Machine, hex::serve_registry, left_out, on_each_machine, output::Report};

/// A project with this one dependency.
fn write_project(lab: &Lab, dependency: &str) {
    let project = format!(
        "defmodule Shop.MixProject do
  use Mix.Project

  def project do
    [app: :shop, version: \"0.1.0\", elixir: \"~> 1.14\", deps: deps()]
  end

  defp deps do
    [{dependency}]
  end
end
"
    );
    lab.write("mix.exs", &project);
    lab.write("lib/shop.ex", "defmodule Shop do\nend\n");
}

const JASON: &str = "{:jason, \"~> 1.4\"}";

/// Runs a command that fails through envdoctor; its exit code is the command's own.
#[track_caller]
fn diagnose_run(lab: &Lab, command: &[&str], alone: &str) -> Report {
    let plain = lab.run(command);
    plain.fails().shows(alone);
    let words = [&["run", "--report", "report.json", "--"], command].concat();
    lab.doctor(&words).exits(plain.code()).shows(alone);
    let report: Value = serde_json::from_str(&lab.read("report.json")).unwrap();
    Report::new(report)
}

#[test]
fn without_hex() {
    let Some(lab) = Lab::host(&["mix"]) else { return };
    if lab.run(&["mix", "hex.info"]).code() == 0 {
        return left_out(Machine::Host, "a mix without Hex");
    }
    write_project(&lab, JASON);
    for task in ["deps.get", "compile"] {
        let report = diagnose_run(&lab, &["mix", task], "Could not find Hex");
        assert_eq!(report.roots(), ["hex-missing"], "mix {task}");
    }
    lab.doctor(&["check", "--format", "json"]).report().first("hex-missing");

    // Hex lies in the user's home: consent to changes of the project does not cover that.
    lab.doctor(&["fix", "--yes=project"]).fails();
    assert!(!lab.path("home/.mix").exists(), "Hex was installed unasked");
}

on_each_machine! {
    without_a_network needs ["mix", "hex"];
    trixie: Machine::Root("trixie"), sid: Machine::Root("sid"),
}

/// Mix ends in "No package with name jason": that follows, and is not what is wrong.
fn without_a_network(mut lab: Lab) {
    write_project(&lab, JASON);
    lab.unplug();
    blames_the_network(&lab);
}

on_each_machine! {
    mirror_out_of_reach needs ["mix", "hex"];
    trixie: Machine::Root("trixie"), sid: Machine::Root("sid"),
}

fn mirror_out_of_reach(first: Lab) {
    // A name that never resolves, and a port on which nothing listens.
    for mirror in ["http://hex.invalid", "http://127.0.0.1:9"] {
        let mut lab = first.another();
        write_project(&lab, JASON);
        lab.set("HEX_MIRROR", mirror);
        blames_the_network(&lab);
    }
}

#[track_caller]
fn blames_the_network(lab: &Lab) {
    let report = diagnose_run(lab, &["mix", "deps.get"], "No package with name jason");
    report.first("hex-fetch-failed");
    assert!(!report.roots().contains(&"hex-package-not-found"), "{report:#?}");
}

on_each_machine! {
    package_that_does_not_exist needs ["mix", "hex"];
    trixie: Machine::Root("trixie"), sid: Machine::Root("sid"),
}

/// The counterpart: the registry answers, and does not know the package. (Hex's own check for a newer Hex
/// may fail meanwhile, which is no cause of anything.)
fn package_that_does_not_exist(mut lab: Lab) {
    serve_registry(&mut lab, &[("jason", "1.4.9", "")]);
    write_project(&lab, "{:jsaon, \"~> 1.4\"}");
    let report = diagnose_run(&lab, &["mix", "deps.get"], "No package with name jsaon");
    report.first("hex-package-not-found");
}

on_each_machine! {
    dependencies_not_fetched needs ["mix", "hex"];
    trixie: Machine::Root("trixie"), sid: Machine::Root("sid"),
}

fn dependencies_not_fetched(mut lab: Lab) {
    serve_registry(&mut lab, &[("jason", "1.4.9", "")]);
    write_project(&lab, JASON);
    let report = diagnose_run(&lab, &["mix", "compile"], "the dependency is not available");
    assert_eq!(report.roots(), ["mix-deps-unavailable"]);

    lab.doctor(&["fix", "--yes=project"]).exits(0);
    mix_deps_is_clean(&lab, "1.4.9");
}

on_each_machine! {
    dependencies_not_fetched_seen_by_check needs ["mix", "hex"];
    trixie: Machine::Root("trixie"), sid: Machine::Root("sid"),
}

/// The same from the machine alone, with no run before.
fn dependencies_not_fetched_seen_by_check(mut lab: Lab) {
    serve_registry(&mut lab, &[("jason", "1.4.9", "")]);
    write_project(&lab, JASON);
    let check = lab.doctor(&["check", "--format", "json"]);
    assert_eq!(check.report().roots(), ["mix-deps-unavailable"], "{}", check.stdout);

    lab.doctor(&["fix", "--yes=project"]).exits(0);
    assert!(lab.project().join("deps/jason/mix.exs").exists());
    lab.run(&["mix", "compile"]).exits(0);
    assert!(lab.doctor(&["check", "--format", "json"]).exits(0).report().roots().is_empty());
}

on_each_machine! {
    lock_of_another_version needs ["mix", "hex"];
    trixie: Machine::Root("trixie"), sid: Machine::Root("sid"),
}

/// What a `git pull` leaves behind: mix.lock names a newer version than the one in deps.
fn lock_of_another_version(mut lab: Lab) {
    serve_registry(&mut lab, &[("jason", "1.4.8", ""), ("jason", "1.4.9", "")]);
    write_project(&lab, "{:jason, \"1.4.8\"}");
    lab.run(&["mix", "deps.get"]).exits(0);
    fs::rename(lab.project().join("deps"), lab.path("deps")).unwrap();
    write_project(&lab, JASON);
    lab.run(&["mix", "deps.update", "jason"]).exits(0);
    fs::remove_dir_all(lab.project().join("deps")).unwrap();
    fs::rename(lab.path("deps"), lab.project().join("deps")).unwrap();
    let lock = lab.read("mix.lock");

    let report = diagnose_run(&lab, &["mix", "compile"], "lock mismatch: the dependency is out of date");
    assert_eq!(report.roots(), ["mix-lock-mismatch"]);
    let check = lab.doctor(&["check", "--format", "json"]);
    check.report().first("mix-lock-mismatch");

    lab.doctor(&["fix", "--yes=project"]).exits(0);
    assert_eq!(lab.read("mix.lock"), lock, "the lock is what was agreed on: deps follow it");
    mix_deps_is_clean(&lab, "1.4.9");
}

#[track_caller]
fn mix_deps_is_clean(lab: &Lab, version: &str) {
    let deps = lab.run(&["mix", "deps"]);
    deps.exits(0).shows(&format!("locked at {version}"));
    let last = deps.stdout.trim_end().lines().last().map(str::trim);
    deps.must(last == Some("ok"), "mix deps must come out clean");
}
