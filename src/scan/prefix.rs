//! What CI systems, log collectors and builders write before each line of a tool.

use std::sync::LazyLock;

use regex::Regex;

/// Several of them can stand before one line, such as a timestamp before `pkg> `.
const MOST: usize = 5;

static PREFIX: LazyLock<Option<Regex>> = LazyLock::new(|| {
    let forms = [
        // nom draws a frame
        r"[┃│║] ?",
        // ISO 8601: GitHub, GitLab (with its stream mark), heroku, docker -t
        r"\[?\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(?:[.,]\d+)?(?:Z|[+-]\d\d:?\d\d)?\]?(?: \d\d[OE][ +])?[ \t]?",
        r"\[\d\d:\d\d:\d\d(?:\.\d+)?\] ",
        // syslog and journald: "Nov 22 10:00:00 host unit[12]: "
        r"(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec) [ \d]\d \d\d:\d\d:\d\d [\w.-]+ [\w@./-]+(?:\[\d+\])?: ",
        // heroku: "app[web.1]: "
        r"[a-z][\w-]*\[[\w.-]+\]: ",
        // BuildKit: "#12 3.456 "
        r"#\d+ (?:\d+\.\d+ )?",
        r"##\[(?:error|warning|debug|command|group|section)\]",
        // docker compose: "web-1  | "
        r"[a-zA-Z][\w.-]*\s+\| ",
        // Nix: "pkg> " while it builds, "       > " when it quotes a build's log
        r"[\w.+@-]+> ",
        r"\s*> ",
    ];
    Regex::new(&format!("^(?:{})", forms.join("|"))).ok()
});

/// How many bytes of a line are such prefixes.
pub(super) fn length(line: &str) -> usize {
    let Some(prefix) = PREFIX.as_ref() else { return 0 };
    let mut length = 0;
    for _ in 0..MOST {
        match prefix.find(&line[length..]) {
            Some(found) if !found.is_empty() => length += found.end(),
            _ => break,
        }
    }
    length
}

#[cfg(test)]
mod tests {
    use super::*;

    fn body(line: &str) -> &str {
        &line[length(line)..]
    }

    #[test]
    fn prefixes_are_left_out() {
        for line in [
            "┃ error: x",
            "2026-11-22T10:00:00.1234567Z error: x",
            "2026-11-22T10:00:00.123456Z 00O error: x",
            "2016-02-03T07:21:13.650402+00:00 app[web.1]: error: x",
            "Nov 22 10:00:00 host nix-daemon[12]: error: x",
            "#12 3.456 error: x",
            "##[error]error: x",
            "web-1  | error: x",
            "hello-2.12> error: x",
            "       > error: x",
            "2026-11-22T10:00:00Z ┃ hello> error: x",
        ] {
            assert_eq!(body(line), "error: x", "{line}");
        }
    }

    #[test]
    fn a_tools_own_words_stay() {
        for line in [
            "error: x",
            "       error: x",
            "** (Mix) x",
            "   12|   x",
            "* jason (Hex package)",
            "{:failed_connect, []}",
        ] {
            assert_eq!(body(line), line);
        }
    }
}
