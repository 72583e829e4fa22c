//! Near relatives of the documented failures, from the real tools to the repair; and tools that never answer.

#[cfg(target_os = "linux")]
use std::{fs, os::unix::fs::PermissionsExt, thread, time::Duration};

use crate::lab::{Lab, Machine, on_each_machine};

on_each_machine! {
    git_dependency_that_was_never_locked needs ["mix", "git"];
    host: Machine::Host,
    trixie: Machine::Root("trixie"),
    sid: Machine::Root("sid"),
}

/// The fetch breaks off: the folder is there, and mix.lock is not.
fn git_dependency_that_was_never_locked(lab: Lab) {
    lab.write(
        "mix.exs",
        "defmodule Shop.MixProject do
  use Mix.Project
  def project, do: [app: :shop, version: \"0.1.0\", deps: deps()]
  defp deps, do: [{:till, git: \"http://localhost:9/till.git\"}]
end
",
    );
    lab.run(&["mix", "deps.get"]).fails();
    let ran = lab.doctor(&["run", "--report", "report.json", "--", "mix", "compile"]);
    ran.fails().shows("the dependency is not locked");
    assert!(lab.read("report.json").contains("\"mix-deps-not-locked\""));
    lab.doctor(&["check", "--format", "json"]).report().first("mix-deps-not-locked");
}

#[test]
fn computed_dependencies_are_not_called_healthy() {
    let Some(lab) = Lab::host(&["mix"]) else { return };
    let project = |deps: &str| {
        format!(
            "defmodule Shop.MixProject do\n  use Mix.Project\n  @deps [{{:jason, \"~> 1.4\"}}]\n  \
             def project, do: [app: :shop, version: \"0.1.0\", deps: {deps}]\nend\n"
        )
    };
    lab.write("mix.exs", &project("Enum.map([:jason], &{&1, \"~> 1.4\"})"));
    lab.doctor(&["check"]).exits(3).shows("mix.exs:4: the dependencies");
    lab.write("mix.exs", &project("@deps"));
    lab.doctor(&["facts", "project.mix.missing_deps"]).shows("jason");
}

on_each_machine! {
    file_that_git_does_not_know needs ["nix", "git"];
    host: Machine::Host,
    trixie: Machine::Root("trixie"),
    sid: Machine::Root("sid"),
}

fn file_that_git_does_not_know(lab: Lab) {
    lab.write("flake.nix", "{ outputs = { self }: { answer = import ./answer.nix; }; }\n");
    lab.run(&["git", "init", "-q"]);
    lab.run(&["git", "add", "flake.nix"]);
    lab.write("answer.nix", "42\n");
    let eval = ["nix", "eval", ".#answer"];
    lab.run(&eval).fails();
    lab.doctor(&[&["run", "--"], eval.as_slice()].concat()).fails().shows("untracked-file");
    lab.doctor(&["fix", "--yes=project"]).exits(0);
    lab.run(&eval).exits(0).shows("42");
}

#[cfg(target_os = "linux")]
#[test]
fn tools_that_never_answer_are_not_left_behind() {
    let Some(mut lab) = Lab::host(&["sh"]) else { return };
    // Its name is its own, so that no other sleep is taken for it.
    let seconds = format!("9{:07}", std::process::id());
    for tool in ["git", "direnv", "ollama", "psql", "docker"] {
        let file = lab.path("tools").join(tool);
        fs::create_dir_all(lab.path("tools")).unwrap();
        fs::write(&file, format!("#!/bin/sh\nsleep {seconds} & sleep {seconds}\n")).unwrap();
        fs::set_permissions(file, fs::Permissions::from_mode(0o755)).unwrap();
    }
    lab.put_on_path(&lab.inside("tools"));
    lab.doctor(&["facts", "--timeout", "0.3", "tool"]).shows("no answer");
    thread::sleep(Duration::from_millis(200));
    let left = fs::read_dir("/proc")
        .unwrap()
        .filter_map(|entry| fs::read(entry.ok()?.path().join("cmdline")).ok())
        .filter(|line| line.split(|&byte| byte == 0).any(|word| word == seconds.as_bytes()))
        .count();
    assert_eq!(left, 0);
}
