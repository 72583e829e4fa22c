//! Asking what listens whether it is PostgreSQL, as its protocol begins.

use std::path::{Path, PathBuf};

use super::super::super::Context;
use super::server::Address;
use crate::facts::Reading;
use crate::machine;

/// The request for SSL. Every server answers it with one letter before anybody has said who he is.
const REQUEST: [u8; 8] = [0, 0, 0, 8, 4, 210, 22, 47];

/// Where servers put their sockets.
const FOLDERS: &[&str] = &["/tmp", "/run/postgresql", "/var/run/postgresql"];

/// Whether PostgreSQL answers there.
pub(super) fn answers(context: &Context, address: &Address) -> Reading<bool> {
    let ask = |address: machine::Address| match context.machine().exchange(&address, &REQUEST, 1) {
        Reading::Present(answer) => Reading::Present(matches!(answer.as_slice(), b"S" | b"N")),
        Reading::Absent => Reading::Present(false),
        other => other.and_then(|_| Reading::Absent),
    };
    match address {
        Address::Socket(path) => ask(machine::Address::Unix(path.clone())),
        Address::Tcp { host, port } if has_socket(context, host, *port) => Reading::Present(true),
        Address::Tcp { host, port } => {
            let at = |host: &str| machine::Address::Tcp { host: host.to_owned(), port: *port };
            match ask(at(host)) {
                // A server may listen on only one of a name's two addresses.
                Reading::Present(false) if host == "localhost" => match ask(at("::1")) {
                    Reading::Present(answers) => Reading::Present(answers),
                    _ => Reading::Present(false),
                },
                answer => answer,
            }
        }
    }
}

/// Whether the server of a port answers at its socket, and somebody accepts connections at the port. A server that knows SSL
/// writes into its log that it was asked for it and then left, except where it is asked at a socket.
fn has_socket(context: &Context, host: &str, port: u16) -> bool {
    let machine = context.machine();
    let tcp = machine::Address::Tcp { host: host.to_owned(), port };
    FOLDERS.iter().any(|folder| {
        let socket = Path::new(folder).join(format!(".s.PGSQL.{port}"));
        machine.exists(&socket) && answers(context, &Address::Socket(socket)) == Reading::Present(true)
    }) && matches!(machine.exchange(&tcp, &[], 0), Reading::Present(_))
}

/// The sockets of servers, where they usually are and where the one that is meant would be.
pub(super) fn sockets(context: &Context, meant: &Address) -> Vec<Address> {
    let machine = context.machine();
    let mut folders: Vec<PathBuf> = FOLDERS.iter().map(PathBuf::from).collect();
    if let Address::Socket(path) = meant {
        folders.extend(path.parent().map(Path::to_owned));
    }
    let host = machine.env("PGHOST").present().filter(|host| host.starts_with('/'));
    folders.extend(host.map(PathBuf::from));
    let mut seen: Vec<PathBuf> = Vec::new();
    let mut found = Vec::new();
    for folder in folders {
        let real = machine.resolve(&folder).present().unwrap_or_else(|| folder.clone());
        if seen.contains(&real) {
            continue;
        }
        seen.push(real);
        let names = machine.list(&folder).present().unwrap_or_default();
        found.extend(
            names.iter().filter(|name| is_socket(name)).map(|name| Address::Socket(folder.join(name))),
        );
    }
    found
}

fn is_socket(name: &str) -> bool {
    name.strip_prefix(".s.PGSQL.").is_some_and(|port| port.parse::<u16>().is_ok())
}

/// The ports on which a process of that name listens.
pub(super) fn ports(context: &Context) -> Vec<u16> {
    let all = context.machine().listeners().present().unwrap_or_default();
    let mut ports: Vec<u16> = all
        .into_iter()
        .filter(|it| matches!(it.process.as_str(), "postgres" | "postmaster"))
        .map(|it| it.port)
        .collect();
    ports.sort_unstable();
    ports.dedup();
    ports
}
