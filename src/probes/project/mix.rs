//! A Mix project's dependencies: named, pinned and fetched.

use std::collections::{BTreeSet, HashMap};
use std::path::{Path, PathBuf};

use super::super::{Context, Probe};
use crate::facts::{Facts, Reading, Value};
use crate::project::{
    Dep, Located, Locked, MixExs, Pin, Source, SyntaxError, hex_version, needed, parse_mix_exs,
    parse_mix_lock,
};
use crate::versions::place;

pub(super) const PROBE: Probe = Probe {
    name: "mix project",
    yields: &[
        "project.mix.elixir",
        "project.mix.deps",
        "project.mix.hex_deps",
        "project.mix.missing_deps",
        "project.mix.unlocked_deps",
        "project.mix.mismatched_deps",
    ],
    usual: &[],
    apart: false,
    run,
};

fn run(context: &Context) -> Facts {
    let mut facts = Facts::default();
    if context.wants("project.mix.elixir") {
        elixir(context, &mut facts);
    }
    let project = project(context);
    let all = project.clone().and_then(|project| project.all_deps(context));
    let names = |keep: fn(&Dep) -> bool| {
        all.clone().map(|deps| {
            Value::List(deps.iter().filter(|dep| keep(dep)).map(|dep| dep.name.clone()).collect())
        })
    };
    facts.add("project.mix.deps", names(|_| true), "mix.exs");
    facts.add("project.mix.hex_deps", names(|dep| dep.source == Source::Hex), "mix.exs");
    let compared = ["project.mix.missing_deps", "project.mix.unlocked_deps", "project.mix.mismatched_deps"];
    if !compared.iter().any(|name| context.wants(name)) {
        return facts;
    }
    let folder = project.clone().map(|project| deps_folder(context, &project.root));
    let fetched = folder.clone().and_then(|folder| match context.machine().list(&folder) {
        Reading::Absent => Reading::Present((folder, BTreeSet::new())),
        names => names.map(|names| (folder, names.into_iter().collect())),
    });
    let state = project.and_then(|project| {
        locked(context, &project.root).and_then(|locked| {
            fetched.map(|(folder, fetched)| State { deps: project.deps, locked, folder, fetched })
        })
    });
    // What is needed can be told only where all dependencies are known; what is pinned can be told without.
    let needs = all.and_then(|_| state.clone());
    let source = |file: &str| match folder.as_present() {
        Some(folder) => format!("{file}, {}", folder.display()),
        None => file.to_owned(),
    };
    let environment = environment(context);
    let needs = needs.map(|state| state.missing_and_unlocked(environment.as_deref()));
    let missing = needs.clone().map(|(missing, _)| Value::List(missing));
    facts.add("project.mix.missing_deps", missing, source("mix.exs, mix.lock"));
    let unlocked = needs.map(|(_, unlocked)| Value::List(unlocked));
    facts.add("project.mix.unlocked_deps", unlocked, source("mix.exs, mix.lock"));
    if context.wants("project.mix.mismatched_deps") {
        let mismatched = state.and_then(|state| state.mismatched(context)).map(Value::List);
        facts.add("project.mix.mismatched_deps", mismatched, source("mix.lock"));
    }
    facts
}

/// The versions of Elixir that the project allows, with the place.
fn elixir(context: &Context, facts: &mut Facts) {
    let file = context.project.join("mix.exs");
    let found = mix_exs(context, &context.project).and_then(|project| project.elixir.into());
    let text = context.machine().read(&file).present().unwrap_or_default();
    let places = found.as_present().map(|it| place("mix.exs", &text, it)).into_iter().collect();
    facts.add_at("project.mix.elixir", found.map(|it: Located<String>| it.value.into()), "mix.exs", places);
}

#[derive(Clone)]
struct State {
    deps: Vec<Dep>,
    locked: Locked,
    folder: PathBuf,
    fetched: BTreeSet<String>,
}

impl State {
    /// Of the dependencies that an environment needs, those that are not fetched, and those that are and of which the
    /// lock file says nothing.
    fn missing_and_unlocked(&self, environment: Option<&str>) -> (Vec<String>, Vec<String>) {
        let needed = needed(&self.deps, &self.locked, environment);
        let (fetched, missing): (Vec<_>, Vec<_>) =
            needed.into_iter().partition(|name| self.fetched.contains(name));
        (missing, fetched.into_iter().filter(|name| !self.locked.contains_key(name)).collect())
    }

    /// The fetched dependencies that are not what the lock file pins. Those of which nothing tells what they are
    /// count as right.
    fn mismatched(&self, context: &Context) -> Reading<Vec<String>> {
        let mut names = Vec::new();
        for (name, pin) in self.locked.iter().filter(|(name, _)| self.fetched.contains(*name)) {
            let (file, parse, pinned): (_, fn(&str) -> Option<String>, _) = match pin {
                Pin::Hex { version, .. } => ("hex_metadata.config", hex_version, version),
                Pin::Git { revision } => (".git/HEAD", commit, revision),
                Pin::Other => continue,
            };
            let fetched = match context.machine().read(&self.folder.join(name).join(file)) {
                Reading::Present(text) => parse(&text),
                Reading::Absent => None,
                other => return other.map(|_| Vec::new()),
            };
            if fetched.is_some_and(|fetched| fetched != *pinned) {
                names.push(name.clone());
            }
        }
        Reading::Present(names)
    }
}

/// The commit that a repository stands at, where its HEAD names one, as Mix leaves it.
fn commit(head: &str) -> Option<String> {
    let head = head.trim();
    (head.len() == 40 && head.bytes().all(|byte| byte.is_ascii_hexdigit())).then(|| head.to_owned())
}

/// A project with the dependencies that it writes down: an umbrella's are those of its applications too.
#[derive(Clone)]
struct Project {
    root: MixExs,
    deps: Vec<Dep>,
    /// A file, and the line in it from which on only running it would tell its dependencies.
    computed: Option<(PathBuf, usize)>,
}

impl Project {
    /// The dependencies, if those written down are all.
    fn all_deps(self, context: &Context) -> Reading<Vec<Dep>> {
        match self.computed {
            None => Reading::Present(self.deps),
            Some((file, line)) => {
                let file = file.strip_prefix(&context.project).map(Path::to_owned).unwrap_or(file);
                Reading::failed(format!(
                    "{}:{line}: the dependencies are computed there, and only Mix could tell them",
                    file.display()
                ))
            }
        }
    }
}

fn project(context: &Context) -> Reading<Project> {
    mix_exs(context, &context.project).and_then(|project| {
        let mut deps = project.deps.clone();
        let mut computed = project.computed.map(|line| (context.project.join("mix.exs"), line));
        if let Some(apps) = &project.apps_path {
            let folder = context.project.join(apps);
            let names = match context.machine().list(&folder) {
                Reading::Present(names) => names,
                Reading::Absent => Vec::new(),
                other => return other.and_then(|_| Reading::Absent),
            };
            for name in names {
                let folder = folder.join(name);
                match mix_exs(context, &folder) {
                    Reading::Present(child) => {
                        deps.extend(child.deps);
                        let line = child.computed.map(|line| (folder.join("mix.exs"), line));
                        computed = computed.or(line);
                    }
                    // Folders without a mix.exs, and plain files, are no applications.
                    Reading::Absent => {}
                    other => return other.and_then(|_| Reading::Absent),
                }
            }
        }
        Reading::Present(Project { root: project, deps: merged(deps), computed })
    })
}

/// Each dependency once; where two applications name it, it is needed wherever one of them needs it.
fn merged(deps: Vec<Dep>) -> Vec<Dep> {
    let mut merged: Vec<Dep> = Vec::new();
    let mut places: HashMap<String, usize> = HashMap::new();
    for dep in deps {
        match places.get(&dep.name).and_then(|&place| merged.get_mut(place)) {
            None => {
                places.insert(dep.name.clone(), merged.len());
                merged.push(dep);
            }
            Some(other) if other.only.is_empty() || dep.only.is_empty() => other.only.clear(),
            Some(other) => other.only.extend(dep.only),
        }
    }
    merged
}

fn mix_exs(context: &Context, folder: &Path) -> Reading<MixExs> {
    parsed(context, &folder.join("mix.exs"), parse_mix_exs)
}

fn locked(context: &Context, project: &MixExs) -> Reading<Locked> {
    let file = context.project.join(project.lockfile.as_deref().unwrap_or("mix.lock"));
    match parsed(context, &file, parse_mix_lock) {
        Reading::Absent => Reading::Present(Locked::new()),
        locked => locked,
    }
}

fn parsed<T>(context: &Context, file: &Path, parse: fn(&str) -> Result<T, SyntaxError>) -> Reading<T> {
    context.machine().read(file).and_then(|text| match parse(&text) {
        Ok(parsed) => Reading::Present(parsed),
        Err(error) => Reading::failed(format!("{}: {error}", file.display())),
    })
}

fn deps_folder(context: &Context, project: &MixExs) -> PathBuf {
    let set = context.machine().env("MIX_DEPS_PATH").present().filter(|path| !path.is_empty());
    context.project.join(set.as_deref().or(project.deps_path.as_deref()).unwrap_or("deps"))
}

/// The one environment that the shell asks for. Without one the task chooses (`mix test` takes test), so that what any
/// of them needs has to be there, as `mix deps.get` fetches it.
fn environment(context: &Context) -> Option<String> {
    context.machine().env("MIX_ENV").present().filter(|name| !name.is_empty())
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::machine::{Recorded, Recording};

    fn facts(recording: &str) -> Facts {
        let recording =
            Recording::parse(&format!("project: /p\notherwise: absent\n{recording}"), "m").unwrap();
        run(&Context {
            machine: Arc::new(Recorded::new(&recording)),
            project: "/p".into(),
            wanted: PROBE.yields.iter().map(|&name| name.to_owned()).collect(),
            deep: false,
        })
    }

    fn list(facts: &Facts, name: &str) -> Vec<String> {
        match &facts.get(&format!("project.mix.{name}")).unwrap().reading {
            Reading::Present(Value::List(items)) => items.clone(),
            other => panic!("{name}: {other:?}"),
        }
    }

    const MIX: &str = r#"
  /p/mix.exs: |
    defmodule P do
      def project, do: [app: :p, deps: deps()]
      defp deps, do: [{:a, "~> 1.0"}, {:g, git: "https://git.example.com/g"}, {:l, path: "l"}, {:t, "~> 1.0", only: :test}]
    end
  /p/mix.lock: |
    %{
      "a": {:hex, :a, "1.0.1", "h", [:mix], [{:b, "~> 1.0", [hex: :b, repo: "hexpm", optional: false]}], "hexpm", "o"},
      "b": {:hex, :b, "1.1.0", "h", [:mix], [], "hexpm", "o"},
      "g": {:git, "https://git.example.com/g", "0123456789012345678901234567890123456789", []},
    }
"#;

    #[test]
    fn nothing_is_fetched() {
        let facts = facts(&format!("files:{MIX}"));
        assert_eq!(list(&facts, "deps"), ["a", "g", "l", "t"]);
        assert_eq!(list(&facts, "hex_deps"), ["a", "t"]);
        assert_eq!(list(&facts, "missing_deps"), ["a", "b", "g", "t"]);
        assert!(list(&facts, "mismatched_deps").is_empty());
    }

    #[test]
    fn what_is_fetched_may_be_something_else() {
        let facts = facts(&format!(
            "env: {{MIX_ENV: test, MIX_DEPS_PATH: /elsewhere}}\nfiles:{MIX}  \
             /elsewhere/a/hex_metadata.config: '{{<<\"version\">>,<<\"1.0.0\">>}}.'\n  \
             /elsewhere/b/hex_metadata.config: '{{<<\"version\">>,<<\"1.1.0\">>}}.'\n  \
             /elsewhere/g/.git/HEAD: \"9999999999999999999999999999999999999999\\n\"\n"
        ));
        assert_eq!(list(&facts, "missing_deps"), ["t"]);
        assert_eq!(list(&facts, "mismatched_deps"), ["a", "g"]);
    }

    #[test]
    fn computed_dependencies_are_not_known_but_pinned_ones_are() {
        let facts = facts(
            r#"
files:
  /p/mix.exs: 'defmodule P do def project, do: [deps: Enum.map([:a], &{&1, "1.0"})] end'
  /p/mix.lock: '%{"a": {:hex, :a, "1.0.1", "h", [:mix], [], "hexpm", "o"}}'
  /p/deps/a/hex_metadata.config: '{<<"version">>,<<"1.0.0">>}.'
"#,
        );
        for name in ["deps", "hex_deps", "missing_deps", "unlocked_deps"] {
            let why = facts.get(&format!("project.mix.{name}")).unwrap().reading.why_unknown();
            assert!(why.unwrap().contains("mix.exs:1: the dependencies are computed there"), "{name}");
        }
        assert_eq!(list(&facts, "mismatched_deps"), ["a"]);
    }

    #[test]
    fn what_is_fetched_but_not_locked() {
        let facts = facts(
            r#"
files:
  /p/mix.exs: 'defmodule P do def project, do: [deps: [{:a, "1.0"}, {:g, git: "https://git.example.com/g"}, {:l, path: "deps/l"}]] end'
  /p/mix.lock: '%{"a": {:hex, :a, "1.0.0", "h", [:mix], [], "hexpm", "o"}}'
  /p/deps/a/mix.exs: ''
  /p/deps/g/.git/HEAD: 'ref: refs/heads/main'
  /p/deps/l/mix.exs: ''
"#,
        );
        assert_eq!(list(&facts, "unlocked_deps"), ["g"]);
        assert!(list(&facts, "missing_deps").is_empty());
    }

    #[test]
    fn an_umbrella_needs_what_its_applications_need() {
        let facts = facts(
            r#"
env: {MIX_ENV: dev}
files:
  /p/mix.exs: 'defmodule U do def project, do: [apps_path: "apps", deps: [{:r, "1.0", only: :test}]] end'
  /p/apps/one/mix.exs: 'defmodule O do def project, do: [deps: [{:a, "1.0", only: :test}, {:two, in_umbrella: true}]] end'
  /p/apps/two/mix.exs: 'defmodule T do def project, do: [deps: [{:a, "1.0"}]] end'
  /p/apps/README.md: ''
"#,
        );
        assert_eq!(list(&facts, "deps"), ["r", "a", "two"]);
        assert_eq!(list(&facts, "missing_deps"), ["a"]);
    }

    #[test]
    fn no_project_and_an_unreadable_one_are_told_apart() {
        let none = facts("");
        assert!(none.iter().all(|(_, fact)| fact.reading == Reading::Absent));
        let broken = facts("files: {/p/mix.exs: 'defmodule ('}");
        assert!(broken.iter().all(|(_, fact)| matches!(fact.reading, Reading::Failed { .. })));
        let conflict = facts("files: {/p/mix.exs: '', /p/mix.lock: '<<<<<<< HEAD'}");
        assert_eq!(list(&conflict, "deps"), Vec::<String>::new());
        assert!(conflict.get("project.mix.missing_deps").unwrap().reading.why_unknown().is_some());
    }
}
