//! Reading remedies: what they do, and what they may never do.

use std::collections::BTreeSet;

use super::code::read_as_code;
use super::{Fields, Node, Reader};
use crate::facts::Risk;
use crate::rules::{Action, Edit, Remedy, Template};

impl Reader {
    pub(super) fn remedy(&mut self, node: &Node, captures: &BTreeSet<String>) -> Option<Remedy> {
        let keys = &["title", "risk", "run", "edit", "remove", "tell", "caution", "when"];
        let fields = self.fields(node, keys)?;
        let title = self.required(&fields, "title").and_then(|node| self.template(node, captures));
        let action = self.action(node, &fields, captures);
        let told = matches!(action, Some(Action::Tell(_)));
        let risk = match fields.get("risk") {
            Some(risk) => self.one_of(risk, "risk", Risk::ALL),
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
        Some(Remedy { title: title?, risk: risk?, action: action?, caution, when })
    }

    fn action(&mut self, node: &Node, fields: &Fields<'_>, captures: &BTreeSet<String>) -> Option<Action> {
        let given: Vec<_> = ["run", "edit", "remove", "tell"]
            .into_iter()
            .filter_map(|key| fields.get(key).map(|node| (key, node)))
            .collect();
        let [(key, action)] = given[..] else {
            let help = "a remedy that does two things is two remedies".to_owned();
            let at = node.span.start..node.span.start;
            self.problem(at, "a remedy has just one of run, edit, remove, tell", Some(help));
            return None;
        };
        match key {
            "run" => self.argv(action, captures).map(Action::Run),
            "edit" => self.edit(action, captures).map(Action::Edit),
            "remove" => {
                let paths = self.items(action).iter().filter_map(|node| self.template(node, captures));
                Some(Action::Remove(paths.collect()))
            }
            _ => self.template(action, captures).map(Action::Tell),
        }
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

    fn edit(&mut self, node: &Node, captures: &BTreeSet<String>) -> Option<Edit> {
        let fields = self.fields(node, &["find", "replace", "in", "line", "nix_hash"])?;
        let find = self.required(&fields, "find").and_then(|node| self.template(node, captures));
        let replace = self.required(&fields, "replace").and_then(|node| self.template(node, captures));
        let files = self.required(&fields, "in").map(|node| self.items(node)).unwrap_or_default();
        let files = files.iter().filter_map(|node| self.template(node, captures)).collect();
        let line = fields.get("line").and_then(|node| self.template(node, captures));
        let nix_hash = fields.get("nix_hash").and_then(|node| self.boolean(node)).unwrap_or(false);
        Some(Edit { find: find?, replace: replace?, files, line, nix_hash })
    }
}
