//! What `fix` may do at all: files and variables can only narrow it.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use super::file::{FixSettings, Owner, read, unknown_rule};
use super::{ConfigError, SettingsFile};
use crate::facts::{Reading, Risk};
use crate::machine::Machine;

/// The greatest risk, as a variable.
const MOST: &str = "ENVDOCTOR_FIX_MOST";

/// Rules whose remedies are never carried out, as a variable: ids with commas between.
const NEVER: &str = "ENVDOCTOR_FIX_NEVER";

/// What `fix` may do. Without settings it may do whatever the person agrees to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FixPolicy {
    most: Option<(Risk, String)>,
    never: BTreeMap<String, String>,
    keep: Keep,
}

/// How long and how much of backups is kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Keep {
    /// Backups older than so many days may go.
    pub days: u64,
    /// The oldest may go where all backups together are larger than so many megabytes (10^6 bytes).
    pub megabytes: u64,
}

impl Default for Keep {
    fn default() -> Self {
        Keep { days: 30, megabytes: 2000 }
    }
}

impl FixPolicy {
    /// The policy of the user's file in `user`, the project's in `project`, and the variables; `known` are the ids of all
    /// rules.
    ///
    /// # Errors
    /// A file that cannot be read, or every mistake in one.
    pub fn load(
        machine: &dyn Machine,
        user: Option<&Path>,
        project: &Path,
        known: &BTreeSet<&str>,
    ) -> Result<FixPolicy, ConfigError> {
        let mut policy = FixPolicy::default();
        if let Some(folder) = user
            && let Some(source) = SettingsFile::of_user(machine, folder).read(machine)?
        {
            let settings = read(source, Owner::User, known)?;
            policy.keep = settings.keep();
            policy.narrow(settings);
        }
        if let Some(source) = SettingsFile::of_project(project).read(machine)? {
            policy.narrow(read(source, Owner::Project, known)?);
        }
        policy.narrow(variables(machine, known)?);
        Ok(policy)
    }

    /// The greatest risk that is carried out at all.
    pub fn most(&self) -> Risk {
        self.most.as_ref().map_or(Risk::Destructive, |(risk, _)| *risk)
    }

    /// The rules whose remedies are never carried out, each with where that stands.
    pub fn never(&self) -> impl Iterator<Item = (&str, &str)> {
        self.never.iter().map(|(id, from)| (id.as_str(), from.as_str()))
    }

    /// How long and how much of backups is kept.
    pub fn keep(&self) -> Keep {
        self.keep
    }

    /// Why a remedy of this rule is not carried out, as a clause; `None`: it may be.
    pub fn refusal(&self, rule: &str, risk: Risk) -> Option<String> {
        if let Some(from) = self.never.get(rule) {
            return Some(format!("{from} says that `{rule}` is never repaired"));
        }
        let (most, from) = self.most.as_ref().filter(|(most, _)| risk > *most)?;
        Some(format!("{from} says that nothing beyond `{most}` is repaired"))
    }

    fn narrow(&mut self, settings: FixSettings) {
        if let Some((risk, from)) = settings.most
            && risk < self.most()
        {
            self.most = Some((risk, from));
        }
        for (id, from) in settings.never {
            self.never.entry(id).or_insert(from);
        }
    }
}

/// What the variables say. An empty one says nothing.
fn variables(machine: &dyn Machine, known: &BTreeSet<&str>) -> Result<FixSettings, ConfigError> {
    let mut settings = FixSettings::default();
    if let Some(text) = variable(machine, MOST)? {
        let all = Risk::ALL;
        let risk = all.iter().find(|(name, _)| *name == text).map(|(_, risk)| *risk);
        let names = || all.iter().map(|(name, _)| *name).collect::<Vec<_>>().join(", ");
        let wrong = || wrong(MOST, (format!("`{text}` is no risk"), Some(format!("one of: {}", names()))));
        settings.most = Some((risk.ok_or_else(wrong)?, MOST.to_owned()));
    }
    let ids = variable(machine, NEVER)?.unwrap_or_default();
    for id in ids.split(',').map(str::trim).filter(|id| !id.is_empty()) {
        if let Some(mistake) = unknown_rule(id, known) {
            return Err(wrong(NEVER, mistake));
        }
        settings.never.push((id.to_owned(), NEVER.to_owned()));
    }
    Ok(settings)
}

fn variable(machine: &dyn Machine, name: &'static str) -> Result<Option<String>, ConfigError> {
    match machine.env(name) {
        Reading::Present(text) => Ok(Some(text.trim().to_owned()).filter(|text| !text.is_empty())),
        Reading::Absent => Ok(None),
        other => Err(wrong(name, (other.why_unknown().unwrap_or_default(), None))),
    }
}

fn wrong(name: &'static str, (message, help): (String, Option<String>)) -> ConfigError {
    ConfigError::Variable { name, message, help }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::machine::{Recorded, Recording};

    fn load(machine: &str) -> Result<FixPolicy, String> {
        let text = format!("project: /p\notherwise: absent\n{machine}");
        let machine = Recorded::new(&Recording::parse(&text, "m").unwrap());
        let known = BTreeSet::from(["hex-missing", "mix-lock-outdated"]);
        let user = Some(Path::new("/h/.config/envdoctor"));
        FixPolicy::load(&machine, user, Path::new("/p"), &known).map_err(|error| error.to_string())
    }

    #[test]
    fn without_settings_all_may_be_done() {
        let policy = load("").unwrap();
        assert_eq!(policy, FixPolicy::default());
        assert_eq!(policy.refusal("hex-missing", Risk::Destructive), None);
    }

    #[test]
    fn what_comes_later_only_narrows() {
        let file = "files:\n  /p/envdoctor.yaml: \"fix:\\n  most: project\\n  never: [hex-missing]\\n\"\n";
        let refused = |env: &str, rule: &str, risk| {
            load(&format!("{file}env: {{{env}}}\n")).unwrap().refusal(rule, risk)
        };
        let never = Some("envdoctor.yaml:3 says that `hex-missing` is never repaired".to_owned());
        assert_eq!(refused("", "hex-missing", Risk::None), never);
        assert_eq!(refused("ENVDOCTOR_FIX_NEVER: hex-missing", "hex-missing", Risk::None), never);
        assert_eq!(refused("", "mix-lock-outdated", Risk::Project), None);
        let most = "envdoctor.yaml:2 says that nothing beyond `project` is repaired";
        assert_eq!(refused("", "mix-lock-outdated", Risk::User).unwrap(), most);
        assert_eq!(refused("ENVDOCTOR_FIX_MOST: system", "mix-lock-outdated", Risk::User).unwrap(), most);
        let most = "ENVDOCTOR_FIX_MOST says that nothing beyond `cache` is repaired";
        assert_eq!(refused("ENVDOCTOR_FIX_MOST: cache", "mix-lock-outdated", Risk::Project).unwrap(), most);
        let never = "ENVDOCTOR_FIX_NEVER says that `mix-lock-outdated` is never repaired";
        let ids = "ENVDOCTOR_FIX_NEVER: ' hex-missing, mix-lock-outdated '";
        assert_eq!(refused(ids, "mix-lock-outdated", Risk::None).unwrap(), never);
    }

    #[test]
    fn the_lesser_of_both_files_holds() {
        let of = |mine: &str, theirs: &str| {
            let policy = load(&format!(
                "env: {{HOME: /h}}\nfiles:\n  /h/.config/envdoctor/config.yaml: '{{fix: {{{mine}}}}}'\n  \
                 /p/envdoctor.yaml: '{{fix: {{{theirs}}}}}'\n"
            ));
            policy.unwrap()
        };
        let both = of("most: cache, keep: {days: 3}", "most: system, never: [hex-missing]");
        assert_eq!((both.most(), both.keep().days), (Risk::Cache, 3));
        assert!(
            both.refusal("x", Risk::Project).unwrap().starts_with("~/.config/envdoctor/config.yaml:1 says")
        );
        assert_eq!(both.never().collect::<Vec<_>>(), [("hex-missing", "envdoctor.yaml:1")]);
        assert_eq!(of("most: system", "most: none").most(), Risk::None);
    }

    #[test]
    fn what_cannot_be_read_allows_nothing() {
        for (machine, why) in [
            (
                "env: {ENVDOCTOR_FIX_MOST: projct}",
                "ENVDOCTOR_FIX_MOST: `projct` is no risk (one of: none, cache",
            ),
            (
                "env: {ENVDOCTOR_FIX_NEVER: hex-mising}",
                "there is no rule `hex-mising` (did you mean `hex-missing`?)",
            ),
            ("folders: {/p/envdoctor.yaml: []}", "envdoctor.yaml: /p/envdoctor.yaml: not a regular file"),
            (
                "files: {/etc/x: ''}\nlinks: {/p/envdoctor.yaml: /etc/x}",
                "it leads out of the project, to /etc/x",
            ),
        ] {
            let told = load(machine).unwrap_err();
            assert!(told.contains(why), "{told}");
        }
    }
}
