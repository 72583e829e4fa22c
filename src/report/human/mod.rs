//! The report for a person.

mod entry;
mod layout;
mod page;
mod remedy;

use std::fmt::Write;

pub use layout::{Detail, Look};
pub use page::draw_page;

use layout::{Block, quiet};

use super::{Report, Unknown};
use crate::facts::Severity;

/// Draws the whole report, with colours that whoever prints it may strip.
pub fn draw(report: &Report, look: Look) -> String {
    let mut out = String::new();
    for diagnosis in &report.diagnoses {
        entry::draw(&mut out, diagnosis, look);
        out.push('\n');
    }
    if !report.unrecognised.is_empty() {
        let head = "This failure is not one that envdoctor knows. The lines that look most like its error:";
        out.push_str(&Block::new(look).marked("?").text(head));
        for quote in &report.unrecognised {
            let label = format!("line {}", quote.line);
            out.push_str(&Block::new(look).label(&label).text(quote.text.trim_start()));
        }
        out.push('\n');
    }
    for unknown in report.unknown.chunk_by(|one, other| one.rule == other.rule) {
        let whys: Vec<_> = unknown.iter().map(|it| format!("{}: {}", it.fact, it.why)).collect();
        if let Some(Unknown { rule, title, .. }) = unknown.first() {
            let text = format!("{title}? Nobody can tell: {}", whys.join("; "));
            out.push_str(&Block::new(look).marked("?").aside(rule).text(&text));
        }
    }
    if look.detail != Detail::Brief {
        let _ = writeln!(out, "{}", summary(report));
    }
    out
}

/// Draws one line with a mark before it and an aside at the right edge, such as an outcome with its rule.
pub fn draw_line(mark: &str, text: &str, aside: &str, look: Look) -> String {
    Block::new(look).marked(mark).aside(aside).text(text)
}

/// Draws a paragraph below such a line.
pub fn draw_note(text: &str, look: Look) -> String {
    Block::new(look).text(text)
}

/// One line that says how it stands.
fn summary(report: &Report) -> String {
    let problems = report.diagnoses.iter().filter(|entry| entry.severity > Severity::Info).count();
    let notes = report.diagnoses.len() - problems;
    let mut parts = Vec::new();
    if problems > 0 {
        parts.push(counted(problems, "problem"));
    }
    if notes > 0 {
        parts.push(counted(notes, "note"));
    }
    if !report.unknown.is_empty() {
        let rules =
            report.unknown.iter().map(|unknown| &unknown.rule).collect::<std::collections::BTreeSet<_>>();
        parts.push(format!("{} unknown", rules.len()));
    }
    let empty = parts.is_empty();
    if empty && report.unrecognised.is_empty() {
        parts.push(if report.summary.lines.is_some() { "No known failure" } else { "Healthy" }.to_owned());
    }
    if let Some(lines) = report.summary.lines {
        parts.push(counted(usize::try_from(lines).unwrap_or(usize::MAX), "line"));
    }
    parts.push(counted(report.summary.rules, "rule"));
    parts.push(format!("{} ms", report.summary.took_ms));
    let repairs =
        report.diagnoses.iter().filter(|entry| entry.remedies.iter().any(|t| t.is_repair())).count();
    let mut line = quiet(&format!("{}.", parts.join(", ")));
    if repairs > 0 {
        let _ = write!(line, "  `envdoctor fix` can repair {repairs}.");
    }
    line
}

fn counted(count: usize, what: &str) -> String {
    format!("{count} {what}{}", if count == 1 { "" } else { "s" })
}
