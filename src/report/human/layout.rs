//! Lines of text in a column, with a mark or a label before and an aside at the right edge; or, for a person who listens
//! to them, lines that begin with a word.

use std::borrow::Cow;

use owo_colors::{OwoColorize, Style};
use textwrap::{Options, WordSplitter, wrap};
use unicode_width::UnicodeWidthStr;

use crate::visible::{visible, visible_lines};

/// How a report is drawn.
#[derive(Clone, Copy, Debug)]
pub struct Look {
    /// Columns of the terminal.
    pub width: usize,
    /// How much of it.
    pub detail: Detail,
    /// Lines that can be listened to: each begins with a word, and nothing depends on where in a line something stands.
    pub plain: bool,
    /// The terminal shows UTF-8.
    pub utf8: bool,
}

impl Look {
    /// In columns, on a terminal that shows UTF-8.
    pub fn new(width: usize, detail: Detail) -> Self {
        Look { width, detail, plain: false, utf8: true }
    }

    /// Whether words stand for marks.
    pub(super) fn in_words(self) -> bool {
        self.plain || !self.utf8
    }

    /// The text in signs that the terminal can show.
    pub(super) fn spelled(self, text: &str) -> Cow<'_, str> {
        match self.utf8 || text.is_ascii() {
            true => Cow::Borrowed(text),
            false => Cow::Owned(text.chars().fold(String::with_capacity(text.len()), |mut out, c| {
                match SPELLED.iter().find(|(sign, _)| *sign == c) {
                    Some((_, spelled)) => out.push_str(spelled),
                    None => out.push(c),
                }
                out
            })),
        }
    }
}

/// What is written where a sign cannot be shown.
const SPELLED: &[(char, &str)] = &[
    ('…', "..."),
    ('–', "-"),
    ('—', "-"),
    ('·', "-"),
    ('→', "->"),
    ('←', "<-"),
    ('×', "x"),
    ('≥', ">="),
    ('≤', "<="),
    ('‘', "'"),
    ('’', "'"),
    ('“', "\""),
    ('”', "\""),
    ('│', "|"),
    ('✓', "ok"),
    ('✗', "x"),
];

/// The word that stands for a mark; `None`: what follows it says enough.
fn word(mark: &str) -> Option<&'static str> {
    match mark {
        "✗" => Some("error"),
        "!" => Some("warning"),
        "i" => Some("note"),
        "?" => Some("unknown"),
        "✓" => Some("ok"),
        _ => None,
    }
}

/// How much of a report is drawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Detail {
    /// The finding, the first lines of its evidence, and the first remedy: as a plan shows it.
    Brief,
    /// With the explanation and the alternatives.
    Normal,
    /// With all evidence, the remedies that do not fit here, and the references.
    Full,
}

/// Text is not drawn wider than this, however wide the terminal is: long lines are hard to read.
const WIDEST: usize = 120;

/// Text is not squeezed below this: a narrower terminal wraps it itself.
const NARROWEST: usize = 40;

/// Lines that are listened to are not wrapped; but no line is without end.
const ENDLESS: usize = 4000;

const INDENT: usize = 4;
const LABEL: usize = 11;

/// One paragraph with what stands before it.
pub(super) struct Block<'a> {
    look: Look,
    first: String,
    rest: usize,
    /// The word before it where words stand for columns.
    word: Option<Cow<'a, str>>,
    aside: &'a str,
    aside_word: &'a str,
    aside_at: Option<usize>,
    style: Style,
}

impl<'a> Block<'a> {
    pub(super) fn new(look: Look) -> Self {
        Block {
            look,
            first: " ".repeat(INDENT),
            rest: INDENT,
            word: None,
            aside: "",
            aside_word: "",
            aside_at: None,
            style: Style::new(),
        }
    }

    /// Puts a mark in the first column.
    pub(super) fn marked(mut self, mark: &str) -> Self {
        let style = match mark {
            "✗" => Style::new().red().bold(),
            "!" => Style::new().yellow().bold(),
            "✓" => Style::new().green().bold(),
            _ => Style::new().cyan().bold(),
        };
        let word = word(mark);
        self.first = match word.filter(|_| self.look.in_words()) {
            Some(word) => format!("{} ", format!("{word}:").style(style)),
            None => format!("{} ", self.look.spelled(mark).style(style)),
        };
        self.rest = 2;
        self.word = word.map(Cow::Borrowed);
        self
    }

    /// The word before it where words stand for columns.
    pub(super) fn word(mut self, word: &'a str) -> Self {
        self.word = Some(Cow::Borrowed(word));
        self
    }

    /// Puts a label before the text, in a column of its own.
    pub(super) fn label(mut self, label: &str) -> Self {
        let label = &visible(label);
        self.word = Some(Cow::Owned(label.clone().into_owned()));
        let padding = " ".repeat(LABEL.saturating_sub(label.width()).max(1));
        self.first = format!("{}{}{padding}", " ".repeat(INDENT), quiet(label));
        self.rest = INDENT + LABEL;
        self
    }

    /// Puts a mark and a name before the text, as in a table whose names fill `width` columns.
    pub(super) fn row(mut self, mark: &str, name: &str, width: usize) -> Self {
        let name = visible(name);
        let name = match name.width() > width {
            // The end of a path tells more than its beginning.
            true => {
                let over = name.chars().count().saturating_sub(width.saturating_sub(1));
                format!("…{}", name.chars().skip(over).collect::<String>())
            }
            false => name.into_owned(),
        };
        self.word = Some(Cow::Owned(name.clone()));
        let name = self.look.spelled(&name).into_owned();
        let padding = " ".repeat(width.saturating_sub(name.width()) + 2);
        self.first = format!("  {mark} {}{padding}", quiet(&name));
        self.rest = INDENT + width + 2;
        self
    }

    /// Leaves the label's column empty.
    pub(super) fn below_label(mut self) -> Self {
        self.rest = INDENT + LABEL;
        self.first = " ".repeat(self.rest);
        self
    }

    /// Puts an aside at the right edge of the first line, or on a line of its own if there is no room. The word says what it
    /// is, where it cannot be seen.
    pub(super) fn aside(mut self, word: &'a str, aside: &'a str) -> Self {
        self.aside_word = word;
        self.aside = aside;
        self
    }

    /// Puts the aside into a column of its own, counted from the text's first.
    pub(super) fn aside_at(mut self, column: usize) -> Self {
        self.aside_at = Some(column);
        self
    }

    pub(super) fn style(mut self, style: Style) -> Self {
        self.style = style;
        self
    }

    /// The columns that text can fill.
    pub(super) fn room(&self) -> usize {
        if self.look.plain {
            return ENDLESS;
        }
        self.look.width.clamp(NARROWEST, WIDEST) - self.rest
    }

    /// One line as it stands, never wrapped.
    pub(super) fn verbatim(self, text: &str) -> String {
        let text = visible_lines(text);
        let text = self.look.spelled(&text);
        match self.look.plain {
            true => self.listened_to(&text),
            false => format!("{}{}\n", self.first, unobeyed(&text, self.first.trim().is_empty(), self.look)),
        }
    }

    /// The paragraph as a line that begins with a word.
    fn listened_to(self, text: &str) -> String {
        let line = on_one_line(text);
        let line = unobeyed(&line, self.word.is_none(), self.look);
        let mut out = match &self.word {
            _ if line.is_empty() => String::new(),
            Some(word) => format!("{word}: {line}\n"),
            None => format!("{line}\n"),
        };
        let aside = self.aside.trim_matches(['[', ']']);
        match (aside, self.aside_word) {
            ("", _) => {}
            (aside, "") => out.push_str(&format!("{aside}\n")),
            (aside, word) => out.push_str(&format!("{word}: {aside}\n")),
        }
        out
    }

    /// The drawn paragraph, with its line end.
    pub(super) fn text(self, text: &str) -> String {
        // Much of it comes from logs and files of somebody else's.
        let text = &visible_lines(text);
        let text = &self.look.spelled(text);
        if self.look.plain {
            return self.listened_to(text);
        }
        // What has a mark before it is one line of the report, however many lines somebody else's name in it has.
        let text = &if self.rest == 2 && text.contains('\n') { on_one_line(text) } else { text.to_string() };
        // A word in place of a mark takes room from the first line.
        let over = self.word.as_ref().filter(|_| self.rest == 2 && self.look.in_words());
        let over = over.map_or(0, |word| word.len());
        let room = self.room() - over;
        let options = Options::new(room).word_splitter(WordSplitter::NoHyphenation);
        let lines = wrap(text, options);
        let aside = self.aside.width();
        let edge = room.saturating_sub(aside);
        let start = self.aside_at.map_or(edge, |column| column.min(edge));
        let beside = |line: &str| aside > 0 && line.width() + 2 <= start && start + aside <= room;
        let mut out = String::new();
        for (at, line) in lines.iter().enumerate() {
            match at {
                0 => out.push_str(&self.first),
                _ => out.push_str(&" ".repeat(self.rest)),
            }
            let line = unobeyed(line, at > 0 || self.first.trim().is_empty(), self.look);
            out.push_str(&line.style(self.style).to_string());
            if at == 0 && lines.len() == 1 && beside(&line) {
                out.push_str(&" ".repeat(start - line.width()));
                out.push_str(&quiet(self.aside));
            }
            out.push('\n');
        }
        if aside > 0 && !(lines.len() == 1 && beside(&lines[0])) {
            out.push_str(&format!("{}{}\n", " ".repeat(self.rest.max(INDENT)), quiet(self.aside)));
        }
        out
    }
}

/// Text with a blank in place of each line's end.
fn on_one_line(text: &str) -> String {
    text.lines().map(str::trim).filter(|line| !line.is_empty()).collect::<Vec<_>>().join(" ")
}

/// A line that no runner of CI takes for a command to it: GitHub's obeys what stands behind `::` where a line begins with
/// that, blanks aside, and behind `##[` anywhere.
pub(super) fn unobeyed(line: &str, begins: bool, look: Look) -> String {
    let line = line.replace("##[", "## [");
    match (begins && line.trim_start().starts_with("::"), look) {
        (false, _) => line,
        (true, Look { plain: true, .. }) => format!("text: {line}"),
        (true, look) => format!("{} {line}", look.spelled("·")),
    }
}

/// Text that may be overlooked.
pub(super) fn quiet(text: &str) -> String {
    text.dimmed().to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn plain(text: &str) -> String {
        anstream::adapter::strip_str(text).to_string()
    }

    #[test]
    fn an_aside_stands_at_the_edge_or_below() {
        let look = Look::new(40, Detail::Normal);
        let short = plain(&Block::new(look).marked("✗").aside("rule", "rule-id").text("It broke"));
        assert_eq!(short, "✗ It broke                       rule-id\n");
        let long = plain(
            &Block::new(look).marked("✗").aside("rule", "rule-id").text("It broke, and it did so twice"),
        );
        assert_eq!(long, "✗ It broke, and it did so twice  rule-id\n");
        let longer = plain(
            &Block::new(look)
                .marked("✗")
                .aside("rule", "rule-id")
                .text("It broke, and it did so three times"),
        );
        assert_eq!(longer, "✗ It broke, and it did so three times\n    rule-id\n");
    }

    #[test]
    fn what_is_listened_to_begins_with_words() {
        let look = Look { plain: true, ..Look::new(40, Detail::Normal) };
        let long = "It broke, and it did so three times… in\n  two places";
        let block = || Block::new(look).style(Style::new());
        assert_eq!(
            plain(&block().marked("✗").aside("rule", "rule-id").text(long)),
            "error: It broke, and it did so three times… in two places\nrule: rule-id\n"
        );
        assert_eq!(
            plain(&block().label("fix").aside("risk", "[user]").text("Do it")),
            "fix: Do it\nrisk: user\n"
        );
        assert_eq!(plain(&block().below_label().word("command").text("x  y")), "command: x  y\n");
        assert_eq!(plain(&block().marked("-").text("held back: x")), "held back: x\n");
    }

    #[test]
    fn no_line_is_a_command_to_a_runner() {
        let evil = "x\n::error::y\n  ::add-mask::z ##[stop-commands]t";
        for look in [Look::new(40, Detail::Normal), Look { plain: true, ..Look::new(40, Detail::Normal) }] {
            let blocks = || {
                [
                    Block::new(look),
                    Block::new(look).label("line 1"),
                    Block::new(look).marked("✗"),
                    Block::new(look).marked("-"),
                ]
            };
            let long = format!("{}::error::y", "word word word word word word word ");
            let texts = [evil, "::error::y", &long];
            let drawn = texts.iter().flat_map(|text| {
                let texts = blocks().into_iter().map(|block| block.text(text));
                texts
                    .chain(blocks().into_iter().map(|block| block.verbatim("::error::y")))
                    .collect::<Vec<_>>()
            });
            for drawn in drawn.map(|drawn| plain(&drawn)) {
                let obeyed = |line: &str| line.trim_start().starts_with("::") || line.contains("##[");
                assert!(!drawn.lines().any(obeyed), "{drawn}");
            }
        }
        assert_eq!(plain(&Block::new(Look::new(40, Detail::Normal)).marked("✗").text("a\n✓ b")), "✗ a ✓ b\n");
    }

    #[test]
    fn without_utf8_words_and_dots_stand_for_signs() {
        let look = Look { utf8: false, ..Look::new(40, Detail::Normal) };
        let drawn = plain(&Block::new(look).marked("✗").aside("rule", "r").text("It – broke…"));
        assert_eq!(drawn, "error: It - broke...                   r\n");
        let long = plain(&Block::new(look).marked("?").text(&"word ".repeat(20)));
        assert!(long.starts_with("unknown: word") && long.lines().all(|line| line.width() <= 40), "{long}");
    }

    #[test]
    fn no_line_is_wider_than_the_terminal() {
        let look = Look::new(60, Detail::Normal);
        let text = "word ".repeat(40) + &"x".repeat(200);
        let row = || Block::new(look).row("✓", "é/a/long/path/to/a/file.yml:12", 20);
        assert!(plain(&row().text("x")).starts_with("  ✓ …th/to/a/file.yml:12  x"));
        for block in
            [Block::new(look), Block::new(look).label("line 12"), Block::new(look).marked("!"), row()]
        {
            assert!(plain(&block.text(&text)).lines().all(|line| line.width() <= 60));
        }
    }
}
