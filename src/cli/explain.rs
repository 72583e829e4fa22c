//! `envdoctor explain RULE`: what a rule is about.

use super::context::Context;
use super::{Failure, OK};
use crate::report::draw_page;
use crate::rules::RuleSet;

pub(super) fn explain(context: &Context, id: &str) -> Result<u8, Failure> {
    let Some(rule) = context.rules.get(id) else { return Err(Failure(unknown(&context.rules, id))) };
    context.say(&draw_page(rule, context.look));
    Ok(OK)
}

fn unknown(rules: &RuleSet, id: &str) -> String {
    let near = rules.rules().iter().map(|rule| (strsim::jaro_winkler(id, &rule.id), &rule.id));
    let near =
        near.filter(|(likeness, _)| *likeness > 0.8).max_by(|(one, _), (other, _)| one.total_cmp(other));
    match near {
        Some((_, id_near)) => format!("there is no rule `{id}`; did you mean `{id_near}`?"),
        None => format!("there is no rule `{id}`; `envdoctor rules list` lists them"),
    }
}
