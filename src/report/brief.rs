//! A diagnosis in a few lines of plain text.

use super::{Entry, Proof};
use crate::plan::{Step, command_line};
use crate::visible::visible;

/// So many pieces of evidence are told.
const TOLD: usize = 5;

/// A line is cut after so many characters.
const LONGEST: usize = 500;

/// What shows it and what to do, a line for each.
pub(super) fn brief(entry: &Entry) -> Vec<String> {
    let mut lines: Vec<String> = entry.evidence.iter().flat_map(proof).collect();
    let more = lines.len().saturating_sub(TOLD);
    lines.truncate(TOLD);
    if more > 0 {
        lines.push(format!("… and {more} more"));
    }
    if let Some(remedy) = entry.remedies.iter().find(|treatment| treatment.obstacle.is_none()) {
        lines.push(format!("What helps: {}", one_line(&remedy.title)));
        if let Step::Run(run) = &remedy.step {
            lines.push(format!("    {}", one_line(&command_line(&run.argv))));
        }
    }
    lines
}

fn proof(proof: &Proof) -> Vec<String> {
    match proof {
        Proof::Line { source, quote } => {
            vec![one_line(&format!("{source}:{}: {}", quote.line, quote.text.trim()))]
        }
        Proof::Fact { places, .. } if !places.is_empty() => {
            places.iter().map(|place| one_line(&format!("{place}: {}", place.excerpt.trim()))).collect()
        }
        Proof::Fact { fact, value, source, .. } => {
            let value = value.as_ref().map_or_else(|| "not there".to_owned(), ToString::to_string);
            let source = if source.is_empty() { String::new() } else { format!(" ({source})") };
            vec![one_line(&format!("{fact} = {value}{source}"))]
        }
    }
}

/// Text of somebody else's as one line that is not too long, in visible characters.
pub(super) fn one_line(text: &str) -> String {
    let words = text.split_whitespace().collect::<Vec<_>>().join(" ");
    let visible = visible(&words);
    match visible.char_indices().nth(LONGEST) {
        Some((end, _)) => format!("{}…", visible.get(..end).unwrap_or_default()),
        None => visible.into_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_one_line_whatever_stands_in_it() {
        assert_eq!(one_line("a\r\n b\u{1b}[2J\u{202e} 😀"), r"a b\u{1b}[2J\u{202e} 😀");
        assert_eq!(one_line(&"ä".repeat(1_000_000)).chars().count(), LONGEST + 1);
    }
}
