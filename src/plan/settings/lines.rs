//! Lines of a settings file.

use crate::plan::replace::nth_line;

/// How the lines of a text end.
fn ending(text: &str) -> &'static str {
    match text.split_inclusive('\n').next() {
        Some(first) if first.ends_with("\r\n") => "\r\n",
        _ => "\n",
    }
}

/// The text with one line more at its end.
pub(super) fn with_line(text: &str, line: &str) -> String {
    let ending = ending(text);
    let open = if text.is_empty() || text.ends_with('\n') { "" } else { ending };
    format!("{text}{open}{line}{ending}")
}

/// The text with something else in the place of a part of it.
pub(super) fn with_part(text: &str, part: std::ops::Range<usize>, instead: &str) -> String {
    let mut text = text.to_owned();
    text.replace_range(part, instead);
    text
}

/// Each line with the byte at which it begins, without its end.
pub(super) fn lines(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let mut next = 0;
    text.split_inclusive('\n').map(move |line| {
        let start = next;
        next += line.len();
        (start, line.strip_suffix('\n').map_or(line, |line| line.strip_suffix('\r').unwrap_or(line)))
    })
}

/// Where the one line that holds `find`, and perhaps a comment behind it, has its first word.
///
/// # Errors
/// Why it is none, or more than one.
pub(super) fn holding(text: &str, find: &str, line: Option<usize>) -> Result<usize, String> {
    let find = find.trim();
    if find.is_empty() {
        return Err("has nothing to find".to_owned());
    }
    let holds = |line: &str| {
        let rest = line.trim().strip_prefix(find)?;
        let ends = rest.is_empty() || rest.starts_with([' ', '\t']) && rest.trim_start().starts_with('#');
        ends.then_some(line.len() - line.trim_start().len())
    };
    if find.starts_with('#') {
        return Err(format!("has `{find}` as a comment"));
    }
    if let Some(number) = line {
        let range = nth_line(text, number).unwrap_or_default();
        return match text.get(range.clone()).and_then(holds) {
            Some(indent) => Ok(range.start + indent),
            None => Err(format!("has no `{find}` in line {number}")),
        };
    }
    let found: Vec<usize> =
        lines(text).filter_map(|(start, line)| Some(start + holds(line)?)).take(2).collect();
    match found[..] {
        [at] => Ok(at),
        [] => Err(format!("has no line `{find}`")),
        _ => Err(format!("has the line `{find}` more than once")),
    }
}
