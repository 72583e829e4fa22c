//! Which dependencies a project needs in one environment, with all that those require.

use std::collections::BTreeSet;

use super::{Dep, Locked, Pin, Pinned, Source};

/// The names of the dependencies that must have been fetched for an environment (`None`: for every one), in order.
pub fn needed<'a>(
    deps: impl IntoIterator<Item = &'a Dep> + Clone,
    locked: &Locked,
    environment: Option<&str>,
) -> BTreeSet<String> {
    let mut needed = BTreeSet::new();
    let mut open: Vec<&str> = deps
        .clone()
        .into_iter()
        .filter(|dep| dep.source != Source::Path && environment.is_none_or(|name| dep.is_for(name)))
        .map(|dep| dep.name.as_str())
        .collect();
    let beside: BTreeSet<&str> =
        deps.into_iter().filter(|dep| dep.source == Source::Path).map(|dep| dep.name.as_str()).collect();
    while let Some(name) = open.pop() {
        if !needed.insert(name.to_owned()) {
            continue;
        }
        if let Some(Pin { to: Pinned::Hex { requires, .. }, .. }) = locked.get(name) {
            let requires = requires.iter().filter(|required| !required.optional);
            open.extend(
                requires.map(|required| required.name.as_str()).filter(|name| !beside.contains(name)),
            );
        }
    }
    needed
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::project::{parse_mix_exs, parse_mix_lock};

    #[test]
    fn follows_the_lock_file_but_not_into_what_is_optional_or_for_another_environment() {
        let project = parse_mix_exs(
            "defmodule A do\n def project, do: [deps: [{:a, \"1\"}, {:t, \"1\", only: :test}, {:p, path: \"p\"}]]\nend",
        )
        .unwrap();
        let hex = |requires: &str| {
            format!("{{:hex, :x, \"1.0.0\", \"h\", [:mix], [{requires}], \"hexpm\", \"o\"}}")
        };
        let locked = parse_mix_lock(&format!(
            "%{{\"a\": {}, \"b\": {}, \"t\": {}, \"u\": {}, \"stale\": {}}}",
            hex("{:b, \"1\", [optional: false]}, {:o, \"1\", [optional: true]}, {:p, \"1\", []}"),
            hex("{:a, \"1\", []}"),
            hex("{:u, \"1\", []}"),
            hex(""),
            hex("")
        ))
        .unwrap();
        let names = |environment: &str| {
            needed(&project.deps, &locked, Some(environment)).into_iter().collect::<Vec<_>>()
        };
        assert_eq!(names("dev"), ["a", "b"]);
        assert_eq!(names("test"), ["a", "b", "t", "u"]);
    }
}
