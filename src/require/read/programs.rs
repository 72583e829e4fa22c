//! Reading requirements of tools, commands and variables.

use std::time::Duration;

use super::{List, Read, matcher};
use crate::facts::known;
use crate::matching::Matcher;
use crate::require::format::{COMMANDS, ENV, FACTS, NOT_RUN, OF_RUN, keys_of};
use crate::require::tools::RequiredTool;
use crate::require::{CommandNeed, Need};
use crate::rules::{Fields, Kind, Node, nearest};

/// Seconds that a program or a server may take, where nothing else is said.
const USUAL_TIMEOUT: u64 = 5;

/// And at most.
pub(in crate::require) const LONGEST_TIMEOUT: u64 = 300;

/// More words than this are refused.
pub(in crate::require) const MOST_ARGUMENTS: u64 = 256;

impl List<'_> {
    /// `elixir: "~> 1.17"`, `elixir: any`, or a map.
    pub(super) fn tool<'n>(&mut self, tool: RequiredTool, node: &'n Node) -> Option<Read<'n>> {
        if let Kind::Scalar { text, .. } = &node.kind {
            let any = matches!(text.as_str(), "any" | "true" | "*");
            let version = if any { None } else { Some(matcher::version(self.reader, node)?) };
            return Some((Need::Tool { tool, version, server: None }, None));
        }
        let fields = self.reader.map(node, keys_of(tool))?;
        let version = match fields.get("version") {
            Some(node) => Some(matcher::version(self.reader, node)?),
            None => None,
        };
        let server = match (tool.port, fields.get("host"), fields.get("port")) {
            (Some(usual), host, port) if host.is_some() || port.is_some() => {
                let port = match port {
                    Some(node) => self.port_number(node)?,
                    None => usual,
                };
                let host = match host {
                    Some(node) => self.host(node)?,
                    None => "localhost".to_owned(),
                };
                Some((host, port))
            }
            _ => None,
        };
        Some((Need::Tool { tool, version, server }, Some(fields)))
    }

    pub(super) fn variable<'n>(&mut self, node: &'n Node) -> Option<Read<'n>> {
        let (name, fields) = self.named(node, &ENV)?;
        if name.contains('=') {
            let (plain, value) = name.split_once('=').unwrap_or_default();
            let help = format!("write {{name: {plain}, equals: {value}}}");
            let at = Self::at(node, fields.as_ref(), "name");
            self.reader.problem(at.span.clone(), "a variable's name holds no `=`", Some(help));
            return None;
        }
        let wanted = self.wanted(fields.as_ref());
        Some((Need::Variable { name, wanted }, fields))
    }

    pub(super) fn fact<'n>(&mut self, node: &'n Node) -> Option<Read<'n>> {
        let (name, fields) = self.named(node, &FACTS)?;
        if known(&name).is_none() {
            let help = nearest(&name, crate::facts::catalogue().map(|known| known.name))
                .unwrap_or_else(|| "`envdoctor facts` lists them".to_owned());
            let at = Self::at(node, fields.as_ref(), "name");
            self.reader.problem(at.span.clone(), format!("there is no fact `{name}`"), Some(help));
            return None;
        }
        let wanted = self.wanted(fields.as_ref());
        Some((Need::Fact { name, wanted }, fields))
    }

    /// `jq`, or a map with what is run.
    pub(super) fn command<'n>(&mut self, node: &'n Node) -> Option<Read<'n>> {
        let Kind::Map(_) = node.kind else {
            let name = self.program(node)?;
            return Some((Need::Program { name, absent: false }, None));
        };
        let fields = self.fields(node, &COMMANDS)?;
        let Some(run) = fields.get("run") else {
            let name = self.reader.required(&fields, "name")?;
            let name = self.program(name)?;
            for key in OF_RUN {
                if let Some(node) = fields.get(key) {
                    let help = format!("write {{run: [{name}, …], {key}: …}}");
                    self.reader.problem(node.span.clone(), "this is about a program that is run", Some(help));
                }
            }
            let absent = self.flag(Some(&fields), "absent");
            return Some((Need::Program { name, absent }, Some(fields)));
        };
        for key in NOT_RUN {
            if let Some(node) = fields.get(key) {
                self.reader.problem(node.span.clone(), "this is about a program that is not run", None);
            }
        }
        let argv = self.argv(run)?;
        let mut stdout = fields.get("stdout").and_then(|node| matcher::text(self.reader, node));
        if let Some(node) = fields.get("version") {
            let version = Matcher::Satisfies(matcher::version(self.reader, node)?);
            stdout = Some(match stdout {
                Some(stdout) => Matcher::All(vec![stdout, version]),
                None => version,
            });
        }
        let command = CommandNeed {
            argv,
            exit: self.value(Some(&fields), "exit").unwrap_or(Matcher::Equals(vec!["0".to_owned()])),
            stdout,
            stderr: fields.get("stderr").and_then(|node| matcher::text(self.reader, node)),
            timeout: self.timeout(&fields),
        };
        Some((Need::Command(command), Some(fields)))
    }

    fn argv(&mut self, node: &Node) -> Option<Vec<String>> {
        if let Kind::Scalar { text, .. } = &node.kind {
            let words = text.split_whitespace().collect::<Vec<_>>().join(", ");
            let message = "this must be a list of the program and its arguments: there is no shell";
            self.reader.problem(node.span.clone(), message, Some(format!("write [{words}]")));
            return None;
        }
        let items = self.reader.items(node);
        let mut argv = Vec::with_capacity(items.len());
        for (at, item) in items.iter().enumerate() {
            // An argument may be empty, a program may not.
            argv.push(match &item.kind {
                Kind::Scalar { text, .. } if at > 0 && text.is_empty() => String::new(),
                _ => self.word(item)?,
            });
        }
        if argv.len() as u64 > MOST_ARGUMENTS {
            let message = format!("more than {MOST_ARGUMENTS} arguments");
            self.reader.problem(node.span.clone(), message, None);
            return None;
        }
        (!argv.is_empty()).then_some(argv)
    }

    fn program(&mut self, node: &Node) -> Option<String> {
        let name = self.word(node)?;
        if name.contains(char::is_whitespace) {
            let words = name.split_whitespace().collect::<Vec<_>>().join(", ");
            let help = format!("to run it, write {{run: [{words}]}}");
            self.reader.problem(node.span.clone(), "a program's name has no spaces", Some(help));
            return None;
        }
        Some(name)
    }

    pub(super) fn timeout(&mut self, fields: &Fields<'_>) -> Duration {
        let usual = Duration::from_secs(USUAL_TIMEOUT);
        let Some(node) = fields.get("timeout") else { return usual };
        match self.reader.number(node) {
            Some(seconds @ 1..=LONGEST_TIMEOUT) => Duration::from_secs(seconds),
            Some(_) => {
                let message = format!("a timeout is 1 to {LONGEST_TIMEOUT} seconds");
                self.reader.problem(node.span.clone(), message, None);
                usual
            }
            None => usual,
        }
    }
}
