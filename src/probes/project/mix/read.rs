//! Reading a project's mix.exs, those of an umbrella's applications, and its mix.lock.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::super::super::Context;
use super::super::super::parsed::Document;
use crate::facts::{Place, Reading};
use crate::project::{Dep, FormatError, Locked, MixExs};

/// A project with the dependencies that it writes down: an umbrella's are those of its applications too.
#[derive(Clone)]
pub(super) struct Project {
    pub(super) root: MixExs,
    /// The names of the project's own applications.
    pub(super) apps: Vec<String>,
    pub(super) deps: Vec<Written>,
    /// Where dependencies are computed, so that only running the file would tell them: `mix.exs:12`.
    pub(super) computed: Option<String>,
    text: Arc<str>,
}

/// A dependency, and where it is written down.
#[derive(Clone)]
pub(super) struct Written {
    pub(super) dep: Dep,
    pub(super) place: Place,
}

/// A lock file.
#[derive(Clone)]
pub(super) struct Lock {
    pub(super) pins: Locked,
    /// Whether there is such a file at all.
    pub(super) exists: bool,
    /// Where each is pinned.
    pub(super) places: HashMap<String, Place>,
}

impl Project {
    /// Where the versions of Elixir are asked for.
    pub(super) fn place_of_elixir(&self) -> Option<Place> {
        Some(Place::at("mix.exs", &self.text, self.root.elixir.as_ref()?.offset))
    }

    fn add(&mut self, folder: &str, text: &str, parsed: &MixExs) {
        let name = format!("{folder}mix.exs");
        let computed = parsed.computed.map(|line| format!("{name}:{line}"));
        self.computed = self.computed.take().or(computed);
        self.apps.extend(parsed.app.clone());
        let offsets: Vec<usize> = parsed.deps.iter().map(|dep| dep.offset).collect();
        let places = Place::all(&name, text, &offsets);
        let deps = parsed.deps.iter().cloned().zip(places);
        self.deps.extend(deps.map(|(dep, place)| Written { dep, place }));
    }
}

pub(super) fn project(context: &Context) -> Reading<Project> {
    mix_exs(context, &context.project).and_then(|(text, root)| {
        let mut project =
            Project { root, apps: Vec::new(), deps: Vec::new(), computed: None, text: Arc::clone(&text) };
        let root = project.root.clone();
        project.add("", &text, &root);
        if let Some(apps) = &root.apps_path {
            let folder = context.project.join(apps);
            let names = match context.machine().list(&folder) {
                Reading::Present(names) => names,
                Reading::Absent => Vec::new(),
                other => return other.and_then(|_| Reading::Absent),
            };
            for name in names {
                match mix_exs(context, &folder.join(&name)) {
                    Reading::Present((text, child)) => project.add(&format!("{apps}/{name}/"), &text, &child),
                    // Folders without a mix.exs, and plain files, are no applications.
                    Reading::Absent => {}
                    other => return other.and_then(|_| Reading::Absent),
                }
            }
        }
        project.deps = merged(project.deps);
        Reading::Present(project)
    })
}

/// Each dependency once; where two applications name it, it is needed wherever one of them needs it.
fn merged(deps: Vec<Written>) -> Vec<Written> {
    let mut merged: Vec<Written> = Vec::new();
    let mut known: HashMap<String, usize> = HashMap::new();
    for Written { dep, place } in deps {
        match known.get(&dep.name).and_then(|&at| merged.get_mut(at)) {
            None => {
                known.insert(dep.name.clone(), merged.len());
                merged.push(Written { dep, place });
            }
            Some(Written { dep: other, .. }) => {
                other.environments = std::mem::take(&mut other.environments).or(&dep.environments);
                other.certain |= dep.certain;
            }
        }
    }
    merged
}

fn mix_exs(context: &Context, folder: &Path) -> Reading<(Arc<str>, MixExs)> {
    let file = folder.join("mix.exs");
    context.mix_exs(&file).and_then(|parsed| understood(&file, &parsed))
}

pub(super) fn lock(context: &Context, project: &MixExs) -> Reading<Lock> {
    let name = project.lockfile.as_deref().unwrap_or("mix.lock");
    let file = context.project.join(name);
    match context.mix_lock(&file).and_then(|parsed| understood(&file, &parsed)) {
        Reading::Absent => {
            Reading::Present(Lock { pins: Locked::new(), exists: false, places: HashMap::new() })
        }
        parsed => parsed.map(|(text, pins)| {
            let offsets: Vec<usize> = pins.values().map(|pin| pin.offset).collect();
            let places = pins.keys().cloned().zip(Place::all(name, &text, &offsets)).collect();
            Lock { pins, exists: true, places }
        }),
    }
}

fn understood<T: Clone>(file: &Path, parsed: &Document<Result<T, FormatError>>) -> Reading<(Arc<str>, T)> {
    match &parsed.content {
        Ok(content) => Reading::Present((Arc::clone(&parsed.text), content.clone())),
        Err(error) => Reading::failed(format!("{}: {error}", file.display())),
    }
}

/// A folder that a variable or the project names, or the usual one.
pub(super) fn folder(context: &Context, variable: &str, set: Option<&str>, usual: &str) -> PathBuf {
    let variable = context.machine().env(variable).present().filter(|path| !path.is_empty());
    context.project.join(variable.as_deref().or(set).unwrap_or(usual))
}

/// The one environment that the shell asks for. Without one the task chooses (`mix test` takes test), so that what any
/// of them needs has to be there, as `mix deps.get` fetches it.
pub(super) fn environment(context: &Context) -> Option<String> {
    context.machine().env("MIX_ENV").present().filter(|name| !name.is_empty())
}
