//! Reading remedies: what they do, and what they may never do.

use std::collections::BTreeSet;

use super::code::read_as_code;
use super::{Fields, Node, Reader};
use crate::facts::Risk;
use crate::rules::format::{ACTIONS, OF_RUN, REMEDY};
use crate::rules::{Action, Need, Remedy, Run, Template};

/// Seconds that a command may take if its rule says nothing else: fetching and compiling take minutes.
const DEADLINE: u64 = 15 * 60;

impl Reader {
    pub(super) fn remedy(&mut self, node: &Node, captures: &BTreeSet<String>) -> Option<Remedy> {
        let fields = self.map(node, REMEDY)?;
        let title = self.required(&fields, "title").and_then(|node| self.template(node, captures));
        let stated = fields.get("risk").map(|risk| self.one_of(risk, "risk", Risk::ALL));
        let action = self.action(node, &fields, stated.flatten(), captures);
        let told = matches!(action, Some(Action::Tell(_)));
        let risk = match stated {
            Some(risk) => risk,
            None if told => Some(Risk::None),
            None => {
                let help =
                    "how far does it reach? none, cache, project, user, system or destructive".to_owned();
                self.problem(node.span.start..node.span.start, "`risk` is missing", Some(help));
                None
            }
        };
        let caution = fields.get("caution").and_then(|node| self.template(node, captures));
        let when = fields.get("when").and_then(|node| self.condition(node));
        let needs = self.list(&fields, "needs");
        let needs = needs.iter().filter_map(|node| self.one_of(node, "need", Need::ALL)).collect();
        Some(Remedy { title: title?, risk: risk?, action: action?, caution, when, needs })
    }

    fn action(
        &mut self,
        node: &Node,
        fields: &Fields<'_>,
        risk: Option<Risk>,
        captures: &BTreeSet<String>,
    ) -> Option<Action> {
        let given: Vec<_> =
            ACTIONS.iter().filter_map(|&key| fields.get(key).map(|node| (key, node))).collect();
        let [(key, action)] = given[..] else {
            let help = "a remedy that does two things is two remedies".to_owned();
            let at = node.span.start..node.span.start;
            self.problem(at, format!("a remedy has just one of {}", ACTIONS.join(", ")), Some(help));
            return None;
        };
        for only in OF_RUN.iter().filter(|_| key != "run") {
            if let Some(node) = fields.get(only) {
                self.problem(
                    node.span.clone(),
                    format!("only a remedy that runs something has `{only}`"),
                    None,
                );
            }
        }
        match key {
            "run" => self.run(action, fields, captures).map(Action::Run),
            "edit" => self.edit(action, risk, captures).map(Action::Edit),
            "remove" => Some(Action::Remove(self.templates(action, captures))),
            "track" => Some(Action::Track(self.templates(action, captures))),
            _ => self.template(action, captures).map(Action::Tell),
        }
    }

    fn run(&mut self, argv: &Node, fields: &Fields<'_>, captures: &BTreeSet<String>) -> Option<Run> {
        let argv = self.argv(argv, captures);
        let changes = fields.get("changes").map(|node| self.templates(node, captures)).unwrap_or_default();
        let undo = match fields.get("undo") {
            Some(node) => Some(self.argv(node, captures)?),
            None => None,
        };
        let deadline = match fields.get("deadline") {
            Some(node) => self.seconds(node)?,
            None => DEADLINE,
        };
        Some(Run { argv: argv?, changes, undo, deadline })
    }

    fn seconds(&mut self, node: &Node) -> Option<u64> {
        let seconds = self.number(node)?;
        if seconds == 0 {
            self.problem(node.span.clone(), "this must be a number of seconds above 0", None);
        }
        Some(seconds)
    }

    pub(super) fn templates(&mut self, node: &Node, captures: &BTreeSet<String>) -> Vec<Template> {
        self.items(node).iter().filter_map(|node| self.template(node, captures)).collect()
    }

    fn argv(&mut self, node: &Node, captures: &BTreeSet<String>) -> Option<Vec<Template>> {
        let items = self.items(node);
        let argv: Vec<_> = items.iter().filter_map(|item| self.template(item, captures)).collect();
        let program = argv.first()?;
        if program.placeholders().next().is_some() {
            let help = "a captured value is never a program; name the program".to_owned();
            self.problem(items[0].span.clone(), "the program must be fixed", Some(help));
        }
        for at in read_as_code(&argv) {
            let help = "a captured value is data: give it to a program that takes it as such".to_owned();
            let message = "a captured value would be read as code here";
            self.problem(items[at].span.clone(), message, Some(help));
        }
        Some(argv)
    }
}
