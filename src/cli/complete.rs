//! What a shell may complete. Nothing of the project is looked at: a shell asks wherever the person stands.

use std::collections::BTreeSet;
use std::ffi::OsStr;
use std::io::Write;
use std::process::ExitCode;
use std::time::Duration;

use clap::CommandFactory;
use clap_complete::CompleteEnv;
use clap_complete::engine::{ArgValueCompleter, CompletionCandidate};

use super::args::Args;
use super::{OK, USAGE, load};
use crate::apply;
use crate::built_in;
use crate::machine::{Live, config_home, state_home};
use crate::probes;
use crate::rules::Tag;
use crate::state::State;
use crate::visible::visible_lines;

/// The variable by which a shell asks.
pub(super) const VARIABLE: &str = "ENVDOCTOR_COMPLETE";

/// A person waits for it with the finger on the key.
const DEADLINE: Duration = Duration::from_millis(200);

/// Answers a shell that asks; `None`: none did.
pub(super) fn answered() -> Option<ExitCode> {
    let folder = Live::current_dir().ok();
    let asked = CompleteEnv::with_factory(Args::command).var(VARIABLE);
    match asked.try_complete(Live::arguments(), folder.as_deref()) {
        Ok(true) => Some(ExitCode::from(OK)),
        Ok(false) => None,
        Err(error) => {
            let _ = write!(anstream::stderr(), "envdoctor: {}", visible_lines(&error.to_string()));
            Some(ExitCode::from(USAGE))
        }
    }
}

/// Ids of rules, built in and the user's.
pub(super) fn rules() -> ArgValueCompleter {
    ArgValueCompleter::new(|typed: &OsStr| beginning(typed, all_rules()))
}

/// The same, their families and their tags: as `--only` takes them. Of several with commas between, the last is completed.
pub(super) fn selections() -> ArgValueCompleter {
    ArgValueCompleter::new(|typed: &OsStr| {
        let families =
            built_in::rules().rules().iter().map(|rule| rule.family.clone()).collect::<BTreeSet<_>>();
        let families = families.into_iter().map(|family| (family, "a family of rules".to_owned()));
        let tags = Tag::ALL.iter().map(|(name, tag)| ((*name).to_owned(), tag.meaning().to_owned()));
        beginning(typed, families.chain(tags).chain(all_rules()))
    })
}

/// The fixes that can be taken back, the last first.
pub(super) fn fixes() -> ArgValueCompleter {
    ArgValueCompleter::new(|typed: &OsStr| {
        let Some(state) = state_home().map(State::at) else { return Vec::new() };
        let (fixes, _) = apply::fixes(&state, &Live::new(DEADLINE));
        let standing = fixes.into_iter().filter(|past| !past.pruned && !past.standing().is_empty());
        beginning(
            typed,
            standing.map(|past| {
                let titles: Vec<&str> = past.remedies.iter().map(|remedy| remedy.title.as_str()).collect();
                (past.id.clone(), format!("{}: {}", past.project.display(), titles.join(", ")))
            }),
        )
    })
}

/// The beginnings of facts' names, up to the next dot behind what was typed.
pub(super) fn facts() -> ArgValueCompleter {
    ArgValueCompleter::new(|typed: &OsStr| {
        let typed = typed.to_str().unwrap_or_default();
        let names = probes::all_names();
        let matching = names.iter().filter(|name| name.starts_with(typed));
        let begun: BTreeSet<String> = matching
            .map(|name| match name[typed.len()..].find('.') {
                Some(dot) => name[..=typed.len() + dot].to_owned(),
                None => name.clone(),
            })
            .collect();
        begun.into_iter().map(CompletionCandidate::new).collect()
    })
}

fn all_rules() -> impl Iterator<Item = (String, String)> {
    let built_in = built_in::rules();
    let built_in: Vec<_> =
        built_in.rules().iter().map(|rule| (rule.id.clone(), rule.title.trim().to_owned())).collect();
    let own = config_home().map(|config| load::user_ids(&Live::new(DEADLINE), &config)).unwrap_or_default();
    built_in.into_iter().chain(own.into_iter().map(|id| (id, "a rule of yours".to_owned())))
}

/// Those that begin with what was typed, with what is said of them.
fn beginning(typed: &OsStr, all: impl IntoIterator<Item = (String, String)>) -> Vec<CompletionCandidate> {
    let Some(typed) = typed.to_str() else { return Vec::new() };
    let found = all.into_iter().filter(|(value, _)| value.starts_with(typed));
    found.map(|(value, about)| CompletionCandidate::new(value).help(Some(about.into()))).collect()
}
