//! `envdoctor trust`: lets `check --deep` run the tools in this project, as it is now.

use super::context::Context;
use super::prompt::agrees;
use super::{FOUND, Failure, OK, deep};
use crate::machine::can_ask;
use crate::report::draw_note;
use crate::state::Pinned;

pub(super) fn trust(context: &Context, yes: bool, forget: bool) -> Result<u8, Failure> {
    let state = context.state()?;
    let (machine, project) = (&*context.machine, &context.project);
    if forget {
        state.trust(machine, project, None)?;
        context.say(&format!("{} is not trusted any more.\n", project.display()));
        return Ok(OK);
    }
    let pinned = Pinned::now(machine, project).map_err(Failure)?;
    let before = state.trusted(machine, project);
    if before.as_ref() == Some(&pinned) {
        context.say(&format!("{} is trusted as it is.\n", project.display()));
        return Ok(OK);
    }
    context.say(&shown(context, &pinned, before.as_ref()));
    let agreed = yes || (can_ask() && agrees(context, "Trust these files as they are now?")?);
    if !agreed {
        context.tell("envdoctor: nothing is trusted; `envdoctor trust --yes` would do it\n");
        return Ok(FOUND);
    }
    state.trust(machine, project, Some(pinned))?;
    context.say(&format!("{} is trusted as it is now; any change ends that.\n", project.display()));
    Ok(OK)
}

/// What would run, and what it would run.
fn shown(context: &Context, pinned: &Pinned, before: Option<&Pinned>) -> String {
    let mut out = String::from("`envdoctor check --deep` would run in this project, with your rights:\n");
    let asks = deep::asks(context);
    for ask in &asks {
        out.push_str(&draw_note(&format!("{}   ({})", ask.argv.join(" "), ask.what), context.look));
    }
    if asks.is_empty() {
        out.push_str(&draw_note(
            "nothing: no tool that is here has a file of its own in this folder",
            context.look,
        ));
    }
    out.push_str("They evaluate these files, and whatever those bring in:\n");
    let files: Vec<&str> = pinned.files.keys().map(String::as_str).collect();
    out.push_str(&draw_note(
        &if files.is_empty() { "none".to_owned() } else { files.join(", ") },
        context.look,
    ));
    if let Some(before) = before {
        out.push_str("Changed since it was trusted last:\n");
        out.push_str(&draw_note(&pinned.changed_since(before).join(", "), context.look));
    }
    out
}
