//! `envdoctor init`: writes the beginning of a project's settings, as far as the project itself tells them, and what makes
//! envdoctor run by itself.

mod draft;
mod extra;
mod merge;
mod seen;

pub(super) use extra::Extra;

use std::collections::BTreeSet;

use extra::Done;

use super::context::Context;
use super::{Failure, OK};
use crate::config::OF_PROJECT;
use crate::machine::Change;
use crate::report::{draw_block, draw_line, draw_note};

pub(super) fn init(context: &Context, extras: Vec<Extra>) -> Result<u8, Failure> {
    settings(context)?;
    for extra in extras.into_iter().collect::<BTreeSet<_>>() {
        tell(context, &extra.add(context)?);
    }
    context.say(&draw_note("`envdoctor check` looks whether all of it holds here.", context.look));
    Ok(OK)
}

fn settings(context: &Context) -> Result<(), Failure> {
    let path = context.project.join(OF_PROJECT);
    if context.machine.exists(&path) {
        tell(context, &Done::Stays { file: OF_PROJECT });
        return Ok(());
    }
    let text = draft::draft(&seen::look(context));
    context.machine.change(&Change::Write { path, content: text.into_bytes() })?;
    tell(context, &Done::Written { file: OF_PROJECT, how: "written", then: None });
    Ok(())
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
