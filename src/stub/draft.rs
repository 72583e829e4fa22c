//! From a line's pieces to a pattern, a title and a message.

use std::fmt::Write;

use super::pieces::{self, Piece};
use super::words::{is_long, is_telling, words};
use crate::visible::is_visible;

/// Of a line, so many characters are taken.
pub(super) const LONGEST: usize = 240;

/// A title and a message are cut after so many.
const LONGEST_TITLE: usize = 100;

/// How a pattern is made.
#[derive(Clone, Copy, Debug)]
pub(super) struct Form {
    /// What stands in quotes varies.
    quoted: bool,
    /// The line must hold nothing else.
    whole: bool,
    /// So many words must tell the failure from others.
    telling: usize,
}

impl Form {
    /// The forms: all of the first are tried before any of the second.
    pub(super) const ALL: &[&[Form]] = &[
        &[
            Form { quoted: true, whole: false, telling: 2 },
            Form { quoted: true, whole: true, telling: 1 },
            Form { quoted: false, whole: false, telling: 2 },
            Form { quoted: false, whole: true, telling: 1 },
        ],
        &[Form { quoted: false, whole: true, telling: 0 }],
    ];
}

/// What a stub says.
pub(super) struct Draft {
    pub(super) pattern: String,
    pub(super) title: String,
    /// Only where something is captured.
    pub(super) message: Option<String>,
}

impl Draft {
    /// The draft of this form; `None`: the line has not the words for it.
    pub(super) fn new(line: &[Piece], form: Form) -> Option<Self> {
        let taken = pieces::within(line, LONGEST);
        let flat = flat(trimmed(taken), form.quoted);
        let fixed = |part: &Part| if let Part::Fixed(text) = part { text.clone() } else { " ".to_owned() };
        let fixed: String = flat.iter().map(fixed).collect();
        let enough = match form.telling {
            0 => words(&fixed).any(is_long),
            telling => words(&fixed).filter(|word| is_telling(word)).count() >= telling,
        };
        if !enough {
            return None;
        }
        let mut draft = Drawing::default();
        flat.iter().for_each(|part| draft.add(part));
        let (start, end) = match form.whole {
            true => (r"^[ \t]*", if taken.len() == line.len() { "$" } else { "" }),
            false => ("", ""),
        };
        Some(Draft {
            pattern: format!("{start}{}{end}", draft.pattern),
            title: one_line(&draft.title),
            message: (!draft.captured.is_empty()).then(|| one_line(&draft.message)),
        })
    }
}

/// A part of a pattern.
enum Part<'p> {
    Fixed(String),
    Blank,
    Varying(&'p str, Option<&'static str>),
}

/// The pieces between the first and the last that is not blank.
fn trimmed(pieces: &[Piece]) -> &[Piece] {
    let blank = |piece: &&Piece| piece.shown().trim().is_empty();
    let from = pieces.iter().take_while(blank).count();
    let behind = pieces[from..].iter().rev().take_while(blank).count();
    &pieces[from..pieces.len() - behind]
}

fn flat(pieces: &[Piece], quoted: bool) -> Vec<Part<'_>> {
    let mut parts = Vec::new();
    for piece in pieces {
        match piece {
            Piece::Fixed(text) => parts.push(Part::Fixed(text.clone())),
            Piece::Blank(_) => parts.push(Part::Blank),
            Piece::Varying { pattern, capture, .. } => parts.push(Part::Varying(pattern, *capture)),
            Piece::Quoted { mark, inside } => {
                parts.push(Part::Fixed(mark.to_string()));
                match quoted {
                    true => parts.push(Part::Varying(within(*mark), Some("name"))),
                    false => parts.extend(flat(inside, false)),
                }
                parts.push(Part::Fixed(mark.to_string()));
            }
        }
    }
    if let Some(Part::Fixed(last)) = parts.last_mut() {
        last.truncate(last.trim_end().len());
    }
    parts
}

fn within(mark: char) -> &'static str {
    match mark {
        '"' => r#"[^"\n]+"#,
        '`' => r"[^`\n]+",
        _ => r"[^'\n]+",
    }
}

#[derive(Default)]
struct Drawing {
    pattern: String,
    title: String,
    message: String,
    captured: Vec<&'static str>,
    /// The title is as long as it may be.
    full: bool,
}

impl Drawing {
    fn add(&mut self, part: &Part<'_>) {
        let drawn = match part {
            Part::Fixed(text) => {
                self.pattern.push_str(&escaped(text));
                text.clone()
            }
            Part::Blank => {
                self.pattern.push_str(r"[ \t]+");
                " ".to_owned()
            }
            Part::Varying(..) => "…".to_owned(),
        };
        self.full |= self.title.chars().count() + drawn.chars().count() > LONGEST_TITLE;
        let mut said = drawn.clone();
        if let Part::Varying(pattern, name) = part {
            // One of a kind is named: what the others are, only a person can tell.
            match name.filter(|name| !self.full && !self.captured.contains(name)) {
                Some(name) => {
                    let _ = write!(self.pattern, "(?<{name}>{pattern})");
                    said = format!("${{{name}}}");
                    self.captured.push(name);
                }
                None => self.pattern.push_str(pattern),
            }
        } else {
            // What a tool printed is no placeholder.
            while said.contains("${") {
                said = said.replace("${", "{");
            }
        }
        if self.full && !self.title.ends_with('…') {
            self.title.truncate(self.title.trim_end().len());
            self.message.truncate(self.message.trim_end().len());
            self.title.push('…');
            self.message.push('…');
        } else if !self.full {
            self.title.push_str(&drawn);
            self.message.push_str(&said);
        }
    }
}

/// A regex for just this text; what cannot be seen is written as a number.
fn escaped(text: &str) -> String {
    let mut regex = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '\\' | '.' | '+' | '*' | '?' | '(' | ')' | '|' | '[' | ']' | '{' | '}' | '^' | '$' => {
                regex.extend(['\\', c]);
            }
            c if is_visible(c) => regex.push(c),
            c => {
                let _ = write!(regex, r"\x{{{:x}}}", u32::from(c));
            }
        }
    }
    regex
}

fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}
