//! Colours, and cursors that move.

use regex::Regex;

use crate::hidden::{bytes, each_line};
use crate::recorded::{Form, same_but_for, same_in};

fn words(line: &str, before: &str, after: &str) -> String {
    let words = line.split(' ').map(|word| match word {
        "" => String::new(),
        word => format!("{before}{word}{after}"),
    });
    words.collect::<Vec<_>>().join(" ")
}

#[test]
fn colours_between_any_words() {
    let forms: [Form<'_>; 5] = [
        ("bold", Box::new(|log| each_line(log, |_, line| words(line, "\x1b[1m", "\x1b[0m")))),
        (
            "of 16 million, by colons",
            Box::new(|log| each_line(log, |_, line| words(line, "\x1b[38:2::255:0:0m", "\x1b[m\x1b[K"))),
        ),
        (
            "each character its own",
            Box::new(|log| {
                each_line(log, |_, line| line.chars().map(|it| format!("\x1b[31m{it}\x1b[39m")).collect())
            }),
        ),
        (
            "links",
            Box::new(|log| {
                each_line(log, |_, line| words(line, "\x1b]8;;file:///x\x1b\\", "\x1b]8;;\x1b\\"))
            }),
        ),
        (
            "marks of the shell and a title",
            Box::new(|log| {
                each_line(log, |_, line| {
                    format!("\x1b]133;C\x07\x1b]0;mix\x07\x1b[?25l{line}\x1b[?25h\x1b(B")
                })
            }),
        ),
    ];
    // A log that has colours itself is cut within its own escapes.
    same_but_for(14, &forms);
}

#[test]
fn cursors_that_move() {
    let forms: [Form<'_>; 6] = [
        ("CR LF", Box::new(|log| bytes(log, log.replace('\n', "\r\n").into_bytes()))),
        ("CR CR LF", Box::new(|log| bytes(log, log.replace('\n', "\r\r\n").into_bytes()))),
        ("the line is erased first", Box::new(|log| each_line(log, |_, line| format!("\x1b[2K\r{line}")))),
        ("up and erased", Box::new(|log| each_line(log, |_, line| format!("\x1b[1A\x1b[2K{line}\x1b[J")))),
        ("each line has its place", Box::new(|log| each_line(log, |at, line| format!("\x1b[{at};1H{line}")))),
        ("blanks are skipped", Box::new(|log| each_line(log, |_, line| line.replace("  ", " \x1b[1C")))),
    ];
    same_in(&forms);
}

#[test]
fn that_are_spelled_out() {
    let coloured = |before: &'static str, after: &'static str| -> Form<'static> {
        // Nix colours what it quotes, and not the quotes.
        let told = Regex::new(r"^(\s*error:|\*\* \(\w+\))|(')([^' ]+)(')").unwrap();
        let instead = format!("${{2}}{before}${{1}}${{3}}{after}${{4}}");
        (before, Box::new(move |log| each_line(log, |_, line| told.replace_all(line, &instead).into_owned())))
    };
    let forms: [Form<'_>; 6] = [
        coloured("[31;1m", "[0m"),
        coloured("\\u001b[31m", "\\u001b[0m"),
        coloured("^[[31m", "^[[m"),
        coloured("\\e[1;31m", "\\e[0m"),
        ("copied", Box::new(|log| each_line(log, |_, line| line.replace('\x1b', "")))),
        ("a page's", Box::new(|log| each_line(log, |_, line| escaped_for_a_page(line)))),
    ];
    // Of the few bytes by which a word is searched for, some may be the escape.
    same_but_for(24, &forms);
}

fn escaped_for_a_page(line: &str) -> String {
    line.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
        .replace('"', "&quot;")
        .replace('\'', "&#39;")
}
