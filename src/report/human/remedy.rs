//! One remedy for a person: what it does, how far it reaches, and exactly what would change.

use std::path::Path;

use bytesize::ByteSize;
use owo_colors::{OwoColorize, Style};

use super::layout::{Block, Detail, Look, quiet, unobeyed};
use crate::plan::{Obstacle, Step, Treatment, command_line};
use crate::report::prose::paragraphs;
use crate::rules::Need;
use crate::visible::{visible, visible_lines};

pub(super) fn draw(out: &mut String, label: &str, treatment: &Treatment, look: Look) {
    let risk = format!("[{}]", treatment.risk);
    let below = || Block::new(look).below_label();
    let told = matches!(treatment.step, Step::Tell(_));
    let aside = if told { "" } else { risk.as_str() };
    let title = match &treatment.step {
        // Whoever listens hears what it says at once, in the line whose word says what it is.
        Step::Tell(text) if look.plain => {
            let end = if treatment.title.ends_with(['.', '!', '?', ':']) { "" } else { "." };
            format!("{}{end} {}", treatment.title, paragraphs(text).join(" "))
        }
        _ => treatment.title.clone(),
    };
    out.push_str(&Block::new(look).label(label).aside("risk", aside).text(&title));
    if let Some(obstacle) = &treatment.obstacle {
        let why = match obstacle {
            Obstacle::Unfit(why) => format!("not here: {why}"),
            Obstacle::Blocked(why) => format!("because {why}"),
        };
        out.push_str(&below().text(&why));
    }
    let exact = |word: &'static str, text: &str| below().word(word).style(Style::new().cyan()).text(text);
    match &treatment.step {
        Step::Run(run) => out.push_str(&exact("command", &command_line(&run.argv))),
        Step::Edit(edits) => {
            for edit in edits {
                out.push_str(&draw_diff(&edit.diff(), look));
            }
        }
        Step::Remove(paths) => {
            for path in paths {
                out.push_str(&exact("remove", &sized(path, treatment)));
            }
        }
        Step::Track(files) => {
            for file in files {
                out.push_str(&exact(
                    "command",
                    &format!("git add --intent-to-add {}", sized(file, treatment)),
                ));
            }
        }
        Step::Tell(_) if look.plain => {}
        Step::Tell(text) => {
            for paragraph in paragraphs(text) {
                out.push_str(&below().text(&paragraph));
            }
        }
    }
    if let Some(caution) = &treatment.caution {
        let caution = caution.split_whitespace().collect::<Vec<_>>().join(" ");
        out.push_str(&below().style(Style::new().yellow()).text(&format!("first: {caution}")));
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
    out.push_str(&Block::new(look).label("or").aside("risk", aside).text(&treatment.title));
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
fn draw_diff(diff: &str, look: Look) -> String {
    let diff = visible_lines(diff);
    if look.plain {
        return tell_diff(&diff);
    }
    let lines = diff.lines().filter(|line| !line.starts_with("+++")).map(|line| {
        let line = unobeyed(line, true, look);
        let line = match line.strip_prefix("--- ") {
            Some(file) => quiet(file),
            None if line.starts_with('-') => line.red().to_string(),
            None if line.starts_with('+') => line.green().to_string(),
            None => quiet(&line),
        };
        // Further to the left than other text, so that a hash fits beside its key.
        format!("      {line}\n")
    });
    lines.collect()
}

/// A diff in words, with the numbers of its lines.
fn tell_diff(diff: &str) -> String {
    let (mut before, mut after) = (0, 0);
    let mut out = String::new();
    for line in diff.lines().filter(|line| !line.starts_with("+++")) {
        if let Some(file) = line.strip_prefix("--- ") {
            out.push_str(&format!("edit: {file}\n"));
        } else if let Some(hunk) = line.strip_prefix("@@ -") {
            let mut starts =
                hunk.split(" +").filter_map(|part| part.split([',', ' ']).next()?.parse::<u64>().ok());
            (before, after) = (starts.next().unwrap_or(1), starts.next().unwrap_or(1));
        } else if let Some(gone) = line.strip_prefix('-') {
            out.push_str(&format!("remove line {before}: {}\n", gone.trim()));
            before += 1;
        } else if let Some(new) = line.strip_prefix('+') {
            out.push_str(&format!("add line {after}: {}\n", new.trim()));
            after += 1;
        } else {
            (before, after) = (before + 1, after + 1);
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_diff_is_told_with_the_numbers_of_its_lines() {
        let diff =
            "--- a.nix\n+++ a.nix\n@@ -7,3 +7,4 @@\n   x\n-  old\n+  new\n+  more\n y\n@@ -20 +21 @@\n-z\n";
        let told = "edit: a.nix\nremove line 8: old\nadd line 8: new\nadd line 9: more\nremove line 20: z\n";
        assert_eq!(tell_diff(diff), told);
    }
}
