//! `envdoctor history`: the fixes of before.

use serde_json::{Value as Json, json};

use super::context::Context;
use super::{Failure, OK};
use crate::apply::{Past, Unread, fixes};
use crate::report::{draw_line, draw_note};

pub(super) fn history(context: &Context) -> Result<u8, Failure> {
    let (fixes, unread) = fixes(&context.state()?, &*context.machine);
    if context.json() {
        let fixes: Vec<Json> = fixes.iter().map(to_json).collect();
        context.print_json(&json!({"schema_version": 1, "fixes": fixes, "unread": unread.iter().map(|it| &it.why).collect::<Vec<_>>()}));
        return Ok(OK);
    }
    if fixes.is_empty() && unread.is_empty() {
        context.say("Nothing was ever repaired.\n");
    }
    for past in &fixes {
        let head = format!("{}  {}", past.id, past.project.display());
        context.say(&match context.look.plain {
            true => draw_note(
                &format!("fix {}: {}, {}", past.id, past.project.display(), state(past)),
                context.look,
            ),
            false => draw_line("-", &head, &state(past), context.look),
        });
        for remedy in &past.remedies {
            let outcome = remedy.outcome.as_deref().unwrap_or("not finished");
            let line = format!("{outcome}: {} ({})", remedy.title, remedy.rule);
            context.say(&draw_note(&line, context.look));
        }
    }
    for Unread { why, .. } in &unread {
        context.say(&draw_line("!", why, "", context.look));
    }
    Ok(OK)
}

/// Whether it can be taken back.
fn state(past: &Past) -> String {
    let steps = past.remedies.iter().flat_map(|remedy| &remedy.steps);
    let standing = past.standing();
    match standing.len() {
        0 if steps.count() == 0 => "changed nothing",
        0 => "taken back",
        _ if standing.iter().any(|step| step.back == Some(false)) => "taken back in part",
        _ if past.pruned => "backups removed",
        _ => "can be taken back",
    }
    .to_owned()
}

fn to_json(past: &Past) -> Json {
    let remedies = past.remedies.iter().map(|remedy| {
        json!({
            "rule": remedy.rule,
            "title": remedy.title,
            "risk": remedy.risk,
            "outcome": remedy.outcome.as_ref().map(|outcome| outcome.replace(' ', "_")),
            "steps": remedy.steps.iter().map(|step| &step.what).collect::<Vec<_>>(),
        })
    });
    json!({
        "id": past.id,
        "project": past.project,
        "at": past.at.to_string(),
        "state": state(past).replace(' ', "_"),
        "folder": past.folder,
        "remedies": remedies.collect::<Vec<_>>(),
    })
}
