//! What the part that failed printed itself, for rules that say no more than that it failed.

use super::Line;
use super::suspects::form;

/// So many lines before and behind a match are looked at.
pub(super) const REACH: usize = 30;

/// So many lines are kept.
const MOST: usize = 4;

/// Lines that build tools print themselves between what they run.
const OWN: &[&str] =
    &["building '", "copying ", "error: ", "fetching ", "this derivation ", "these ", "unpacking "];

/// Of the lines around a match, those that most likely say why: what is quoted below it, or what was printed before it.
pub(super) fn inner<'l>(before: &'l [Line], behind: &'l [Line], name: Option<&str>) -> Vec<&'l Line> {
    let mut inner = quoted_below(behind);
    if inner.is_empty() {
        inner = printed_before(before, name);
    }
    let forms = inner.iter().filter_map(|line| Some((form(line, true)?, *line)));
    let mut likely: Vec<(usize, &Line)> = forms.collect();
    likely.sort_by_key(|(form, _)| *form);
    likely.truncate(MOST);
    likely.sort_by_key(|(_, line)| line.start);
    match likely.is_empty() {
        true => inner.split_off(inner.len().saturating_sub(MOST)),
        false => likely.into_iter().map(|(_, line)| line).collect(),
    }
}

/// Nix quotes the last lines of a build's log with `> ` before each.
fn quoted_below(lines: &[Line]) -> Vec<&Line> {
    let quoted = |line: &&Line| source(line) == Some("");
    let Some(from) = lines.iter().take(4).position(|line| quoted(&line)) else { return Vec::new() };
    lines[from..].iter().take_while(quoted).filter(|line| !line.body().trim().is_empty()).collect()
}

/// The name that Nix put before `> ` in a line's prefix; empty where it quotes.
fn source(line: &Line) -> Option<&str> {
    line.text[..line.body].split_whitespace().next_back()?.strip_suffix('>')
}

/// With the part's name before each line, where lines have names; else whatever was printed.
fn printed_before<'l>(lines: &'l [Line], name: Option<&str>) -> Vec<&'l Line> {
    let is_of = |line: &&Line| match (source(line), name) {
        (Some(source), Some(name)) => !source.is_empty() && name.contains(source),
        _ => false,
    };
    let named: Vec<&Line> = lines.iter().filter(is_of).collect();
    if !named.is_empty() {
        return named;
    }
    let own = |line: &&Line| !OWN.iter().any(|own| line.body().starts_with(own));
    lines.iter().filter(|line| !line.body().trim().is_empty()).filter(own).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn chosen(before: &[&str], after: &[&str], name: Option<&str>) -> Vec<String> {
        let lines = |texts: &[&str]| -> Vec<Line> {
            texts.iter().enumerate().map(|(at, text)| Line::new(at, (*text).to_owned())).collect()
        };
        let (before, after) = (lines(before), lines(after));
        inner(&before, &after, name).into_iter().map(|line| line.body().to_owned()).collect()
    }

    #[test]
    fn what_is_quoted_below_is_its_own_log() {
        let after = [
            "  last 3 log lines:",
            "   > one",
            "   > two: command not found",
            "   > make: *** [all] Error 1",
            "  For full logs",
        ];
        let chosen_lines = ["two: command not found", "make: *** [all] Error 1"];
        assert_eq!(chosen(&["x"], &after, None), chosen_lines);
        let timed = after.map(|line| format!("2026-11-22T10:00:00Z {line}"));
        let timed: Vec<&str> = timed.iter().map(String::as_str).collect();
        assert_eq!(chosen(&["x"], &timed, None), chosen_lines);
    }

    #[test]
    fn lines_with_its_name_are_its_own() {
        let before = ["demo> one", "other> two", "demo> three"];
        assert_eq!(chosen(&before, &["demo> later"], Some("/nix/store/abc-demo-1.0.drv")), ["one", "three"]);
        assert_eq!(chosen(&["building 'x'...", "sh: oops", ""], &[], Some("demo")), ["sh: oops"]);
    }
}
