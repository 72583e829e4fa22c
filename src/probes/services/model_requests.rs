//! Which local model server the project or the environment asks for, and for which models.

use super::super::Context;
use super::host_of;
use super::opencode_files::{ConfigFile, files};
use crate::facts::{Facts, Place, Reading, Value};
use crate::machine::is_loopback;
use crate::project::Provider;

/// A program that serves models on this machine.
pub(super) struct LocalServer {
    /// What OpenCode's configurations call it.
    pub(super) provider: &'static str,
    /// Where it listens unless it is told otherwise.
    pub(super) port: u16,
    /// The variables that only somebody sets who wants it.
    pub(super) variables: &'static [&'static str],
    /// The variables that name a model.
    pub(super) models: &'static [&'static str],
}

/// What asks for a server.
#[derive(Clone, Debug, Default)]
pub(super) struct Requests {
    /// The first variable or file that does.
    pub(super) by: Option<(String, Option<Place>)>,
    /// Where OpenCode would ask it, if that is said.
    pub(super) base_url: Option<String>,
    /// The models, with their places in files.
    pub(super) models: Vec<(String, Option<Place>)>,
}

/// Whether an address is one of this machine, of which no other is asked.
pub(super) fn local(address: &str) -> bool {
    address.starts_with("http://") && is_loopback(host_of(address))
}

/// What asks for a server, and where it is reached: `NAME.asked_by`, `NAME.local` and `NAME.address`.
pub(super) fn describe(facts: &mut Facts, name: &str, requests: &Requests, address: String, source: &str) {
    let (by, place) = requests.by.clone().unzip();
    facts.add_at(
        format!("{name}.asked_by"),
        Reading::from(by).map(Value::from),
        "environment, opencode.json",
        place.flatten().into_iter().collect(),
    );
    facts.add(format!("{name}.local"), Reading::Present(local(&address).into()), source);
    facts.add(format!("{name}.address"), Reading::Present(address.into()), source);
}

pub(super) fn requests(context: &Context, server: &LocalServer) -> Requests {
    let variable = |name: &str| context.machine().env(name).present().filter(|value| !value.is_empty());
    let mut requests = Requests::default();
    for name in server.variables.iter().chain(server.models) {
        if variable(name).is_some() && requests.by.is_none() {
            requests.by = Some(((*name).to_owned(), None));
        }
    }
    requests.models.extend(server.models.iter().filter_map(|name| Some((variable(name)?, None))));
    // Of the user's own configuration, which other projects may need, the project asks for nothing.
    for file in files(context).into_iter().filter(|file| file.of_project) {
        let provider = file.config.providers.iter().find(|provider| is_of(provider, server));
        let id = provider.map_or(server.provider, |provider| provider.id.as_str());
        let models = file.config.models.iter().filter_map(|model| {
            let name = model.value.strip_prefix(id)?.strip_prefix('/')?;
            Some((name.to_owned(), Some(file.place(model.offset))))
        });
        requests.models.extend(models);
        if let Some(provider) = provider {
            requests.base_url = requests.base_url.or_else(|| provider.base_url.clone());
            requests.by.get_or_insert_with(|| by(&file, provider.offset));
        }
    }
    if let Some((_, Some(place))) = requests.models.iter().find(|(_, place)| place.is_some()) {
        requests.by.get_or_insert_with(|| (place.file.clone(), Some(place.clone())));
    }
    requests
}

fn by(file: &ConfigFile, offset: usize) -> (String, Option<Place>) {
    (file.name.clone(), Some(file.place(offset)))
}

/// Whether a provider of OpenCode's configuration is that server, by its name or its address.
fn is_of(provider: &Provider, server: &LocalServer) -> bool {
    let at_its_port = |url: &String| is_loopback(host_of(url)) && url.contains(&format!(":{}", server.port));
    provider.id == server.provider || provider.base_url.as_ref().is_some_and(at_its_port)
}
