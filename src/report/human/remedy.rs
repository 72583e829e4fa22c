//! One remedy for a person: what it does, how far it reaches, and exactly what would change.

use owo_colors::{OwoColorize, Style};

use super::layout::{Block, Look, quiet};
use crate::plan::{Obstacle, Step, Treatment, command_line};
use crate::report::prose::paragraphs;

pub(super) fn draw(out: &mut String, label: &str, treatment: &Treatment, look: Look) {
    let risk = format!("[{}]", treatment.risk);
    let below = || Block::new(look).below_label();
    let told = matches!(treatment.step, Step::Tell(_));
    let aside = if told { "" } else { risk.as_str() };
    out.push_str(&Block::new(look).label(label).aside(aside).text(&treatment.title));
    if let Some(obstacle) = &treatment.obstacle {
        let why = match obstacle {
            Obstacle::Unfit(why) => format!("not here: {why}"),
            Obstacle::Blocked(why) => format!("because {why}"),
        };
        out.push_str(&below().text(&why));
    }
    match &treatment.step {
        Step::Run(run) => {
            out.push_str(&below().style(Style::new().cyan()).text(&command_line(&run.argv)));
        }
        Step::Edit(edits) => {
            for edit in edits {
                out.push_str(&draw_diff(&edit.diff()));
            }
        }
        Step::Remove(paths) => {
            for path in paths {
                out.push_str(&below().style(Style::new().cyan()).text(&path.display().to_string()));
            }
        }
        Step::Track(files) => {
            for file in files {
                let text = format!("git add --intent-to-add {}", file.display());
                out.push_str(&below().style(Style::new().cyan()).text(&text));
            }
        }
        Step::Tell(text) => {
            for paragraph in paragraphs(text) {
                out.push_str(&below().text(&paragraph));
            }
        }
    }
    if let Some(caution) = &treatment.caution {
        out.push_str(&below().style(Style::new().yellow()).text(&format!("first: {}", caution.trim())));
    }
}

/// A diff is never wrapped: it is to be read as it stands.
fn draw_diff(diff: &str) -> String {
    let lines = diff.lines().filter(|line| !line.starts_with("+++")).map(|line| {
        let line = match line.strip_prefix("--- ") {
            Some(file) => quiet(file),
            None if line.starts_with('-') => line.red().to_string(),
            None if line.starts_with('+') => line.green().to_string(),
            None => quiet(line),
        };
        // Further to the left than other text, so that a hash fits beside its key.
        format!("      {line}\n")
    });
    lines.collect()
}
