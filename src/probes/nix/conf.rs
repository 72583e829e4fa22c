//! Nix's settings in force: every `nix.conf`, merged as Nix merges them.

use std::path::{Path, PathBuf};

use super::super::{Context, Probe};
use super::{install, trust};
use crate::facts::{Facts, Place, Reading, Value};
use crate::formats::{Entry, NixConf, Origin, SETTINGS, parse_nix_conf};

pub(super) const PROBE: Probe = Probe {
    name: "Nix's settings",
    yields: &[
        "nix.conf.experimental-features",
        "nix.conf.substituters",
        "nix.conf.trusted-substituters",
        "nix.conf.trusted-public-keys",
        "nix.conf.trusted-users",
        "nix.conf.allowed-users",
        "nix.conf.extra-platforms",
        "nix.conf.system-features",
        "nix.conf.*",
        "nix.conf_mistakes",
        "nix.conf_ignored",
        "nix.features.missing",
    ],
    usual: USUAL,
    apart: false,
    run,
};

/// The other settings that a person who asks for everything wants to see.
const USUAL: &[&str] = &[
    "accept-flake-config",
    "auto-allocate-uids",
    "build-users-group",
    "builders",
    "cores",
    "keep-outputs",
    "max-jobs",
    "sandbox",
    "store",
    "use-xdg-base-directories",
];

/// More files than anybody's configuration has.
const FILES: usize = 64;

/// The daemon takes these from trusted users alone, as `nix.conf(5)` says of each; without them something is built, or
/// fails, that would have been fetched.
const RESTRICTED: &[&str] = &[
    "substituters",
    "trusted-public-keys",
    "builders",
    "extra-platforms",
    "system-features",
    "sandbox",
    "sandbox-paths",
    "netrc-file",
];

/// A source of settings.
struct File {
    name: String,
    text: String,
}

/// All that the configuration says.
pub(super) struct Conf {
    files: Vec<File>,
    /// What the system's own file says, which is what the daemon reads too.
    pub(super) system: NixConf,
    /// What holds for the user.
    pub(super) all: NixConf,
    mistakes: Vec<(String, Origin)>,
}

fn run(context: &Context) -> Facts {
    let mut facts = Facts::default();
    let conf = if install::installed(context).is_some() { read(context) } else { Reading::Absent };
    for name in context.wanted.iter().filter_map(|name| name.strip_prefix("nix.conf.")) {
        let (reading, source, places) = match &conf {
            Reading::Present(conf) => conf.setting(name),
            unknown => (unknown.as_ref().and_then(|_| Reading::Absent), "nix.conf".to_owned(), Vec::new()),
        };
        facts.add_at(format!("nix.conf.{name}"), reading, source, places);
    }
    let mut add = |name: &str, said: &dyn Fn(&Conf) -> Vec<(String, Origin)>| {
        if context.wants(name) {
            let said = conf.as_ref().map(|conf| {
                let said = said(conf);
                let places: Vec<Place> = said.iter().map(|(_, origin)| conf.place(*origin)).collect();
                (said.into_iter().map(|(text, _)| text).collect::<Vec<_>>(), places)
            });
            let places = said.as_present().map(|(_, places)| places.clone()).unwrap_or_default();
            facts.add_at(name, said.map(|(texts, _)| Value::List(texts)), "nix.conf", places);
        }
    };
    add("nix.conf_mistakes", &|conf| conf.mistakes.clone());
    add("nix.conf_ignored", &|conf| ignored(context, conf));
    if context.wants("nix.features.missing") {
        let missing = conf.as_ref().map(|conf| Value::List(missing_features(context, conf)));
        facts.add("nix.features.missing", missing, "nix.conf");
    }
    facts
}

/// Reads every file that Nix reads, in its order. What Nix may not read, it passes over.
pub(super) fn read(context: &Context) -> Reading<Conf> {
    let machine = context.machine();
    let mut conf =
        Conf { files: Vec::new(), system: NixConf::default(), all: NixConf::default(), mistakes: Vec::new() };
    let folder = variable(context, "NIX_CONF_DIR").unwrap_or_else(|| "/etc/nix".to_owned());
    if let Err(unknown) = conf.take_file(context, &Path::new(&folder).join("nix.conf"), 0) {
        return unknown;
    }
    conf.system = conf.all.clone();
    // The first of the user's files wins, so that it is read last.
    for file in users_files(context).iter().rev() {
        if let Err(unknown) = conf.take_file(context, file, 0) {
            return unknown;
        }
    }
    if let Some(text) = machine.env("NIX_CONFIG").present()
        && let Err(unknown) = conf.take(context, "NIX_CONFIG".to_owned(), text, Path::new("/"), 0)
    {
        return unknown;
    }
    Reading::Present(conf)
}

fn variable(context: &Context, name: &str) -> Option<String> {
    context.machine().env(name).present().filter(|value| !value.is_empty())
}

fn users_files(context: &Context) -> Vec<PathBuf> {
    if let Some(files) = variable(context, "NIX_USER_CONF_FILES") {
        return files.split(':').filter(|file| !file.is_empty()).map(PathBuf::from).collect();
    }
    let own = variable(context, "NIX_CONFIG_HOME").map(PathBuf::from);
    let own =
        own.or_else(|| variable(context, "XDG_CONFIG_HOME").map(|folder| Path::new(&folder).join("nix")));
    let own = own.or_else(|| context.home().map(|home| home.join(".config/nix")));
    let systems = variable(context, "XDG_CONFIG_DIRS").unwrap_or_else(|| "/etc/xdg".to_owned());
    let systems = systems.split(':').filter(|folder| !folder.is_empty()).map(|it| Path::new(it).join("nix"));
    own.into_iter().chain(systems).map(|folder| folder.join("nix.conf")).collect()
}

impl Conf {
    fn take_file(&mut self, context: &Context, file: &Path, depth: usize) -> Result<(), Reading<Conf>> {
        match context.machine().read(file) {
            Reading::Present(text) => {
                let folder = file.parent().unwrap_or(file);
                self.take(context, file.to_string_lossy().into_owned(), text, folder, depth)
            }
            Reading::Absent | Reading::Denied => Ok(()),
            unknown => Err(unknown.and_then(|_| Reading::Absent)),
        }
    }

    fn take(
        &mut self,
        context: &Context,
        name: String,
        text: String,
        folder: &Path,
        depth: usize,
    ) -> Result<(), Reading<Conf>> {
        let number = self.files.len();
        if number >= FILES || depth > 8 {
            return Err(Reading::failed(format!("{name} is included in a circle")));
        }
        let entries = parse_nix_conf(&text);
        self.files.push(File { name, text });
        for entry in entries {
            match entry {
                Entry::Set { name, words, offset } => self.all.set(&name, &words, (number, offset)),
                Entry::Mistake { offset } => {
                    let line = self.place((number, offset)).excerpt;
                    self.mistakes.push((line.trim().to_owned(), (number, offset)));
                }
                Entry::Include { file, optional, offset } => {
                    let path = folder.join(&file);
                    if matches!(context.machine().stat(&path), Reading::Absent) {
                        if !optional {
                            let text = format!("{} does not exist", path.display());
                            self.mistakes.push((text, (number, offset)));
                        }
                    } else {
                        self.take_file(context, &path, depth + 1)?;
                    }
                }
            }
        }
        Ok(())
    }

    fn place(&self, (file, offset): Origin) -> Place {
        match self.files.get(file) {
            Some(File { name, text }) => Place::at(name, text, offset),
            None => Place::at("nix.conf", "", 0),
        }
    }

    /// What holds of a setting, where that was said, and the places of it.
    fn setting(&self, name: &str) -> (Reading<Value>, String, Vec<Place>) {
        let known = SETTINGS.iter().find(|setting| setting.name == name);
        let is_list = known.is_some_and(|setting| setting.list);
        // Set to nothing, a single value is none.
        let value = self.all.words(name).and_then(|words| match is_list && LISTS.contains(&name) {
            true => Some(Value::List(words)),
            false => Some(words.join(" ")).filter(|text| !text.is_empty()).map(Value::Text),
        });
        let Some(said) = self.all.get(name) else { return (value.into(), "default".to_owned(), Vec::new()) };
        let places: Vec<Place> = said.iter().filter_map(|(_, origin)| Some(self.place((*origin)?))).collect();
        let mut sources: Vec<&str> = places.iter().map(|place| place.file.as_str()).collect();
        sources.dedup();
        let source = if sources.is_empty() { "nix.conf".to_owned() } else { sources.join(", ") };
        // Of a list, every item has its place, or none has.
        let places = match value {
            Some(Value::List(_)) if places.len() == said.len() => places,
            Some(Value::List(_)) => Vec::new(),
            _ => places.into_iter().take(1).collect(),
        };
        (value.into(), source, places)
    }
}

/// The settings whose facts are lists.
const LISTS: &[&str] = &[
    "experimental-features",
    "substituters",
    "trusted-substituters",
    "trusted-public-keys",
    "trusted-users",
    "allowed-users",
    "extra-platforms",
    "system-features",
];

/// What of `nix develop` and flake.nix Nix would refuse.
fn missing_features(context: &Context, conf: &Conf) -> Vec<String> {
    let enabled = conf.all.words("experimental-features").unwrap_or_default();
    let missing: Vec<String> = ["nix-command", "flakes"]
        .into_iter()
        .filter(|feature| !enabled.iter().any(|enabled| enabled == feature))
        .map(str::to_owned)
        .collect();
    // Determinate Nix has both without being told.
    if !missing.is_empty()
        && install::flavour(context).as_present().is_some_and(|(it, _)| *it == install::DETERMINATE)
    {
        return Vec::new();
    }
    missing
}

/// What the user's own files say in vain, since the daemon takes it from trusted users alone.
fn ignored(context: &Context, conf: &Conf) -> Vec<(String, Origin)> {
    if trust::trusted(context, conf).0.present() != Some(false) {
        return Vec::new();
    }
    let has = |name: &str, word: &str| {
        let words = conf.system.words(name).unwrap_or_default();
        words.iter().any(|known| known.trim_end_matches('/') == word.trim_end_matches('/'))
    };
    let mut ignored = Vec::new();
    for name in RESTRICTED {
        let said = conf.all.get(name).unwrap_or_default();
        if Some(said) == conf.system.get(name) || said.is_empty() {
            continue;
        }
        for (word, origin) in said {
            let known = has(name, word) || (*name == "substituters" && has("trusted-substituters", word));
            if let (Some(origin), false) = (origin, known) {
                ignored.push((format!("{name}: {word}"), *origin));
            }
        }
    }
    ignored
}

#[cfg(test)]
mod tests {
    use crate::probes::recorded::{ask, facts};

    fn conf(env: &str, files: &str, names: &[&str]) -> Vec<String> {
        ask(
            &format!("which: {{nix: /usr/bin/nix}}\nenv: {{HOME: /h{env}}}\nfiles:\n  /x: ''\n{files}"),
            names,
        )
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
        let run =
            |version: &str| format!("runs: [{{argv: [/usr/bin/nix, --version], stdout: '{version}'}}]\n");
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
            conf("", files, &["nix.conf.cores"])[0]
                .starts_with("? /etc/nix/nix.conf is included in a circle")
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
}
