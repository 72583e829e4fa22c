//! Where `<nixpkgs>` comes from.

use std::path::{Path, PathBuf};

use super::super::{Context, Probe};
use super::{conf, daemon, install};
use crate::facts::{Facts, Reading, Value};
use crate::formats::{is_path, parse_channels, parse_search_path};

pub(super) const PROBE: Probe = Probe {
    name: "Nix's search path",
    yields: &["nix.path.entries", "nix.path.missing", "nix.path.nixpkgs", "nix.channels"],
    usual: &[],
    apart: false,
    run,
};

type Entries = Vec<(Option<String>, String)>;

fn run(context: &Context) -> Facts {
    let mut facts = Facts::default();
    if install::installed(context).is_none() {
        return facts;
    }
    let machine = context.machine();
    let (entries, source) = entries(context);
    let set = source != "default";
    let there = |value: &str| machine.exists(&context.project.join(value));
    let shown = |(name, value): &(Option<String>, String)| match name {
        Some(name) => format!("{name}={value}"),
        None => value.clone(),
    };
    facts.add("nix.path.entries", Reading::Present(Value::List(entries.iter().map(shown).collect())), source);
    // Of the usual places, most are not there.
    let missing = entries.iter().filter(|(_, value)| set && is_path(value) && !there(value)).map(shown);
    facts.add("nix.path.missing", Reading::Present(Value::List(missing.collect())), source);
    let nixpkgs = entries.iter().find_map(|(name, value)| match name.as_deref() {
        Some("nixpkgs") => (!is_path(value) || there(value)).then(|| value.clone()),
        Some(_) => None,
        None => Some(format!("{value}/nixpkgs")).filter(|path| is_path(path) && there(path)),
    });
    facts.add("nix.path.nixpkgs", nixpkgs.map(Value::from).into(), source);
    let file = channels_file(context);
    let channels = file.map_or(Reading::Absent, |file| {
        machine.read(&file).map(|text| {
            Value::List(
                parse_channels(&text).into_iter().map(|(name, url)| format!("{name} {url}")).collect(),
            )
        })
    });
    facts.add("nix.channels", channels, "nix-channel");
    facts
}

/// What Nix looks names such as `<nixpkgs>` up in.
fn entries(context: &Context) -> (Entries, &'static str) {
    if let Some(text) = context.machine().env("NIX_PATH").present() {
        return (parse_search_path(&text), "NIX_PATH");
    }
    let set = conf::read(context).present().and_then(|conf| conf.all.get("nix-path").map(<[_]>::to_vec));
    if let Some(words) = set {
        let entries = words.iter().flat_map(|(word, _)| parse_search_path(word)).collect();
        return (entries, "nix.conf");
    }
    let channels = daemon::state(context).join("profiles/per-user/root/channels");
    let nixpkgs = channels.join("nixpkgs").to_string_lossy().into_owned();
    let own = of_the_user(context, ".nix-defexpr", "defexpr").map(|folder| folder.join("channels"));
    let own = own.map(|folder| (None, folder.to_string_lossy().into_owned()));
    let all = own
        .into_iter()
        .chain([(Some("nixpkgs".to_owned()), nixpkgs), (None, channels.to_string_lossy().into_owned())]);
    (all.collect(), "default")
}

fn channels_file(context: &Context) -> Option<PathBuf> {
    of_the_user(context, ".nix-channels", "channels")
}

/// A file of the user's: in the home, or among the XDG folders where Nix is told to keep to them.
fn of_the_user(context: &Context, at_home: &str, in_state: &str) -> Option<PathBuf> {
    let xdg = conf::read(context).present().is_some_and(|conf| {
        conf.all.words("use-xdg-base-directories").is_some_and(|words| words == ["true"])
    });
    let home = context.home()?;
    if !xdg {
        return Some(home.join(at_home));
    }
    let state = context.machine().env("XDG_STATE_HOME").present();
    let state = state.map_or_else(|| home.join(".local/state"), |folder| Path::new(&folder).to_owned());
    Some(state.join("nix").join(in_state))
}

#[cfg(test)]
mod tests {
    use crate::probes::recorded::ask;

    #[test]
    fn where_nixpkgs_comes_from() {
        let facts = ["nix.path.entries", "nix.path.missing", "nix.path.nixpkgs", "nix.channels"];
        let nix = "which: {nix: /usr/bin/nix}\n";
        let set = format!(
            "{nix}env: {{NIX_PATH: 'nixpkgs=/none:x=/etc:/ch'}}\nfolders: {{/etc: [], /ch/nixpkgs: []}}\n"
        );
        assert_eq!(ask(&set, &facts), ["nixpkgs=/none, x=/etc, /ch", "nixpkgs=/none", "/ch/nixpkgs", "-"]);
        let flake = format!("{nix}files: {{/etc/nix/nix.conf: 'nix-path = nixpkgs=flake:nixpkgs'}}\n");
        assert_eq!(ask(&flake, &facts), ["nixpkgs=flake:nixpkgs", "", "flake:nixpkgs", "-"]);
        let usual = format!(
            "{nix}env: {{HOME: /h}}\nfiles: {{/h/.nix-channels: 'https://example.org/nixos-24.05 nixos'}}\nfolders: {{/h/.nix-defexpr/channels/nixpkgs: []}}\n"
        );
        let root = "/nix/var/nix/profiles/per-user/root/channels";
        assert_eq!(
            ask(&usual, &facts),
            [
                format!("/h/.nix-defexpr/channels, nixpkgs={root}/nixpkgs, {root}").as_str(),
                "",
                "/h/.nix-defexpr/channels/nixpkgs",
                "nixos https://example.org/nixos-24.05"
            ]
        );
        assert_eq!(ask("", &facts), ["-"; 4]);
    }
}
