//! Text as YAML, whatever it holds.

use std::fmt::Write;

/// On one line, in double quotes.
pub(super) fn quoted(text: &str) -> String {
    let mut yaml = String::from("\"");
    for c in text.chars() {
        match c {
            '"' | '\\' => yaml.extend(['\\', c]),
            '\n' => yaml.push_str("\\n"),
            '\t' => yaml.push_str("\\t"),
            c if is_seen(c) => yaml.push(c),
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
    if !lines.iter().all(|line| line.chars().all(|c| c == '\t' || is_seen(c))) {
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

/// Whether a character can be seen for what it is: no control, and nothing without width or that turns the direction.
pub(super) fn is_seen(c: char) -> bool {
    let hidden = matches!(c,
        '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}'
        | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fff0}'..='\u{fffb}' | '\u{e000}'..='\u{f8ff}'
        | '\u{e0000}'..='\u{10ffff}');
    let nothing = u32::from(c) & 0xfffe == 0xfffe;
    !c.is_control() && !hidden && !nothing && (c == ' ' || !c.is_whitespace())
}
