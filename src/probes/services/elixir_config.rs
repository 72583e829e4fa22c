//! What the project's `config/*.exs` set for the Mix environment, put together as Mix does.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::super::Context;
use super::named;
use crate::facts::{Place, Reading};
use crate::project::{Setting, Setup};

/// The settings, later ones overriding earlier ones.
#[derive(Clone, Debug, Default)]
pub(super) struct Configuration {
    files: Vec<(String, Arc<str>)>,
    settings: Vec<(usize, Setting)>,
}

/// A value with the place where it stands.
pub(super) type Placed = (String, Place);

impl Configuration {
    /// The keys for which one of these names is set, such as the modules of repositories.
    pub(super) fn keys_with(&self, names: &[&str]) -> BTreeSet<&str> {
        let with = self.settings.iter().filter(|(_, setting)| names.contains(&setting.name.as_str()));
        with.filter_map(|(_, setting)| setting.key.as_deref()).collect()
    }

    /// The last setting of a name below a key.
    fn last(&self, key: &str, name: &str) -> Option<&(usize, Setting)> {
        self.settings.iter().rfind(|(_, setting)| setting.key.as_deref() == Some(key) && setting.name == name)
    }

    /// Whether a name is set at all.
    pub(super) fn sets(&self, key: &str, name: &str) -> bool {
        self.last(key, name).is_some()
    }

    /// A text or number as it counts, if the files say it in so many words.
    pub(super) fn value(&self, context: &Context, key: &str, name: &str) -> Option<Placed> {
        let (file, setting) = self.last(key, name)?;
        let value = setting.value.resolve(&|variable| context.machine().env(variable).present())?;
        Some((value, self.place(*file, setting.offset)))
    }

    /// The same of a name in a list, such as the `port` of `http: [port: 4000]`.
    pub(super) fn nested(&self, context: &Context, key: &str, name: &str, inner: &str) -> Option<Placed> {
        let holds = |(_, setting): &&(usize, Setting)| match &setting.value {
            Setup::Keywords(keywords) => keywords.iter().any(|(name, ..)| name == inner),
            Setup::Computed => true,
            _ => false,
        };
        let of =
            |(_, setting): &&(usize, Setting)| setting.key.as_deref() == Some(key) && setting.name == name;
        let (file, setting) = self.settings.iter().filter(of).rfind(holds)?;
        let Setup::Keywords(keywords) = &setting.value else { return None };
        let (_, value, offset) = keywords.iter().rfind(|(name, ..)| name == inner)?;
        let value = value.resolve(&|variable| context.machine().env(variable).present())?;
        Some((value, self.place(*file, *offset)))
    }

    fn place(&self, file: usize, offset: usize) -> Place {
        let (name, text) = self.files.get(file).map_or(("", ""), |(name, text)| (name.as_str(), &**text));
        // What stands in the line beside the value may be a secret.
        let place = Place::at(name, text, offset);
        let excerpt = crate::machine::without_literal_secrets(&place.excerpt);
        Place { excerpt, ..place }
    }
}

/// The configuration of the project. A file that is no Elixir ends it: what comes after it never counts.
pub(super) fn configuration(context: &Context) -> Reading<Configuration> {
    let environment = context.machine().env("MIX_ENV").present().filter(|name| !name.is_empty());
    let environment = environment.unwrap_or_else(|| "dev".to_owned());
    let folder = context.project.join("config");
    let mut configuration = Configuration::default();
    let mut seen = BTreeSet::new();
    for name in ["config.exs".to_owned(), format!("{environment}.exs"), "runtime.exs".to_owned()] {
        if let Some(unknown) = load(context, &folder.join(name), &environment, &mut seen, &mut configuration)
        {
            return unknown;
        }
    }
    Reading::Present(configuration)
}

/// So many files import each other at most.
const FILES: usize = 32;

fn load(
    context: &Context,
    file: &Path,
    environment: &str,
    seen: &mut BTreeSet<PathBuf>,
    configuration: &mut Configuration,
) -> Option<Reading<Configuration>> {
    if seen.len() >= FILES || !seen.insert(file.to_owned()) {
        return None;
    }
    let document = match context.elixir_config(file, environment) {
        Reading::Present(document) => document,
        Reading::Absent => return None,
        other => return Some(other.and_then(|_| Reading::Absent)),
    };
    let name = named(context, file);
    let parsed = match &document.content {
        Ok(parsed) => parsed,
        Err(error) => return Some(Reading::failed(format!("{name}: {error}"))),
    };
    let number = configuration.files.len();
    configuration.files.push((name, Arc::clone(&document.text)));
    configuration.settings.extend(parsed.settings.iter().map(|setting| (number, setting.clone())));
    let folder = file.parent()?;
    parsed
        .imports
        .iter()
        .find_map(|import| load(context, &folder.join(import), environment, seen, configuration))
}

/// The Mix dependencies that the project names or has locked.
pub(super) fn dependencies(context: &Context) -> BTreeSet<String> {
    let file = |name: &str| context.project.join(name);
    let mut names = BTreeSet::new();
    if let Reading::Present(project) = context.mix_exs(&file("mix.exs"))
        && let Ok(project) = &project.content
    {
        names.extend(project.deps.iter().map(|dep| dep.name.clone()));
    }
    if let Reading::Present(lock) = context.mix_lock(&file("mix.lock"))
        && let Ok(locked) = &lock.content
    {
        names.extend(locked.keys().cloned());
    }
    names
}
