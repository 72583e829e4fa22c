//! Long lines that a terminal or a tool broke.

use crate::hidden::each_line_as;
use crate::recorded::{Form, same_but_for};

/// Of the recorded logs so many are not read as they were: nobody knows where a line alone was broken.
const MOST_WRONG: usize = 120;

/// Broken after so many characters, wherever that is.
fn rows(line: &str, width: usize) -> Vec<String> {
    let characters: Vec<char> = line.chars().collect();
    match characters.is_empty() {
        true => vec![String::new()],
        false => characters.chunks(width).map(|row| row.iter().collect()).collect(),
    }
}

#[test]
fn by_a_terminal() {
    let form = |name, width, prefix: &'static str| -> Form<'static> {
        (
            name,
            Box::new(move |log| {
                each_line_as(log, |_, line| {
                    rows(line, width).iter().map(|row| format!("{prefix}{row}")).collect()
                })
            }),
        )
    };
    same_but_for(
        MOST_WRONG,
        &[
            form("80", 80, ""),
            form("100", 100, ""),
            form("120", 120, ""),
            form("71, behind a name", 71, "web-1  | "),
            form("78, in a frame", 78, "┃ "),
        ],
    );
}

/// Broken at blanks.
fn filled(line: &str, width: usize, indent: &str) -> Vec<String> {
    let text = line.trim_start();
    let first = &line[..line.len() - text.len()];
    let next = format!("{first}{indent}");
    let options = textwrap::Options::new(width)
        .initial_indent(first)
        .subsequent_indent(&next)
        .break_words(false)
        .word_splitter(textwrap::WordSplitter::NoHyphenation)
        .word_separator(textwrap::WordSeparator::AsciiSpace);
    textwrap::wrap(text, options).into_iter().map(|it| it.into_owned()).collect()
}

#[test]
fn at_blanks() {
    let form = |name, width, indent: &'static str| -> Form<'static> {
        (name, Box::new(move |log| each_line_as(log, |_, line| filled(line, width, indent))))
    };
    same_but_for(
        MOST_WRONG,
        &[
            form("80", 80, ""),
            form("80, indented", 80, "  "),
            form("100, indented", 100, "       "),
            form("120, indented", 120, "    "),
        ],
    );
}
