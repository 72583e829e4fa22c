//! The report as Markdown, for an issue. Nothing that a tool printed becomes markup, a link or a mention in it.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;

use super::brief::one_line;
use super::prose::paragraphs;
use super::{Entry, Proof, Report, Scene, SetAside, Unknown, counted, location};
use crate::facts::Severity;
use crate::plan::{Step, Treatment, command_line};
use crate::scan::Quote;
use crate::visible::visible_lines;

/// So many diagnoses are told in full: GitHub takes no more than 65 536 characters.
const TOLD: usize = 15;

/// So many stand in the table.
const LISTED: usize = 200;

/// So many remedies are told of each.
const REMEDIES: usize = 3;

/// A block of code is cut after so many lines.
const LINES: usize = 40;

pub(super) fn draw(report: &Report, scene: &Scene) -> String {
    let mut out = format!("## envdoctor: {}\n", verdict(report));
    table(&mut out, report, scene);
    for entry in report.diagnoses.iter().take(TOLD) {
        diagnosis(&mut out, entry);
    }
    let lines = if report.unrecognised.is_empty() { &report.last_lines } else { &report.unrecognised };
    if !lines.is_empty() {
        out.push_str("\n### ? This failure is not one that envdoctor knows\n\n");
        out.push_str(&fenced("text", &quoted(lines)));
    }
    unknown(&mut out, &report.unknown);
    if !report.set_aside.is_empty() {
        out.push_str("\n### Does not count\n\n");
        for SetAside { entry, why } in &report.set_aside {
            let _ = writeln!(out, "- `{}`: {}", entry.rule, inline(&why.told()));
        }
    }
    let lines = report.summary.lines.map(|lines| format!("{lines} lines, ")).unwrap_or_default();
    let mut asked = counted(report.summary.rules, "rule");
    if report.summary.requirements > 0 {
        asked = format!("{asked}, {}", counted(report.summary.requirements, "requirement"));
    }
    let took = report.summary.took_ms;
    let _ = write!(out, "\nenvdoctor {}: {lines}{asked}, {took} ms\n", inline(&scene.version));
    out
}

fn verdict(report: &Report) -> String {
    let count = |severity| report.diagnoses.iter().filter(|entry| entry.severity == severity).count();
    let unknown = report.undecided().len();
    let counts = [
        (count(Severity::Error), "error"),
        (count(Severity::Warning), "warning"),
        (count(Severity::Info), "note"),
    ];
    let mut parts: Vec<String> =
        counts.iter().filter(|(count, _)| *count > 0).map(|(count, what)| counted(*count, what)).collect();
    if unknown > 0 {
        parts.push(format!("{unknown} unknown"));
    }
    match (parts.is_empty(), report.unrecognised.is_empty() && report.last_lines.is_empty()) {
        (false, _) => parts.join(", "),
        (true, false) => "a failure that no rule knows".to_owned(),
        (true, true) if report.is_excused() => "nothing that counts".to_owned(),
        (true, true) if report.summary.lines.is_some() => "no known failure".to_owned(),
        (true, true) => "healthy".to_owned(),
    }
}

/// All diagnoses, a row for each.
fn table(out: &mut String, report: &Report, scene: &Scene) {
    if report.diagnoses.is_empty() {
        return;
    }
    out.push_str("\n| | rule | problem | where |\n|---|---|---|---|\n");
    for entry in report.diagnoses.iter().take(LISTED) {
        let place = location::places(entry, scene).into_iter().chain(location::lines(entry, scene)).next();
        let place = place.map(|place| inline(&format!("{}:{}", place.file, place.line))).unwrap_or_default();
        let cells = [entry.severity.to_string(), format!("`{}`", entry.rule), inline(&entry.message), place];
        let _ = writeln!(out, "| {} |", cells.map(|cell| cell.replace('|', "\\|")).join(" | "));
    }
    if let more @ 1.. = report.diagnoses.len().saturating_sub(LISTED) {
        let _ = writeln!(out, "\n… and {more} more");
    }
}

fn diagnosis(out: &mut String, entry: &Entry) {
    let _ = writeln!(out, "\n### {} {}\n", mark(entry.severity), inline(&entry.message));
    let _ = writeln!(out, "`{}` · {} · {}", entry.rule, entry.severity, inline(&entry.family));
    let mut shown = Vec::new();
    for proof in &entry.evidence {
        match proof {
            Proof::Line { source, quote } => shown.push(format!("{source}:{}: {}", quote.line, quote.text)),
            Proof::Fact { places, .. } if !places.is_empty() => {
                shown.extend(places.iter().map(|place| format!("{place}: {}", place.excerpt.trim())));
            }
            Proof::Fact { fact, value, source, .. } => {
                let value = value.as_ref().map_or_else(|| "not there".to_owned(), ToString::to_string);
                let source = if source.is_empty() { String::new() } else { format!(" ({source})") };
                shown.push(format!("{fact} = {value}{source}"));
            }
        }
    }
    shown.extend(entry.inner.iter().map(|quote| format!("{}: {}", quote.line, quote.text)));
    if !shown.is_empty() {
        let _ = write!(out, "\n{}", fenced("text", &shown));
    }
    for paragraph in paragraphs(&entry.explanation) {
        let _ = writeln!(out, "\n{}", inline(&paragraph));
    }
    let fitting = entry.remedies.iter().filter(|treatment| treatment.obstacle.is_none());
    for treatment in fitting.take(REMEDIES) {
        remedy(out, treatment);
    }
    if !entry.consequences.is_empty() {
        let rules: BTreeSet<String> =
            entry.consequences.iter().map(|follower| format!("`{}`", follower.rule)).collect();
        let _ = writeln!(out, "\nThis follows from it: {}", rules.into_iter().collect::<Vec<_>>().join(", "));
    }
    for reference in entry.references.iter().filter(|link| is_link(link)) {
        let _ = writeln!(out, "\n<{reference}>");
    }
}

fn mark(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "✗",
        Severity::Warning => "!",
        Severity::Info => "i",
    }
}

fn remedy(out: &mut String, treatment: &Treatment) {
    let risk = match treatment.is_repair() {
        true => format!(" (risk: {})", treatment.risk),
        false => String::new(),
    };
    let _ = writeln!(out, "\n**What helps:** {}{risk}", inline(&treatment.title));
    match &treatment.step {
        Step::Run(run) => {
            let _ = write!(out, "\n{}", fenced("sh", &[command_line(&run.argv)]));
        }
        Step::Edit(edits) => {
            for edit in edits {
                let diff: Vec<String> = edit.diff().lines().map(str::to_owned).collect();
                let _ = write!(out, "\n{}", fenced("diff", &diff));
            }
        }
        Step::Remove(paths) | Step::Track(paths) => {
            let paths: Vec<String> = paths.iter().map(|path| path.display().to_string()).collect();
            let _ = write!(out, "\n{}", fenced("text", &paths));
        }
        Step::Tell(text) => {
            for paragraph in paragraphs(text) {
                let _ = writeln!(out, "\n{}", inline(&paragraph));
            }
        }
    }
    if let Some(caution) = &treatment.caution {
        let _ = writeln!(out, "\n**First:** {}", inline(caution));
    }
}

fn unknown(out: &mut String, unknown: &[Unknown]) {
    if unknown.is_empty() {
        return;
    }
    out.push_str("\n### ? Not known\n\n");
    let mut facts: BTreeMap<(&str, &str), BTreeSet<String>> = BTreeMap::new();
    for it in unknown {
        facts.entry((&it.fact, &it.why)).or_default().insert(format!("`{}`", it.rule));
    }
    for ((fact, why), rules) in facts {
        let rules = rules.into_iter().collect::<Vec<_>>().join(", ");
        let _ = writeln!(out, "- {} ({}), and so nobody can tell about {rules}", inline(fact), inline(why));
    }
}

fn quoted(quotes: &[Quote]) -> Vec<String> {
    quotes.iter().map(|quote| format!("{}: {}", quote.line, quote.text)).collect()
}

/// A block of code, whose fence is longer than any run of back ticks in it.
fn fenced(language: &str, lines: &[String]) -> String {
    let mut shown: Vec<String> = lines.iter().take(LINES).map(|line| cut(line)).collect();
    if let more @ 1.. = lines.len().saturating_sub(LINES) {
        shown.push(format!("… and {more} more lines"));
    }
    let text = shown.join("\n");
    let fence = "`".repeat(longest_run(&text).max(2) + 1);
    format!("{fence}{language}\n{text}\n{fence}\n")
}

/// A line in visible characters, which is not too long. Its indentation stays.
fn cut(line: &str) -> String {
    let line = visible_lines(line).replace('\n', "\\n");
    match line.char_indices().nth(LONGEST) {
        Some((end, _)) => format!("{}…", line.get(..end).unwrap_or_default()),
        None => line,
    }
}

/// A line of code is cut after so many characters.
const LONGEST: usize = 500;

/// Text in which only back ticks mean something: the words that Markdown, GitHub or GitLab would read otherwise become
/// code, in which nothing is read.
fn inline(text: &str) -> String {
    let text = one_line(text);
    let spans: Vec<&str> = text.split('`').collect();
    if spans.len().is_multiple_of(2) {
        return plain(&text);
    }
    let mut out = String::new();
    for (at, span) in spans.into_iter().enumerate() {
        match at % 2 {
            1 if !span.trim().is_empty() => out.push_str(&code(span)),
            1 => {}
            _ => out.push_str(&plain(span)),
        }
    }
    out
}

fn plain(text: &str) -> String {
    let harmless = |c: char| c.is_alphanumeric() || " .,;:'\"()/-–—…%=?+^→’“”‘".contains(c);
    let mut words: Vec<String> = Vec::new();
    for word in text.split(' ') {
        let is_plain = word.chars().all(harmless)
            && !word.contains("://")
            && !word.to_ascii_lowercase().contains("www.")
            // Where a line begins so, it could be read as a list, a heading, or an order to GitLab.
            && !word.starts_with(['/', '-', '+', '=']);
        words.push(if is_plain { word.to_owned() } else { code_within(word) });
    }
    words.join(" ")
}

/// A word as code, but for the punctuation around it.
fn code_within(word: &str) -> String {
    let inner = word.trim_start_matches(['(', '"', '\'']);
    let before = word.len() - inner.len();
    let inner = inner.trim_end_matches([')', '"', '\'', '.', ',', ';', ':']);
    match word.split_at_checked(before) {
        Some((open, rest)) if !inner.is_empty() => {
            format!("{open}{}{}", code(inner), rest.strip_prefix(inner).unwrap_or_default())
        }
        _ => code(word),
    }
}

/// A span of code around any text.
fn code(text: &str) -> String {
    let fence = "`".repeat(longest_run(text) + 1);
    let pad = if text.starts_with(['`', ' ']) || text.ends_with(['`', ' ']) { " " } else { "" };
    format!("{fence}{pad}{text}{pad}{fence}")
}

fn longest_run(text: &str) -> usize {
    text.split(|c| c != '`').map(str::len).max().unwrap_or(0)
}

/// Whether it can stand between angle brackets as a link.
fn is_link(text: &str) -> bool {
    text.starts_with("https://") && !text.contains(|c: char| c.is_whitespace() || c == '<' || c == '>')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_that_would_be_read_are_code() {
        assert_eq!(inline("Elixir 1.14 does not meet ~> 1.17"), "Elixir 1.14 does not meet `~>` 1.17");
        assert_eq!(inline("ask @somebody about #12 & <b>"), "ask `@somebody` about `#12` `&` `<b>`");
        assert_eq!(
            inline("see https://evil.example or WWW.evil.example"),
            "see `https://evil.example` or `WWW.evil.example`"
        );
        assert_eq!(inline("run `a_b *c*` and (x_y)."), "run `a_b *c*` and (`x_y`).");
        assert_eq!(inline("/close\n- one\n1) a `tick"), "`/close` `-` one 1) a `` `tick ``");
    }

    #[test]
    fn a_fence_is_longer_than_any_in_the_text() {
        let text = fenced("text", &["a````b".to_owned(), "x\u{1b}\ny".to_owned()]);
        assert_eq!(text, "`````text\na````b\nx\\u{1b}\\ny\n`````\n");
    }
}
