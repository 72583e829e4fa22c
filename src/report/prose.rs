//! The texts of rules as paragraphs.

/// A text's paragraphs: a blank line ends one, and an indented line or one of a list stands by itself.
pub(super) fn paragraphs(text: &str) -> Vec<String> {
    let mut paragraphs: Vec<String> = Vec::new();
    let mut open = false;
    for line in text.trim_end().lines() {
        let alone = line.starts_with([' ', '-', '*']);
        match paragraphs.last_mut() {
            Some(last) if open && !alone && !line.trim().is_empty() => {
                last.push(' ');
                last.push_str(line.trim());
            }
            _ if line.trim().is_empty() => {}
            _ => paragraphs.push(line.trim_end().to_owned()),
        }
        open = !line.trim().is_empty() && !line.starts_with(' ');
    }
    paragraphs
}

/// A number of things, such as `1 rule` or `2 rules`.
pub fn counted(count: usize, what: &str) -> String {
    format!("{count} {what}{}", if count == 1 { "" } else { "s" })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paragraphs_end_at_blank_lines_and_lists_stay() {
        let text = "one\ntwo\n\n- a\n  code\nthree\n- b\n";
        assert_eq!(paragraphs(text), ["one two", "- a", "  code", "three", "- b"]);
    }
}
