//! Colours, and cursors that move.

use crate::hidden::{bytes, each_line};
use crate::recorded::{Form, same_but_for, same_in};

#[test]
fn colours_between_any_words() {
    let words = |line: &str, before: &str, after: &str| {
        let words = line.split(' ').map(|word| match word {
            "" => String::new(),
            word => format!("{before}{word}{after}"),
        });
        words.collect::<Vec<_>>().join(" ")
    };
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
