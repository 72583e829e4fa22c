//! What mix.exs asks for, what mix.lock pins and what deps/ holds, held against one another.

use std::collections::{BTreeSet, HashMap};
use std::path::PathBuf;

use super::super::super::Context;
use super::Names;
use super::read::{self, Lock, Project, Written, environment, folder};
use crate::facts::{Place, Reading, satisfies};
use crate::project::{Dep, Pinned, Repository, Source, hex_version, needed};

#[derive(Clone)]
pub(super) struct State {
    project: Project,
    lock: Lock,
    pub(super) folder: PathBuf,
    fetched: BTreeSet<String>,
    environment: Option<String>,
}

/// How many names are told of those that may be needed.
const TOLD: usize = 3;

impl State {
    pub(super) fn of(context: &Context, project: Project) -> Reading<State> {
        if let Some(line) = project.root.unread {
            let why = format!("mix.exs:{line}: what is set there is computed, and only Mix could tell it");
            return Reading::failed(why);
        }
        let folder = folder(context, "MIX_DEPS_PATH", project.root.deps_path.as_deref(), "deps");
        let fetched = match context.machine().list(&folder) {
            Reading::Absent => Reading::Present(Vec::new()),
            names => names,
        };
        read::lock(context, &project.root).and_then(|lock| {
            fetched.map(|fetched| State {
                environment: environment(context),
                fetched: fetched.into_iter().collect(),
                project,
                lock,
                folder,
            })
        })
    }

    /// The dependencies that are there for sure.
    fn certain(&self) -> impl Iterator<Item = &Dep> + Clone {
        self.project.deps.iter().map(|written| &written.dep).filter(|dep| dep.certain)
    }

    /// Those that the environment needs for sure.
    fn needed(&self) -> BTreeSet<String> {
        needed(self.certain(), &self.lock.pins, self.environment.as_deref())
    }

    /// Those that are needed and not fetched. It is not known where some are computed and there is a sign of them.
    pub(super) fn missing(&self) -> Reading<Names> {
        let missing: BTreeSet<String> =
            self.needed().into_iter().filter(|name| !self.fetched.contains(name)).collect();
        let Some(computed) = self.project.computed.as_ref().filter(|_| missing.is_empty()) else {
            return Reading::Present(self.with_places(missing));
        };
        let known = needed(self.certain(), &self.lock.pins, None);
        let beside = |name: &str| {
            self.project.deps.iter().any(|it| it.dep.name == name && it.dep.source == Source::Path)
        };
        let unexplained: Vec<&str> = self
            .lock
            .pins
            .keys()
            .map(String::as_str)
            .filter(|name| !self.fetched.contains(*name) && !known.contains(*name) && !beside(name))
            .collect();
        if !unexplained.is_empty() {
            let more = unexplained.len().saturating_sub(TOLD);
            let told = unexplained.get(..TOLD).unwrap_or(&unexplained).join(", ");
            let more = if more > 0 { format!(" and {more} more") } else { String::new() };
            return Reading::failed(format!(
                "{computed}: dependencies are computed there; only Mix can tell whether {told}{more} of mix.lock, \
                 which deps/ lacks, are needed (`mix deps` says so)"
            ));
        }
        if self.project.deps.is_empty() && self.fetched.is_empty() && !self.lock.exists {
            return Reading::failed(format!(
                "{computed}: the dependencies are computed there, and neither mix.lock nor deps/ shows them"
            ));
        }
        Reading::Present(Vec::new())
    }

    /// Those that are fetched, and of which the lock file says nothing.
    pub(super) fn unlocked(&self) -> Names {
        let unlocked = self.needed().into_iter();
        self.with_places(unlocked.filter(|name| self.fetched.contains(name) && !self.is_pinned(name)))
    }

    /// Those that mix.exs names, and neither the lock file, which there is, nor deps/ has.
    pub(super) fn added(&self) -> Names {
        if !self.lock.exists {
            return Vec::new();
        }
        let written = self.project.deps.iter().filter(|Written { dep, .. }| {
            dep.certain
                && dep.source != Source::Path
                && !self.is_pinned(&dep.name)
                && !self.fetched.contains(&dep.name)
        });
        written.map(|it| (it.dep.name.clone(), Some(it.place.clone()))).collect()
    }

    /// Those that are pinned to something else than mix.exs asks for.
    pub(super) fn outdated(&self) -> Names {
        let outdated = self.project.deps.iter().filter(|written| written.dep.certain).filter_map(|written| {
            let dep = &written.dep;
            let (asked, pinned) = match (&self.lock.pins.get(&dep.name)?.to, dep.source) {
                (Pinned::Hex { version, .. }, Source::Hex) => {
                    let requirement = dep.requirement.as_deref()?;
                    let unmet = satisfies(version, requirement) == Some(false);
                    unmet.then(|| (requirement.to_owned(), version.clone()))?
                }
                (Pinned::Git { repository, .. }, Source::Git) => {
                    difference(dep.repository.as_ref()?, repository)?
                }
                _ => return None,
            };
            let name = format!("{} (asked for {asked}, locked at {pinned})", dep.name);
            Some((name, Some(written.place.clone())))
        });
        outdated.collect()
    }

    /// The fetched dependencies that are not what the lock file pins. Those of which nothing tells what they are
    /// count as right.
    pub(super) fn mismatched(&self, context: &Context) -> Reading<Names> {
        let mut names = Vec::new();
        for (name, pin) in self.lock.pins.iter().filter(|(name, _)| self.fetched.contains(*name)) {
            let (file, parse, pinned): (_, fn(&str) -> Option<String>, _) = match &pin.to {
                Pinned::Hex { version, .. } => ("hex_metadata.config", hex_version, version),
                Pinned::Git { revision, .. } => (".git/HEAD", commit, revision),
                Pinned::Other => continue,
            };
            let fetched = match context.machine().read(&self.folder.join(name).join(file)) {
                Reading::Present(text) => parse(&text),
                Reading::Absent => None,
                other => return other.map(|_| Vec::new()),
            };
            if fetched.is_some_and(|fetched| fetched != *pinned) {
                names.push((name.clone(), self.lock.places.get(name).cloned()));
            }
        }
        Reading::Present(names)
    }

    /// The needed dependencies that only rebar3 can build, and that are not built yet.
    pub(super) fn of_rebar(&self, context: &Context) -> Names {
        let is_of_rebar = |name: &String| match self.lock.pins.get(name).map(|pin| &pin.to) {
            Some(Pinned::Hex { managers, .. }) => {
                managers.iter().any(|it| it == "rebar3") && !managers.iter().any(|it| it == "mix")
            }
            _ => false,
        };
        let build = folder(context, "MIX_BUILD_ROOT", self.project.root.build_path.as_deref(), "_build");
        let build = build.join(self.environment.as_deref().unwrap_or("dev")).join("lib");
        let is_built = |name: &String| context.machine().exists(&build.join(name).join("ebin"));
        self.with_places(self.needed().into_iter().filter(|name| is_of_rebar(name) && !is_built(name)))
    }

    fn is_pinned(&self, name: &str) -> bool {
        self.lock.pins.contains_key(name)
    }

    /// Where mix.exs names them, or else the lock file.
    fn with_places(&self, names: impl IntoIterator<Item = String>) -> Names {
        let deps = self.project.deps.iter();
        let written: HashMap<&str, &Place> = deps.map(|it| (it.dep.name.as_str(), &it.place)).collect();
        let place = |name: &str| written.get(name).copied().or_else(|| self.lock.places.get(name)).cloned();
        names.into_iter().map(|name| (place(&name), name)).map(|(place, name)| (name, place)).collect()
    }
}

/// What is asked for of a repository, and what is pinned instead.
fn difference(asked: &Repository, pinned: &Repository) -> Option<(String, String)> {
    if asked.url != pinned.url {
        return Some((asked.url.clone(), pinned.url.clone()));
    }
    let checkout = |repository: &Repository| match repository.checkout.first() {
        Some((option, name)) => format!("{option} {name}"),
        None => "its main branch".to_owned(),
    };
    (asked.checkout != pinned.checkout).then(|| (checkout(asked), checkout(pinned)))
}

/// The commit that a repository stands at, where its HEAD names one, as Mix leaves it.
fn commit(head: &str) -> Option<String> {
    let head = head.trim();
    (head.len() == 40 && head.bytes().all(|byte| byte.is_ascii_hexdigit())).then(|| head.to_owned())
}
