//! One remedy for a person: what it does, how far it reaches, and exactly what would change.

use std::path::Path;

use bytesize::ByteSize;
use owo_colors::{OwoColorize, Style};

use super::layout::{Block, Detail, Look, quiet};
use crate::plan::{Obstacle, Step, Treatment, command_line};
use crate::report::prose::paragraphs;
use crate::rules::Need;
use crate::visible::{visible, visible_lines};

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
    let command = |text: &str| below().style(Style::new().cyan()).text(text);
    match &treatment.step {
        Step::Run(run) => out.push_str(&command(&command_line(&run.argv))),
        Step::Edit(edits) => {
            for edit in edits {
                out.push_str(&draw_diff(&edit.diff()));
            }
        }
        Step::Remove(paths) => {
            for path in paths {
                out.push_str(&command(&sized(path, treatment)));
            }
        }
        Step::Track(files) => {
            for file in files {
                out.push_str(&command(&format!("git add --intent-to-add {}", sized(file, treatment))));
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
    if look.detail != Detail::Normal && treatment.is_repair() {
        let label = |label: &'static str| Block::new(look).label(label);
        for need in &treatment.needs {
            out.push_str(&label("needs").text(match need {
                Need::Network => "the network",
                Need::Root => "the administrator's rights: it is run with sudo, if you say so",
            }));
        }
        out.push_str(&label("undo").text(&way_back(treatment)));
    }
}

/// One line about a remedy that is not next.
pub(super) fn mention(out: &mut String, treatment: &Treatment, look: Look) {
    let risk = format!("[{}]", treatment.risk);
    let aside = if matches!(treatment.step, Step::Tell(_)) { "" } else { risk.as_str() };
    out.push_str(&Block::new(look).label("or").aside(aside).text(&treatment.title));
}

/// How it can be taken back.
fn way_back(treatment: &Treatment) -> String {
    match &treatment.step {
        Step::Edit(edits) if edits.iter().all(|edit| edit.before.is_none()) => "removes it again".to_owned(),
        Step::Edit(_) => "restores what was there".to_owned(),
        Step::Remove(_) => "brings it back: it is moved into the backup".to_owned(),
        Step::Track(_) => "takes it out of Git's index again".to_owned(),
        Step::Run(run) => {
            let kept: Vec<String> = run.changes.iter().map(|path| sized(path, treatment)).collect();
            let kept = (!kept.is_empty())
                .then(|| format!("brings back {}, and nothing else that it changes", kept.join(", ")));
            let ways: Vec<String> =
                run.undo.iter().map(|argv| format!("runs `{}`", command_line(argv))).chain(kept).collect();
            match ways.is_empty() {
                true => "not by envdoctor: what else the command changes is not known".to_owned(),
                false => ways.join(", "),
            }
        }
        Step::Tell(_) => String::new(),
    }
}

/// A path as somebody in the folder would name it, with its size, where that is known.
fn sized(path: &Path, treatment: &Treatment) -> String {
    let name = path.strip_prefix(&treatment.folder).unwrap_or(path).display().to_string();
    let name = visible(&name);
    match treatment.sizes.get(path) {
        Some(bytes) => format!("{name} ({})", ByteSize::b(*bytes).display().si()),
        None => name.to_string(),
    }
}

/// A diff is never wrapped: it is to be read as it stands.
fn draw_diff(diff: &str) -> String {
    let diff = visible_lines(diff);
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
