//! `use envdoctor` in an `.envrc`, loaded by real direnv.

use std::fs;

use crate::lab::{Lab, Machine, on_each_machine, output::Ran};
use crate::project::{RULE, broken, healthy, snippet};

/// Agrees to the project's .envrc and runs a command with what it sets.
fn load(lab: &Lab, envrc: &str) -> Ran {
    lab.write(".envrc", envrc);
    lab.run(&["direnv", "allow"]).exits(0);
    lab.run(&["direnv", "exec", ".", "sh", "-c", "echo \"answer: $ANSWER\""])
}

/// The lines on stderr that are not direnv's own.
fn told(ran: &Ran) -> Vec<&str> {
    let foreign = |line: &&str| !line.contains("direnv: loading") && !line.contains("direnv: using");
    ran.stderr.lines().filter(foreign).collect()
}

/// A machine with envdoctor on PATH.
fn with_envdoctor(lab: &mut Lab) {
    let here = lab.inside("");
    lab.put_on_path(&here);
}

/// Puts the function where direnv looks for those of every project.
fn install(lab: &Lab) {
    let function = lab.doctor(&["hook", "direnv"]).exits(0).stdout.clone();
    let folder = lab.path("home/.config/direnv/lib");
    fs::create_dir_all(&folder).unwrap();
    fs::write(folder.join("envdoctor.sh"), function).unwrap();
}

on_each_machine! {
    tells_and_loads needs ["direnv", "elixir"];
    host: Machine::Host, trixie: Machine::Root("trixie"), sid: Machine::Root("sid"),
}

fn tells_and_loads(mut lab: Lab) {
    with_envdoctor(&mut lab);
    let envrc = format!("export ANSWER=42\n{}", snippet("envrc"));

    broken(&lab);
    let loaded = load(&lab, &envrc);
    loaded.exits(0).complains(RULE);
    loaded.must(loaded.stdout == "answer: 42\n", "it is loaded, and stdout is the command's own");

    healthy(&lab);
    let loaded = load(&lab, &envrc);
    loaded.exits(0).must(told(&loaded).is_empty(), "it is quiet when healthy");
    loaded.must(loaded.stdout == "answer: 42\n", "it is loaded");

    // With `set -euo pipefail` too.
    let loaded = load(&lab, &format!("strict_env\n{envrc}"));
    loaded.exits(0).must(told(&loaded).is_empty(), "it is quiet when healthy");
    broken(&lab);
    let loaded = load(&lab, &format!("strict_env\n{envrc}"));
    loaded.exits(0).complains(RULE).shows("answer: 42");
}

on_each_machine! {
    strict_does_not_load needs ["direnv", "elixir"];
    host: Machine::Host, trixie: Machine::Root("trixie"), sid: Machine::Root("sid"),
}

fn strict_does_not_load(mut lab: Lab) {
    with_envdoctor(&mut lab);
    install(&lab);
    let envrc = "use envdoctor --strict\nexport ANSWER=42\n";

    broken(&lab);
    let refused = load(&lab, envrc);
    refused.fails().complains(RULE).complains("does not load it");
    refused.must(!refused.stdout.contains("answer"), "the command does not run");
    // What follows `--strict` goes to envdoctor.
    load(&lab, "use envdoctor --strict --no-such-option\n").fails().complains("--no-such-option");

    healthy(&lab);
    load(&lab, envrc).exits(0).shows("answer: 42");
}

on_each_machine! {
    goes_on_without_envdoctor needs ["direnv"];
    host: Machine::Host, trixie: Machine::Root("trixie"), sid: Machine::Root("sid"),
}

fn goes_on_without_envdoctor(mut lab: Lab) {
    install(&lab);
    // An envdoctor of the machine itself must not be seen.
    lab.set("PATH", "/usr/bin:/bin");

    let loaded = load(&lab, &format!("{}export ANSWER=42\n", snippet("envrc")));
    loaded
        .exits(0)
        .shows("answer: 42")
        .must(told(&loaded).is_empty(), "a project may offer it to those who have it");
    load(&lab, "use envdoctor\nexport ANSWER=42\n").exits(0).shows("answer: 42").complains("not on PATH");
    load(&lab, "use envdoctor --strict\n").fails().complains("not on PATH");
}

on_each_machine! {
    looks_again_when_a_file_changed needs ["direnv"];
    host: Machine::Host, trixie: Machine::Root("trixie"), sid: Machine::Root("sid"),
}

fn looks_again_when_a_file_changed(mut lab: Lab) {
    with_envdoctor(&mut lab);
    install(&lab);
    lab.write(".envrc", "use envdoctor\n");
    lab.run(&["direnv", "allow"]).exits(0);
    let watched = lab.run(&["direnv", "exec", ".", "sh", "-c", "direnv show_dump \"$DIRENV_WATCHES\""]);
    watched.exits(0);
    for file in ["envdoctor.yaml", "mix.exs", ".tool-versions"] {
        watched.shows(&lab.inside(&format!("project/{file}")));
    }
}
