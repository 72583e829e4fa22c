//! The server that the project's configuration means.

use std::fmt;
use std::path::PathBuf;

use super::super::super::Context;
use super::super::elixir_config::{Configuration, configuration, dependencies};
use crate::facts::{Place, Reading};
use crate::machine::is_loopback;
use crate::project::{PostgresUrl, parse_postgres_url};

/// Where a server listens.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Address {
    Tcp { host: String, port: u16 },
    Socket(PathBuf),
}

impl Address {
    /// A port of this machine.
    pub(super) fn here(port: u16) -> Address {
        Address::Tcp { host: "localhost".to_owned(), port }
    }

    /// Of a host, or of the folder of a socket.
    fn of(host: &str, port: u16) -> Address {
        match host.starts_with('/') {
            true => Address::Socket(PathBuf::from(host).join(format!(".s.PGSQL.{port}"))),
            false => Address::Tcp { host: host.to_owned(), port },
        }
    }

    /// As clients take it: a host, or the folder of a socket.
    pub(super) fn host(&self) -> Option<String> {
        match self {
            Address::Tcp { host, .. } => Some(host.clone()),
            Address::Socket(path) => Some(path.parent()?.to_string_lossy().into_owned()),
        }
    }

    pub(super) fn port(&self) -> Option<u16> {
        match self {
            Address::Tcp { port, .. } => Some(*port),
            Address::Socket(path) => path.extension()?.to_str()?.parse().ok(),
        }
    }

    pub(super) fn is_loopback(&self) -> bool {
        match self {
            Address::Tcp { host, .. } => is_loopback(host),
            Address::Socket(_) => true,
        }
    }
}

impl fmt::Display for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Address::Tcp { host, port } => write!(f, "{host}:{port}"),
            Address::Socket(path) => write!(f, "{}", path.display()),
        }
    }
}

/// A server, and who means it.
#[derive(Clone, Debug)]
pub(super) struct Server {
    pub(super) address: Address,
    pub(super) user: Option<String>,
    pub(super) database: Option<String>,
    pub(super) source: String,
    pub(super) place: Option<Place>,
}

/// What says where a repository's server is.
const NAMES: &[&str] = &["hostname", "url", "database", "socket_dir", "socket"];
/// The drivers of other databases: with one of them a repository may not be PostgreSQL's.
const OTHER_DRIVERS: &[&str] = &["myxql", "tds", "exqlite", "ecto_sqlite3"];
const PORT: u16 = 5432;

/// The server that the project means; absent where it says of none in so many words.
pub(super) fn meant(context: &Context) -> Reading<Server> {
    let dependencies = dependencies(context);
    if dependencies.contains("postgrex") && !OTHER_DRIVERS.iter().any(|driver| dependencies.contains(*driver))
    {
        return configuration(context).and_then(|configuration| {
            let mut repositories = configuration.keys_with(NAMES).into_iter().filter(|key| is_module(key));
            let found = repositories.find_map(|key| of_repository(context, &configuration, key));
            Reading::from(found)
        });
    }
    Reading::from(of_variables(context))
}

fn is_module(key: &str) -> bool {
    key.starts_with(|c: char| c.is_ascii_uppercase())
}

/// Postgrex itself asks the variables for what the configuration leaves out.
fn of_repository(context: &Context, configuration: &Configuration, key: &str) -> Option<Server> {
    let set = |name: &str| configuration.value(context, key, name);
    let variable = |name: &str| context.machine().env(name).present();
    let url = set("url").and_then(|(url, place)| Some((parse_postgres_url(&url)?, place)));
    if url.is_none() && configuration.sets(key, "url") && !configuration.sets(key, "hostname") {
        return None;
    }
    let (url, url_place) = url.map_or((PostgresUrl::default(), None), |(url, place)| (url, Some(place)));
    let port = match (url.port, set("port")) {
        (Some(port), _) => port,
        (None, Some((port, _))) => port.parse().ok()?,
        (None, None) if configuration.sets(key, "port") => return None,
        (None, None) => variable("PGPORT").and_then(|port| port.parse().ok()).unwrap_or(PORT),
    };
    let (address, place) = if let Some((socket, place)) = set("socket") {
        (Address::Socket(socket.into()), Some(place))
    } else if let Some((folder, place)) = set("socket_dir") {
        (Address::of(&folder, port), Some(place))
    } else if let Some(host) = &url.host {
        (Address::of(host, port), url_place)
    } else if let Some((host, place)) = set("hostname") {
        (Address::of(&host, port), Some(place))
    } else if ["hostname", "socket_dir", "socket"].iter().any(|name| configuration.sets(key, name)) {
        return None;
    } else {
        let host = variable("PGHOST").unwrap_or_else(|| "localhost".to_owned());
        (Address::of(&host, port), set("database").map(|(_, place)| place).or(url_place))
    };
    Some(Server {
        address,
        user: url.user.or_else(|| Some(set("username")?.0)).or_else(|| variable("PGUSER")),
        database: url.database.or_else(|| Some(set("database")?.0)),
        source: place.as_ref().map_or_else(|| "config".to_owned(), |place| place.file.clone()),
        place,
    })
}

fn of_variables(context: &Context) -> Option<Server> {
    let variable = |name: &str| context.machine().env(name).present().filter(|value| !value.is_empty());
    let server = |url: PostgresUrl, source: &str| {
        let port = url.port.or_else(|| variable("PGPORT")?.parse().ok()).unwrap_or(PORT);
        let host = url.host.unwrap_or_else(|| "localhost".to_owned());
        Server {
            address: Address::of(&host, port),
            user: url.user.or_else(|| variable("PGUSER")),
            database: url.database.or_else(|| variable("PGDATABASE")),
            source: source.to_owned(),
            place: None,
        }
    };
    if let Some(url) = variable("DATABASE_URL").and_then(|url| parse_postgres_url(&url)) {
        return Some(server(url, "DATABASE_URL"));
    }
    let host = variable("PGHOST")?;
    Some(server(PostgresUrl { host: Some(host), ..PostgresUrl::default() }, "PGHOST"))
}
