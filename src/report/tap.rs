//! The report as a stream of the Test Anything Protocol, version 14.

use std::fmt::Write;

use super::brief::{brief, one_line};
use super::cases::{Outcome, cases, not_known};
use super::{Report, Scene, location};

pub(super) fn draw(report: &Report, scene: &Scene) -> String {
    let cases = cases(report);
    let mut out = format!("TAP version 14\n1..{}\n", cases.len());
    for (number, case) in (1..).zip(&cases) {
        let (ok, directive) = match &case.outcome {
            Outcome::Passed => ("ok", String::new()),
            Outcome::Skipped(why) => ("ok", format!(" # SKIP {}", escaped(why))),
            Outcome::Failed(_) | Outcome::Unknown(_) | Outcome::Unrecognised(_) => ("not ok", String::new()),
        };
        let title = match &case.outcome {
            Outcome::Failed(entry) => entry.message.as_str(),
            _ => case.title,
        };
        let title = escaped(&format!("{}: {}", case.name, one_line(title)));
        // Writing to a String cannot fail.
        let _ = writeln!(out, "{ok} {number} - {title}{directive}");
        let mut block = Block { out: &mut out };
        match &case.outcome {
            Outcome::Passed | Outcome::Skipped(_) => {}
            Outcome::Failed(entry) => {
                let place = location::place(entry, scene);
                block.begin();
                block.pair("  ", "message", &one_line(&entry.message));
                block.pair("  ", "severity", &entry.severity.to_string());
                block.pair("  ", "rule", &entry.rule);
                block.pair("  ", "family", &entry.family);
                block.pair("  ", "fingerprint", &entry.fingerprint);
                block.line("  at:");
                block.pair("    ", "file", &one_line(&place.file));
                block.line(&format!("    line: {}", place.line));
                block.lines("evidence", &brief(entry));
                block.end();
            }
            Outcome::Unknown(unknown) => {
                block.begin();
                block.pair("  ", "severity", "unknown");
                block.lines("evidence", &not_known(unknown));
                block.end();
            }
            Outcome::Unrecognised(quotes) => {
                let lines: Vec<String> =
                    quotes.iter().map(|quote| format!("{}: {}", quote.line, one_line(&quote.text))).collect();
                block.begin();
                block.pair("  ", "severity", "unrecognised");
                block.lines("evidence", &lines);
                block.end();
            }
        }
    }
    out
}

/// A description in which nothing is a directive.
fn escaped(text: &str) -> String {
    text.replace('\\', "\\\\").replace('#', "\\#")
}

/// A block of YAML below a test.
struct Block<'a> {
    out: &'a mut String,
}

impl Block<'_> {
    fn begin(&mut self) {
        self.line("  ---");
    }

    fn end(&mut self) {
        self.line("  ...");
    }

    fn pair(&mut self, indent: &str, key: &str, value: &str) {
        self.line(&format!("{indent}{key}: {}", quoted(value)));
    }

    /// Lines as they stand: of a list, Perl's reader would take each that holds a colon for a key with its value.
    fn lines(&mut self, key: &str, lines: &[String]) {
        if !lines.is_empty() {
            self.line(&format!("  {key}: |"));
            lines.iter().for_each(|line| self.line(&format!("    {line}")));
        }
    }

    fn line(&mut self, line: &str) {
        self.out.push_str(line);
        self.out.push('\n');
    }
}

/// A text between quotes, as YAML and JSON read it.
fn quoted(text: &str) -> String {
    format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""))
}
