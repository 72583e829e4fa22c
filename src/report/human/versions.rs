//! What is asked for and what is there, tool by tool, for a person.

use owo_colors::{OwoColorize, Style};
use unicode_width::UnicodeWidthStr;

use super::layout::{Block, Look, quiet};
use crate::facts::{Place, Reading};
use crate::versions::{Agreement, Has, Origin, Row, Standing, Verdict};

/// The column of places fills at most so many parts of ten.
const PLACES: usize = 5;

/// So many files are named in a sentence.
const NAMED: usize = 3;

/// What is asked for mostly has at most so many columns.
const WORDS: usize = 30;

/// And so many stand before what is said of it.
const GAP: usize = 3;

/// The name of the shell among the places.
const SHELL: &str = "this shell";

/// Draws how it stands with every tool.
pub fn draw_versions(standings: &[Standing], look: Look) -> String {
    let block = Block::new(look);
    let places =
        standings.iter().flat_map(|standing| &standing.rows).map(|row| place(&row.ask.place).width());
    let width = places.chain([SHELL.len()]).max().unwrap_or(0).min(block.room() * PLACES / 10);
    let texts = standings.iter().flat_map(|standing| {
        let asked = standing.rows.iter().map(|row| row.ask.words().width());
        asked.chain(standing.has.as_present().map(|has| has.version.width()))
    });
    let aside = texts.filter(|text| *text <= WORDS).max().unwrap_or(0) + GAP;
    let table = Table { width, aside, look };
    let mut out = String::new();
    for standing in standings {
        out.push_str(&head(standing, look));
        out.push_str(&table.shell(standing));
        for row in &standing.rows {
            out.push_str(&table.line(row));
        }
        let is_odd = standing.odd_one_out().is_some();
        if standing.verdict() == Verdict::Unmet && !standing.conflicts.is_empty() && !is_odd {
            out.push_str(&Block::new(look).text(&at_odds(standing)));
        }
        if let Some(odd) = standing.odd_one_out() {
            let text = format!("{} is the odd one out: the others agree", file(odd));
            out.push_str(&Block::new(look).text(&text));
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
        Verdict::Open => ("–", format!("{}; nothing asks this shell for a version of it", named(standing))),
        Verdict::Unmet => ("✗", unmet(standing)),
        Verdict::AtOdds => ("✗", at_odds(standing)),
        Verdict::Missing => ("✗", format!("{} is asked for and not on PATH", standing.tool)),
        Verdict::Elsewhere => {
            ("–", format!("{} is not on PATH, and nothing asks for it there", standing.tool))
        }
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
    let files = listed(&files);
    let verb = if files.contains(' ') { "ask" } else { "asks" };
    format!("{} is not what {files} {verb} for", named(standing))
}

fn at_odds(standing: &Standing) -> String {
    let is_at_odds = |at: &usize| standing.conflicts.iter().any(|(one, other)| one == at || other == at);
    let files: Vec<_> =
        (0..standing.rows.len()).filter(is_at_odds).map(|at| file(&standing.rows[at])).collect();
    let files = match files.len() == standing.rows.len() && files.len() > NAMED {
        true => "all of these".to_owned(),
        false => listed(&files),
    };
    format!("No {} would do for {files}", standing.tool)
}

fn file(row: &Row) -> &str {
    &row.ask.place.file
}

/// `a, b and c`, each once; how many, if they are many.
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
        [first @ .., last] if names.len() <= NAMED => format!("{} and {last}", first.join(", ")),
        many => format!("{} files", many.len()),
    }
}

fn place(place: &Place) -> String {
    format!("{}:{}", place.file, place.line)
}

/// The columns of all tools.
struct Table {
    width: usize,
    aside: usize,
    look: Look,
}

impl Table {
    fn row<'a>(&self, mark: &str, name: &str, aside: &'a str) -> Block<'a> {
        Block::new(self.look).row(mark, name, self.width).aside("", aside).aside_at(self.aside)
    }

    /// What the shell has.
    fn shell(&self, standing: &Standing) -> String {
        let (version, path) = match &standing.has {
            Reading::Present(Has { version, path }) => (version.clone(), path.as_str()),
            Reading::Absent => ("none".to_owned(), ""),
            unknown => (format!("? {}", unknown.why_unknown().unwrap_or_default()), ""),
        };
        if self.look.plain {
            let path = if path.is_empty() { String::new() } else { format!(", {path}") };
            return Block::new(self.look).word(SHELL).text(&format!("{version}{path}"));
        }
        let mark = if self.look.utf8 { " " } else { "  " };
        self.row(mark, SHELL, path).style(Style::new().bold()).text(&version)
    }

    /// What one place asks for.
    fn line(&self, row: &Row) -> String {
        let sign =
            |sign: &str, spelled: &str| if self.look.utf8 { sign.to_owned() } else { spelled.to_owned() };
        let (mark, aside) = match row.met {
            Agreement::Agrees => (sign("✓", "ok").green().to_string(), ""),
            Agreement::Nearly => (sign("✓", "ok").green().to_string(), "of the same series"),
            Agreement::Open => (quiet(&sign("·", "--")), ""),
            Agreement::Differs if row.is_for_shell => (sign("✗", "no").red().to_string(), ""),
            Agreement::Differs => (sign("✗", "no").red().to_string(), whose(row.ask.origin)),
        };
        if self.look.plain {
            let word = match row.met {
                Agreement::Agrees | Agreement::Nearly => "agrees",
                Agreement::Open => "open",
                Agreement::Differs => "differs",
            };
            let aside = if aside.is_empty() { String::new() } else { format!(", {aside}") };
            let text = format!("{} asks for {}{aside}", place(&row.ask.place), row.ask.words());
            return Block::new(self.look).word(word).text(&text);
        }
        self.row(&mark, &place(&row.ask.place), aside).text(&row.ask.words())
    }
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
