//! The files that ask for versions.

use std::path::Path;

use super::super::Context;
use crate::facts::Reading;
use crate::versions::{Ask, Form, Origin, asks};

/// What the project's files ask for.
#[derive(Clone, Debug, Default)]
pub(super) struct Asked {
    /// Each place.
    pub(super) asks: Vec<Ask>,
    /// Files that could not be read.
    pub(super) unread: Vec<Unread>,
    /// Whether there are files that make a shell of Nix.
    pub(super) has_nix_files: bool,
}

/// A file that could not be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unread {
    /// What a person calls it.
    pub file: String,
    /// Why.
    pub why: String,
    /// Whether what a shell is given depends on it.
    pub decides: bool,
}

/// The files of mise that stand in a folder of their own.
const MISE: &[&str] = &["mise/config.toml", ".mise/config.toml", ".config/mise/config.toml"];
/// The folder of GitHub's workflows.
const WORKFLOWS: &str = ".github/workflows";
/// Where Phoenix keeps its JavaScript.
const ASSETS: &[&str] = &["assets/package.json", "assets/package-lock.json"];
/// What a version manager looks for in the folders above the project's as well.
const ABOVE: &[&str] =
    &[".tool-versions", "mise.toml", ".mise.toml", ".node-version", ".nvmrc", ".python-version"];

/// Reads all files that ask for versions.
pub(super) fn asked(context: &Context) -> Reading<Asked> {
    let machine = context.machine();
    machine.list(&context.project).map(|names| {
        let mut asked = Asked::default();
        for name in &names {
            if let Some(form) = Form::of(name) {
                asked.has_nix_files |= form == Form::Nix;
                asked.read(context, form, name);
            }
        }
        let folder = |name: &str| names.iter().any(|it| it == name);
        for name in MISE.iter().filter(|name| name.split('/').next().is_some_and(folder)) {
            asked.read(context, Form::Mise, name);
        }
        for name in ASSETS.iter().filter(|_| folder("assets")) {
            asked.read(context, Form::of(name.trim_start_matches("assets/")).unwrap_or(Form::Package), name);
        }
        if folder(".github") {
            let workflows = machine.list(&context.project.join(WORKFLOWS)).present().unwrap_or_default();
            for name in workflows.iter().filter(|name| name.ends_with(".yml") || name.ends_with(".yaml")) {
                asked.read(context, Form::Workflow, &format!("{WORKFLOWS}/{name}"));
            }
        }
        asked.prefer_local();
        asked.read_above(context);
        asked.asks.sort_by_key(|ask| ask.origin);
        asked
    })
}

impl Asked {
    fn read(&mut self, context: &Context, form: Form, name: &str) {
        let (asks, why) = match context.machine().read(&context.project.join(name)) {
            Reading::Present(text) => match asks(form, name, &text) {
                Ok(asks) => (asks, None),
                Err(error) => (Vec::new(), Some(error.to_string())),
            },
            reading => (Vec::new(), reading.why_unknown()),
        };
        self.asks.extend(asks);
        self.unread.extend(why.map(|why| Unread { file: name.to_owned(), why, decides: form.decides() }));
    }

    /// What a person set for themselves is meant to differ from what mise's other files say.
    fn prefer_local(&mut self) {
        let is_local = |ask: &Ask| ask.place.file.ends_with(".local.toml");
        let tools: Vec<_> = self.asks.iter().filter(|ask| is_local(ask)).map(|ask| ask.tool).collect();
        self.asks
            .retain(|ask| is_local(ask) || !ask.place.file.ends_with(".toml") || !tools.contains(&ask.tool));
    }

    /// Reads the version managers' files of the folders above, below the home: the nearest one that names a tool decides.
    fn read_above(&mut self, context: &Context) {
        let home = context.home();
        let is_home = |folder: &&Path| home.as_deref() == Some(*folder);
        let above = context.upward().take_while(|folder| !is_home(folder)).skip(1).enumerate();
        for (at, folder) in above.filter(|(_, folder)| folder.parent().is_some()) {
            let nearer: Vec<_> =
                self.asks.iter().filter(|ask| ask.origin == Origin::Manager).map(|ask| ask.tool).collect();
            let mut further = Asked::default();
            let up = "../".repeat(at + 1);
            for (name, form) in ABOVE.iter().filter_map(|name| Some((name, Form::of(name)?))) {
                if matches!(context.machine().resolve(&folder.join(name)), Reading::Present(_)) {
                    further.read(context, form, &format!("{up}{name}"));
                }
            }
            self.asks.extend(further.asks.into_iter().filter(|ask| !nearer.contains(&ask.tool)));
            self.unread.extend(further.unread);
        }
    }
}
