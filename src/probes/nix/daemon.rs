//! Whether Nix goes through the daemon here, and whether the daemon answers.

use std::path::PathBuf;

use super::super::{Context, Probe};
use super::{conf, install};
use crate::facts::{Facts, Reading, Value};
use crate::formats::{Daemon, GREETING, HELLO, daemon};
use crate::machine::Address;

pub(super) const PROBE: Probe = Probe {
    name: "Nix's daemon",
    yields: &["nix.daemon.needed", "nix.daemon.socket", "nix.daemon.answers", "nix.daemon.version"],
    usual: &[],
    apart: false,
    run,
};

fn run(context: &Context) -> Facts {
    let mut facts = Facts::default();
    let socket = socket(context);
    let source = socket.to_string_lossy().into_owned();
    if install::installed(context).is_none() {
        return facts;
    }
    facts.add(
        "nix.daemon.socket",
        Reading::Present(source.clone().into()),
        "NIX_REMOTE, or where Nix has it",
    );
    if context.wants("nix.daemon.needed") {
        facts.add("nix.daemon.needed", needed(context).map(Value::from), state(context).to_string_lossy());
    }
    if context.wants("nix.daemon.answers") || context.wants("nix.daemon.version") {
        let said = greet(context);
        let answers = match &said {
            Reading::Absent => Reading::Present(false.into()),
            said => said.clone().map(|said| Value::from(said.is_some())),
        };
        facts.add("nix.daemon.answers", answers, source.clone());
        let version = said.and_then(|said| said.and_then(|said| said.version).map(Value::from).into());
        facts.add("nix.daemon.version", version, source);
    }
    facts
}

fn variable(context: &Context, name: &str) -> Option<String> {
    context.machine().env(name).present().filter(|value| !value.is_empty())
}

/// The folder of Nix's own state.
pub(super) fn state(context: &Context) -> PathBuf {
    variable(context, "NIX_STATE_DIR").map_or_else(|| "/nix/var/nix".into(), PathBuf::from)
}

/// The store that Nix would take.
fn remote(context: &Context) -> String {
    let set = conf::read(context).present().and_then(|conf| conf.all.get("store").map(<[_]>::to_vec));
    let set = set.and_then(|words| words.into_iter().next()).map(|(word, _)| word);
    set.or_else(|| variable(context, "NIX_REMOTE")).unwrap_or_else(|| "auto".to_owned())
}

/// Where the daemon listens.
pub(super) fn socket(context: &Context) -> PathBuf {
    if let Some(path) = remote(context).strip_prefix("unix://").filter(|path| !path.is_empty()) {
        return path.split('?').next().unwrap_or(path).into();
    }
    variable(context, "NIX_DAEMON_SOCKET_PATH")
        .map_or_else(|| state(context).join("daemon-socket/socket"), PathBuf::from)
}

/// Whether Nix goes through the daemon: as it is told to, or because the user may not write to its state.
pub(super) fn needed(context: &Context) -> Reading<bool> {
    match remote(context).as_str() {
        "auto" => {}
        remote => return Reading::Present(remote == "daemon" || remote.starts_with("unix://")),
    }
    let machine = context.machine();
    let state = match machine.stat(&state(context)) {
        Reading::Present(state) => state,
        // Where there is no store at all, Nix makes one in the home.
        Reading::Absent => return Reading::Present(false),
        unknown => return unknown.map(|_| false),
    };
    machine.user().map(|user| {
        let writes =
            user.uid == 0 || (state.uid == user.uid && state.mode & 0o200 != 0) || state.mode & 0o002 != 0;
        !writes
    })
}

/// Says good day to the daemon. Absent: nothing listens; `None`: what listens is no daemon, or said nothing.
pub(super) fn greet(context: &Context) -> Reading<Option<Daemon>> {
    let address = Address::Unix(socket(context));
    let exchange = |expect: usize| context.machine().exchange(&address, &HELLO, expect);
    exchange(GREETING).and_then(|heard| {
        let Some(first) = daemon(&heard) else { return Reading::Present(None) };
        if first.all <= GREETING {
            return Reading::Present(Some(first));
        }
        // It says more than every daemon does: now it is known how much.
        let all = exchange(first.all).present().and_then(|heard| daemon(&heard));
        Reading::Present(Some(all.unwrap_or(first)))
    })
}

#[cfg(test)]
mod tests {
    use crate::probes::recorded::ask;

    const SOCKET: &str = "/nix/var/nix/daemon-socket/socket";
    const HELLO: &str = "6378696e00000000230100000000000000000000000000000000000000000000";
    const ANSWER: &str =
        "6f6978640000000026010000000000000600000000000000322e33342e380000020000000000000073746c6100000000";
    const NIX: &str = "which: {nix: /usr/bin/nix}\n";

    fn exchange(expect: usize, reply: &str) -> String {
        format!("- {{address: !unix {SOCKET}, send: {HELLO:?}, expect: {expect}, reply: {reply}}}\n")
    }

    #[test]
    fn a_daemon_says_who_it_is() {
        let facts = ["nix.daemon.answers", "nix.daemon.version"];
        let both = format!(
            "{NIX}exchanges:\n{}{}",
            exchange(24, &format!("'{}'", &ANSWER[..48])),
            exchange(48, &format!("'{ANSWER}'"))
        );
        assert_eq!(ask(&both, &facts), ["yes", "2.34.8"]);
        let old = format!(
            "{NIX}exchanges:\n{}",
            exchange(24, "'6f69786400000000150100000000000073746c6100000000'")
        );
        assert_eq!(ask(&old, &facts), ["yes", "-"]);
        assert_eq!(ask(&format!("{NIX}exchanges:\n{}", exchange(24, "null")), &facts), ["no", "-"]);
        assert_eq!(ask(&format!("{NIX}exchanges:\n{}", exchange(24, "''")), &facts), ["no", "-"]);
        assert_eq!(ask("", &facts), ["-", "-"], "without Nix there is no daemon to ask");
        let denied = format!(
            "{NIX}unknown:\n- question: !exchange {{address: !unix {SOCKET}, send: {HELLO:?}, expect: 24}}\n  reading: denied\n"
        );
        assert_eq!(ask(&denied, &facts), ["? permission denied", "? permission denied"]);
    }

    #[test]
    fn who_may_not_write_needs_it() {
        let needed = |env: &str, user: u32, owner: u32, mode: &str| {
            let recording = format!(
                "{NIX}env: {{{env}}}\nuser: {{uid: {user}, name: u}}\nstats: {{/nix/var/nix: {{kind: folder, uid: {owner}, mode: {mode}}}}}\n"
            );
            ask(&recording, &["nix.daemon.needed"]).join("")
        };
        assert_eq!(needed("", 1000, 0, "0o755"), "yes");
        assert_eq!(needed("", 1000, 1000, "0o755"), "no");
        assert_eq!(needed("", 0, 0, "0o755"), "no");
        assert_eq!(needed("NIX_REMOTE: daemon", 0, 0, "0o755"), "yes");
        assert_eq!(needed("NIX_REMOTE: 'unix:///x'", 0, 0, "0o755"), "yes");
        assert_eq!(needed("NIX_REMOTE: 'ssh-ng://host'", 1000, 0, "0o755"), "no");
        assert_eq!(ask(&format!("{NIX}user: {{uid: 1000, name: u}}\n"), &["nix.daemon.needed"]), ["no"]);
        let socket = format!("{NIX}env: {{NIX_CONFIG: 'store = unix:///run/x?root=/y'}}\n");
        assert_eq!(ask(&socket, &["nix.daemon.socket"]), ["/run/x"]);
    }
}
