//! Reading one file with settings: every mistake in it is told, with its place.

use std::path::PathBuf;
use std::time::Duration;

use jiff::civil::Date;

use super::format::{FIX, IGNORE, KEEP, SETTINGS};
use super::layer::{FixSettings, Ignore, Layer, Origin, Stated};
use super::words::Words;
use crate::facts::{Lines, Risk, Severity};
use crate::require::{self, Requirement};
use crate::rules::{Fields, Node, Problems, Reader, Source};

/// Whose file it is: what only the user may decide is a mistake in a project's.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Owner {
    User,
    Project,
}

/// So many ignores may stand in a file.
const MOST_IGNORES: usize = 1000;

/// The longest that a question may take where a project says so: whoever enters its folder waits for it.
const LONGEST_OF_PROJECT: Duration = Duration::from_secs(30);

/// Reads a file.
///
/// # Errors
/// Every mistake in it.
pub(super) fn read(source: Source, owner: Owner, words: &Words<'_>) -> Result<Layer, Problems> {
    let lines = Lines::of(&source.text);
    let mut file = File { reader: Reader::new(source), owner, words, lines };
    // A file with nothing but comments says nothing.
    let layer = file.reader.document().map(|root| file.whole(&root)).unwrap_or_default();
    let mut problems = file.reader.problems;
    problems.sort_by_key(|problem| problem.span.start);
    if problems.is_empty() { Ok(layer) } else { Err(Problems(problems)) }
}

struct File<'k> {
    reader: Reader,
    owner: Owner,
    words: &'k Words<'k>,
    lines: Lines,
}

impl File<'_> {
    fn whole(&mut self, root: &Node) -> Layer {
        let Some(fields) = self.reader.map(root, SETTINGS) else { return Layer::default() };
        Layer {
            fail_on: fields.get("fail_on").and_then(|node| self.severity(node)),
            timeout: fields.get("timeout").and_then(|node| self.timeout(node)),
            baseline: fields.get("baseline").and_then(|node| self.path(node)),
            only: self.named(&fields, "only"),
            skip: self.named(&fields, "skip"),
            severity: fields.get("severity").map(|node| self.severities(node)).unwrap_or_default(),
            ignore: self.ignores(&fields),
            fix: fields.get("fix").map(|node| self.fix(node)).unwrap_or_default(),
            require: fields.get("require").map(|node| self.require(node)).unwrap_or_default(),
        }
    }

    fn severity(&mut self, node: &Node) -> Option<Stated<Severity>> {
        let severity = self.reader.one_of(node, "severity", Severity::ALL)?;
        Some(self.stated(node, severity))
    }

    fn timeout(&mut self, node: &Node) -> Option<Stated<Duration>> {
        let text = self.reader.text(node)?;
        match super::seconds(&text) {
            Ok(time) if self.owner == Owner::Project && time > LONGEST_OF_PROJECT => {
                let message =
                    format!("a project may have one wait {} seconds at most", LONGEST_OF_PROJECT.as_secs());
                self.reader.problem(
                    node.span.clone(),
                    message,
                    Some("`--timeout` and your own settings may say more".to_owned()),
                );
                None
            }
            Ok(time) => Some(self.stated(node, time)),
            Err(why) => {
                self.reader.problem(node.span.clone(), format!("this must be {why}"), None);
                None
            }
        }
    }

    fn path(&mut self, node: &Node) -> Option<Stated<PathBuf>> {
        let path = self.reader.text(node)?.into();
        Some(self.stated(node, path))
    }

    /// Rules, families and tags.
    fn named(&mut self, fields: &Fields<'_>, key: &str) -> Vec<Stated<String>> {
        let mut named = Vec::new();
        for node in self.reader.list(fields, key) {
            let Some(word) = self.reader.text(node) else { continue };
            match self.words.unknown(&word) {
                Some((message, help)) => self.reader.problem(node.span.clone(), message, help),
                None => named.push(self.stated(node, word)),
            }
        }
        named
    }

    fn severities(&mut self, node: &Node) -> std::collections::BTreeMap<String, Stated<Severity>> {
        let mut severities = std::collections::BTreeMap::new();
        for (key, value) in self.reader.entries(node) {
            let rule = self.rule(key);
            let severity = self.severity(value);
            if let (Some(rule), Some(severity)) = (rule, severity) {
                severities.insert(rule, severity);
            }
        }
        severities
    }

    fn ignores(&mut self, fields: &Fields<'_>) -> Vec<Ignore> {
        let nodes = self.reader.list(fields, "ignore");
        if let Some(beyond) = nodes.get(MOST_IGNORES) {
            let message = format!("nobody reads more than {MOST_IGNORES} of these");
            let help = "a baseline sets aside what is old: `envdoctor check --baseline FILE`".to_owned();
            self.reader.problem(beyond.span.clone(), message, Some(help));
            return Vec::new();
        }
        nodes.iter().filter_map(|node| self.ignore(node)).collect()
    }

    fn ignore(&mut self, node: &Node) -> Option<Ignore> {
        let fields = self.reader.map(node, IGNORE)?;
        let rule = self.reader.required(&fields, "rule").and_then(|node| self.rule(node));
        let reason = self.reader.required_text(&fields, "reason");
        let until = match fields.get("until") {
            Some(node) => Some(self.date(node)?),
            None => None,
        };
        let origin = self.origin(fields.get("rule").unwrap_or(node));
        Some(Ignore { rule: rule?, reason: reason?.trim().to_owned(), until, origin })
    }

    fn date(&mut self, node: &Node) -> Option<Date> {
        let text = self.reader.text(node)?;
        let date = text.parse::<Date>().ok().filter(|date| date.to_string() == text);
        if date.is_none() {
            let help = Some("the last day on which it is ignored, such as 2026-12-31".to_owned());
            self.reader.problem(node.span.clone(), format!("`{text}` is no date"), help);
        }
        date
    }

    fn require(&mut self, node: &Node) -> Vec<Requirement> {
        let owner = match self.owner {
            Owner::User => require::Owner::User,
            Owner::Project => require::Owner::Project,
        };
        require::read(&mut self.reader, node, owner)
    }

    fn rule(&mut self, node: &Node) -> Option<String> {
        let id = self.reader.text(node)?;
        match self.words.unknown_rule(&id) {
            Some((message, help)) => {
                self.reader.problem(node.span.clone(), message, help);
                None
            }
            None => Some(id),
        }
    }

    fn fix(&mut self, node: &Node) -> FixSettings {
        let Some(fields) = self.reader.map(node, FIX) else { return FixSettings::default() };
        let mut fix = FixSettings::default();
        for node in self.reader.list(&fields, "never") {
            let rule = self.rule(node);
            fix.never.extend(rule.map(|rule| self.stated(node, rule)));
        }
        if let Some(node) = fields.get("most") {
            let risk = self.reader.one_of(node, "risk", Risk::ALL);
            fix.most = risk.map(|risk| self.stated(node, risk));
        }
        if let Some(node) = fields.get("keep") {
            self.keep(node, &mut fix);
        }
        fix
    }

    fn keep(&mut self, node: &Node, fix: &mut FixSettings) {
        if self.owner == Owner::Project {
            let help = "set it in your own config.yaml".to_owned();
            let message = "how long backups are kept is not for a project to say";
            return self.reader.problem(node.span.clone(), message, Some(help));
        }
        let Some(keep) = self.reader.map(node, KEEP) else { return };
        let mut number = |key: &str| {
            let node = keep.get(key)?;
            let number = self.reader.number(node)?;
            Some(self.stated(node, number))
        };
        fix.days = number("days");
        fix.megabytes = number("megabytes");
    }

    fn stated<T>(&self, node: &Node, value: T) -> Stated<T> {
        Stated::new(value, self.origin(node))
    }

    fn origin(&self, node: &Node) -> Origin {
        let source = &self.reader.source;
        Origin::File(self.lines.place(source.name.clone(), &source.text, node.span.start))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read_as(owner: Owner, text: &str) -> Result<Layer, String> {
        let source = Source { name: "c.yaml".to_owned(), text: text.to_owned() };
        let words = Words::new(["hex-missing", "mix-lock-outdated"], ["beam", "nix"]);
        read(source, owner, &words).map_err(|all| all.to_string())
    }

    #[test]
    fn settings_know_their_lines() {
        let text = "# mine\nfix:\n  most: project\n  never:\n    - hex-missing\n    - mix-lock-outdated\n  \
                    keep: {days: 7}\nfail_on: warning\ntimeout: 0.5\nonly: [beam]\nskip: [hex-missing]\n\
                    severity:\n  hex-missing: info\nignore:\n  - rule: mix-lock-outdated\n    reason: it is meant so\n    until: 2026-12-31\n";
        let read = read_as(Owner::User, text).unwrap();
        let stated = |stated: &Stated<String>| (stated.value.clone(), stated.origin.to_string());
        assert_eq!(read.fix.most.as_ref().map(|most| most.origin.to_string()).unwrap(), "c.yaml:3");
        let never = [("hex-missing", "c.yaml:5"), ("mix-lock-outdated", "c.yaml:6")];
        let never = never.map(|(id, at)| (id.to_owned(), at.to_owned()));
        assert_eq!(read.fix.never.iter().map(stated).collect::<Vec<_>>(), never);
        assert_eq!(read.fix.days.as_ref().map(|days| days.value), Some(7));
        assert_eq!(read.fail_on.as_ref().map(|it| it.value), Some(Severity::Warning));
        assert_eq!(read.timeout.as_ref().map(|it| it.value), Some(Duration::from_millis(500)));
        assert_eq!(stated(&read.only[0]), ("beam".to_owned(), "c.yaml:10".to_owned()));
        assert_eq!(stated(&read.skip[0]), ("hex-missing".to_owned(), "c.yaml:11".to_owned()));
        assert_eq!(read.severity["hex-missing"].value, Severity::Info);
        let ignore = &read.ignore[0];
        assert_eq!(
            (ignore.reason.as_str(), ignore.origin.to_string()),
            ("it is meant so", "c.yaml:15".to_owned())
        );
        assert_eq!(ignore.until, Some(jiff::civil::date(2026, 12, 31)));
        assert_eq!(read_as(Owner::Project, "# nothing yet\n").unwrap(), Layer::default());
    }

    #[test]
    fn every_mistake_is_told_with_its_place() {
        let text = "fix:\n  most: projct\n  never: [hex-mising, 3]\n  keep: {days: some, month: 1}\n  nevr: []\nfx: 1\n\
                    fail_on: bad\ntimeout: 0\nskip: [bem]\nseverity: {hex-missing: off, x: info}\nonly: []\n\
                    ignore:\n  - {rule: hex-missing, until: tomorrow}\n  - {rule: hex-missing, reason: x, untl: 2026-01-01}\n";
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
            "c.yaml:7:10: `bad` is no severity",
            "c.yaml:8:10: this must be a number of seconds above 0",
            "c.yaml:9:8: there is no rule, family or tag `bem`",
            "did you mean `beam`?",
            "c.yaml:10:25: `off` is no severity",
            "c.yaml:10:30: there is no rule `x`",
            "c.yaml:11:7: this must be a list with something in it",
            "c.yaml:13:5: `reason` is missing",
            "c.yaml:13:32: `tomorrow` is no date",
            "c.yaml:14:36: unknown key `untl`",
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
