//! Reading edits: the keys of each kind, and which files they may change.

use std::collections::BTreeSet;

use super::{Fields, Kind, Node, Reader};
use crate::facts::Risk;
use crate::rules::format::EDIT;
use crate::rules::{Edit, EditKind, SetKey, SetValue, SettingsFormat, Template};

/// The keys that an edit of every kind has.
const COMMON: &[&str] = &["kind", "in"];

impl Reader {
    pub(super) fn edit(
        &mut self,
        node: &Node,
        risk: Option<Risk>,
        captures: &BTreeSet<String>,
    ) -> Option<Edit> {
        let fields = self.map(node, EDIT)?;
        let nodes = self.required(&fields, "in").map(|node| self.items(node)).unwrap_or_default();
        let mut files = Vec::new();
        for node in nodes {
            if let Some(file) = self.template(node, captures) {
                self.check_file(node, &file, risk);
                files.push(file);
            }
        }
        let kind = self.edit_kind(&fields, captures)?;
        self.check_files(&fields, &kind, &files);
        Some(Edit { files, kind })
    }

    /// A file of the home is one fixed path, and changing it reaches beyond the project.
    fn check_file(&mut self, node: &Node, file: &Template, risk: Option<Risk>) {
        if !Edit::is_in_home(file) {
            return;
        }
        if file.placeholders().next().is_some() || file.0.contains(['*', '?', '[']) {
            let help = "write the one file out: `~/.config/nix/nix.conf`".to_owned();
            self.problem(node.span.clone(), "a path in the home must be fixed", Some(help));
        }
        if risk.is_some_and(|risk| risk < Risk::User) {
            let help = "write `risk: user`".to_owned();
            self.problem(node.span.clone(), "this file is the user's, not the project's", Some(help));
        }
    }

    /// What is added goes into one fixed file.
    fn check_files(&mut self, fields: &Fields<'_>, kind: &EditKind, files: &[Template]) {
        let (EditKind::Set(SetKey { add: true, create, .. }), Some(node)) = (kind, fields.get("in")) else {
            return;
        };
        if files.len() > 1 || files.iter().any(|file| file.0.contains(['*', '?', '['])) {
            let help = "name one file; with `add: false` a key is set wherever it stands".to_owned();
            self.problem(node.span.clone(), "in which of these files would the key be added?", Some(help));
        }
        if *create && files.iter().any(|file| file.placeholders().next().is_some()) {
            self.problem(node.span.clone(), "a file that is made must have a fixed name", None);
        }
    }

    fn edit_kind(&mut self, fields: &Fields<'_>, captures: &BTreeSet<String>) -> Option<EditKind> {
        let kinds: Vec<_> = EditKind::ALL.iter().map(|(name, keys)| (*name, (*name, *keys))).collect();
        let (kind, keys) = match fields.get("kind") {
            Some(node) => self.one_of(node, "kind of edit", &kinds)?,
            None => kinds.first()?.1,
        };
        for (key, node) in fields.iter() {
            if ![COMMON, keys.needed, keys.possible].concat().contains(&key) {
                self.problem(node.span.clone(), format!("an edit of kind `{kind}` has no `{key}`"), None);
            }
        }
        for key in keys.needed {
            self.required(fields, key);
        }
        let mut template = |key| fields.get(key).and_then(|node| self.template(node, captures));
        match kind {
            "word" => {
                let (find, replace, line) = (template("find"), template("replace"), template("line"));
                Some(EditKind::Word { find: find?, replace: replace?, line })
            }
            "nix-hash" => {
                let (find, replace) = (template("find"), template("replace"));
                Some(EditKind::NixHash { find: find?, replace: replace? })
            }
            "nix-attribute" => {
                let (find, replace) = (template("find"), template("replace"));
                let (line, column) = (template("line"), template("column"));
                Some(EditKind::NixAttribute { find: find?, replace: replace?, line: line?, column: column? })
            }
            "insert" => {
                let (line, column) = (template("line"), template("column"));
                let help = "what is inserted is read as code; write it out";
                let text = self.fixed(fields.get("text")?, "what is inserted must be fixed", help);
                Some(EditKind::Insert { text: text?, line: line?, column: column? })
            }
            "nix-system" => Some(EditKind::NixSystem),
            "set" => self.set_key(fields, captures).map(EditKind::Set),
            "comment" => {
                let (find, line) = (template("find"), template("line"));
                let format = self.format(fields);
                Some(EditKind::Comment { find: find?, line, format })
            }
            _ => Some(EditKind::AsdfCommand { version: template("version")? }),
        }
    }

    fn set_key(&mut self, fields: &Fields<'_>, captures: &BTreeSet<String>) -> Option<SetKey> {
        let mut flag =
            |key, usual| fields.get(key).map_or(Some(usual), |node| self.boolean(node)).unwrap_or(usual);
        let (append, add, create) = (flag("append", false), flag("add", true), flag("create", false));
        if let (true, false, Some(node)) = (create, add, fields.get("create")) {
            self.problem(node.span.clone(), "a file that is made has no key that could be set in it", None);
        }
        let help = "a captured value is never a key; name the key";
        let nodes = match fields.get("key") {
            Some(Node { kind: Kind::List(items), .. }) if !items.is_empty() => &items[..],
            node => node.map_or(&[][..], std::slice::from_ref),
        };
        let keys: Vec<String> =
            nodes.iter().filter_map(|node| self.fixed(node, "the key must be fixed", help)).collect();
        let value = fields.get("value").and_then(|node| self.value(node, captures));
        let format = self.format(fields);
        (!keys.is_empty()).then_some(())?;
        Some(SetKey { keys, value: value?, append, add, create, format })
    }

    fn value(&mut self, node: &Node, captures: &BTreeSet<String>) -> Option<SetValue> {
        match &node.kind {
            Kind::List(_) => Some(SetValue::List(self.templates(node, captures))),
            Kind::Scalar { text, plain: true } if matches!(&**text, "true" | "false") => {
                Some(SetValue::Bool(text == "true"))
            }
            Kind::Scalar { text, plain: true } if text.parse::<i64>().is_ok() => {
                text.parse().ok().map(SetValue::Integer)
            }
            Kind::Scalar { .. } | Kind::Map(_) => self.template(node, captures).map(SetValue::Text),
        }
    }

    fn format(&mut self, fields: &Fields<'_>) -> Option<SettingsFormat> {
        fields.get("format").and_then(|node| self.one_of(node, "format of settings", SettingsFormat::ALL))
    }

    /// A text without placeholders.
    fn fixed(&mut self, node: &Node, message: &str, help: &str) -> Option<String> {
        let text = self.text(node)?;
        if Template(text.clone()).placeholders().next().is_some() {
            self.problem(node.span.clone(), message, Some(help.to_owned()));
        }
        Some(text)
    }
}
