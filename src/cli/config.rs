//! `envdoctor config`: each setting, and where it comes from.

use std::fmt::Display;

use serde_json::{Value as Json, json};

use super::context::Context;
use super::{Failure, OK};
use crate::config::{Layer, Stated, VARIABLES};
use crate::report::{SettingRow, draw_line, draw_note, draw_settings};

pub(super) fn config(context: &Context) -> Result<u8, Failure> {
    let rows = rows(context);
    let unread = unread(context);
    if context.json() {
        let settings = rows.iter().map(|row| json!({"key": row.key, "value": row.value, "from": row.origin}));
        let files = context.settings.files().iter().map(|it| json!({"file": it.name, "present": it.present}));
        context.print_json(&json!({
            "schema_version": 1,
            "settings": settings.collect::<Vec<Json>>(),
            "files": files.collect::<Vec<Json>>(),
            "unread_variables": unread,
        }));
        return Ok(OK);
    }
    context.say(&draw_settings(&rows, context.look));
    context.say("\n");
    for file in context.settings.files() {
        let (mark, state) = if file.present { ("✓", "read") } else { ("-", "not there") };
        context.say(&draw_line(mark, &format!("{}: {state}", file.name), "", context.look));
    }
    for name in unread {
        context.say(&draw_note(&format!("{name} is set, and no setting has that name"), context.look));
    }
    Ok(OK)
}

/// Every value, the nearest place first where several count.
fn rows(context: &Context) -> Vec<SettingRow> {
    fn row<T>(key: &str, stated: &Stated<T>, value: impl Display) -> SettingRow {
        SettingRow { key: key.to_owned(), value: value.to_string(), origin: stated.origin.to_string() }
    }
    let settings = &context.settings;
    let (fail_on, timeout) = (settings.fail_on(), settings.timeout());
    let mut rows =
        vec![row("fail_on", &fail_on, fail_on.value), row("timeout", &timeout, timeout.value.as_secs_f64())];
    rows.extend(settings.baseline().map(|it| row("baseline", &it, it.value.display())));
    for layer in settings.layers() {
        rows.extend(layer.only.iter().map(|it| row("only", it, &it.value)));
        rows.extend(layer.skip.iter().map(|it| row("skip", it, &it.value)));
    }
    for layer in settings.layers() {
        for (rule, stated) in &layer.severity {
            // Of several places the nearest counts.
            if settings.severity(rule) == Some(stated) {
                rows.push(row(&format!("severity.{rule}"), stated, stated.value));
            }
        }
    }
    for ignore in settings.ignores() {
        let until = ignore.until.map(|until| format!(" (until {until})")).unwrap_or_default();
        let value = format!("{}{until}", ignore.reason);
        rows.push(SettingRow {
            key: format!("ignore.{}", ignore.rule),
            value,
            origin: ignore.origin.to_string(),
        });
    }
    for requirement in settings.layers().iter().flat_map(|layer| &layer.require) {
        let key = format!("require.{}", requirement.need.kind().name());
        let origin = format!("{}:{}", requirement.place.file, requirement.place.line);
        rows.push(SettingRow { key, value: requirement.need.name(), origin });
    }
    rows.extend(settings.layers().iter().flat_map(fix_rows));
    rows
}

fn fix_rows(layer: &Layer) -> Vec<SettingRow> {
    let mut rows = Vec::new();
    let mut add = |key: &str, value: String, origin: String| {
        rows.push(SettingRow { key: key.to_owned(), value, origin });
    };
    if let Some(most) = &layer.fix.most {
        add("fix.most", most.value.to_string(), most.origin.to_string());
    }
    for never in &layer.fix.never {
        add("fix.never", never.value.clone(), never.origin.to_string());
    }
    for (key, stated) in [("fix.keep.days", &layer.fix.days), ("fix.keep.megabytes", &layer.fix.megabytes)] {
        if let Some(stated) = stated {
            add(key, stated.value.to_string(), stated.origin.to_string());
        }
    }
    rows
}

/// Variables that look like settings and are none.
fn unread(context: &Context) -> Vec<String> {
    let names = context.machine.variables("ENVDOCTOR_").present().unwrap_or_default();
    names.into_iter().filter(|name| VARIABLES.iter().all(|(known, _)| known != name)).collect()
}
