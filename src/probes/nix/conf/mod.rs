//! Nix's settings in force, and what is wrong with them.

mod files;
#[cfg(test)]
mod tests;

pub(super) use files::{Conf, read};

use super::super::{Context, Probe};
use super::{install, trust};
use crate::facts::{Facts, Place, Reading, Value};
use crate::formats::Origin;

pub(super) const PROBE: Probe = Probe {
    name: "Nix's settings",
    yields: &[
        "nix.conf.experimental-features",
        "nix.conf.substituters",
        "nix.conf.trusted-substituters",
        "nix.conf.trusted-public-keys",
        "nix.conf.trusted-users",
        "nix.conf.allowed-users",
        "nix.conf.extra-platforms",
        "nix.conf.system-features",
        "nix.conf.*",
        "nix.conf_mistakes",
        "nix.conf_ignored",
        "nix.features.missing",
        "nix.user_conf",
        "nix.user_conf_mistake",
        "nix.user_conf_mistake_line",
        "nix.user_conf_repair",
    ],
    usual: USUAL,
    apart: false,
    run,
};

/// The other settings that a person who asks for everything wants to see.
const USUAL: &[&str] = &[
    "accept-flake-config",
    "auto-allocate-uids",
    "build-users-group",
    "builders",
    "cores",
    "keep-outputs",
    "max-jobs",
    "sandbox",
    "store",
    "use-xdg-base-directories",
];

/// The daemon takes these from trusted users alone, as `nix.conf(5)` says of each; without them something is built, or
/// fails, that would have been fetched.
const RESTRICTED: &[&str] = &[
    "substituters",
    "trusted-public-keys",
    "builders",
    "extra-platforms",
    "system-features",
    "sandbox",
    "sandbox-paths",
    "netrc-file",
];

fn run(context: &Context) -> Facts {
    let mut facts = Facts::default();
    let conf = if install::installed(context).is_some() { read(context) } else { Reading::Absent };
    for name in context.wanted.iter().filter_map(|name| name.strip_prefix("nix.conf.")) {
        let (reading, source, places) = match &conf {
            Reading::Present(conf) => conf.setting(name),
            unknown => (unknown.as_ref().and_then(|_| Reading::Absent), "nix.conf".to_owned(), Vec::new()),
        };
        facts.add_at(format!("nix.conf.{name}"), reading, source, places);
    }
    let mut add = |name: &str, said: &dyn Fn(&Conf) -> Vec<(String, Origin)>| {
        if context.wants(name) {
            let said = conf.as_ref().map(|conf| {
                let said = said(conf);
                let places: Vec<Place> = said.iter().map(|(_, origin)| conf.place(*origin)).collect();
                (said.into_iter().map(|(text, _)| text).collect::<Vec<_>>(), places)
            });
            let places = said.as_present().map(|(_, places)| places.clone()).unwrap_or_default();
            facts.add_at(name, said.map(|(texts, _)| Value::List(texts)), "nix.conf", places);
        }
    };
    add("nix.conf_mistakes", &|conf| conf.mistakes.clone());
    add("nix.conf_ignored", &|conf| ignored(context, conf));
    if context.wants("nix.features.missing") {
        let missing = conf.as_ref().map(|conf| Value::List(missing_features(context, conf)));
        facts.add("nix.features.missing", missing, "nix.conf");
    }
    add_own(&mut facts, context, &conf);
    facts
}

/// What is known of the user's own file.
fn add_own(facts: &mut Facts, context: &Context, conf: &Reading<Conf>) {
    let own = conf.as_ref().and_then(|conf| Reading::from(conf.own.as_deref()));
    let named = own.map(|file| Value::from(file.to_string_lossy().as_ref()));
    let mistake = conf.as_ref().and_then(|conf| Reading::from(conf.own_mistake()));
    let place = mistake.as_present().map(|mistake| mistake.place.clone());
    let line = mistake.as_ref().map(|mistake| Value::from(mistake.line.as_str()));
    let number = mistake.as_ref().map(|mistake| Value::from(mistake.place.line));
    let repair =
        mistake.as_ref().and_then(|mistake| Reading::from(mistake.repair.as_deref().map(Value::from)));
    for (name, reading, place) in [
        ("nix.user_conf", named, None),
        ("nix.user_conf_mistake", line, place),
        ("nix.user_conf_mistake_line", number, None),
        ("nix.user_conf_repair", repair, None),
    ] {
        if context.wants(name) {
            facts.add_at(name, reading, "nix.conf", place.into_iter().collect());
        }
    }
}

/// What of `nix develop` and flake.nix Nix would refuse.
fn missing_features(context: &Context, conf: &Conf) -> Vec<String> {
    let enabled = conf.all.words("experimental-features").unwrap_or_default();
    let missing: Vec<String> = ["nix-command", "flakes"]
        .into_iter()
        .filter(|feature| !enabled.iter().any(|enabled| enabled == feature))
        .map(str::to_owned)
        .collect();
    // Determinate Nix has both without being told.
    if !missing.is_empty()
        && install::flavour(context).as_present().is_some_and(|(it, _)| *it == install::DETERMINATE)
    {
        return Vec::new();
    }
    missing
}

/// What the user's own files say in vain, since the daemon takes it from trusted users alone.
fn ignored(context: &Context, conf: &Conf) -> Vec<(String, Origin)> {
    if trust::trusted(context, conf).0.present() != Some(false) {
        return Vec::new();
    }
    let has = |name: &str, word: &str| {
        let words = conf.system.words(name).unwrap_or_default();
        words.iter().any(|known| known.trim_end_matches('/') == word.trim_end_matches('/'))
    };
    let mut ignored = Vec::new();
    for name in RESTRICTED {
        let said = conf.all.get(name).unwrap_or_default();
        if Some(said) == conf.system.get(name) || said.is_empty() {
            continue;
        }
        for (word, origin) in said {
            let known = has(name, word) || (*name == "substituters" && has("trusted-substituters", word));
            if let (Some(origin), false) = (origin, known) {
                ignored.push((format!("{name}: {word}"), *origin));
            }
        }
    }
    ignored
}
