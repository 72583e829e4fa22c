//! Every `nix.conf`, read in Nix's order and merged as Nix merges them.

use std::path::{Path, PathBuf};

use super::super::super::Context;
use crate::facts::{Place, Reading, Value};
use crate::formats::{Entry, NixConf, Origin, SETTINGS, meant, parse_nix_conf};

/// More files than anybody's configuration has.
const FILES: usize = 64;

/// So deeply files include one another at most.
const DEEPEST: usize = 8;

/// A source of settings.
struct File {
    name: String,
    text: String,
}

/// All that the configuration says.
pub(in crate::probes::nix) struct Conf {
    files: Vec<File>,
    /// What the system's own file says, which is what the daemon reads too.
    pub(in crate::probes::nix) system: NixConf,
    /// What holds for the user.
    pub(in crate::probes::nix) all: NixConf,
    pub(super) mistakes: Vec<(String, Origin)>,
    /// The user's own file, where Nix reads that.
    pub(super) own: Option<PathBuf>,
}

/// A line for which Nix refuses a file.
pub(super) struct Mistaken {
    /// The line without a comment.
    pub(super) line: String,
    /// Where it stands.
    pub(super) place: Place,
    /// What it must have been meant to be.
    pub(super) repair: Option<String>,
}

/// Reads every file that Nix reads, in its order. What Nix may not read, it passes over.
pub(in crate::probes::nix) fn read(context: &Context) -> Reading<Conf> {
    let machine = context.machine();
    let mut conf = Conf {
        files: Vec::new(),
        system: NixConf::default(),
        all: NixConf::default(),
        mistakes: Vec::new(),
        own: own_file(context),
    };
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

/// `~/.config/nix/nix.conf`, unless variables name others.
fn own_file(context: &Context) -> Option<PathBuf> {
    let folder = variable(context, "XDG_CONFIG_HOME").map(PathBuf::from);
    let folder = folder.or_else(|| context.home().map(|home| home.join(".config")))?;
    let file = folder.join("nix/nix.conf");
    users_files(context).contains(&file).then_some(file)
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
        if number >= FILES || depth > DEEPEST {
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

    /// The first line of the user's own file that Nix refuses.
    pub(super) fn own_mistake(&self) -> Option<Mistaken> {
        let own = self.own.as_ref()?.to_string_lossy();
        let places = self.mistakes.iter().map(|(_, origin)| self.place(*origin));
        let place = places.into_iter().find(|place| place.file == own)?;
        let line = place.excerpt.split('#').next().unwrap_or_default().trim().to_owned();
        // What is not there can be left out.
        let optional = line.strip_prefix("include ").filter(|file| !file.trim().contains([' ', '\t']));
        let repair = optional.map(|file| format!("!include {}", file.trim())).or_else(|| meant(&line));
        Some(Mistaken { line, place, repair })
    }

    pub(super) fn place(&self, (file, offset): Origin) -> Place {
        match self.files.get(file) {
            Some(File { name, text }) => Place::at(name, text, offset),
            None => Place::at("nix.conf", "", 0),
        }
    }

    /// What holds of a setting, where that was said, and the places of it.
    pub(super) fn setting(&self, name: &str) -> (Reading<Value>, String, Vec<Place>) {
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
