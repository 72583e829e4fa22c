//! A map's fields and the plain values in them, with every mistake told.

use std::collections::BTreeSet;

use super::{Kind, Node, Reader};
use crate::rules::format::Key;

/// A map whose keys are all known and stand there once.
pub(crate) struct Fields<'n> {
    entries: &'n [(Node, Node)],
    node: &'n Node,
}

impl<'n> Fields<'n> {
    pub(crate) fn get(&self, key: &str) -> Option<&'n Node> {
        self.entries
            .iter()
            .find(|(name, _)| matches!(&name.kind, Kind::Scalar { text, .. } if text == key))
            .map(|(_, value)| value)
    }

    /// Each key that is a word, where it stands.
    pub(crate) fn iter(&self) -> impl Iterator<Item = (&'n str, &'n Node)> {
        self.entries.iter().filter_map(|(name, _)| match &name.kind {
            Kind::Scalar { text, .. } => Some((text.as_str(), name)),
            Kind::List(_) | Kind::Map(_) => None,
        })
    }
}

/// The word to suggest for `wrong`, as a help line.
pub(crate) fn nearest<'a>(wrong: &str, known: impl Iterator<Item = &'a str>) -> Option<String> {
    let most = |word: &str| word.len().max(3) / 3;
    let length = wrong.chars().count();
    known
        // So many letters more or less are as many changes: no need to count what is a page long.
        .filter(|word| length.abs_diff(word.chars().count()) <= most(word))
        .map(|word| (strsim::damerau_levenshtein(wrong, word), word))
        .filter(|(distance, word)| *distance <= most(word))
        .min()
        .map(|(_, word)| format!("did you mean `{word}`?"))
}

/// Whether a word without quotes is YAML's for nothing.
pub(super) fn is_null(plain: &str) -> bool {
    matches!(plain, "" | "~" | "null" | "Null" | "NULL")
}

impl Reader {
    /// The fields of a map that may have these keys.
    pub(crate) fn map<'n, 'k>(
        &mut self,
        node: &'n Node,
        keys: impl IntoIterator<Item = &'k Key>,
    ) -> Option<Fields<'n>> {
        let known: Vec<&str> = keys.into_iter().map(|key| key.name).collect();
        let Kind::Map(entries) = &node.kind else {
            let help = format!("it has the keys {}", known.join(", "));
            self.problem(node.span.clone(), "this must be a map of keys and values", Some(help));
            return None;
        };
        let mut seen = Vec::new();
        for (key, _) in entries {
            let Kind::Scalar { text, .. } = &key.kind else {
                self.problem(key.span.clone(), "a key must be a word", None);
                continue;
            };
            if !known.contains(&text.as_str()) {
                let help = nearest(text, known.iter().copied())
                    .unwrap_or_else(|| format!("known here: {}", known.join(", ")));
                self.problem(key.span.clone(), format!("unknown key `{text}`"), Some(help));
            } else if seen.contains(&text) {
                self.problem(key.span.clone(), format!("`{text}` stands here twice"), None);
            }
            seen.push(text);
        }
        Some(Fields { entries, node })
    }

    pub(crate) fn required<'n>(&mut self, fields: &Fields<'n>, key: &str) -> Option<&'n Node> {
        let found = fields.get(key);
        if found.is_none() {
            let start = fields.node.span.start;
            self.problem(start..start, format!("`{key}` is missing"), None);
        }
        found
    }

    pub(crate) fn required_text(&mut self, fields: &Fields<'_>, key: &str) -> Option<String> {
        let node = self.required(fields, key)?;
        self.text(node)
    }

    pub(crate) fn text(&mut self, node: &Node) -> Option<String> {
        match &node.kind {
            Kind::Scalar { text, plain } if !(text.trim().is_empty() || (*plain && is_null(text))) => {
                Some(text.clone())
            }
            Kind::Scalar { .. } => {
                self.problem(node.span.clone(), "this is empty", None);
                None
            }
            Kind::List(_) | Kind::Map(_) => {
                self.problem(node.span.clone(), "this must be text", None);
                None
            }
        }
    }

    pub(crate) fn boolean(&mut self, node: &Node) -> Option<bool> {
        match &node.kind {
            Kind::Scalar { text, plain: true } if text == "true" => Some(true),
            Kind::Scalar { text, plain: true } if text == "false" => Some(false),
            _ => {
                self.problem(node.span.clone(), "this must be true or false", None);
                None
            }
        }
    }

    /// A whole number that is not negative.
    pub(crate) fn number(&mut self, node: &Node) -> Option<u64> {
        let number = match &node.kind {
            Kind::Scalar { text, plain: true } => text.parse().ok(),
            _ => None,
        };
        if number.is_none() {
            self.problem(node.span.clone(), "this must be a whole number", None);
        }
        number
    }

    pub(crate) fn one_of<T: Copy>(&mut self, node: &Node, what: &str, all: &[(&str, T)]) -> Option<T> {
        let text = self.text(node)?;
        let found = all.iter().find(|(name, _)| *name == text).map(|(_, value)| *value);
        if found.is_none() {
            let names: Vec<_> = all.iter().map(|(name, _)| *name).collect();
            let help = nearest(&text, names.iter().copied())
                .unwrap_or_else(|| format!("one of: {}", names.join(", ")));
            self.problem(node.span.clone(), format!("`{text}` is no {what}"), Some(help));
        }
        found
    }

    /// The keys of a map with their values, whatever they are. A key that stands there twice is a mistake.
    pub(crate) fn entries<'n>(&mut self, node: &'n Node) -> &'n [(Node, Node)] {
        let Kind::Map(entries) = &node.kind else {
            self.problem(node.span.clone(), "this must be a map of keys and values", None);
            return &[];
        };
        let mut seen = BTreeSet::new();
        for (key, _) in entries {
            if let Kind::Scalar { text, .. } = &key.kind
                && !seen.insert(text)
            {
                self.problem(key.span.clone(), format!("`{text}` stands here twice"), None);
            }
        }
        entries
    }

    /// The items of a list that must not be empty.
    pub(crate) fn items<'n>(&mut self, node: &'n Node) -> &'n [Node] {
        match &node.kind {
            Kind::List(items) if !items.is_empty() => items,
            Kind::Scalar { text, .. } if !text.is_empty() => {
                let help = Some(format!("write [{text}]"));
                self.problem(node.span.clone(), "this must be a list with something in it", help);
                &[]
            }
            _ => {
                self.problem(node.span.clone(), "this must be a list with something in it", None);
                &[]
            }
        }
    }

    /// The items of a field; none if the field is not there.
    pub(crate) fn list<'n>(&mut self, fields: &Fields<'n>, key: &str) -> &'n [Node] {
        fields.get(key).map(|node| self.items(node)).unwrap_or_default()
    }

    pub(crate) fn texts(&mut self, fields: &Fields<'_>, key: &str) -> Vec<String> {
        self.list(fields, key).iter().filter_map(|node| self.text(node)).collect()
    }
}
