//! What CI systems, log collectors and builders write before each line of a tool.

use std::sync::LazyLock;

use regex::bytes::Regex;

use super::forms::form;

/// Several of them can stand before one line, such as a timestamp before `pkg> `.
const MOST: usize = 5;

const TIME: &str = r"\d{4}[-/]\d\d[-/]\d\d[T ]\d\d:\d\d:\d\d(?:[.,]\d+)?(?:Z|[+-]\d\d:?\d\d)?";

/// The times of syslog and of journald's forms: short, short-precise, short-full, short-iso, short-unix,
/// short-monotonic and short-delta.
const JOURNAL_TIME: &str = r"(?:(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec) [ \d]\d \d\d:\d\d:\d\d(?:\.\d+)?|(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun) \d{4}-\d\d-\d\d \d\d:\d\d:\d\d(?:\.\d+)? [A-Z]{2,5}|\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(?:[.,]\d+)?[+-]\d\d:?\d\d|\d{10}\.\d{6}|\[ *\d+\.\d{6}(?: <[ \d.]+>)?\])";

const LEVEL: &str = r"(?:TRACE|DEBUG|INFO|NOTICE|WARN|WARNING|ERROR|CRITICAL|FATAL)";

static PREFIX: LazyLock<Option<Regex>> = LazyLock::new(|| {
    let forms = [
        // nom draws a frame
        r"(?:┃|│|║) ?",
        // Kubernetes' files (CRI)
        &format!(r"{TIME} (?:stdout|stderr) [FP] "),
        // syslog and journald: "Nov 22 10:00:00 host unit[12]: "
        &format!(r"(?:<\d+>)?{JOURNAL_TIME} (?:[\w.-]+ )?(?:kernel|[\w@./-]+\[\d+\]): "),
        r"(?:<\d+>)?(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec) [ \d]\d \d\d:\d\d:\d\d [\w.-]+ [\w@./-]+: ",
        // RFC 5424, with no or simple structured data
        &format!(r"<\d+>1 {TIME} [!-~]+ [!-~]+ [!-~]+ [!-~]+ (?:-|\[[ -Z^-~]*\]) "),
        // dmesg
        r"\[ *\d+\.\d{6}\] ",
        // journalctl -o verbose, -o export
        r"\s*MESSAGE=",
        // Python's and Rust's loggers: "2026-11-22 12:00:00,123 - demo.app - ERROR - ", "… ERROR demo::app: "
        &format!(r"{TIME}(?: - [\w.]+ -)? \[?{LEVEL}\]?(?: -)? +(?:\w+(?:(?:::|\.)\w+)+: )?"),
        // zap
        &format!(r"{TIME}\t{LEVEL}\t(?:[\w./-]+:\d+\t)?"),
        r"(?:DEBUG|INFO|WARNING|ERROR|CRITICAL):[a-z][\w.]*:",
        // ISO 8601: GitHub, GitLab (with its stream mark), heroku, docker -t
        &format!(r"\[?{TIME}\]?(?: \d\d[OE][ +])?[ \t]?"),
        // TeamCity
        r"\[\d\d:\d\d:\d\d\][iEWFX]: *(?:\t ?)?(?:\[Step \d+/\d+\] )?",
        r"\[\d\d:\d\d:\d\d(?:\.\d+)?(?: [AP]M)?\] ",
        r"\d\d:\d\d:\d\d(?:[.,]\d+)?  ?",
        // heroku: "app[web.1]: "; not rustc's "error[E0382]: "
        r"[a-z][\w-]*\[(?:\d+|[a-z][\w-]*\.\d+|router|api|scheduler)\]: ",
        // Elixir's logger
        r"(?:\w+=[!-~]+ )*\[(?:debug|info|notice|warning|warn|error|critical|alert|emergency)\] ",
        // kubectl logs --prefix
        r"\[pod/[\w./-]+\] ",
        // BuildKit: "#12 3.456 "
        r"#\d+ (?:\d+\.\d+ )?",
        r" => => # ",
        r"##\[(?:error|warning|debug|command|group|section)\]",
        // docker compose and foreman: "web-1  | ", pm2: "0|web  | "
        r"(?:\d+\|)?[a-zA-Z][\w.-]*\s+\| ",
        // Earthly: "  ./app+build | "
        r"\s*[\w./@:-]*\+[\w.-]+(?: \*\w+\*)? +\| ",
        // Turborepo: "@acme/web:build: "
        r"(?:@[\w.-]+/)?[\w.-]+:(?:build|check|compile|deploy|dev|format|lint|setup|start|test|typecheck): ",
        r"lerna (?:ERR!|WARN|info|notice) ",
        // nl, cat -n
        r" {0,5}\d+\t| {1,5}\d+ $",
        // Nix: "pkg> " while it builds, "       > " when it quotes a build's log; quoted e-mail
        r"[\w.+@-]+> ",
        r"\s*>+ ",
        r">+",
    ];
    form(&format!("^(?:{})", forms.join("|")))
});

/// gh run view --log: the job and the step, then the time.
static STEP: LazyLock<Option<Regex>> = LazyLock::new(|| form(&format!(r"^[^\t]+\t[^\t]+\t{TIME} ")));

/// How many bytes of a line are such prefixes.
pub(super) fn length(line: &str) -> usize {
    let Some(prefix) = PREFIX.as_ref() else { return 0 };
    let step = STEP.as_ref().filter(|_| line.contains('\t')).and_then(|step| step.find(line.as_bytes()));
    let mut length = step.map_or(0, |step| step.end());
    for _ in 0..MOST {
        let rest = &line[length..];
        match prefix.find(rest.as_bytes()) {
            // Nested make says which one speaks as some collectors do.
            Some(found) if !found.is_empty() && !rest.starts_with("make[") && !rest.starts_with("gmake[") => {
                length += found.end();
            }
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
    fn the_forms_compile() {
        assert!(PREFIX.is_some() && STEP.is_some());
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
            "test / unit\tRun mix test\t2026-11-22T10:00:00.1234567Z error: x",
            "2026-11-22T10:00:00+0100 host nix-daemon[12]: error: x",
            "2026-11-22T10:00:00.123456789+01:00 stderr F error: x",
            "[pod/web-7d4b9/app] error: x",
            "10:00:01 web.1   | error: x",
            "10:00:00 error: x",
            "10:20:30.123 [error] error: x",
            "heroku[router]: error: x",
            "              +build | error: x",
            "./app+build *failed* | error: x",
            "@acme/web:build: error: x",
            "     7\terror: x",
            "Sun 2026-11-22 10:00:00 UTC host nix-daemon.service[12]: error: x",
            "Nov 22 10:00:00.123456 host nix-daemon[12]: error: x",
            "Nov 22 10:00:00 nix-daemon[12]: error: x",
            "1795341600.123456 host nix-daemon[12]: error: x",
            "[ 1234.567890 <    0.000123 >] host nix-daemon[12]: error: x",
            "[ 1234.567890] error: x",
            "<3>Nov 22 10:00:00 host app[12]: error: x",
            "<165>1 2026-11-22T10:00:00.003Z host app 8710 ID47 - error: x",
            "    MESSAGE=error: x",
            "2026-11-22 12:00:00,123 - demo.app - ERROR - error: x",
            "2026-11-22 12:00:00,123 [ERROR] demo.app: error: x",
            "2026-11-22T12:00:00.000Z ERROR demo::app: error: x",
            "2026-11-22T12:00:00.000Z\tERROR\tapp/main.go:12\terror: x",
            "2026/11/22 12:00:00 error: x",
            "ERROR:demo.app:error: x",
            "[10:00:00]E:\t [Step 1/3] error: x",
            "[10:00:00 AM] error: x",
            "12:00:00.000 request_id=F1 [error] error: x",
            " => => # error: x",
            "0|web  | error: x",
            "lerna ERR! error: x",
            ">> error: x",
            "> > error: x",
            ">error: x",
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
            "make[1]: *** [Makefile:2: all] Error 1",
            "error[E0382]: borrow of moved value: `x`",
            "src/main.c:12:3: error: x",
            "[metal::Device] No Metal device",
            "1 + 2 | 3",
            // Rules tell by it that XLA speaks without Elixir
            "E1126 13:04:33.173027 1713450 cuda_dnn.cc:535] Could not create cudnn handle: x",
        ] {
            assert_eq!(body(line), line);
        }
    }
}
