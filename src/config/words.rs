//! The words by which rules are named: ids, families and tags.

use std::collections::BTreeSet;

use crate::rules::nearest;

/// The words that settings may name.
#[derive(Clone, Debug, Default)]
pub struct Words<'w> {
    rules: BTreeSet<&'w str>,
    groups: BTreeSet<&'w str>,
    /// Every word is taken for known.
    any: bool,
    /// Every word may be a family.
    any_group: bool,
}

/// What is wrong, and what to do about it.
pub(super) type Mistake = (String, Option<String>);

impl<'w> Words<'w> {
    /// The ids of all rules, and their families and tags.
    pub fn new(rules: impl IntoIterator<Item = &'w str>, groups: impl IntoIterator<Item = &'w str>) -> Self {
        Words {
            rules: rules.into_iter().collect(),
            groups: groups.into_iter().collect(),
            any: false,
            any_group: false,
        }
    }

    /// The same where other rules are there, of which only the ids are known: a word may be one of their families or tags.
    #[must_use]
    pub fn with_unread(self, unread: bool) -> Self {
        Words { any_group: unread, ..self }
    }

    /// Takes every word for known: whoever reads only a part of the settings does not know the rules.
    pub(super) fn any() -> Words<'static> {
        Words { any: true, ..Words::default() }
    }

    /// What to say of an id that no rule has, and the nearest that one has.
    pub(super) fn unknown_rule(&self, id: &str) -> Option<Mistake> {
        let known = self.any || self.rules.contains(id);
        (!known).then(|| (format!("there is no rule `{id}`"), nearest(id, self.rules.iter().copied())))
    }

    /// The same of a word that names no rule and no group of them.
    pub(super) fn unknown(&self, word: &str) -> Option<Mistake> {
        let known = self.any || self.any_group || self.rules.contains(word) || self.groups.contains(word);
        let near = || nearest(word, self.rules.iter().chain(&self.groups).copied());
        (!known).then(|| (format!("there is no rule, family or tag `{word}`"), near()))
    }
}
