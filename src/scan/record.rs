//! Lines that are records of a logger or a container's engine: JSON, logfmt. What the tool said is one of their fields.

use std::sync::LazyLock;

use regex::bytes::Regex;

use super::forms::form;
use super::{plain, prefix};

const STRING: &str = r#""(?<text>(?:[^"\\]|\\.)*)""#;
const FIELD: &str = "(?:MESSAGE|message|msg|log)";

static FIELDS: LazyLock<[Option<Regex>; 2]> = LazyLock::new(|| {
    [
        // docker's json-file, journalctl -o json and -o json-pretty, and loggers in production
        format!(r#"^(?:\{{.*?"{FIELD}"|\s*"MESSAGE")\s?:\s?{STRING}"#),
        // logfmt
        format!(r#"^(?:[\w.]+=(?:"(?:[^"\\]|\\.)*"|[^\s"]*) )*{FIELD}={STRING}"#),
    ]
    .map(|pattern| form(&pattern))
});

/// What the tool said, if the line is a record of it.
pub(super) fn message(line: &str) -> Option<String> {
    let said = field(line)?;
    Some(said[prefix::length(&said)..].to_owned())
}

fn field(line: &str) -> Option<String> {
    let [json, logfmt] = &*FIELDS;
    let form = match line.trim_start().as_bytes() {
        [b'{' | b'"', ..] => json,
        _ if line.contains("=\"") => logfmt,
        _ => return None,
    };
    let text = form.as_ref()?.captures(line.as_bytes())?.name("text")?.as_bytes();
    let text: String = serde_json::from_slice(&[b"\"", text, b"\""].concat()).ok()?;
    let mut said = Vec::new();
    plain::append(text.trim_end().as_bytes(), &mut said);
    Some(String::from_utf8_lossy(&said).into_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_record_holds_what_was_said() {
        for line in [
            r#"{"log":"error: \"x\"\n","stream":"stderr","time":"2026-11-22T10:00:00Z"}"#,
            r#"{"_PID":"12","MESSAGE":"error: \"x\"","PRIORITY":"3"}"#,
            r#"	"MESSAGE" : "error: \"x\"","#,
            r#"{"level":50,"msg":"\u001b[31merror: \u001b[0m“x”"}"#,
            r#"time="2026-11-22 10:00" level=error msg="error: \"x\"" pid=7"#,
            r#"{"log":"2026-11-22T10:00:00Z error: \"x\""}"#,
        ] {
            assert_eq!(message(line).as_deref(), Some("error: \"x\""), "{line}");
        }
        for line in [
            "error: x",
            r#"%{message: "x"}"#,
            r#"env="a" path="b""#,
            r#"{"error": "x"}"#,
            r#"  "message": "x","#,
            "{:a, \"b\"}",
        ] {
            assert_eq!(message(line), None, "{line}");
        }
    }
}
