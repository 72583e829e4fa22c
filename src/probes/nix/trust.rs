//! Whether Nix trusts the user.

use super::super::{Context, Probe};
use super::conf::{self, Conf};
use super::{daemon, install};
use crate::facts::{Facts, Reading, Value};

pub(super) const PROBE: Probe =
    Probe { name: "Nix's trust", yields: &["nix.user.trusted"], usual: &[], apart: false, run };

fn run(context: &Context) -> Facts {
    let mut facts = Facts::default();
    if install::installed(context).is_some() {
        let (trusted, source) = match conf::read(context) {
            Reading::Present(conf) => trusted(context, &conf),
            unknown => (unknown.map(|_| false), "nix.conf".to_owned()),
        };
        facts.add("nix.user.trusted", trusted.map(Value::from), source);
    }
    facts
}

/// Whether the settings of the user hold, and what says so.
pub(super) fn trusted(context: &Context, conf: &Conf) -> (Reading<bool>, String) {
    let at_the_daemon = match daemon::needed(context) {
        Reading::Present(needed) => needed,
        unknown => return (unknown, "the user".to_owned()),
    };
    // Whoever writes to the store needs nobody's trust.
    if !at_the_daemon {
        return (Reading::Present(true), "the store".to_owned());
    }
    let says = daemon::greet(context).present().flatten().and_then(|daemon| daemon.trusts);
    if let Some(trusts) = says {
        return (Reading::Present(trusts), daemon::socket(context).to_string_lossy().into_owned());
    }
    let trusted = conf.system.words("trusted-users").unwrap_or_default();
    let named = context.machine().user().map(|user| {
        user.uid == 0
            || trusted.iter().any(|entry| match entry.strip_prefix('@') {
                Some(group) => user.groups.iter().any(|own| own == group),
                None => entry == "*" || *entry == user.name,
            })
    });
    (named, "trusted-users".to_owned())
}
