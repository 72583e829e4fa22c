//! Nix's settings: their older names, and what they are where nothing sets them.

/// One of Nix's settings.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Setting {
    /// The name.
    pub name: &'static str,
    /// Older names that Nix still reads.
    pub aliases: &'static [&'static str],
    /// Whether it is a list, to which `extra-` appends.
    pub list: bool,
    /// What it is where nothing sets it; `None`: it depends on the machine or on how Nix was built.
    pub default: Option<&'static str>,
}

const fn list(name: &'static str, aliases: &'static [&'static str], default: &'static str) -> Setting {
    Setting { name, aliases, list: true, default: Some(default) }
}

const fn one(name: &'static str, aliases: &'static [&'static str], default: Option<&'static str>) -> Setting {
    Setting { name, aliases, list: false, default }
}

/// The settings that decide whether and how Nix works here, as `nix.conf(5)` has them.
pub const SETTINGS: &[Setting] = &[
    list("experimental-features", &[], ""),
    list("substituters", &["binary-caches"], "https://cache.nixos.org/"),
    list("trusted-substituters", &["trusted-binary-caches"], ""),
    list(
        "trusted-public-keys",
        &["binary-cache-public-keys"],
        "cache.nixos.org-1:6NCHdD59X431o0gWypbMrAURkbJ16ZPMQFGspcDShjY=",
    ),
    list("trusted-users", &[], "root"),
    list("allowed-users", &[], "*"),
    Setting { name: "extra-platforms", aliases: &[], list: true, default: None },
    Setting { name: "system-features", aliases: &[], list: true, default: None },
    Setting {
        name: "sandbox-paths",
        aliases: &["build-chroot-dirs", "build-sandbox-paths"],
        list: true,
        default: None,
    },
    list("nix-path", &[], ""),
    list("access-tokens", &[], ""),
    one("build-users-group", &[], None),
    one("auto-allocate-uids", &[], Some("false")),
    one("sandbox", &["build-use-chroot", "build-use-sandbox"], None),
    one("sandbox-fallback", &[], Some("true")),
    one("max-jobs", &["build-max-jobs"], Some("1")),
    one("cores", &["build-cores"], None),
    one("builders", &[], None),
    one("fallback", &["build-fallback"], Some("false")),
    one("keep-outputs", &["gc-keep-outputs"], Some("false")),
    one("keep-derivations", &["gc-keep-derivations"], Some("true")),
    one("auto-optimise-store", &[], Some("false")),
    one("require-sigs", &[], Some("true")),
    one("accept-flake-config", &[], Some("false")),
    one("warn-dirty", &[], Some("true")),
    one("use-xdg-base-directories", &[], Some("false")),
    one("netrc-file", &[], None),
    one("min-free", &[], Some("0")),
    one("store", &[], Some("auto")),
];

/// A setting's own name: that of an alias is the name that Nix has for it today.
pub fn canonical(name: &str) -> &str {
    SETTINGS.iter().find(|setting| setting.aliases.contains(&name)).map_or(name, |setting| setting.name)
}
