//! Nix's settings on recorded machines.

use crate::probes::recorded::{ask, facts};

fn conf(env: &str, files: &str, names: &[&str]) -> Vec<String> {
    ask(&format!("which: {{nix: /usr/bin/nix}}\nenv: {{HOME: /h{env}}}\nfiles:\n  /x: ''\n{files}"), names)
}

const FEATURES: &[&str] = &["nix.conf.experimental-features", "nix.features.missing"];

#[test]
fn files_are_merged_as_nix_merges_them() {
    let files = "  /etc/nix/nix.conf: \"max-jobs = 2\\nexperimental-features = nix-command\\n!include extra.conf\\n\"\n  \
                 /etc/nix/extra.conf: 'extra-substituters = https://a.example'\n  \
                 /h/.config/nix/nix.conf: 'extra-experimental-features = flakes'\n  /etc/xdg/nix/nix.conf: 'max-jobs = 3'\n";
    let names = [
        "nix.conf.experimental-features",
        "nix.conf.substituters",
        "nix.conf.max-jobs",
        "nix.features.missing",
    ];
    let both = "nix-command, flakes";
    let caches = "https://cache.nixos.org/, https://a.example";
    assert_eq!(conf("", files, &names), [both, caches, "3", ""]);
    assert_eq!(conf(", NIX_CONFIG: 'max-jobs ='", files, &names)[2], "-");
    assert_eq!(conf(", NIX_CONFIG: 'max-jobs = 5'", files, &names)[2], "5");
    assert_eq!(conf(", NIX_USER_CONF_FILES: /none", files, &names)[0], "nix-command");
    assert_eq!(conf(", XDG_CONFIG_HOME: /none", files, &names)[0], "nix-command");
    assert_eq!(conf(", NIX_CONF_DIR: /none", files, &names)[0], "flakes");
}

#[test]
fn flakes_may_be_on_by_default() {
    let run = |version: &str| format!("runs: [{{argv: [/usr/bin/nix, --version], stdout: '{version}'}}]\n");
    let program = "  /usr/bin/nix: ''\n";
    let missing = |version: &str| conf("", &format!("{program}{}", run(version)), FEATURES).join(" | ");
    assert_eq!(missing("nix (Nix) 2.26.3"), " | nix-command, flakes");
    assert_eq!(missing("nix (Lix, like Nix) 2.93.0"), " | nix-command, flakes");
    assert_eq!(missing("nix (Determinate Nix 3.8.5) 2.30.2"), " | ");
    assert_eq!(ask("", FEATURES), ["-", "-"]);
}

#[test]
fn mistakes_and_sources_have_places() {
    let recording = "which: {nix: /usr/bin/nix}\nfiles:\n  /etc/nix/nix.conf: |\n    sandbox = false\n    \
                flakes\n    include gone.conf\n    extra-trusted-users = u\n";
    let names = ["nix.conf_mistakes", "nix.conf.sandbox", "nix.conf.trusted-users", "nix.conf.max-jobs"];
    let facts = facts(recording, names);
    let shown = |name: &str| {
        let fact = facts.get(name).unwrap();
        let places: Vec<String> = fact.places.iter().map(ToString::to_string).collect();
        format!(
            "{:?} {} {}",
            fact.reading.as_present().map(ToString::to_string),
            fact.source,
            places.join(" ")
        )
    };
    let file = "/etc/nix/nix.conf";
    assert_eq!(
        shown("nix.conf_mistakes"),
        format!("Some(\"flakes, /etc/nix/gone.conf does not exist\") nix.conf {file}:2:1 {file}:3:1")
    );
    assert_eq!(shown("nix.conf.sandbox"), format!("Some(\"false\") {file} {file}:1:1"));
    assert_eq!(shown("nix.conf.trusted-users"), format!("Some(\"root, u\") {file} "));
    assert_eq!(shown("nix.conf.max-jobs"), "Some(\"1\") default ");
}

#[test]
fn a_circle_of_files_ends() {
    let files = "  /etc/nix/nix.conf: 'include nix.conf'\n";
    assert!(
        conf("", files, &["nix.conf.cores"])[0].starts_with("? /etc/nix/nix.conf is included in a circle")
    );
}

#[test]
fn who_is_not_trusted_is_ignored() {
    let ignored = |user: &str, state: u32, mine: &str, system: &str| {
        let recording = format!(
            "which: {{nix: /usr/bin/nix}}\nenv: {{HOME: /h}}\nuser: {user}\n\
             stats: {{/nix/var/nix: {{kind: folder, uid: {state}, mode: 0o755}}}}\n\
             files:\n  /h/.config/nix/nix.conf: '{mine}'\n  /etc/nix/nix.conf: '{system}'\n"
        );
        ask(&recording, &["nix.conf_ignored", "nix.user.trusted"]).join(" | ")
    };
    let (u, cache) = ("{uid: 1000, name: u, groups: [wheel]}", "extra-substituters = https://c.example");
    assert_eq!(ignored(u, 0, cache, ""), "substituters: https://c.example | no");
    assert_eq!(ignored(u, 0, cache, "trusted-users = root @wheel"), " | yes");
    assert_eq!(ignored(u, 0, cache, "trusted-users = u"), " | yes");
    assert_eq!(ignored(u, 0, cache, "trusted-substituters = https://c.example/"), " | no");
    assert_eq!(ignored(u, 1000, cache, ""), " | yes", "whose store it is needs no trust");
    assert_eq!(ignored(u, 0, "max-jobs = 3", ""), " | no");
    assert_eq!(ignored(u, 0, "sandbox = false", "sandbox = false"), " | no");
    assert_eq!(ignored("{uid: 0, name: root}", 0, cache, ""), " | yes");
}

#[test]
fn the_users_own_file_and_its_first_mistake() {
    let names =
        ["nix.user_conf", "nix.user_conf_mistake", "nix.user_conf_mistake_line", "nix.user_conf_repair"];
    let own = |env: &str, files: &str| conf(env, files, &names).join(" | ");
    let file = "/h/.config/nix/nix.conf";
    let with = |text: &str| own("", &format!("  {file}: \"{text}\"\n"));
    assert_eq!(own("", ""), format!("{file} | - | - | -"));
    assert_eq!(
        with("cores = 1\\n max-jobs=2 # x\\nfoo\\n"),
        format!("{file} | max-jobs=2 | 2 | max-jobs = 2")
    );
    assert_eq!(with("foo bar\\n"), format!("{file} | foo bar | 1 | -"));
    assert_eq!(with("include gone.conf"), format!("{file} | include gone.conf | 1 | !include gone.conf"));
    assert_eq!(own("", "  /etc/nix/nix.conf: 'cores=2'\n"), format!("{file} | - | - | -"));
    assert_eq!(own(", NIX_USER_CONF_FILES: /x", ""), "- | - | - | -");
    assert_eq!(own(", NIX_CONFIG_HOME: /x", ""), "- | - | - | -");
    assert_eq!(own(", XDG_CONFIG_HOME: /x", ""), "/x/nix/nix.conf | - | - | -");
}
