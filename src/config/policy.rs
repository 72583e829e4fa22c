//! What `fix` may do at all: each layer can only narrow it.

use std::collections::BTreeMap;

use super::layer::{FixSettings, Origin, Stated};
use crate::facts::Risk;

/// What `fix` may do. Without settings it may do whatever the person agrees to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FixPolicy {
    most: Option<Stated<Risk>>,
    never: BTreeMap<String, Origin>,
    keep: Keep,
}

/// How long and how much of backups is kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Keep {
    /// Backups older than so many days may go.
    pub days: u64,
    /// The oldest may go where all backups together are larger than so many megabytes (10^6 bytes).
    pub megabytes: u64,
}

impl Default for Keep {
    fn default() -> Self {
        Keep { days: 30, megabytes: 2000 }
    }
}

impl FixPolicy {
    /// What is left when all layers have narrowed it.
    pub(super) fn of<'l>(layers: impl Iterator<Item = &'l FixSettings>) -> FixPolicy {
        let mut policy = FixPolicy::default();
        for layer in layers {
            if let Some(most) = layer.most.as_ref().filter(|most| most.value < policy.most()) {
                policy.most = Some(most.clone());
            }
            for rule in &layer.never {
                policy.never.entry(rule.value.clone()).or_insert_with(|| rule.origin.clone());
            }
            let keep =
                |stated: &Option<Stated<u64>>, kept| stated.as_ref().map_or(kept, |stated| stated.value);
            policy.keep = Keep {
                days: keep(&layer.days, policy.keep.days),
                megabytes: keep(&layer.megabytes, policy.keep.megabytes),
            };
        }
        policy
    }

    /// The greatest risk that is carried out at all.
    pub fn most(&self) -> Risk {
        self.most.as_ref().map_or(Risk::Destructive, |most| most.value)
    }

    /// How long and how much of backups is kept.
    pub fn keep(&self) -> Keep {
        self.keep
    }

    /// Why a remedy of this rule is not carried out, as a clause; `None`: it may be.
    pub fn refusal(&self, rule: &str, risk: Risk) -> Option<String> {
        if let Some(origin) = self.never.get(rule) {
            return Some(format!("{origin} says that `{rule}` is never repaired"));
        }
        let most = self.most.as_ref().filter(|most| risk > most.value)?;
        Some(format!("{} says that nothing beyond `{}` is repaired", most.origin, most.value))
    }
}
