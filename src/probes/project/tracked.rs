//! The files of a flake that Git does not track, so that Nix does not see them.

use std::collections::BTreeSet;
use std::path::{Component, Path};

use super::super::Context;
use super::nix_file::File;
use crate::facts::{Facts, Reading, Value};
use crate::project::{Flake, parse_envrc};

/// More paths than these are not looked for.
const MOST: usize = 500;
const FACT: &str = "project.flake.untracked";

/// Adds the files that a flake uses and that are there, but not in Git's index.
pub(super) fn untracked(facts: &mut Facts, context: &Context, nix: &File, flake: Option<&Flake>) {
    let machine = context.machine();
    let tracked = match machine.tracked(&context.project) {
        Reading::Present(_) if is_path_flake(context) => Reading::Absent,
        tracked => tracked,
    };
    let Reading::Present(names) = &tracked else {
        facts.add(FACT, tracked.map(Value::List), "git's index");
        return;
    };
    let names: BTreeSet<&str> = names.iter().map(String::as_str).collect();
    let known = |path: &str| {
        let below = format!("{path}/");
        let folder = || names.range(below.as_str()..).next().is_some_and(|name| name.starts_with(&below));
        // A submodule is one entry of the index.
        let mut around = Path::new(path).ancestors().filter_map(Path::to_str);
        folder() || around.any(|path| names.contains(path))
    };
    let mut items: Vec<(String, usize)> = Vec::new();
    if !known("flake.nix") {
        items.push(("flake.nix".to_owned(), 0));
    }
    let paths = flake.into_iter().flat_map(|flake| &flake.expression.paths);
    for path in paths.filter(|path| !path.value.named).take(MOST) {
        let Some(within) = within(&path.value.path) else { continue };
        let there = || matches!(machine.stat(&context.project.join(&within)), Reading::Present(_));
        if !items.iter().any(|(item, _)| *item == within) && !known(&within) && there() {
            items.push((within, path.offset));
        }
    }
    nix.add_list(facts, FACT, items);
}

/// Whether direnv takes the folder as it is, rather than what Git tracks of it.
fn is_path_flake(context: &Context) -> bool {
    let envrc = context.machine().read(&context.project.join(".envrc")).present();
    let envrc = envrc.and_then(|text| parse_envrc(&text)).unwrap_or_default();
    envrc.uses.iter().any(|used| used.value.starts_with("flake path:"))
}

/// A path below the project's folder, without `.`; `None`: it is the folder itself, or leads out of it.
fn within(path: &str) -> Option<String> {
    let parts: Option<Vec<&str>> = Path::new(path)
        .components()
        .filter(|part| *part != Component::CurDir)
        .map(|part| match part {
            Component::Normal(name) => name.to_str(),
            _ => None,
        })
        .collect();
    parts.filter(|parts| !parts.is_empty()).map(|parts| parts.join("/"))
}
