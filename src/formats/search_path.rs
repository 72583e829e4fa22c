//! `NIX_PATH`, and the file that lists a user's channels.

/// The entries of a search path such as `NIX_PATH`: a name, if it has one, and what it stands for. A colon within an
/// address divides nothing.
pub fn parse_search_path(text: &str) -> Vec<(Option<String>, String)> {
    let mut entries: Vec<String> = Vec::new();
    for part in text.split(':') {
        let continues = entries.last().is_some_and(|last| {
            let value = last.split_once('=').map_or(last.as_str(), |(_, value)| value);
            matches!(value, "channel" | "flake")
                || (part.starts_with("//") && !value.is_empty() && !value.contains('/'))
        });
        match entries.last_mut().filter(|_| continues) {
            Some(last) => {
                last.push(':');
                last.push_str(part);
            }
            None => entries.push(part.to_owned()),
        }
    }
    let named = |entry: String| match entry.split_once('=') {
        Some((name, value)) => (Some(name.to_owned()), value.to_owned()),
        None => (None, entry),
    };
    entries.into_iter().filter(|entry| !entry.is_empty()).map(named).collect()
}

/// Whether an entry stands for a path rather than for something on the network or in the registry.
pub fn is_path(value: &str) -> bool {
    !value.contains("://") && !value.starts_with("channel:") && !value.starts_with("flake:")
}

/// The channels of `.nix-channels`, each as its name and address.
pub fn parse_channels(text: &str) -> Vec<(String, String)> {
    let channel = |line: &str| {
        let mut words = line.split('#').next().unwrap_or_default().split_whitespace();
        let url = words.next()?.trim_end_matches('/').to_owned();
        let last = url.rsplit('/').next().unwrap_or_default();
        let name = words.next().unwrap_or(last).to_owned();
        Some((name, url))
    };
    text.lines().filter_map(channel).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn colons_within_addresses_divide_nothing() {
        let entries = |text: &str| {
            let shown =
                |(name, value): (Option<String>, String)| format!("{} {value}", name.unwrap_or_default());
            parse_search_path(text).into_iter().map(shown).collect::<Vec<_>>()
        };
        assert_eq!(
            entries("nixpkgs=https://example.org/a.tar.gz:nixos-config=/etc/nixos/configuration.nix:/nix/x"),
            ["nixpkgs https://example.org/a.tar.gz", "nixos-config /etc/nixos/configuration.nix", " /nix/x"]
        );
        assert_eq!(
            entries("nixpkgs=flake:nixpkgs:channel:nixos-24.05:"),
            ["nixpkgs flake:nixpkgs", " channel:nixos-24.05"]
        );
        assert!(entries("").is_empty());
        assert!(is_path("/x") && !is_path("flake:nixpkgs") && !is_path("https://x"));
    }

    #[test]
    fn channels_have_names_and_addresses() {
        let text = "https://nixos.org/channels/nixpkgs-unstable nixpkgs\n# none\nhttps://nixos.org/channels/nixos-24.05/\n";
        let channels = parse_channels(text);
        assert_eq!(channels[0], ("nixpkgs".into(), "https://nixos.org/channels/nixpkgs-unstable".into()));
        assert_eq!(channels[1].0, "nixos-24.05");
        assert_eq!(channels.len(), 2);
    }

    proptest::proptest! {
        #[test]
        fn no_text_is_too_odd(text in r"(https|flake|channel|[:=/# \né]|[a-z]{1,3})*") {
            let _ = (parse_search_path(&text), parse_channels(&text));
        }
    }
}
