//! Asking the machine for facts.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::super::progress::Progress;
use super::Context;
use crate::facts::Facts;
use crate::judge::{applies, facts_in, facts_needed};
use crate::machine::{Machine, Remembering};
use crate::probes::{Inquiry, Observer};
use crate::rules::Rule;

impl Context {
    /// Asks for every fact that these rules need.
    pub(in crate::cli) fn gather<'r>(&self, rules: impl IntoIterator<Item = &'r Rule>) -> Facts {
        let wanted = rules.into_iter().flat_map(facts_needed).collect();
        self.with_memory(|machine| self.inquiry(machine).facts(&wanted))
    }

    /// An inquiry about the project.
    pub(in crate::cli) fn inquiry(&self, machine: Arc<dyn Machine>) -> Inquiry {
        let watching: Arc<dyn Observer> = Arc::<Progress>::clone(&self.progress);
        Inquiry::new(machine, &self.project, self.settings.timeout().value).watched_by(watching)
    }

    /// Asks the machine, which remembers from earlier runs what programs said of their versions.
    pub(in crate::cli) fn with_memory<T>(&self, ask: impl FnOnce(Arc<dyn Machine>) -> T) -> T {
        let Some(file) = &self.versions else { return ask(Arc::clone(&self.machine)) };
        let remembering = Arc::new(Remembering::new(Arc::clone(&self.machine), file.clone()));
        let told = ask(Arc::<Remembering>::clone(&remembering));
        if !self.read_only {
            remembering.keep();
        }
        told
    }
}

/// Asks for what tells whether these rules apply here, and then for what those need that may.
pub(in crate::cli) fn facts_where_they_apply<'r>(
    inquiry: &Inquiry,
    rules: impl IntoIterator<Item = &'r Rule>,
) -> Facts {
    let rules: Vec<&Rule> = rules.into_iter().collect();
    let conditions = rules.iter().filter_map(|rule| rule.applies.as_ref());
    let mut facts = inquiry.facts(&conditions.flat_map(facts_in).collect());
    let applicable = rules.iter().filter(|rule| applies(rule, &facts) != Some(false));
    let wanted: BTreeSet<String> =
        applicable.flat_map(|rule| facts_needed(rule)).filter(|name| facts.get(name).is_none()).collect();
    facts.extend(inquiry.facts(&wanted));
    facts
}
