//! Text as YAML, whatever it holds.

use std::fmt::Write;

use crate::visible::is_visible;

/// On one line, in double quotes.
pub(super) fn quoted(text: &str) -> String {
    let mut yaml = String::from("\"");
    for c in text.chars() {
        match c {
            '"' | '\\' => yaml.extend(['\\', c]),
            '\n' => yaml.push_str("\\n"),
            '\t' => yaml.push_str("\\t"),
            c if is_visible(c) => yaml.push(c),
            c => {
                let _ = write!(yaml, "\\U{:08x}", u32::from(c));
            }
        }
    }
    yaml + "\""
}

/// As a block whose lines stand `indent` blanks from the margin, two more than what holds it; in quotes where it has
/// what no block can hold.
pub(super) fn block(lines: &[&str], indent: usize) -> String {
    if !lines.iter().all(|line| line.chars().all(|c| c == '\t' || is_visible(c))) {
        return quoted(&lines.join("\n"));
    }
    // What begins with white space would be taken for deeper.
    let deeper = lines.first().is_some_and(|line| line.starts_with([' ', '\t']));
    let mut yaml = String::from(if deeper { "|2-" } else { "|-" });
    for line in lines {
        let _ = write!(yaml, "\n{:indent$}{line}", "");
    }
    yaml
}
