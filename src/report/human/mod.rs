//! The report for a person.

mod entry;
mod facts;
mod layout;
mod located;
mod offers;
mod page;
mod remedy;
mod versions;

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;

pub use facts::draw_facts;
pub use layout::{Detail, Look};
pub use offers::draw_offers;
pub use page::draw_page;
pub use versions::draw_versions;

use layout::{Block, quiet};

use super::{Proof, Report, Unknown};
use crate::facts::Severity;
use crate::scan::Quote;

/// So many diagnoses are drawn, unless the person asks for all: nobody reads further.
const DRAWN: usize = 20;

/// Draws the whole report, with colours that whoever prints it may strip.
pub fn draw(report: &Report, look: Look) -> String {
    let mut out = String::new();
    let lines = report.diagnoses.iter().flat_map(|diagnosis| &diagnosis.evidence);
    let sources = lines.filter_map(|proof| match proof {
        Proof::Line { source, .. } => Some(source),
        Proof::Fact { .. } => None,
    });
    let several = sources.collect::<BTreeSet<_>>().len() > 1;
    let drawn = if look.detail == Detail::Full { usize::MAX } else { DRAWN };
    for diagnosis in report.diagnoses.iter().take(drawn) {
        entry::draw(&mut out, diagnosis, several, look);
        out.push('\n');
    }
    if let more @ 1.. = report.diagnoses.len().saturating_sub(drawn) {
        out.push_str(&Block::new(look).text(&format!("… and {more} more; -v shows them")));
        out.push('\n');
    }
    let unknown_failure = "This failure is not one that envdoctor knows.";
    if !report.unrecognised.is_empty() {
        let head = format!("{unknown_failure} The lines that look most like its error:");
        out.push_str(&quoted(&head, &report.unrecognised, look));
    } else if !report.last_lines.is_empty() {
        out.push_str(&quoted(&format!("{unknown_failure} Its last lines:"), &report.last_lines, look));
    }
    for (why, unknown) in by_reason(&report.unknown) {
        let rules = unknown.iter().map(|it| it.rule.as_str()).collect::<BTreeSet<_>>();
        let facts = unknown.iter().map(|it| it.fact.as_str()).collect::<BTreeSet<_>>();
        let (rules, facts) = (rules.into_iter().collect::<Vec<_>>(), facts.into_iter().collect::<Vec<_>>());
        out.push_str(&Block::new(look).marked("?").text(&format!("Not known: {} ({why})", facts.join(", "))));
        out.push_str(&Block::new(look).text(&format!("and so nobody can tell about {}", rules.join(", "))));
        if look.detail == Detail::Full {
            let asked =
                unknown.iter().map(|it| format!("{}: {}, {} ms", it.fact, it.source, it.took.as_millis()));
            for asked in asked.collect::<BTreeSet<_>>() {
                out.push_str(&Block::new(look).label("asked").text(&asked));
            }
        }
    }
    if look.detail != Detail::Brief {
        let _ = writeln!(out, "{}", summary(report));
    }
    out
}

/// What is unknown for one reason is told once.
fn by_reason(unknown: &[Unknown]) -> BTreeMap<&str, Vec<&Unknown>> {
    let mut reasons: BTreeMap<&str, Vec<&Unknown>> = BTreeMap::new();
    for it in unknown {
        reasons.entry(&it.why).or_default().push(it);
    }
    reasons
}

fn quoted(head: &str, quotes: &[Quote], look: Look) -> String {
    let mut out = Block::new(look).marked("?").text(head);
    for quote in quotes {
        out.push_str(&entry::draw_quote(quote, quote.text.trim_start(), "", look));
    }
    out.push('\n');
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
        let rules = report.unknown.iter().map(|unknown| &unknown.rule).collect::<BTreeSet<_>>();
        parts.push(format!("{} unknown", rules.len()));
    }
    let empty = parts.is_empty();
    if empty && report.unrecognised.is_empty() && report.last_lines.is_empty() {
        parts.push(if report.summary.lines.is_some() { "No known failure" } else { "Healthy" }.to_owned());
    }
    if let Some(lines) = report.summary.lines {
        parts.push(counted(usize::try_from(lines).unwrap_or(usize::MAX), "line"));
    }
    parts.push(counted(report.summary.rules, "rule"));
    if report.summary.requirements > 0 {
        parts.push(counted(report.summary.requirements, "requirement"));
    }
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
