//! The page about a rule, for a person at a terminal.

use owo_colors::{OwoColorize, Style};
use textwrap::fill;

use super::layout::{Block, Detail, Look, quiet};
use crate::report::page::{Part, parts};
use crate::rules::Rule;

/// Draws the page. Of the outputs in which the rule is seen, the first is shown, or all where more is asked for.
pub fn draw_page(rule: &Rule, look: Look) -> String {
    let head = format!("{}, {}, {}, since {}", rule.id, rule.severity, rule.family, rule.since);
    let width = if look.plain { usize::MAX } else { look.width };
    let title = fill(&look.spelled(&rule.title), width);
    let mut out = format!("{}\n{}\n", title.bold(), quiet(&fill(&head, width)));
    if !rule.tags.is_empty() {
        out.push_str(&format!("{}\n", quiet(&format!("tags: {}", rule.tag_names()))));
    }
    out.push('\n');
    let mut outputs = 0;
    let mut in_remedy = false;
    for part in parts(rule) {
        let block = || if in_remedy { Block::new(look).below_label() } else { Block::new(look) };
        match part {
            Part::Heading(heading) => {
                out.push_str(&format!("\n{}\n", heading.bold()));
                in_remedy = false;
            }
            Part::Text(text) => out.push_str(&block().text(&text)),
            Part::Output(text) => {
                outputs += 1;
                if outputs == 1 || look.detail == Detail::Full {
                    out.push_str(if outputs == 1 { "" } else { "\n" });
                    out.push_str(&as_it_stands(text, look));
                }
            }
            Part::Remedy { title, risk } => {
                let (label, risk) = match risk {
                    Some(risk) => ("fix", format!("[{risk}]")),
                    None => ("do", String::new()),
                };
                out.push_str(&Block::new(look).label(label).aside("risk", &risk).text(title));
                in_remedy = true;
            }
            Part::Command(line) => {
                out.push_str(&block().word("command").style(Style::new().cyan()).text(&line))
            }
            Part::Caution(text) => {
                let first = format!("first: {}", text.split_whitespace().collect::<Vec<_>>().join(" "));
                out.push_str(&block().style(Style::new().yellow()).text(&first));
            }
            Part::Rules(names) | Part::Links(names) => out.push_str(&as_it_stands(&names.join("\n"), look)),
        }
    }
    out
}

/// What a tool printed, or what is to be copied, is never wrapped.
fn as_it_stands(text: &str, look: Look) -> String {
    let indent = if look.plain { "" } else { "    " };
    text.trim_end().lines().map(|line| format!("{indent}{line}\n")).collect()
}
