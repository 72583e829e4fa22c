//! Reading a rule file: every mistake in it is told, not only the first.

mod action;
mod code;
mod condition;
mod edit;
mod fields;
mod pattern;

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;
use std::sync::Arc;

pub(crate) use fields::{Fields, nearest};
pub(super) use pattern::MOST_LINES;

use super::problem::{Problem, Source};
use super::yaml::{self, Kind, Node};
use super::{Candidates, Checks, Derivation, Example, RequirementKind, Rule, Tag, Template, format};
use crate::facts::{Severity, known};

/// A rule as it was read, with the places that only the whole set can check.
#[derive(Clone, Debug)]
pub struct ReadRule {
    /// The rule.
    pub rule: Rule,
    /// The file it came from.
    pub source: Arc<Source>,
    /// Where its id stands.
    pub id_span: Range<usize>,
    /// Where each symptom stands.
    pub symptom_spans: Vec<Range<usize>>,
    /// Where each id in `leads_to` stands.
    pub leads_to_spans: Vec<Range<usize>>,
}

/// Reads one rule. `stem` is the file's name without its ending, `folder` the name of the folder it lies in, where
/// that is to be the family.
///
/// # Errors
/// Every mistake in the file.
pub fn read_rule(source: Source, stem: &str, folder: Option<&str>) -> Result<ReadRule, Vec<Problem>> {
    let mut reader = Reader::new(source);
    let read = match reader.document() {
        Some(root) => reader.rule(&root, stem, folder),
        None => {
            if reader.problems.is_empty() {
                reader.problem(0..0, "the file is empty", None);
            }
            None
        }
    };
    match read {
        Some(read) if reader.problems.is_empty() => Ok(read),
        _ => Err(reader.problems),
    }
}

/// Whether a rule may be named so: lower-case letters and digits, joined by `-`.
pub fn is_rule_id(id: &str) -> bool {
    id.split('-')
        .all(|part| !part.is_empty() && part.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit()))
}

/// Reads one YAML file, and keeps every mistake in it.
pub(crate) struct Reader {
    pub(crate) source: Arc<Source>,
    pub(crate) problems: Vec<Problem>,
    /// A pattern could not be read, so a capture that nobody names is no mistake of its own.
    captures_unknown: bool,
}

impl Reader {
    pub(crate) fn new(source: Source) -> Self {
        Reader { source: Arc::new(source), problems: Vec::new(), captures_unknown: false }
    }

    /// The file's document; `None`: it is empty, or no YAML, which is told.
    pub(crate) fn document(&mut self) -> Option<Node> {
        let source = Arc::clone(&self.source);
        match yaml::parse(&source.text) {
            Ok(root) => root,
            Err((span, message)) => {
                self.problem(span, message, None);
                None
            }
        }
    }

    pub(crate) fn problem(&mut self, span: Range<usize>, message: impl Into<String>, help: Option<String>) {
        self.problems.push(Problem { source: Arc::clone(&self.source), span, message: message.into(), help });
    }

    fn rule(&mut self, root: &Node, stem: &str, folder: Option<&str>) -> Option<ReadRule> {
        let fields = self.map(root, format::RULE)?;
        let id = self.required_text(&fields, "id").unwrap_or_default();
        let id_span = fields.get("id").map_or(0..0, |node| node.span.clone());
        self.check_id(&id, &id_span, stem);
        let family = self.required_text(&fields, "family").unwrap_or_default();
        if let (Some(folder), Some(node)) = (folder, fields.get("family"))
            && folder != family
        {
            let help = format!("write `family: {folder}`, or move the file to {family}/");
            self.problem(node.span.clone(), "the family is the name of the rule's folder", Some(help));
        }
        for (what, name) in [("family", &family), ("id", &id)] {
            if let Some(node) = fields.get(what).filter(|_| Tag::is_name(name)) {
                let help = "what is chosen by it would be two things: take another word".to_owned();
                self.problem(node.span.clone(), format!("`{name}` is a tag"), Some(help));
            }
        }
        let not_if = self.list(&fields, "not_if").iter().filter_map(|node| self.regex(node)).collect();
        let symptoms = fields.get("symptoms").map(|node| self.symptoms(node)).unwrap_or_default();
        let derive = fields.get("derive").map(|node| self.derivations(node)).unwrap_or_default();
        let mut captures: BTreeSet<String> = symptoms.iter().flat_map(|s| s.captures.clone()).collect();
        self.check_derivations(&fields, &derive, &captures);
        captures.extend(derive.iter().map(|derivation| derivation.capture.clone()));
        let requirement = fields.get("requirement");
        let requirement =
            requirement.and_then(|n| self.one_of(n, "kind of requirement", RequirementKind::ALL));
        if requirement.is_some() {
            captures.extend(RequirementKind::CAPTURES.iter().map(|&name| name.to_owned()));
        }

        let examples =
            self.list(&fields, "examples").iter().filter_map(|n| self.example(n, &captures)).collect();
        let near_misses: Vec<String> = self.texts(&fields, "near_misses");
        let rule = Rule {
            id,
            title: self.required_text(&fields, "title").unwrap_or_default(),
            messages: self.messages(&fields, &captures),
            severity: self
                .required(&fields, "severity")
                .and_then(|node| self.one_of(node, "severity", Severity::ALL))
                .unwrap_or(Severity::Error),
            family,
            tags: self.tags(&fields),
            since: self.required_text(&fields, "since").unwrap_or_default(),
            references: self.references(&fields),
            explanation: self.required_text(&fields, "explanation").unwrap_or_default(),
            applies: fields.get("applies").and_then(|node| self.condition(node)),
            checks: fields.get("checks").and_then(|node| self.checks(node)),
            requirement,
            leads_to: self.texts(&fields, "leads_to"),
            generic: fields.get("generic").and_then(|node| self.boolean(node)).unwrap_or(false),
            derive,
            remedies: self
                .list(&fields, "remedies")
                .iter()
                .filter_map(|n| self.remedy(n, &captures))
                .collect(),
            symptoms,
            not_if,
            examples,
            near_misses,
        };
        self.check_whole(&rule, root, &fields);
        let leads_to_spans = self.list(&fields, "leads_to").iter().map(|node| node.span.clone()).collect();
        let symptom_spans = self.list(&fields, "symptoms").iter().map(|node| node.span.clone()).collect();
        let source = Arc::clone(&self.source);
        Some(ReadRule { rule, source, id_span, symptom_spans, leads_to_spans })
    }

    fn check_id(&mut self, id: &str, span: &Range<usize>, stem: &str) {
        if id.is_empty() {
        } else if !is_rule_id(id) {
            let help = "use lower-case letters and digits, joined by `-`".to_owned();
            self.problem(span.clone(), format!("`{id}` is no rule id"), Some(help));
        } else if id != stem {
            let help = format!("write `id: {stem}`, or rename the file to {id}.yaml");
            self.problem(span.clone(), "the id is the file's name without its ending", Some(help));
        }
    }

    fn check_whole(&mut self, rule: &Rule, root: &Node, fields: &Fields<'_>) {
        let top = root.span.start..root.span.start;
        if rule.requirement.is_some() {
            for &key in format::NOT_OF_REQUIREMENTS {
                if let Some(node) = fields.get(key) {
                    let help = format!("leave out `{key}`, or `requirement`");
                    let message =
                        "a rule about requirements holds where one of them is not met, and by nothing else";
                    self.problem(node.span.clone(), message, Some(help));
                }
            }
        } else if rule.symptoms.is_empty() && rule.checks.is_none() {
            let help = "give `symptoms` (how tools report it), `checks` (what the machine shows), or both"
                .to_owned();
            self.problem(top.clone(), "the rule can never hold", Some(help));
        }
        if rule.remedies.is_empty() && fields.get("remedies").is_none() {
            let help = "at the least, `tell` the person what to do".to_owned();
            self.problem(top.clone(), "the rule has no remedies", Some(help));
        }
        if !rule.symptoms.is_empty() && rule.examples.is_empty() && fields.get("examples").is_none() {
            let help = "give at least one output of the tool in which it must be seen".to_owned();
            self.problem(top, "the rule has symptoms, but no examples", Some(help));
        }
    }

    fn messages(&mut self, fields: &Fields<'_>, captures: &BTreeSet<String>) -> Vec<Template> {
        match fields.get("message") {
            None => Vec::new(),
            Some(Node { kind: Kind::List(items), .. }) if !items.is_empty() => {
                items.iter().filter_map(|item| self.template(item, captures)).collect()
            }
            Some(node) => self.template(node, captures).into_iter().collect(),
        }
    }

    fn references(&mut self, fields: &Fields<'_>) -> Vec<String> {
        let mut references = Vec::new();
        for node in self.list(fields, "references") {
            if let Some(text) = self.text(node) {
                if !text.starts_with("https://") {
                    self.problem(node.span.clone(), "a reference is an https:// address", None);
                }
                references.push(text);
            }
        }
        references
    }

    fn tags(&mut self, fields: &Fields<'_>) -> Vec<Tag> {
        let mut tags = Vec::new();
        for node in self.list(fields, "tags") {
            let Some(tag) = self.one_of(node, "tag", Tag::ALL) else { continue };
            if tags.contains(&tag) {
                self.problem(node.span.clone(), format!("`{tag}` stands here twice"), None);
            }
            tags.push(tag);
        }
        tags
    }

    fn checks(&mut self, node: &Node) -> Option<Checks> {
        let mut rest = node.clone();
        let mut take = |name: &str| match &mut rest.kind {
            Kind::Map(entries) => {
                let is_it = |key: &Node| matches!(&key.kind, Kind::Scalar { text, .. } if text == name);
                let at = entries.iter().position(|(key, _)| is_it(key))?;
                Some(entries.remove(at).1)
            }
            Kind::Scalar { .. } | Kind::List(_) => None,
        };
        let (severity, refutes) = (take("severity"), take("refutes"));
        let severity = severity.and_then(|node| self.one_of(&node, "severity", Severity::ALL));
        let refutes = refutes.and_then(|node| self.boolean(&node)).unwrap_or(true);
        Some(Checks { severity, refutes, condition: self.condition(&rest)? })
    }

    fn derivations(&mut self, node: &Node) -> Vec<Derivation> {
        let mut read = Vec::new();
        for item in self.items(node) {
            let Some(fields) = self.map(item, format::DERIVATION) else { continue };
            let capture = self.required_text(&fields, "capture");
            let nearest = self.required_text(&fields, "nearest");
            let file = self.required_text(&fields, "file");
            let among = self.required(&fields, "among");
            let among = among.and_then(|n| self.one_of(n, "source of candidates", Candidates::ALL));
            if let (Some(capture), Some(nearest), Some(file), Some(among)) = (capture, nearest, file, among) {
                read.push(Derivation { capture, nearest, among, file });
            }
        }
        read
    }

    fn check_derivations(&mut self, fields: &Fields<'_>, derive: &[Derivation], captures: &BTreeSet<String>) {
        let Some(node) = fields.get("derive") else { return };
        for name in derive.iter().flat_map(|derivation| [&derivation.nearest, &derivation.file]) {
            if !captures.contains(name) {
                self.problem(node.span.clone(), format!("no symptom captures `{name}`"), None);
            }
        }
    }

    fn example(&mut self, node: &Node, captures: &BTreeSet<String>) -> Option<Example> {
        if matches!(node.kind, Kind::Scalar { .. }) {
            return Some(Example { text: self.text(node)?, captures: BTreeMap::new() });
        }
        let fields = self.map(node, format::EXAMPLE)?;
        let text = self.required_text(&fields, "text")?;
        let mut stated = BTreeMap::new();
        for (key, value) in fields.get("captures").map(|node| self.entries(node)).unwrap_or_default() {
            if let (Some(name), Some(value)) = (self.text(key), self.text(value)) {
                if !captures.contains(&name) {
                    self.problem(key.span.clone(), format!("no symptom captures `{name}`"), None);
                }
                stated.insert(name, value);
            }
        }
        Some(Example { text, captures: stated })
    }

    fn template(&mut self, node: &Node, captures: &BTreeSet<String>) -> Option<Template> {
        let template = Template(self.text(node)?);
        let unknown: Vec<String> = template
            .placeholders()
            .filter(|name| match name.contains('.') {
                true => known(name).is_none(),
                false => !self.captures_unknown && !captures.contains(*name),
            })
            .map(str::to_owned)
            .collect();
        for name in unknown {
            let what = if name.contains('.') { "there is no fact" } else { "no symptom captures" };
            let help = fields::nearest(&name, captures.iter().map(String::as_str));
            self.problem(node.span.clone(), format!("{what} `{name}`"), help);
        }
        Some(template)
    }
}

#[cfg(test)]
mod tests;
