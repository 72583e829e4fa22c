//! What is asked for and what is there, tool by tool, for a person.

use owo_colors::{OwoColorize, Style};
use unicode_width::UnicodeWidthStr;

use super::layout::{Block, Look, quiet};
use crate::facts::{Place, Reading};
use crate::versions::{Agreement, Has, Origin, Row, Standing, Verdict};

/// The column of places fills at most so many parts of ten.
const PLACES: usize = 5;

/// The name of the shell among the places.
const SHELL: &str = "this shell";

/// Draws how it stands with every tool.
pub fn draw_versions(standings: &[Standing], look: Look) -> String {
    let block = Block::new(look);
    let places =
        standings.iter().flat_map(|standing| &standing.rows).map(|row| place(&row.ask.place).width());
    let width = places.chain([SHELL.len()]).max().unwrap_or(0).min(block.room() * PLACES / 10);
    let mut out = String::new();
    for standing in standings {
        out.push_str(&head(standing, look));
        out.push_str(&shell(standing, width, look));
        for row in &standing.rows {
            out.push_str(&line(row, width, look));
        }
        if standing.verdict() == Verdict::Unmet && !standing.conflicts.is_empty() {
            out.push_str(&Block::new(look).text(&at_odds(standing)));
        }
        out.push('\n');
    }
    out
}

/// The verdict in one line.
fn head(standing: &Standing, look: Look) -> String {
    let (mark, text) = match standing.verdict() {
        Verdict::Agrees => ("✓", format!("{} is what is asked for", named(standing))),
        Verdict::Nearly => {
            ("✓", format!("{} is what is asked for, but for its last numbers", named(standing)))
        }
        Verdict::Unmet => ("✗", unmet(standing)),
        Verdict::AtOdds => ("✗", at_odds(standing)),
        Verdict::Missing => ("✗", format!("{} is asked for and not on PATH", standing.tool)),
        Verdict::Elsewhere => ("–", format!("{} is asked for in containers alone", standing.tool)),
        Verdict::Unknown => ("?", format!("Nobody can tell which {} this shell has", standing.tool)),
    };
    Block::new(look).marked(mark).style(Style::new().bold()).text(&text)
}

/// The tool with its version.
fn named(standing: &Standing) -> String {
    match standing.has.as_present() {
        Some(has) => format!("{} {}", standing.tool, has.version),
        None => standing.tool.to_string(),
    }
}

fn unmet(standing: &Standing) -> String {
    let files =
        standing.rows.iter().filter(|row| row.met == Agreement::Differs).map(file).collect::<Vec<_>>();
    let verb = if files.len() == 1 { "asks" } else { "ask" };
    format!("{} is not what {} {verb} for", named(standing), listed(&files))
}

fn at_odds(standing: &Standing) -> String {
    let is_at_odds = |at: &usize| standing.conflicts.iter().any(|(one, other)| one == at || other == at);
    let files: Vec<_> =
        (0..standing.rows.len()).filter(is_at_odds).map(|at| file(&standing.rows[at])).collect();
    format!("No {} would do for {}", standing.tool, listed(&files))
}

fn file(row: &Row) -> &str {
    &row.ask.place.file
}

/// `a, b and c`, each once.
fn listed(files: &[&str]) -> String {
    let mut names: Vec<&str> = Vec::new();
    for file in files {
        if !names.contains(file) {
            names.push(file);
        }
    }
    match names.as_slice() {
        [] => String::new(),
        [one] => (*one).to_owned(),
        [first @ .., last] => format!("{} and {last}", first.join(", ")),
    }
}

fn place(place: &Place) -> String {
    format!("{}:{}", place.file, place.line)
}

/// What the shell has.
fn shell(standing: &Standing, width: usize, look: Look) -> String {
    let (version, aside) = match &standing.has {
        Reading::Present(Has { version, path }) => (version.clone(), path.clone()),
        Reading::Absent => ("none".to_owned(), String::new()),
        unknown => (format!("? {}", unknown.why_unknown().unwrap_or_default()), String::new()),
    };
    Block::new(look).row(" ", SHELL, width).aside(&aside).style(Style::new().bold()).text(&version)
}

/// Whose versions these are, where they are not those of the shell.
fn whose(origin: Origin) -> &'static str {
    match origin {
        Origin::Code | Origin::Engines => "",
        Origin::Manager => "outside of Nix",
        Origin::Nix => "its shell is not entered",
        Origin::Compose => "in a container",
        Origin::Ci => "in CI",
        Origin::Docker => "in the image",
    }
}

/// What one place asks for.
fn line(row: &Row, width: usize, look: Look) -> String {
    let (mark, aside) = match row.met {
        Agreement::Agrees => ("✓".green().to_string(), ""),
        Agreement::Nearly => ("✓".green().to_string(), "of the same series"),
        Agreement::Open => (quiet("·"), ""),
        Agreement::Differs => {
            ("✗".red().to_string(), if row.is_for_shell { "" } else { whose(row.ask.origin) })
        }
    };
    Block::new(look).row(&mark, &place(&row.ask.place), width).aside(aside).text(&row.ask.words())
}
