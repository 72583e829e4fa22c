//! One diagnosis for a person.

use owo_colors::Style;
use unicode_width::UnicodeWidthStr;

use super::layout::{Block, Detail, Look};
use super::{located, remedy};
use crate::causes::Status;
use crate::facts::Severity;
use crate::plan::Treatment;
use crate::report::{Entry, Proof};
use crate::scan::Quote;

/// So many lines of the output are quoted, unless the person asks for more.
const QUOTED: usize = 5;

/// A quoted line fills at most so many rows.
const ROWS: usize = 4;

/// And so many in a plan.
const QUOTED_IN_BRIEF: usize = 3;

/// `name_source`: several outputs were read, so that each line says which one it is of.
pub(super) fn draw(out: &mut String, entry: &Entry, name_source: bool, look: Look) {
    let mark = match entry.severity {
        Severity::Error => "✗",
        Severity::Warning => "!",
        Severity::Info => "i",
    };
    let bold = Style::new().bold();
    out.push_str(&Block::new(look).marked(mark).aside("rule", &entry.rule).style(bold).text(&entry.message));
    evidence(out, entry, name_source, look);
    if look.detail != Detail::Brief && !entry.explanation.is_empty() {
        out.push_str(if look.plain { "" } else { "\n" });
        let text = entry.explanation.split_whitespace().collect::<Vec<_>>().join(" ");
        out.push_str(&Block::new(look).word("why").text(&text));
    }
    remedies(out, entry, look);
    for follower in &entry.consequences {
        let place = match (&follower.quote, &follower.place) {
            (Some(quote), _) => format!(" (line {}: {})", quote.line, quote.text.trim()),
            (None, Some(place)) => format!(" ({}:{})", place.file, place.line),
            (None, None) => String::new(),
        };
        let text = format!("{}{place}", follower.rule);
        out.push_str(&Block::new(look).label("then").text(&text));
    }
    if look.detail == Detail::Full {
        for reference in &entry.references {
            out.push_str(&Block::new(look).label("see").text(reference));
        }
    }
}

/// The remedies under labels that say what envdoctor could do about them.
fn remedies(out: &mut String, entry: &Entry, look: Look) {
    for (at, treatment) in offered(&entry.remedies, look.detail).into_iter().enumerate() {
        if at == 0 && !look.plain {
            out.push('\n');
        }
        let label = match at {
            _ if treatment.is_blocked() => "not done",
            0 if treatment.is_repair() => "fix",
            0 => "do",
            _ => "or",
        };
        remedy::draw(out, label, treatment, look);
    }
    if look.detail == Detail::Brief {
        let others = entry.remedies.iter().filter(|treatment| treatment.obstacle.is_none());
        let shown = offered(&entry.remedies, look.detail);
        for other in others.filter(|other| !shown.contains(other)) {
            remedy::mention(out, other, look);
        }
    }
}

/// The remedies that fit here. Where the best of them cannot be carried out, it is shown with the reason: the others
/// may be no help without it.
fn offered(remedies: &[Treatment], detail: Detail) -> Vec<&Treatment> {
    let best = remedies.iter().find(|treatment| treatment.is_repair() || treatment.is_blocked());
    let shown = |treatment: &&Treatment| match &treatment.obstacle {
        None => true,
        Some(_) => detail == Detail::Full || treatment.is_blocked() && best == Some(*treatment),
    };
    let mut offered: Vec<&Treatment> = remedies.iter().filter(shown).collect();
    if detail == Detail::Brief {
        // A plan is about what can be carried out.
        offered.sort_by_key(|treatment| (!treatment.is_repair(), !treatment.is_blocked()));
        offered.truncate(1);
    }
    offered
}

fn evidence(out: &mut String, entry: &Entry, name_source: bool, look: Look) {
    let quotes = entry.evidence.iter().filter_map(|proof| match proof {
        Proof::Line { source, quote } => Some((quote, if name_source { source.as_str() } else { "" })),
        Proof::Fact { .. } => None,
    });
    let quotes: Vec<_> = quotes.collect();
    let shown = match look.detail {
        Detail::Brief => QUOTED_IN_BRIEF,
        Detail::Normal => QUOTED,
        Detail::Full => quotes.len(),
    };
    let indent = quotes.iter().take(shown).map(|(quote, _)| leading(&quote.text)).min().unwrap_or(0);
    for (quote, place) in quotes.iter().take(shown) {
        out.push_str(&draw_quote(quote, &quote.text[indent..], place, look));
    }
    if quotes.len() > shown {
        let more = format!("{} more lines of it", quotes.len() - shown);
        let more = further(&more, look);
        out.push_str(&Block::new(look).below_label().text(&more));
    }
    if !entry.inner.is_empty() {
        out.push_str(&Block::new(look).below_label().text("It printed itself:"));
        for quote in &entry.inner {
            out.push_str(&draw_quote(quote, quote.text.trim_start(), "", look));
        }
    }
    if entry.occurrences > 1 {
        let times = format!("it stands there {} times", entry.occurrences);
        out.push_str(&Block::new(look).below_label().text(&times));
    }
    for proof in &entry.evidence {
        if let Proof::Fact { fact, value, source, places } = proof {
            located::draw(out, value.as_ref(), places, look);
            if places.is_empty() {
                let value = value.as_ref().map_or_else(|| "not there".to_owned(), ToString::to_string);
                let text = match source.is_empty() {
                    true => format!("{fact} = {value}"),
                    false if look.plain => format!("{fact} = {value} ({source})"),
                    false => format!("{fact} = {value}  ({source})"),
                };
                out.push_str(&Block::new(look).label("fact").word("evidence").text(&text));
            }
        }
    }
    match entry.status {
        Status::Confirmed if !quotes.is_empty() => {
            out.push_str(&Block::new(look).label("confirmed").text("this machine shows the same"));
        }
        Status::Refuted => {
            let text = "this machine does not show it now: the output may come from another one, or an earlier state";
            out.push_str(&Block::new(look).label("refuted").text(text));
        }
        Status::Confirmed | Status::Seen => {}
    }
}

/// A quoted line, with where it stands. An excerpt of source, whose `^` points at the line above, stays as it is; other
/// lines are wrapped, and cut where they never end.
pub(super) fn draw_quote(quote: &Quote, text: &str, source: &str, look: Look) -> String {
    let label = match source {
        "" => format!("line {}", quote.line),
        source if look.plain => format!("line {} of {source}", quote.line),
        source => format!("{source}:{}", quote.line),
    };
    let block = Block::new(look).label(&label);
    let room = block.room();
    let is_excerpt = text.trim_start().trim_start_matches(|c: char| c.is_ascii_digit()).starts_with('|');
    if is_excerpt {
        return block.verbatim(&cut(text, room));
    }
    // Indentation is worth its room only where the whole line finds room.
    let text = if text.width() <= room { text } else { text.trim_start() };
    block.text(&cut(text, room * ROWS))
}

/// How many more there are.
pub(super) fn further(more: &str, look: Look) -> String {
    format!("{}and {more}", if look.plain { "" } else { "… " })
}

/// The text, or as much of it as fills so many columns.
pub(super) fn cut(text: &str, columns: usize) -> String {
    if text.width() <= columns {
        return text.to_owned();
    }
    let kept: String = text.chars().take(columns.saturating_sub(1)).collect();
    format!("{kept}…")
}

fn leading(text: &str) -> usize {
    text.len() - text.trim_start_matches(' ').len()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;
    use crate::facts::Risk;
    use crate::plan::{Obstacle, Step};

    fn treatment(title: &str, step: Step, obstacle: Option<Obstacle>) -> Treatment {
        Treatment {
            rule: "r".to_owned(),
            folder: "/p".into(),
            title: title.to_owned(),
            risk: Risk::Project,
            step,
            caution: None,
            needs: Vec::new(),
            sizes: BTreeMap::new(),
            anchors: Vec::new(),
            obstacle,
        }
    }

    fn titles(remedies: &[Treatment], detail: Detail) -> Vec<&str> {
        offered(remedies, detail).into_iter().map(|treatment| treatment.title.as_str()).collect()
    }

    #[test]
    fn what_keeps_the_best_remedy_from_being_done_is_told() {
        let run = || Step::Remove(vec!["x".into()]);
        let blocked = || Some(Obstacle::Blocked("it stands twice".to_owned()));
        let unfit = || Some(Obstacle::Unfit("another machine".to_owned()));
        let told = || treatment("told", Step::Tell("x".to_owned()), None);
        let held_up = [
            treatment("unfit", run(), unfit()),
            treatment("blocked", run(), blocked()),
            treatment("blocked too", run(), blocked()),
            told(),
        ];
        assert_eq!(titles(&held_up, Detail::Normal), ["blocked", "told"]);
        assert_eq!(titles(&held_up, Detail::Brief), ["blocked"]);
        assert_eq!(titles(&held_up, Detail::Full).len(), 4);
        let repaired = [told(), treatment("repair", run(), None), treatment("blocked", run(), blocked())];
        assert_eq!(titles(&repaired, Detail::Normal), ["told", "repair"]);
        assert_eq!(titles(&repaired, Detail::Brief), ["repair"]);
    }
}
