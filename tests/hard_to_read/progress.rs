//! What a progress display wrote before a message.

use crate::hidden::each_line;
use crate::recorded::{Form, LOGS, same_but_for};

/// Progress before every line.
fn before_each(progress: &'static str) -> Form<'static> {
    (progress, Box::new(move |log| each_line(log, |_, line| format!("{progress}{line}"))))
}

#[test]
fn progress_that_is_written_over() {
    same_but_for(
        90,
        &[
            before_each("Building 12%\rBuilding 99%\r"),
            before_each("[1/3 built]\r\x1b[K"),
            before_each("⠋ fetching\x1b[1G"),
            before_each("|\x08/\x08-\x08\\\x08"),
            before_each("[ 12%]\x08\x08\x08\x08\x08\x08[100%]\x08\x08\x08\x08\x08\x08"),
            before_each("downloading\x1b[2K\x1b[0G"),
        ],
    );
}

/// Progress before the line on which the failure begins, with nothing between.
fn before_the_failure(progress: &'static str) -> Form<'static> {
    let glued = move |log: &str| {
        let known = LOGS.iter().find(|it| it.text == log).and_then(|it| it.first.as_ref());
        let line = known.map(|it| it.line);
        each_line(log, |at, text| match Some(at as u64 + 1) == line {
            true => format!("{progress}{text}"),
            false => text.to_owned(),
        })
    };
    (progress, Box::new(glued))
}

#[test]
fn progress_that_the_message_is_glued_to() {
    same_but_for(
        16,
        &[
            "[12/40/99 built, 3.2 MiB DL] ",
            "[12/40/99 built, 3.2 MiB DL]",
            "[1 built, 2/3 copied (4.5/6.7 MiB), 8.9 MiB DL] ",
            "[1/0/2 built, 1 failed, 0.0 MiB DL] building hello-2.12 (buildPhase): ",
            "Compiling 3 files (.ex)",
            "Compiling 3 files (.erl)",
            "Generated demo app",
            "⠋ ",
            "⣾ Fetching ",
            "...",
            "..F.*.",
            " 45%",
            "[ 45%] ",
            "[=====>    ] 45% ",
            "Downloading: 100%|██████████| 3.2M/3.2M [00:01<00:00, 2.9MB/s]",
            "Fetching 4 files:  25%|██▌       | 1/4 [00:00<00:01,  2.9it/s]",
            "####################### 100.0%",
            "Receiving objects:  45% (45/100), 1.2 MiB | 3.4 MiB/s",
            "\\ ",
            "- ",
        ]
        .map(before_the_failure),
    );
}
