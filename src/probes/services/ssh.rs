//! The SSH agent, where the project fetches over SSH.

use super::super::{Context, Probe};
use super::git;
use crate::facts::{Facts, Reading, Value};
use crate::machine::Address;
use crate::project::parse_git_config;

pub(super) const CONFIGURED: Probe =
    Probe { name: "SSH's remotes", yields: &["ssh.remotes"], usual: &[], apart: false, run: configured };

pub(super) const RUNNING: Probe = Probe {
    name: "SSH's agent",
    yields: &["ssh.agent.answers", "ssh.agent.keys"],
    usual: &[],
    apart: false,
    run: running,
};

/// The files that name repositories to fetch.
const FILES: &[&str] = &["mix.exs", "mix.lock", "flake.nix", "flake.lock", ".gitmodules"];

fn configured(context: &Context) -> Facts {
    let mut remotes: Vec<String> = Vec::new();
    let read = |file: &std::path::Path| context.machine().read(file).present();
    if let Some(root) = git::root(context)
        && let Some(config) =
            read(&git::own_file(context, &root)).and_then(|text| parse_git_config(&text).ok())
    {
        remotes.extend(config.remotes.iter().filter_map(|url| over_ssh(url)));
    }
    for file in FILES {
        let text = read(&context.project.join(file)).unwrap_or_default();
        let words = text.split(|c: char| c.is_whitespace() || matches!(c, '"' | '\'' | '`' | ',' | ';'));
        remotes.extend(words.filter_map(over_ssh));
    }
    remotes.sort();
    remotes.dedup();
    let mut facts = Facts::default();
    facts.add("ssh.remotes", Reading::Present(Value::List(remotes)), ".git/config, mix.exs, flake.nix");
    facts
}

/// The address without a password, if it is one of a repository that is fetched over SSH.
fn over_ssh(url: &str) -> Option<String> {
    let url = url.strip_prefix("git+").unwrap_or(url);
    if let Some(rest) = url.strip_prefix("ssh://") {
        let host = rest.rsplit_once('@').map_or(rest, |(_, host)| host);
        return (!host.is_empty()).then(|| format!("ssh://{host}"));
    }
    let (user, rest) = url.split_once('@')?;
    let (host, path) = rest.split_once(':')?;
    let is_name = |text: &str| {
        !text.is_empty() && text.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_'))
    };
    let is_path =
        path.contains('/') && !path.starts_with("//") && !path.starts_with(|c: char| c.is_ascii_digit());
    (user == "git" && is_name(host) && is_path).then(|| url.to_owned())
}

/// The request for a list of the identities.
const REQUEST: [u8; 5] = [0, 0, 0, 1, 11];
/// What every answer begins with: its length and its kind. A refusal ends there.
const ANY: usize = 5;
/// With the number of the identities behind it.
const LIST: usize = 9;
const IDENTITIES: u8 = 12;

fn running(context: &Context) -> Facts {
    let mut facts = Facts::default();
    let socket = context.machine().env("SSH_AUTH_SOCK").and_then(|path| match path.is_empty() {
        true => Reading::Absent,
        false => Reading::Present(Address::Unix(path.into())),
    });
    let ask = |length: usize| {
        socket.clone().and_then(|socket| match context.machine().exchange(&socket, &REQUEST, length) {
            Reading::Absent => Reading::Present(Vec::new()),
            answer => answer,
        })
    };
    let answer = ask(ANY);
    facts.add(
        "ssh.agent.answers",
        answer.clone().map(|answer| Value::Bool(answer.len() == ANY)),
        "SSH_AUTH_SOCK",
    );
    let keys = answer.and_then(|answer| match answer.last() {
        Some(&IDENTITIES) => ask(LIST).and_then(|answer| Reading::from(count(&answer))),
        _ => Reading::Absent,
    });
    facts.add("ssh.agent.keys", keys.map(|keys| u64::from(keys).into()), "SSH_AUTH_SOCK");
    facts
}

fn count(answer: &[u8]) -> Option<u32> {
    match *answer {
        [_, _, _, _, IDENTITIES, a, b, c, d] => Some(u32::from_be_bytes([a, b, c, d])),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{facts, shown};
    use super::over_ssh;

    #[test]
    fn addresses_over_ssh() {
        for (url, over) in [
            ("git@github.com:acme/app.git", Some("git@github.com:acme/app.git")),
            ("ssh://git:s3cret@git.example.com/app", Some("ssh://git.example.com/app")),
            ("git+ssh://git@git.example.com/app?ref=x", Some("ssh://git.example.com/app?ref=x")),
            ("https://github.com/acme/app", None),
            ("git@example", None),
            ("a@b:c", None),
        ] {
            assert_eq!(over_ssh(url).as_deref(), over, "{url}");
        }
    }

    #[test]
    fn an_agent_that_answers_and_a_socket_left_behind() {
        let recording = |reply: &str| {
            let short = reply.get(..10).unwrap_or(reply);
            format!(
                "env: {{SSH_AUTH_SOCK: /tmp/agent}}\nexchanges:\n  - {{address: !unix /tmp/agent, send: 000000010b, expect: 5, reply: {short}}}\n  \
                 - {{address: !unix /tmp/agent, send: 000000010b, expect: 9, reply: {reply}}}\n\
                 files: {{/p/mix.exs: '{{:a, git: \"git@github.com:acme/a.git\"}}'}}\n"
            )
        };
        let found = facts(&recording("000000050c00000002"), "ssh.");
        assert_eq!(shown(&found, "ssh.remotes"), "git@github.com:acme/a.git");
        assert_eq!(
            (shown(&found, "ssh.agent.answers"), shown(&found, "ssh.agent.keys")),
            ("yes".into(), "2".into())
        );
        let gone = facts(&recording("null"), "ssh.");
        assert_eq!(
            (shown(&gone, "ssh.agent.answers"), shown(&gone, "ssh.agent.keys")),
            ("no".into(), "-".into())
        );
        // An agent that is locked, or refuses, is there.
        let refuses = facts(&recording("0000000105"), "ssh.");
        assert_eq!(
            (shown(&refuses, "ssh.agent.answers"), shown(&refuses, "ssh.agent.keys")),
            ("yes".into(), "-".into())
        );
        let none = facts("", "ssh.");
        assert_eq!((shown(&none, "ssh.remotes"), shown(&none, "ssh.agent.answers")), ("".into(), "-".into()));
    }
}
