//! Databases, local models, and the tools beside them.

mod elixir_config;
mod git;
mod lmstudio;
mod model_requests;
mod node;
mod ollama;
mod opencode;
mod opencode_files;
mod phoenix;
mod postgres;
mod serena;
mod ssh;

use std::path::Path;

pub(super) use postgres::answers as postgres_answers;

use super::{Context, Probe};
use crate::facts::{Facts, Place, Reading, Value};

pub(super) const PROBES: &[Probe] = &[
    postgres::CONFIGURED,
    postgres::RUNNING,
    postgres::DATA,
    ollama::CONFIGURED,
    ollama::RUNNING,
    lmstudio::CONFIGURED,
    lmstudio::RUNNING,
    opencode::PROBE,
    serena::PROBE,
    node::PROBE,
    phoenix::PROBE,
    git::PROBE,
    ssh::CONFIGURED,
    ssh::RUNNING,
];

/// A file as a person names it: from the project's folder, or below the home.
fn named(context: &Context, file: &Path) -> String {
    if let Ok(below) = file.strip_prefix(&context.project) {
        return below.to_string_lossy().into_owned();
    }
    match context.home().and_then(|home| Some(file.strip_prefix(home).ok()?.to_owned())) {
        Some(below) => format!("~/{}", below.display()),
        None => file.to_string_lossy().into_owned(),
    }
}

/// Texts, each with the place where it stands.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Listed {
    texts: Vec<String>,
    places: Vec<Place>,
}

impl Listed {
    fn push(&mut self, text: impl Into<String>, place: Place) {
        self.texts.push(text.into());
        self.places.push(place);
    }

    fn add_to(self, facts: &mut Facts, name: &str, source: &str) {
        facts.add_at(name, Reading::Present(Value::List(self.texts)), source, self.places);
    }
}

/// The host of an address such as `http://localhost:11434/v1`.
fn host_of(url: &str) -> &str {
    let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
    let authority = rest.split('/').next().unwrap_or_default();
    let authority = authority.rsplit_once('@').map_or(authority, |(_, host)| host);
    match authority.strip_prefix('[').and_then(|rest| rest.split_once(']')) {
        Some((host, _)) => host,
        None => authority.split(':').next().unwrap_or_default(),
    }
}

#[cfg(test)]
mod testing {
    use crate::facts::Facts;
    use crate::probes::{all_names, recorded};

    pub(super) use crate::probes::recorded::shown_with_places as shown;

    /// The facts of a recorded machine whose names begin so.
    pub(super) fn facts(recording: &str, prefix: &str) -> Facts {
        let names = all_names();
        let names = names.iter().map(String::as_str).filter(|name| name.starts_with(prefix));
        recorded::facts(recording, names)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::machine::is_loopback;

    #[test]
    fn hosts_of_addresses() {
        assert_eq!(host_of("http://u:p@localhost:11434/v1"), "localhost");
        assert_eq!(host_of("http://[::1]:1234"), "::1");
        assert!(
            is_loopback("127.0.0.1")
                && is_loopback("[::1]")
                && !is_loopback("db")
                && !is_loopback("localhost.example.com")
        );
    }
}
