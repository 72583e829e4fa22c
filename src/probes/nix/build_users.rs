//! The users as whom Nix builds.

use std::path::Path;

use super::super::{Context, Probe};
use super::{conf, daemon, install};
use crate::facts::{Facts, Reading, Value, satisfies};

pub(super) const PROBE: Probe = Probe {
    name: "Nix's build users",
    yields: &["nix.build_users.group", "nix.build_users.problem"],
    usual: &[],
    apart: false,
    run,
};

fn run(context: &Context) -> Facts {
    let mut facts = Facts::default();
    let group = group(context);
    if let Reading::Present(group) = &group {
        let problem = match context.machine().group(group) {
            Reading::Present(members) if members.is_empty() => {
                Reading::Present(format!("the group {group} has no members").into())
            }
            Reading::Present(members) => missing(context, &members)
                .map(|users| format!("{users} of the group {group} do not exist").into()),
            Reading::Absent => Reading::Present(format!("there is no group {group}").into()),
            unknown => unknown.and_then(|_| Reading::Absent),
        };
        facts.add("nix.build_users.problem", problem, format!("the group {group}"));
    }
    facts.add("nix.build_users.group", group.map(Value::from), "nix.conf");
    facts
}

/// The group whose members builds run as; absent: builds run as whoever starts them.
fn group(context: &Context) -> Reading<String> {
    if install::installed(context).is_none() {
        return Reading::Absent;
    }
    let (needed, user) = (daemon::needed(context), context.machine().user());
    // Of a daemon that does not even answer there is worse to say.
    let answers = || matches!(daemon::greet(context), Reading::Present(Some(_)));
    needed.and_then(|through_daemon| {
        user.and_then(|user| {
            conf::read(context).and_then(|conf| {
                // The daemon is root's, and knows root's settings only; another one would not need the group.
                let settings = if through_daemon { &conf.system } else { &conf.all };
                let builds_as_root = if through_daemon { answers() } else { user.uid == 0 };
                let allocates = settings.words("auto-allocate-uids").is_some_and(|words| words == ["true"]);
                if !builds_as_root || allocates {
                    return Reading::Absent;
                }
                let set = settings.get("build-users-group");
                let group = set.map_or_else(
                    || "nixbld".to_owned(),
                    |words| words.iter().map(|(word, _)| word.as_str()).collect::<Vec<_>>().join(" "),
                );
                Some(group).filter(|group| !group.is_empty()).into()
            })
        })
    })
}

/// Which members are no users. macOS 15 took away the numbers of some, and with them the users.
fn missing(context: &Context, members: &[String]) -> Reading<String> {
    let machine = context.machine();
    let asks = machine.host().present().is_some_and(|host| {
        host.family == "macos" && satisfies(&host.version.unwrap_or_default(), ">= 15.0.0") == Some(true)
    });
    if !asks || !machine.exists(Path::new("/usr/bin/dscl")) {
        return Reading::Absent;
    }
    machine.run(&["/usr/bin/dscl", ".", "-list", "/Users"]).and_then(|users| {
        let lost: Vec<&str> = members
            .iter()
            .map(String::as_str)
            .filter(|member| !users.lines().any(|user| user.trim() == *member))
            .collect();
        Some(lost.join(", ")).filter(|lost| !lost.is_empty()).into()
    })
}

#[cfg(test)]
mod tests {
    use crate::probes::recorded::ask;

    fn facts(uid: u32, env: &str, rest: &str) -> String {
        let recording = format!(
            "which: {{nix: /usr/bin/nix}}\nuser: {{uid: {uid}, name: u}}\nenv: {{{env}}}\n\
             stats: {{/nix/var/nix: {{kind: folder, uid: 0, mode: 0o755}}}}\n{rest}"
        );
        ask(&recording, &["nix.build_users.group", "nix.build_users.problem"]).join(" | ")
    }

    /// A daemon of an old version, which says no more than that.
    const SOCKET: &str = "exchanges:\n- {address: !unix /nix/var/nix/daemon-socket/socket, \
                          send: '6378696e00000000230100000000000000000000000000000000000000000000', expect: 24, \
                          reply: '6f69786400000000150100000000000073746c6100000000'}\n";

    #[test]
    fn root_and_the_daemon_build_as_others() {
        assert_eq!(facts(0, "", ""), "nixbld | there is no group nixbld");
        assert_eq!(facts(0, "", "groups: {nixbld: []}"), "nixbld | the group nixbld has no members");
        assert_eq!(facts(0, "", "groups: {nixbld: [nixbld1]}"), "nixbld | -");
        assert_eq!(facts(0, "NIX_CONFIG: 'build-users-group ='", ""), "- | -");
        assert_eq!(facts(0, "NIX_CONFIG: 'auto-allocate-uids = true'", ""), "- | -");
        assert_eq!(facts(1000, "", SOCKET), "nixbld | there is no group nixbld");
        assert_eq!(
            facts(1000, "NIX_CONFIG: 'build-users-group ='", SOCKET),
            "nixbld | there is no group nixbld"
        );
        assert_eq!(facts(1000, "", ""), "- | -", "without a daemon the user builds");
    }

    #[test]
    fn macos_15_took_users_away() {
        let mac = |version: &str| {
            format!(
                "host: {{family: macos, name: macOS, version: '{version}', arch: aarch64, cpu: x, cpus: 1, memory: 1}}\n\
                 groups: {{nixbld: [_nixbld1, _nixbld2]}}\nfiles: {{/usr/bin/dscl: ''}}\n{SOCKET}\
                 runs: [{{argv: [/usr/bin/dscl, ., -list, /Users], stdout: \"_nixbld2\\nroot\\n\"}}]\n"
            )
        };
        assert_eq!(facts(501, "", &mac("15.1")), "nixbld | _nixbld1 of the group nixbld do not exist");
        assert_eq!(facts(501, "", &mac("14.6")), "nixbld | -");
    }
}
