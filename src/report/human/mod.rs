//! The report for a person.

mod entry;
mod facts;
mod layout;
mod located;
mod offers;
mod page;
mod remedy;
mod settings;
mod since_green;
mod versions;

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;

use owo_colors::OwoColorize;

pub use facts::draw_facts;
pub use layout::{Detail, Look};
pub use offers::draw_offers;
pub use page::draw_page;
pub use settings::{SettingRow, draw_settings};
pub use versions::draw_versions;

use layout::{Block, quiet};
use textwrap::fill;

use super::{Aside, Entry, Proof, Report, SetAside, Unknown, counted};
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
        out.push_str(&Block::new(look).text(&entry::further(&format!("{more} more; -v shows them"), look)));
        out.push('\n');
    }
    let unknown_failure = "This failure is not one that envdoctor knows.";
    if !report.unrecognised.is_empty() {
        let head = format!("{unknown_failure} The lines that look most like its error:");
        out.push_str(&quoted(&head, &report.unrecognised, look));
    } else if !report.last_lines.is_empty() {
        out.push_str(&quoted(&format!("{unknown_failure} Its last lines:"), &report.last_lines, look));
    }
    let full = look.detail == Detail::Full;
    let new = report.unknown.iter().filter(|unknown| full || !unknown.baseline);
    for (why, unknown) in by_reason(new) {
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
    // Whoever sees a command fail wants to know that its failure is known, and why it does not count.
    if full || report.is_excused() {
        report.set_aside.iter().for_each(|aside| out.push_str(&set_aside(aside, look)));
    }
    if let Some(since) = &report.since_green {
        out.push_str(&since_green::draw(since, look));
        out.push('\n');
    }
    if look.detail != Detail::Brief {
        let _ = writeln!(out, "{}", summary(report, look));
    }
    out
}

/// A diagnosis that does not count.
fn set_aside(aside: &SetAside, look: Look) -> String {
    let why = match &aside.why {
        Aside::Baseline => "it stands in the baseline".to_owned(),
        Aside::Ignored { reason, until, from } => {
            let until = until.as_ref().map(|until| format!(" until {until}")).unwrap_or_default();
            format!("{from} ignores it{until}: {reason}")
        }
    };
    let head = Block::new(look).marked("-").word("set aside").aside("rule", &aside.entry.rule);
    let head = head.text(&aside.entry.message);
    format!("{head}{}\n", Block::new(look).text(&why))
}

/// One diagnosis without colours.
pub(super) fn plain(diagnosis: &Entry, look: Look) -> String {
    let mut out = String::new();
    entry::draw(&mut out, diagnosis, true, look);
    anstream::adapter::strip_str(&out).to_string()
}

/// What is unknown for one reason is told once.
fn by_reason<'u>(unknown: impl Iterator<Item = &'u Unknown>) -> BTreeMap<&'u str, Vec<&'u Unknown>> {
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

/// Draws one line with a mark before it and a rule's id at the right edge, such as an outcome.
pub fn draw_line(mark: &str, text: &str, rule: &str, look: Look) -> String {
    Block::new(look).marked(mark).aside("rule", rule).text(text)
}

/// Draws a paragraph below such a line.
pub fn draw_note(text: &str, look: Look) -> String {
    Block::new(look).text(text)
}

/// Draws lines that are to be copied as they stand.
pub fn draw_block(text: &str, look: Look) -> String {
    text.lines().map(|line| Block::new(look).verbatim(line)).collect()
}

/// One line that says how it stands.
fn summary(report: &Report, look: Look) -> String {
    let problems = report.diagnoses.iter().filter(|entry| entry.severity > Severity::Info).count();
    let notes = report.diagnoses.len() - problems;
    let mut parts = Vec::new();
    if problems > 0 {
        parts.push(counted(problems, "problem"));
    }
    if notes > 0 {
        parts.push(counted(notes, "note"));
    }
    let new = report.unknown.iter().filter(|unknown| !unknown.baseline);
    let unknown = new.map(|it| (&it.rule, &it.requirement)).collect::<BTreeSet<_>>();
    if !unknown.is_empty() {
        parts.push(format!("{} unknown", unknown.len()));
    }
    let empty = parts.is_empty();
    let mut healthy = "";
    if empty && report.unrecognised.is_empty() && report.last_lines.is_empty() {
        let known = !report.set_aside.is_empty() || !report.unknown.is_empty();
        match report.summary.lines {
            Some(_) if report.is_excused() => {}
            Some(_) => parts.push("No known failure".to_owned()),
            None if known => healthy = "Nothing new. ",
            None => healthy = "Healthy. ",
        }
    }
    let in_baseline = report.set_aside.iter().filter(|aside| aside.why == Aside::Baseline).count();
    let ignored = report.set_aside.len() - in_baseline;
    let left_out = if report.summary.lines.is_some() { report.summary.left_out } else { 0 };
    for (count, what) in [(ignored, "ignored"), (in_baseline, "in the baseline"), (left_out, "not asked for")]
    {
        if count > 0 {
            parts.push(format!("{count} {what}"));
        }
    }
    if let Some(lines) = report.summary.lines {
        parts.push(counted(usize::try_from(lines).unwrap_or(usize::MAX), "line"));
    }
    parts.push(counted(report.summary.rules, "rule"));
    if report.summary.rules_left_out > 0 {
        parts.push(format!("{} left out", report.summary.rules_left_out));
    }
    if report.summary.requirements > 0 {
        parts.push(counted(report.summary.requirements, "requirement"));
    }
    parts.push(format!("{} ms", report.summary.took_ms));
    let repairs =
        report.diagnoses.iter().filter(|entry| entry.remedies.iter().any(|t| t.is_repair())).count();
    let figures = format!("{}.", parts.join(", "));
    let repairs = match repairs {
        0 => String::new(),
        _ => format!("`envdoctor fix` can repair {repairs}."),
    };
    if look.plain {
        return format!("summary: {healthy}{figures} {repairs}").trim_end().to_owned();
    }
    if !healthy.is_empty() {
        return format!("{}{}", healthy.green(), quiet(&figures));
    }
    let whole = figures.len() + "  ".len() + repairs.len();
    match (repairs.is_empty(), whole <= look.width) {
        (true, _) => quiet(&fill(&figures, look.width)),
        (false, true) => format!("{}  {repairs}", quiet(&figures)),
        (false, false) => format!("{}\n{}", quiet(&fill(&figures, look.width)), fill(&repairs, look.width)),
    }
}
