//! A Mix project: what it asks for, what is pinned, fetched and compiled.

mod build;
mod compare;
mod read;
#[cfg(test)]
mod tests;

use super::super::{Context, Probe};
use crate::facts::{Facts, Place, Reading, Value, mistake_in_requirement};
use crate::project::Source;
use compare::State;
use read::{Project, Written};

pub(super) const PROBE: Probe = Probe {
    name: "mix project",
    yields: &[
        "project.mix.app",
        "project.mix.version",
        "project.mix.elixir",
        "project.mix.invalid_elixir",
        "project.mix.deps",
        "project.mix.hex_deps",
        "project.mix.organizations",
        "project.mix.missing_deps",
        "project.mix.missing_folders",
        "project.mix.unlocked_deps",
        "project.mix.new_deps",
        "project.mix.outdated_deps",
        "project.mix.mismatched_deps",
        "project.mix.rebar_deps",
        "project.mix.builds",
        "project.mix.stale_builds",
    ],
    usual: &[],
    apart: false,
    run,
};

/// What is learnt by holding mix.exs, mix.lock and deps/ against one another.
const COMPARED: [&str; 7] = [
    "project.mix.missing_folders",
    "project.mix.missing_deps",
    "project.mix.unlocked_deps",
    "project.mix.new_deps",
    "project.mix.outdated_deps",
    "project.mix.mismatched_deps",
    "project.mix.rebar_deps",
];

/// Names of dependencies, each with the place where it is written down, where that is known of all.
type Names = Vec<(String, Option<Place>)>;

fn run(context: &Context) -> Facts {
    let mut facts = Facts::default();
    let project = read::project(context);
    describe(&mut facts, &project);
    if COMPARED.iter().any(|name| context.wants(name)) {
        compare(&mut facts, context, &project);
    }
    if context.wants("project.mix.builds") || context.wants("project.mix.stale_builds") {
        build::add(&mut facts, context, &project);
    }
    facts
}

/// What mix.exs says by itself.
fn describe(facts: &mut Facts, project: &Reading<Project>) {
    let said = |part: fn(&Project) -> Option<String>| {
        project.clone().and_then(|project| part(&project).map(Value::from).into())
    };
    facts.add("project.mix.app", said(|project| project.root.app.clone()), "mix.exs");
    facts.add("project.mix.version", said(|project| project.root.version.clone()), "mix.exs");
    let elixir = said(|project| project.root.elixir.as_ref().map(|elixir| elixir.value.clone()));
    let place: Vec<_> = project.as_present().and_then(Project::place_of_elixir).into_iter().collect();
    let invalid = elixir.clone().and_then(|elixir| {
        Some(elixir).filter(|elixir| mistake_in_requirement(&elixir.to_string()).is_some()).into()
    });
    facts.add_at("project.mix.invalid_elixir", invalid, "mix.exs", place.clone());
    facts.add_at("project.mix.elixir", elixir, "mix.exs", place);
    let source = match project.as_present().and_then(|project| project.computed.as_ref()) {
        Some(at) => format!("mix.exs, of which {at} computes more"),
        None => "mix.exs".to_owned(),
    };
    let named = |keep: fn(&Written) -> bool| {
        project.clone().map(|project| {
            let kept = project.deps.iter().filter(|written| keep(written));
            kept.map(|written| (written.dep.name.clone(), Some(project.place(written)))).collect()
        })
    };
    put(facts, "project.mix.deps", named(|_| true), &source);
    let hex = |written: &Written| written.dep.source == Source::Hex && written.dep.certain;
    put(facts, "project.mix.hex_deps", named(hex), &source);
    let organizations = project.clone().map(|project| {
        let names = project.deps.iter().filter_map(|written| written.dep.organization.clone());
        Value::List(names.collect::<std::collections::BTreeSet<_>>().into_iter().collect())
    });
    facts.add("project.mix.organizations", organizations, "mix.exs");
}

fn compare(facts: &mut Facts, context: &Context, project: &Reading<Project>) {
    let state = project.clone().and_then(|project| State::of(context, project));
    let source = match state.as_present() {
        Some(state) => format!("mix.exs, mix.lock, {}", state.folder.display()),
        None => "mix.exs, mix.lock".to_owned(),
    };
    let mut add = |name: &str, names: fn(&State, &Context) -> Reading<Names>| {
        if context.wants(name) {
            put(facts, name, state.clone().and_then(|state| names(&state, context)), &source);
        }
    };
    add("project.mix.missing_deps", |state, _| state.missing());
    add("project.mix.missing_folders", State::missing_folders);
    add("project.mix.unlocked_deps", |state, _| Reading::Present(state.unlocked()));
    add("project.mix.new_deps", |state, _| Reading::Present(state.added()));
    add("project.mix.outdated_deps", |state, _| Reading::Present(state.outdated()));
    add("project.mix.mismatched_deps", State::mismatched);
    add("project.mix.rebar_deps", |state, context| Reading::Present(state.of_rebar(context)));
}

fn put(facts: &mut Facts, name: &str, names: Reading<Names>, source: &str) {
    let places = names.as_present().and_then(|names| names.iter().map(|(_, place)| place.clone()).collect());
    let names = names.map(|names| Value::List(names.into_iter().map(|(name, _)| name).collect()));
    facts.add_at(name, names, source, Option::unwrap_or_default(places));
}
