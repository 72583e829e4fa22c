//! All rules together, and what only all of them together can get wrong.

use std::collections::{BTreeMap, BTreeSet};

use super::{Problem, Problems, ReadRule, Rule, Tag};

/// Rules by id.
#[derive(Clone, Debug, Default)]
pub struct RuleSet {
    rules: Vec<Rule>,
    by_id: BTreeMap<String, usize>,
}

impl RuleSet {
    /// A set of rules that have been checked together before.
    pub fn from_checked(rules: Vec<Rule>) -> Self {
        let by_id = rules.iter().enumerate().map(|(at, rule)| (rule.id.clone(), at)).collect();
        RuleSet { rules, by_id }
    }

    /// The set with more rules in it.
    ///
    /// # Errors
    /// Every id that is there twice, every `leads_to` that names no rule, and every circle of them.
    pub fn with(self, more: &[ReadRule]) -> Result<Self, Problems> {
        let mut problems = Vec::new();
        let mut rules = self.rules;
        let mut by_id = self.by_id;
        for read in more {
            if by_id.insert(read.rule.id.clone(), rules.len()).is_some() {
                problems.push(Problem {
                    source: read.source.clone(),
                    span: read.id_span.clone(),
                    message: format!("there is a rule `{}` already", read.rule.id),
                    help: Some("a rule's id is unique for ever: choose another".to_owned()),
                });
            }
            rules.push(read.rule.clone());
        }
        let set = RuleSet { rules, by_id };
        for read in more {
            for (id, span) in read.rule.leads_to.iter().zip(&read.leads_to_spans) {
                let message = if set.get(id).is_none() {
                    format!("there is no rule `{id}`")
                } else if set.leads_to(id, &read.rule.id) {
                    format!("`{id}` leads back to `{}`", read.rule.id)
                } else {
                    continue;
                };
                problems.push(Problem {
                    source: read.source.clone(),
                    span: span.clone(),
                    message,
                    help: None,
                });
            }
        }
        if problems.is_empty() { Ok(set) } else { Err(Problems(problems)) }
    }

    /// Every rule.
    pub fn rules(&self) -> &[Rule] {
        &self.rules
    }

    /// The rule of that id.
    pub fn get(&self, id: &str) -> Option<&Rule> {
        self.by_id.get(id).map(|&at| &self.rules[at])
    }

    /// Every word by which rules can be chosen or left out: their ids and families, and all tags.
    pub fn words(&self) -> BTreeSet<&str> {
        let own = self.rules.iter().flat_map(|rule| [rule.id.as_str(), rule.family.as_str()]);
        own.chain(Tag::ALL.iter().map(|(name, _)| *name)).collect()
    }

    /// Whether `cause` brings `effect` about, by itself or through others.
    pub fn leads_to(&self, cause: &str, effect: &str) -> bool {
        let mut seen = vec![cause];
        let mut next = 0;
        while let Some(rule) = seen.get(next).copied().map(|id| self.get(id)) {
            next += 1;
            for id in rule.iter().flat_map(|rule| &rule.leads_to) {
                if id == effect {
                    return true;
                }
                if !seen.contains(&id.as_str()) {
                    seen.push(id);
                }
            }
        }
        false
    }
}
