//! Lines within records: JSON, logfmt, journald's fields.

use serde_json::json;

use crate::hidden::{each_line, each_line_as};
use crate::recorded::{Form, same_but_for, same_in};

#[test]
fn json_on_each_line() {
    let forms: [Form<'_>; 4] = [
        (
            "journalctl -o json",
            Box::new(|log| {
                each_line(log, |_, line| {
                    json!({"MESSAGE": line, "PRIORITY": "3", "_PID": "12", "__CURSOR": "s=0;i=1"}).to_string()
                })
            }),
        ),
        (
            "docker's json-file",
            Box::new(|log| {
                each_line(log, |_, line| {
                    format!(
                        r#"{{"log":{},"stream":"stderr","time":"2026-11-22T10:00:00.123456789Z"}}"#,
                        json!(format!("{line}\n"))
                    )
                })
            }),
        ),
        (
            "a logger's",
            Box::new(|log| {
                each_line(log, |_, line| {
                    format!(r#"{{"ts":1795341600.1,"level":"error","msg":{},"pid":7}}"#, json!(line))
                })
            }),
        ),
        (
            "logfmt",
            Box::new(|log| {
                each_line(log, |_, line| {
                    format!("time=2026-11-22T10:00:00Z level=error msg={} pid=7", json!(line))
                })
            }),
        ),
    ];
    // Words with quotes of their own stay hidden where the record escapes them.
    same_but_for(50, &forms);
}

#[test]
fn fields_of_journald() {
    let forms: [Form<'_>; 2] = [
        ("MESSAGE=", Box::new(|log| each_line(log, |_, line| format!("MESSAGE={line}")))),
        (
            "journalctl -o verbose",
            Box::new(|log| each_line_as(log, |_, line| vec![format!("    MESSAGE={line}")])),
        ),
    ];
    same_in(&forms);
}
