//! The report as workflow commands, from which GitHub makes annotations.

use std::fmt::Write;

use super::brief::{brief, one_line};
use super::cases::UNRECOGNISED;
use super::{Report, Scene, location};
use crate::facts::Severity;

/// A longer message is cut: GitHub keeps no more of it.
const LONGEST: usize = 4000;

pub(super) fn draw(report: &Report, scene: &Scene) -> String {
    let mut out = String::new();
    for entry in &report.diagnoses {
        let place = location::place(entry, scene);
        let command = match entry.severity {
            Severity::Error => "error",
            Severity::Warning => "warning",
            Severity::Info => "notice",
        };
        let mut message = one_line(&entry.message);
        for line in brief(entry) {
            message.push('\n');
            message.push_str(&line);
        }
        let (line, column) = (place.line.max(1).to_string(), place.column.max(1).to_string());
        let properties =
            [("file", place.file.as_str()), ("line", &line), ("col", &column), ("title", &entry.rule)];
        out.push_str(&written(command, &properties, &message));
    }
    for ((rule, _), missing) in report.undecided() {
        let mut message = missing.first().map(|it| it.title.clone()).unwrap_or_default();
        for it in &missing {
            // Writing to a String cannot fail.
            let _ = write!(message, "\nNot known: {} ({})", it.fact, it.why);
        }
        let title = format!("{rule} (not known)");
        out.push_str(&written("notice", &[("title", &title)], &message));
    }
    let lines = if report.unrecognised.is_empty() { &report.last_lines } else { &report.unrecognised };
    if !lines.is_empty() {
        let mut message = "This failure is not one that envdoctor knows.".to_owned();
        for quote in lines {
            // Writing to a String cannot fail.
            let _ = write!(message, "\nline {}: {}", quote.line, one_line(&quote.text));
        }
        out.push_str(&written("error", &[("title", UNRECOGNISED)], &message));
    }
    out
}

/// One command, in which nothing that is told can end it or begin another.
fn written(command: &str, properties: &[(&str, &str)], message: &str) -> String {
    let properties: Vec<String> =
        properties.iter().map(|(name, value)| format!("{name}={}", property(&one_line(value)))).collect();
    let message: String = message.lines().map(one_line_kept).collect::<Vec<_>>().join("\n");
    let message: String = message.chars().take(LONGEST).collect();
    format!("::{command} {}::{}\n", properties.join(","), data(&message))
}

/// A line with its indentation, in visible characters.
fn one_line_kept(line: &str) -> String {
    let indent = line.len() - line.trim_start_matches(' ').len();
    format!("{}{}", " ".repeat(indent), one_line(line))
}

fn data(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_that_is_told_is_a_command() {
        let evil = "a\r\n::set-output name=x::y\n%0A::error::z";
        let text = written("error", &[("file", "a,b:c"), ("title", evil)], evil);
        assert_eq!(text.lines().count(), 1);
        let (head, message) = text.trim_end().strip_prefix("::").unwrap().split_once("::").unwrap();
        assert_eq!(
            head,
            "error file=a%2Cb%3Ac,title=a %3A%3Aset-output name=x%3A%3Ay %250A%3A%3Aerror%3A%3Az"
        );
        assert_eq!(message, "a%0A::set-output name=x::y%0A%250A::error::z");
    }
}
