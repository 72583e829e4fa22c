//! `envdoctor init`: writes the beginning of a project's settings, as far as the project itself tells them.

mod draft;
mod seen;

use super::context::Context;
use super::{Failure, OK};
use crate::config::OF_PROJECT;
use crate::machine::Change;
use crate::report::{draw_line, draw_note};

pub(super) fn init(context: &Context) -> Result<u8, Failure> {
    let path = context.project.join(OF_PROJECT);
    if context.machine.exists(&path) {
        context.say(&draw_line("-", OF_PROJECT, "is there already, and stays as it is", context.look));
    } else {
        let text = draft::draft(&seen::look(context));
        context.machine.change(&Change::Write { path, content: text.into_bytes() })?;
        context.say(&draw_line("✓", OF_PROJECT, "written", context.look));
    }
    context.say(&draw_note("`envdoctor check` looks whether all of it holds here.", context.look));
    Ok(OK)
}
