//! `envdoctor init`: writes the beginning of a project's settings, as far as the project itself tells them, and what makes
//! envdoctor run by itself.

mod draft;
mod extra;
mod merge;
mod seen;

pub(super) use extra::Extra;

use std::collections::BTreeSet;

use extra::Done;
use serde_json::{Value as Json, json};

use super::context::Context;
use super::{Failure, OK};
use crate::config::OF_PROJECT;
use crate::machine::Change;
use crate::report::{draw_block, draw_line, draw_note};

pub(super) fn init(context: &Context, extras: Vec<Extra>) -> Result<u8, Failure> {
    let mut all = vec![settings(context)?];
    for extra in extras.into_iter().collect::<BTreeSet<_>>() {
        all.push(extra.add(context)?);
    }
    if context.json() {
        let parts: Vec<Json> = all.iter().map(to_json).collect();
        context.print_json(&json!({"schema_version": 1, "parts": parts}));
        return Ok(OK);
    }
    all.iter().for_each(|done| tell(context, done));
    context.say(&draw_note("`envdoctor check` looks whether all of it holds here.", context.look));
    Ok(OK)
}

fn settings(context: &Context) -> Result<Done, Failure> {
    let path = context.project.join(OF_PROJECT);
    if context.machine.exists(&path) {
        return Ok(Done::Stays { file: OF_PROJECT });
    }
    let text = draft::draft(&seen::look(context));
    context.machine.change(&Change::Write { path, content: text.into_bytes() })?;
    Ok(Done::Written { file: OF_PROJECT, how: "written", then: None })
}

fn to_json(done: &Done) -> Json {
    match done {
        Done::Written { file, how, then } => json!({"file": file, "state": how, "then": then}),
        Done::Stays { file } => json!({"file": file, "state": "unchanged"}),
        Done::ByHand { text, into } => json!({"file": into, "state": "by-hand", "text": text}),
    }
}

fn tell(context: &Context, done: &Done) {
    let look = context.look;
    match done {
        Done::Written { file, how, then } => {
            context.say(&draw_line("✓", &format!("{file}: {how}"), "", look));
            if let Some(then) = then {
                context.say(&draw_note(&format!("Then: {then}."), look));
            }
        }
        Done::Stays { file } => {
            context.say(&draw_line("-", &format!("{file}: there already, it stays as it is"), "", look));
        }
        Done::ByHand { text, into } => {
            context.say(&draw_line("i", &format!("for {into}:"), "", look));
            context.say(&draw_block(text, look));
        }
    }
}
