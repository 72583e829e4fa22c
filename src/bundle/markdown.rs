//! The document as Markdown, as issue trackers show it.

use std::fmt::Write;

use super::chart::milliseconds;
use super::document::{Document, Found, Help, Tool};

/// The longest bar.
const LONGEST: f64 = 24.0;

/// The whole file.
pub fn markdown(document: &Document) -> String {
    let mut out = String::from("# envdoctor report\n\n");
    let _ = writeln!(out, "envdoctor {}, {}", text(&document.version), text(&document.made));
    out.push_str("\n## Findings\n\n");
    if document.findings.is_empty() {
        out.push_str("None.\n");
    }
    document.findings.iter().for_each(|found| finding(&mut out, found));
    if !document.set_aside.is_empty() {
        out.push_str("\n## Does not count\n\n");
        set_aside(&mut out, &document.set_aside);
    }
    if !document.unknown.is_empty() {
        out.push_str("\n## Not known\n\n");
        table(
            &mut out,
            &["Fact", "Why", "Rules"],
            document.unknown.iter().map(|(a, b, c)| [cell(a), cell(b), cell(c)]),
        );
    }
    if let Some(run) = &document.last_run {
        let _ = write!(out, "\n## Last run\n\n{}: {}\n\n", code(&run.command), text(&run.end));
        run.findings.iter().for_each(|found| finding(&mut out, found));
        if !run.set_aside.is_empty() {
            out.push_str("Known, and does not count:\n\n");
            set_aside(&mut out, &run.set_aside);
        }
        if !run.lines.is_empty() {
            out.push_str("No rule knows this failure. The lines that look most like it:\n\n");
            table(&mut out, &["Where", "Text"], run.lines.iter().map(|(a, b)| [cell(a), cell(b)]));
        }
    }
    out.push_str("\n## Versions\n\n");
    table(&mut out, &["Tool", "This shell", "Asked for", "Path"], document.tools.iter().map(tool));
    out.push_str("\n## Machine\n\n");
    table(&mut out, &["What", "Value"], document.machine.iter().map(|(a, b)| [cell(a), cell(b)]));
    out.push_str("\n## Timings\n\n");
    let most = document.timings.iter().map(|(_, took)| *took).fold(1.0, f64::max);
    let rows = document.charted().iter().map(|(what, took)| {
        let bar = "█".repeat(((took / most * LONGEST).round() as usize).max(1));
        [cell(what), milliseconds(*took), bar]
    });
    table(&mut out, &["Question", "Time", ""], rows);
    let count = document.facts.len();
    let _ = write!(out, "\n## Facts\n\n<details>\n<summary>{count} facts</summary>\n\n");
    table(
        &mut out,
        &["Fact", "Value", "Source"],
        document.facts.iter().map(|(a, b, c)| [cell(a), cell(b), cell(c)]),
    );
    out.push_str("\n</details>\n");
    out
}

fn set_aside(out: &mut String, rows: &[(String, String, String)]) {
    table(out, &["Rule", "Problem", "Why"], rows.iter().map(|(a, b, c)| [cell(a), text(b), text(c)]));
}

fn finding(out: &mut String, found: &Found) {
    let _ = write!(out, "### {}: {}\n\n{}\n\n", found.severity, text(&found.message), code(&found.rule));
    if !found.evidence.is_empty() {
        table(out, &["Where", "Evidence"], found.evidence.iter().map(|(a, b)| [cell(a), cell(b)]));
        out.push('\n');
    }
    let _ = write!(out, "{}\n\n", text(&found.explanation));
    for (at, Help { title, risk, exactly, told }) in found.remedies.iter().enumerate() {
        let risk = if risk.is_empty() { String::new() } else { format!(" ({risk})") };
        let _ = write!(out, "{}. {}{risk}\n\n", at + 1, text(title));
        if !exactly.is_empty() {
            out.push_str(&block(exactly));
        }
        if !told.is_empty() {
            let _ = write!(out, "   {}\n\n", text(told));
        }
    }
    if !found.consequences.is_empty() {
        let _ = write!(out, "Follows from it: {}\n\n", text(&found.consequences.join(", ")));
    }
}

fn tool(tool: &Tool) -> [String; 4] {
    let asked =
        tool.asked.iter().map(|(place, words, agreement)| cell(&format!("{words} ({place}, {agreement})")));
    [cell(&tool.name), cell(&tool.has), asked.collect::<Vec<_>>().join("<br>"), cell(&tool.path)]
}

fn table<const N: usize>(out: &mut String, heads: &[&str; N], rows: impl Iterator<Item = [String; N]>) {
    let _ = writeln!(out, "| {} |", heads.join(" | "));
    let _ = writeln!(out, "|{}", " --- |".repeat(N));
    for row in rows {
        let _ = writeln!(out, "| {} |", row.join(" | "));
    }
}

/// Text in which nothing is taken for Markdown or HTML, and nobody is called by name.
fn text(text: &str) -> String {
    let mut out = String::new();
    for c in text.chars() {
        match c {
            '\n' | '\t' => out.push(' '),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '&' => out.push_str("&amp;"),
            '@' => out.push_str("@<!-- -->"),
            '#' => out.push_str("#<!-- -->"),
            '\\' | '`' | '*' | '_' | '[' | ']' | '|' | '~' | '$' => {
                out.push('\\');
                out.push(c);
            }
            c => out.push(c),
        }
    }
    out
}

/// Code within a line, with a fence that it does not hold.
fn code(text: &str) -> String {
    let text = text.replace(['\n', '\t'], " ");
    if text.trim().is_empty() {
        return String::new();
    }
    let fence = "`".repeat(longest_run(&text) + 1);
    let gap = if text.starts_with(['`', ' ']) || text.ends_with(['`', ' ']) { " " } else { "" };
    format!("{fence}{gap}{text}{gap}{fence}")
}

/// Code in a table's cell, of which a `|` would be the end.
fn cell(text: &str) -> String {
    code(text).replace('|', "\\|")
}

/// Code on lines of its own, below an item of a list.
fn block(text: &str) -> String {
    let fence = "`".repeat(longest_run(text).max(2) + 1);
    let lines: String = text.lines().map(|line| format!("   {line}\n")).collect();
    format!("   {fence}text\n{lines}   {fence}\n\n")
}

fn longest_run(text: &str) -> usize {
    text.split(|c| c != '`').map(str::len).max().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hostile_text_stays_text() {
        assert_eq!(cell("a`b|c\nd"), "``a`b\\|c d``");
        assert_eq!(code("`x`"), "`` `x` ``");
        assert_eq!(
            text("<img> @team #1 *a* [x](y)"),
            "&lt;img&gt; @<!-- -->team #<!-- -->1 \\*a\\* \\[x\\](y)"
        );
        assert!(block("x\n```\ny").starts_with("   ````text\n"));
        let found = Found { message: "</details> **x**".to_owned(), ..Found::default() };
        let page = markdown(&Document { findings: vec![found], ..Document::default() });
        assert_eq!(page.matches("</details>").count(), 1, "{page}");
    }
}
