//! The names of this machine and its user, which do not belong into what others read.

use std::path::Path;

use super::context::Context;
use crate::machine::Live;
use crate::stub::Private;

/// Names with which systems come, and which tell nothing of whose they are.
const DEFAULT_HOSTS: &[&str] =
    &["archlinux", "debian", "fedora", "localhost", "nixos", "raspberrypi", "ubuntu"];

pub(super) fn private(context: &Context) -> Private {
    let machine = &*context.machine;
    let user = machine.user().present().map(|user| user.name);
    let variables = ["USER", "LOGNAME"].into_iter().filter_map(|name| machine.env(name).present());
    let home = machine.env("HOME").present();
    let home = home.and_then(|home| Some(Path::new(&home).file_name()?.to_string_lossy().into_owned()));
    // Where everybody's home has the same name, that is nobody's.
    let home = home.filter(|name| name != "home");
    let hosts = [
        machine.read(Path::new("/etc/hostname")).present(),
        machine.env("HOSTNAME").present(),
        Live::host_name(),
    ];
    let hosts = hosts.into_iter().flatten().map(|name| name.trim().to_owned());
    // A machine is called by its whole name and by the first part of it.
    let hosts = hosts.flat_map(|name| [name.split('.').next().unwrap_or_default().to_owned(), name]);
    let telling = hosts.filter(|name| !DEFAULT_HOSTS.contains(&name.to_lowercase().as_str()));
    Private::new(user.into_iter().chain(variables).chain(home), telling)
}
