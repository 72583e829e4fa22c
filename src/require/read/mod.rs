//! Reading `require:`: every mistake in it is told, with its place.

mod files;
mod http;
mod machine;
mod matcher;
mod programs;

pub(super) use files::TYPES;
pub(super) use http::METHODS;
pub(super) use programs::{LONGEST_TIMEOUT, MOST_ARGUMENTS};

use std::ops::Range;

use super::format::{self, ABSENT, Section};
use super::sealed::shown;
use super::tools::{self, tool_of};
use super::{Need, Owner, Requirement, Wanted};
use crate::facts::{Lines, Place, Severity};
use crate::rules::format::LONGEST_WORD;
use crate::rules::{Fields, Kind, Node, Reader, nearest};
use crate::secrets::without_literal_secrets;

/// The sections, with how each of their items is read.
const SECTIONS: &[(Section, ReadItem)] = &[
    (format::ENV, |list, item| list.variable(item)),
    (format::FILES, |list, item| list.file(item)),
    (format::COMMANDS, |list, item| list.command(item)),
    (format::PORTS, |list, item| list.port(item)),
    (format::HTTP, |list, item| list.http(item)),
    (format::SERVICES, |list, item| list.service(item)),
    (format::PROCESSES, |list, item| list.process(item)),
    (format::PACKAGES, |list, item| list.package(item)),
    (format::USERS, |list, item| list.user(item)),
    (format::GROUPS, |list, item| list.group(item)),
    (format::ADDRESSES, |list, item| list.address(item)),
    (format::DNS, |list, item| list.host_name(item)),
    (format::MOUNTS, |list, item| list.mount(item)),
    (format::SYSCTL, |list, item| list.sysctl(item)),
    (format::FACTS, |list, item| list.fact(item)),
];

type ReadItem = for<'n> fn(&mut List<'_>, &'n Node) -> Option<Read<'n>>;

/// A requirement, and the map that says more of it.
type Read<'n> = (Need, Option<Fields<'n>>);

/// Every section.
pub(crate) fn sections() -> impl Iterator<Item = &'static Section> {
    SECTIONS.iter().map(|(section, _)| section)
}

/// Reads all requirements of a file. What is wrong with them is in the reader's problems.
pub(crate) fn read(reader: &mut Reader, node: &Node, owner: Owner) -> Vec<Requirement> {
    let Kind::Map(entries) = &node.kind else {
        let help = "such as `elixir: \"~> 1.17\"` or `env: [DATABASE_URL]`".to_owned();
        reader.problem(node.span.clone(), "this must be a map of tools and of lists", Some(help));
        return Vec::new();
    };
    let lines = Lines::of(&reader.source.text);
    let shown = shown(&reader.source.text, node).lines().map(str::to_owned).collect();
    let mut list = List { reader, owner, lines, shown, read: Vec::new() };
    let mut seen: Vec<&str> = Vec::new();
    for (key, value) in entries {
        let Kind::Scalar { text: name, .. } = &key.kind else {
            list.reader.problem(key.span.clone(), "a key must be a word", None);
            continue;
        };
        if seen.contains(&name.as_str()) {
            list.reader.problem(key.span.clone(), format!("`{name}` stands here twice"), None);
            continue;
        }
        seen.push(name);
        if let Some((_, read)) = SECTIONS.iter().find(|(section, _)| section.name == name) {
            list.section(value, *read);
        } else if let Some(tool) = tool_of(name) {
            if let Some((need, fields)) = list.tool(tool, value) {
                list.push(key.span.clone(), need, fields.as_ref());
            }
        } else {
            list.unknown(key, name);
        }
    }
    list.read
}

struct List<'r> {
    reader: &'r mut Reader,
    owner: Owner,
    lines: Lines,
    /// The lines as they may be shown.
    shown: Vec<String>,
    read: Vec<Requirement>,
}

impl List<'_> {
    fn section(&mut self, node: &Node, read: ReadItem) {
        if let Kind::Scalar { text, .. } = &node.kind {
            let help = format!("write [{text}]");
            return self.reader.problem(node.span.clone(), "this must be a list", Some(help));
        }
        if matches!(node.kind, Kind::Map(_)) {
            let help = "each thing is an item of its own, `- name` or `- {…}`".to_owned();
            return self.reader.problem(node.span.clone(), "this must be a list", Some(help));
        }
        for item in self.reader.items(node) {
            if let Some((need, fields)) = read(self, item) {
                self.push(item.span.clone(), need, fields.as_ref());
            }
        }
    }

    fn push(&mut self, span: Range<usize>, need: Need, fields: Option<&Fields<'_>>) {
        let place = self.place(span.start);
        let mut own = |key: &str| {
            let node = fields?.get(key)?;
            self.reader.text(node)
        };
        let (why, remedy) = (own("why"), own("remedy"));
        let severity = fields.and_then(|fields| fields.get("severity"));
        let severity = severity.and_then(|node| self.reader.one_of(node, "severity", Severity::ALL));
        self.read.push(Requirement { need, place, owner: self.owner, severity, why, remedy });
    }

    fn place(&self, offset: usize) -> Place {
        let place = self.lines.place(self.reader.source.name.clone(), &self.reader.source.text, offset);
        let line = usize::try_from(place.line).ok().and_then(|line| self.shown.get(line.checked_sub(1)?));
        let longest = place.excerpt.chars().count();
        let excerpt: String = line.map(|line| line.chars().take(longest).collect()).unwrap_or_default();
        Place { excerpt: without_literal_secrets(&excerpt), ..place }
    }

    fn unknown(&mut self, key: &Node, name: &str) {
        let sections: Vec<&str> = sections().map(|section| section.name).collect();
        let help = nearest(name, sections.iter().copied().chain(tools::names())).unwrap_or_else(|| {
            format!(
                "lists: {}; tools: {}; another program is `commands: [{{run: [{name}, --version], version: …}}]`",
                sections.join(", "),
                tools::names().collect::<Vec<_>>().join(", ")
            )
        });
        let message = format!("`{name}` is neither a list of requirements nor a tool whose version is known");
        self.reader.problem(key.span.clone(), message, Some(help));
    }

    /// What is said of a thing of this section.
    fn fields<'n>(&mut self, node: &'n Node, section: &Section) -> Option<Fields<'n>> {
        let fields = self.reader.map(node, section.all_keys())?;
        let absent = fields.get(ABSENT.name);
        let absent = absent
            .is_some_and(|node| matches!(&node.kind, Kind::Scalar { text, plain: true } if text == "true"));
        if absent && section.says().any(|key| fields.get(key).is_some()) {
            let help = "leave out `absent`, or the rest".to_owned();
            self.reader.problem(node.span.clone(), "what is not there cannot be anything", Some(help));
        }
        Some(fields)
    }

    /// A name, or a map that has it.
    fn named<'n>(&mut self, node: &'n Node, section: &Section) -> Option<(String, Option<Fields<'n>>)> {
        match node.kind {
            Kind::Map(_) => {
                let fields = self.fields(node, section)?;
                let name = self.reader.required(&fields, section.name_key())?;
                Some((self.word(name)?, Some(fields)))
            }
            _ => Some((self.word(node)?, None)),
        }
    }

    /// Where the name stands that [`List::named`] has read.
    fn at<'n>(node: &'n Node, fields: Option<&Fields<'n>>, key: &str) -> &'n Node {
        fields.and_then(|fields| fields.get(key)).unwrap_or(node)
    }

    /// A text that can be a name, a path or an argument.
    fn word(&mut self, node: &Node) -> Option<String> {
        let text = self.reader.text(node)?;
        let wrong = match () {
            () if text.contains('\0') => "no name holds a NUL byte",
            () if text.len() > LONGEST_WORD => "this is too long",
            () => return Some(text),
        };
        self.reader.problem(node.span.clone(), wrong, None);
        None
    }

    fn flag(&mut self, fields: Option<&Fields<'_>>, key: &str) -> bool {
        let node = fields.and_then(|fields| fields.get(key));
        node.and_then(|node| self.reader.boolean(node)).unwrap_or(false)
    }

    /// A matcher of a value in a map.
    fn value(&mut self, fields: Option<&Fields<'_>>, key: &str) -> Option<crate::matching::Matcher> {
        let node = fields.and_then(|fields| fields.get(key))?;
        matcher::value(self.reader, node)
    }

    /// What a map says of the thing itself, with the keys of a matcher beside its own.
    fn wanted(&mut self, fields: Option<&Fields<'_>>) -> Wanted {
        let absent = self.flag(fields, ABSENT.name);
        match fields.and_then(|fields| matcher::inline(self.reader, fields)) {
            _ if absent => Wanted::Absent,
            Some(matcher) => Wanted::So(matcher),
            None => Wanted::There,
        }
    }
}

#[cfg(test)]
mod tests;
