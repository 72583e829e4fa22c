//! A PostgreSQL server's data.

use std::path::{Path, PathBuf};

use super::super::super::Context;
use crate::facts::{Facts, Reading, Value};

/// Where projects keep a server's data of their own. Debian's lies elsewhere, and its tools choose the right server.
const FOLDERS: &[&str] = &[
    ".postgres",
    "pgdata",
    ".pgdata",
    ".pg/data",
    ".devenv/state/postgres",
    ".nix-shell/db",
    ".postgres/data",
    "postgres_data",
];

pub(super) fn run(context: &Context) -> Facts {
    let mut facts = Facts::default();
    let data = data(context);
    let source = data.as_present().map(|(folder, _)| folder.join("PG_VERSION").display().to_string());
    let source = source.unwrap_or_else(|| "PGDATA, the project".to_owned());
    let folder = data.clone().map(|(folder, _)| Value::from(folder.to_string_lossy().into_owned()));
    facts.add("postgres.data.folder", folder, &source);
    let port = data.clone().and_then(|(folder, _)| port(context, &folder).into());
    facts.add("postgres.data.port", port.map(|port| Value::Integer(port.into())), "postmaster.pid");
    let requirement = data.clone().and_then(|(_, version)| match requirement(&version) {
        Some(requirement) => Reading::Present(Value::from(requirement)),
        None => Reading::failed(format!("'{version}' is no version")),
    });
    facts.add("postgres.data.version", data.map(|(_, version)| Value::from(version)), &source);
    facts.add("postgres.data.readable_by", requirement, &source);
    facts
}

/// The folder with its version: PGDATA's, else the project's own.
fn data(context: &Context) -> Reading<(PathBuf, String)> {
    for folder in folders(context) {
        match context.machine().read(&folder.join("PG_VERSION")) {
            Reading::Present(version) => return Reading::Present((folder, version.trim().to_owned())),
            Reading::Absent => {}
            // That of another user, as a server that the system starts has it.
            other => return other.and_then(|_| Reading::Absent),
        }
    }
    Reading::Absent
}

fn folders(context: &Context) -> Vec<PathBuf> {
    match context.machine().env("PGDATA").present().filter(|folder| !folder.is_empty()) {
        Some(folder) => vec![context.project.join(folder)],
        None => FOLDERS.iter().map(|folder| context.project.join(folder)).collect(),
    }
}

/// The versions of the server that read the data: those of the same major version, which has two numbers before 10.
fn requirement(version: &str) -> Option<String> {
    let numbers: Vec<u32> = version.split('.').map(|number| number.parse().ok()).collect::<Option<_>>()?;
    match numbers.as_slice() {
        [major] => Some(format!("~> {major}.0")),
        [major, minor] => Some(format!("~> {major}.{minor}.0")),
        _ => None,
    }
}

/// The ports that servers of these folders say they listen on.
pub(super) fn running(context: &Context) -> Vec<u16> {
    folders(context).iter().filter_map(|folder| port(context, folder)).collect()
}

fn port(context: &Context, folder: &Path) -> Option<u16> {
    let text = context.machine().read(&folder.join("postmaster.pid")).present()?;
    text.lines().nth(3)?.trim().parse().ok()
}
