//! What stands in the project's scripts and hooks that no shell runs as it was meant.

use super::super::{Context, Probe};
use super::nix_file::File;
use crate::facts::{Facts, Place, Reading, Value};
use crate::project::{Era, asdf_commands, mojibake};

pub(super) const PROBE: Probe = Probe {
    name: "scripts and hooks",
    yields: &[
        "project.hooks.asdf_never",
        "project.hooks.asdf_new",
        "project.hooks.asdf_old",
        "project.hooks.mojibake",
    ],
    usual: &[],
    apart: false,
    run,
};

/// Files that hold shell code.
const FILES: &[&str] = &[
    ".envrc",
    ".gitlab-ci.yml",
    "Dockerfile",
    "Makefile",
    "devenv.nix",
    "flake.nix",
    "justfile",
    "shell.nix",
];
/// Folders whose files do.
const FOLDERS: &[&str] = &[".github/workflows", "bin", "scripts"];
/// A project with more has scripts of a kind that this is not for.
const MOST: usize = 100;

fn run(context: &Context) -> Facts {
    let machine = context.machine();
    let mut names: Vec<String> = FILES.iter().map(|&name| name.to_owned()).collect();
    for folder in FOLDERS {
        let within = machine.list(&context.project.join(folder)).present().unwrap_or_default();
        names.extend(
            within
                .into_iter()
                .filter(|name| is_script(name))
                .take(MOST)
                .map(|name| format!("{folder}/{name}")),
        );
    }
    let mut lists: [Vec<(String, Place)>; 4] = Default::default();
    let mut any = false;
    for name in &names {
        // Neither a folder nor a program is a script.
        let Reading::Present(file) = File::read(context, name) else { continue };
        any = true;
        for found in asdf_commands(&file.text) {
            let list = match found.value.era {
                Era::Never => 0,
                Era::New => 1,
                Era::Old => 2,
            };
            lists[list].push((found.value.written, file.place(found.offset)));
        }
        for found in mojibake(&file.text) {
            let garbled = found.value;
            lists[3].push((format!("{} for {}", garbled.now, garbled.meant), file.place(found.offset)));
        }
    }
    let mut facts = Facts::default();
    if any {
        for (name, list) in PROBE.yields.iter().zip(lists) {
            let (items, places) = list.into_iter().take(MOST).unzip();
            facts.add_at(*name, Reading::Present(Value::List(items)), "the project's scripts", places);
        }
    }
    facts
}

/// Whether a file's name is that of a script, or says nothing of its kind.
fn is_script(name: &str) -> bool {
    match name.rsplit_once('.') {
        Some((_, ending)) => matches!(ending, "bash" | "envrc" | "sh" | "yaml" | "yml" | "zsh"),
        None => true,
    }
}

#[cfg(test)]
mod tests {
    use crate::probes::recorded::{facts_of as run, list, shown};

    #[test]
    fn scripts_and_hooks_are_looked_through() {
        let facts = run(
            &super::PROBE,
            "files:\n  /p/flake.nix: \"{ shellHook = ''\\n  asdf elixir local 1.17.3\\n  echo ðŸ”— linked\\n''; }\"\n  \
             /p/scripts/setup.sh: \"#!/bin/sh\\nasdf local elixir 1.17.3\\n\"\n  /p/scripts/a.py: 'asdf local x y'\n  \
             /p/bin/run: 'asdf set elixir 1.18.0'\n  /p/README.md: 'asdf local elixir 1.17.3'\n",
        );
        assert_eq!(list(&facts, "project.hooks.asdf_never"), ["asdf elixir local 1.17.3"]);
        assert_eq!(list(&facts, "project.hooks.asdf_old"), ["asdf local elixir 1.17.3"]);
        assert_eq!(list(&facts, "project.hooks.asdf_new"), ["asdf set elixir 1.18.0"]);
        assert_eq!(list(&facts, "project.hooks.mojibake"), ["ðŸ”— for 🔗"]);
        let place = |name: &str| facts.get(name).unwrap().places[0].to_string();
        assert_eq!(place("project.hooks.mojibake"), "flake.nix:3:8");
        assert_eq!(place("project.hooks.asdf_old"), "scripts/setup.sh:2:1");
    }

    #[test]
    fn a_project_without_scripts_has_no_such_facts() {
        let facts = run(&super::PROBE, "files: {/p/README.md: x}");
        assert!(super::PROBE.yields.iter().all(|name| shown(&facts, name) == "-"));
    }
}
