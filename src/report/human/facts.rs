//! Facts as a table: what is known, and of what is not the reason.

use owo_colors::{OwoColorize, Style};
use textwrap::{Options, WordSplitter, wrap};
use unicode_width::UnicodeWidthStr;

use super::layout::{Detail, Look, quiet};
use crate::facts::{Fact, Facts, Reading, shown};

/// Names are not drawn wider than this; a longer one has its value below it.
const NAME: usize = 32;

/// A value is not squeezed below this.
const NARROWEST: usize = 30;

/// A line is not drawn wider than this, however wide the terminal is.
const WIDEST: usize = 140;

/// Draws facts, area by area. What is known not to be there is drawn only where the person asks for all.
pub fn draw_facts(facts: &Facts, look: Look) -> String {
    let full = look.detail == Detail::Full;
    let drawn: Vec<(&str, &Fact)> =
        facts.iter().filter(|(_, fact)| full || fact.reading != Reading::Absent).collect();
    if look.plain {
        return drawn.into_iter().map(|(name, fact)| told(name, fact, look)).collect();
    }
    let width = drawn.iter().map(|(name, _)| name.width()).max().unwrap_or(0).min(NAME);
    let mut out = String::new();
    let mut area = None;
    for (name, fact) in drawn {
        let begins = name.split('.').next();
        if area.is_some() && area != begins {
            out.push('\n');
        }
        area = begins;
        out.push_str(&line(name, fact, width, look));
    }
    out
}

fn line(name: &str, fact: &Fact, width: usize, look: Look) -> String {
    let (text, style) = match &fact.reading {
        Reading::Present(value) if value.is_empty() => ("none".to_owned(), Style::new().dimmed()),
        Reading::Present(value) => (shown(name, value), Style::new()),
        Reading::Absent => (look.spelled("–").into_owned(), Style::new().dimmed()),
        other => (format!("? {}", other.why_unknown().unwrap_or_default()), Style::new().yellow()),
    };
    let below = name.width() > width;
    let room = look.width.min(WIDEST).saturating_sub(width + 2).max(NARROWEST);
    let options = Options::new(room).word_splitter(WordSplitter::NoHyphenation);
    let text: String = text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
    let mut rows: Vec<String> =
        wrap(&text, &options).iter().map(|row| row.style(style).to_string()).collect();
    if look.detail == Detail::Full {
        rows.extend(sources(fact).iter().flat_map(|said| wrap(said, &options)).map(|row| quiet(&row)));
    }
    let mut out = name.to_owned();
    for (at, row) in rows.iter().enumerate() {
        let before = match at {
            0 if below => format!("\n{}", " ".repeat(width + 2)),
            0 => " ".repeat(width - name.width() + 2),
            _ => " ".repeat(width + 2),
        };
        out.push_str(&before);
        out.push_str(row);
        out.push('\n');
    }
    if rows.is_empty() {
        out.push('\n');
    }
    out
}

/// A fact as a line that begins with its name.
fn told(name: &str, fact: &Fact, look: Look) -> String {
    let text = match &fact.reading {
        Reading::Present(value) if value.is_empty() => "none".to_owned(),
        Reading::Present(value) => shown(name, value),
        Reading::Absent => "not there".to_owned(),
        other => format!("unknown, {}", other.why_unknown().unwrap_or_default()),
    };
    let text: String = text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
    let mut out = format!("{name}: {}\n", look.spelled(&text));
    if look.detail == Detail::Full {
        out.extend(sources(fact).iter().map(|said| format!("source: {said}\n")));
    }
    out
}

/// Where a fact comes from, and how long that took.
fn sources(fact: &Fact) -> Vec<String> {
    let took = format!("{:.1} ms", fact.took.as_secs_f64() * 1000.0);
    let mut sources = match fact.source.is_empty() {
        true => vec![took],
        false => vec![format!("{}, {took}", fact.source)],
    };
    sources.extend(fact.places.iter().map(ToString::to_string));
    sources
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::facts::Value;

    fn facts() -> Facts {
        let mut facts = Facts::default();
        facts.add("memory.total", Reading::Present(Value::Integer(64 << 30)), "system");
        facts.add("os.name", Reading::Absent, "system");
        facts.add("os.family", Reading::TimedOut(2000), "system");
        let names = (0..40).map(|n| format!("package-{n}")).collect::<Vec<_>>();
        facts.add("project.mix.deps", Reading::Present(names.into()), "mix.exs");
        facts
    }

    fn drawn(width: usize, detail: Detail) -> String {
        anstream::adapter::strip_str(&draw_facts(&facts(), Look::new(width, detail))).to_string()
    }

    #[test]
    fn areas_stand_apart_and_reasons_are_told() {
        let text = drawn(80, Detail::Normal);
        assert!(
            text.starts_with("memory.total      64.0 GiB\n\nos.family         ? no answer in 2.0 s\n\n"),
            "{text}"
        );
        assert!(!text.contains("os.name"));
        assert!(drawn(80, Detail::Full).contains("os.name           –\n                  system, 0.0 ms\n"));
    }

    #[test]
    fn what_is_listened_to_has_no_columns() {
        let look = Look { plain: true, ..Look::new(80, Detail::Full) };
        let text = draw_facts(&facts(), look);
        assert!(text.contains("memory.total: 64.0 GiB\nsource: system, 0.0 ms\n"), "{text}");
        assert!(
            text.contains("os.family: unknown, no answer in 2.0 s\n")
                && text.contains("os.name: not there\n")
        );
        assert!(!text.contains("  "));
    }

    #[test]
    fn long_values_go_on_in_their_column() {
        for width in [60, 80, 120] {
            let text = drawn(width, Detail::Full);
            assert!(text.lines().all(|line| line.width() <= width), "{text}");
        }
    }
}
