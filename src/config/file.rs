//! Reading one file with settings: every mistake in it is told, with its place.

use std::collections::BTreeSet;

use super::Keep;
use crate::facts::Risk;
use crate::require::{self, Requirement};
use crate::rules::{Fields, Node, Problem, Problems, Reader, Source, nearest};

/// Whose file it is: what only the user may decide is a mistake in a project's.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Owner {
    User,
    Project,
}

/// What a file says of repairs, each with its place, such as `envdoctor.yaml:3`.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct FixSettings {
    pub(super) most: Option<(Risk, String)>,
    pub(super) never: Vec<(String, String)>,
    pub(super) days: Option<u64>,
    pub(super) megabytes: Option<u64>,
    /// What there must be.
    pub(super) require: Vec<Requirement>,
}

impl FixSettings {
    pub(super) fn keep(&self) -> Keep {
        let default = Keep::default();
        Keep {
            days: self.days.unwrap_or(default.days),
            megabytes: self.megabytes.unwrap_or(default.megabytes),
        }
    }
}

/// Reads a file; `known` are the ids of all rules.
///
/// # Errors
/// Every mistake in it.
pub(super) fn read(source: Source, owner: Owner, known: &BTreeSet<&str>) -> Result<FixSettings, Problems> {
    let mut settings = Settings { reader: Reader::new(source), owner, known };
    // A file with nothing but comments says nothing.
    let fix = settings.reader.document().and_then(|root| settings.whole(&root)).unwrap_or_default();
    let problems = settings.reader.problems;
    if problems.is_empty() { Ok(fix) } else { Err(Problems(problems)) }
}

/// What to say of an id that no rule has, and the nearest that one has.
pub(super) fn unknown_rule(id: &str, known: &BTreeSet<&str>) -> Option<(String, Option<String>)> {
    (!known.contains(id)).then(|| (format!("there is no rule `{id}`"), nearest(id, known.iter().copied())))
}

struct Settings<'k> {
    reader: Reader,
    owner: Owner,
    known: &'k BTreeSet<&'k str>,
}

impl Settings<'_> {
    fn whole(&mut self, root: &Node) -> Option<FixSettings> {
        let fields = self.reader.fields(root, &["fix", "require"])?;
        let owner = match self.owner {
            Owner::User => require::Owner::User,
            Owner::Project => require::Owner::Project,
        };
        let require = fields.get("require").map(|node| require::read(&mut self.reader, node, owner));
        let require = require.unwrap_or_default();
        let Some(fix) = fields.get("fix") else {
            return Some(FixSettings { require, ..FixSettings::default() });
        };
        let fix = self.reader.fields(fix, &["most", "never", "keep"])?;
        let mut settings = FixSettings { never: self.never(&fix), require, ..FixSettings::default() };
        if let Some(node) = fix.get("most") {
            let risk = self.reader.one_of(node, "risk", Risk::ALL);
            settings.most = risk.map(|risk| (risk, self.place(node)));
        }
        if let Some(node) = fix.get("keep") {
            self.keep(node, &mut settings);
        }
        Some(settings)
    }

    fn never(&mut self, fix: &Fields<'_>) -> Vec<(String, String)> {
        let mut never = Vec::new();
        for node in self.reader.list(fix, "never") {
            let Some(id) = self.reader.text(node) else { continue };
            match unknown_rule(&id, self.known) {
                Some((message, help)) => self.reader.problem(node.span.clone(), message, help),
                None => never.push((id, self.place(node))),
            }
        }
        never
    }

    fn keep(&mut self, node: &Node, settings: &mut FixSettings) {
        if self.owner == Owner::Project {
            let help = "set it in your own config.yaml".to_owned();
            let message = "how long backups are kept is not for a project to say";
            return self.reader.problem(node.span.clone(), message, Some(help));
        }
        let Some(keep) = self.reader.fields(node, &["days", "megabytes"]) else { return };
        settings.days = keep.get("days").and_then(|node| self.reader.number(node));
        settings.megabytes = keep.get("megabytes").and_then(|node| self.reader.number(node));
    }

    fn place(&self, node: &Node) -> String {
        let (source, span) = (self.reader.source.clone(), node.span.clone());
        let name = source.name.clone();
        let at = Problem { source, span, message: String::new(), help: None };
        format!("{name}:{}", at.position().0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read_as(owner: Owner, text: &str) -> Result<FixSettings, String> {
        let source = Source { name: "c.yaml".to_owned(), text: text.to_owned() };
        read(source, owner, &BTreeSet::from(["hex-missing", "mix-lock-outdated"]))
            .map_err(|all| all.to_string())
    }

    #[test]
    fn settings_know_their_lines() {
        let text = "# mine\nfix:\n  most: project\n  never:\n    - hex-missing\n    - mix-lock-outdated\n  \
                    keep: {days: 7}\n";
        let read = read_as(Owner::User, text).unwrap();
        assert_eq!(read.most, Some((Risk::Project, "c.yaml:3".to_owned())));
        let never = [("hex-missing", "c.yaml:5"), ("mix-lock-outdated", "c.yaml:6")];
        assert_eq!(read.never, never.map(|(id, at)| (id.to_owned(), at.to_owned())));
        assert_eq!(read.keep(), Keep { days: 7, ..Keep::default() });
        assert_eq!(read_as(Owner::Project, "# nothing yet\n").unwrap(), FixSettings::default());
    }

    #[test]
    fn every_mistake_is_told_with_its_place() {
        let text = "fix:\n  most: projct\n  never: [hex-mising, 3]\n  keep: {days: some, month: 1}\n  nevr: []\nfx: 1\n";
        let why = read_as(Owner::User, text).unwrap_err();
        for told in [
            "c.yaml:2:9: `projct` is no risk",
            "c.yaml:3:11: there is no rule `hex-mising`",
            "did you mean `hex-missing`?",
            "c.yaml:4:16: this must be a whole number",
            "c.yaml:4:22: unknown key `month`",
            "c.yaml:5:3: unknown key `nevr`",
            "did you mean `never`?",
            "c.yaml:6:1: unknown key `fx`",
        ] {
            assert!(why.contains(told), "{told} is not in\n{why}");
        }
    }

    #[test]
    fn a_project_does_not_say_how_long_backups_are_kept() {
        let why = read_as(Owner::Project, "fix: {keep: {days: 0}}\n").unwrap_err();
        assert!(why.contains("c.yaml:1:13: how long backups are kept"), "{why}");
    }
}
