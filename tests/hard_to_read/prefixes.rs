//! What is written before each line.

use crate::hidden::each_line;
use crate::recorded::{Form, same_but_for};

/// A prefix that nobody has named stays before a line that stands alone.
const UNNAMED: usize = 16;

fn before_each(prefix: &'static str) -> Form<'static> {
    (prefix, Box::new(move |log| each_line(log, |_, line| format!("{prefix}{line}"))))
}

#[test]
fn of_ci_systems() {
    let prefixes = [
        "2026-11-22T10:00:00.1234567Z ",
        "\u{feff}2026-11-22T10:00:00.1234567Z ",
        "test / unit\tRun mix test\t2026-11-22T10:00:00.1234567Z ",
        "test (1.18, 27)\tUNKNOWN STEP\t\u{feff}2026-11-22T10:00:00.1234567Z ",
        "2026-11-22T10:00:00.1234567Z ##[error]",
        "2026-11-22T10:00:00.123456Z 00O ",
        "2026-11-22T10:00:00.123456Z 01E ",
        "2026-11-22T10:00:00.123456Z 01O+",
        "\x1b_bk;t=1700000000000\x07",
        "[2026-11-22T10:00:00.123Z] ",
        "[2026-11-22 10:00:00] ",
        "[10:00:00] ",
        "[10:00:00 AM] ",
        "[10:00:00]i:     ",
        "[10:00:00]E:\t [Step 1/3] ",
        "10:00:00  ",
        "[linux] ",
        "[Pipeline] ",
        "2026/11/22 10:00:00 ",
        "[2026-11-22T10:00:00Z INFO  runner] ",
        "stdout: ",
        "remote: ",
    ];
    same_but_for(UNNAMED, &prefixes.map(before_each));
}

#[test]
fn of_journald_and_syslog() {
    let prefixes = [
        "Nov 22 10:00:00 host nix-daemon[12]: ",
        "Nov 22 10:00:00.123456 host nix-daemon[12]: ",
        "Nov 22 10:00:00 nix-daemon[12]: ",
        "2026-11-22T10:00:00+0100 host nix-daemon[12]: ",
        "2026-11-22T10:00:00.123456+01:00 host nix-daemon[12]: ",
        "2026-11-22T10:00:00+0100 nix-daemon[12]: ",
        "Sun 2026-11-22 10:00:00 UTC host nix-daemon[12]: ",
        "Sun 2026-11-22 10:00:00.123456 CET host nix-daemon.service[12]: ",
        "[ 1234.567890] host nix-daemon[12]: ",
        "[ 1234.567890 <    0.000123 >] host nix-daemon[12]: ",
        "1795341600.123456 host nix-daemon[12]: ",
        "[ 1234.567890] ",
        "<3>Nov 22 10:00:00 host app[12]: ",
        "<165>1 2026-11-22T10:00:00.003Z host app 8710 ID47 - ",
        "Nov 22 10:00:00 host kernel: ",
        "2026-11-22 10:00:00.123+0100 0x1f4 Error 0x0 123 0 nix-daemon: ",
    ];
    same_but_for(UNNAMED, &prefixes.map(before_each));
}

#[test]
fn of_containers() {
    let prefixes = [
        "web-1  | ",
        "web-1 | ",
        "\x1b[36mdemo-web-1  |\x1b[0m ",
        "web-1  | 2026-11-22T10:00:00.123456789Z ",
        "2026-11-22T10:00:00.123456789+01:00 stderr F ",
        "[pod/web-7d4b9/app] ",
        "web-7d4b9 app ",
        "web-7d4b9 › app ",
        "#12 3.456 ",
        "#12 ",
        " => => # ",
        "              +build | ",
        "2016-02-03T07:21:13.650402+00:00 app[web.1]: ",
        "10:00:01 web.1   | ",
        "web.1   | ",
        "[web] ",
        "[2] ",
        "(worker 3) ",
        "0|web  | ",
        "web(out): ",
    ];
    same_but_for(UNNAMED, &prefixes.map(before_each));
}

#[test]
fn of_builders() {
    let prefixes = [
        "┃ ",
        "┃",
        "hello> ",
        "hello-2.12> ",
        "┃ hello> ",
        "       > ",
        "hello>        > ",
        "@hello ",
        "(hello) ",
        "packages/a test: ",
        "│ ",
        "@acme/web:build: ",
        "web:build: ",
        "@acme/web: ",
        "lerna ERR! ",
        "npm ERR! ",
        "npm error ",
        "[test] ",
        "[@acme/web:test] ",
        "test: ",
        "(11:57:11) ",
        "INFO: From Building x: ",
        "py311: ",
        "py311 run-test: ",
        "[build-stdout] ",
        "==> demo | ",
    ];
    same_but_for(UNNAMED, &prefixes.map(before_each));
}

#[test]
fn of_loggers() {
    let prefixes = [
        "12:00:00.000 [error] ",
        "12:00:00.000 request_id=F1 [error] ",
        "2026-11-22 12:00:00.000 [error] ",
        "[error] ",
        "[Error]  ",
        "error | ",
        "2026-11-22 12:00:00,123 - demo.app - ERROR - ",
        "2026-11-22 12:00:00,123 ERROR demo.app: ",
        "2026-11-22 12:00:00,123 [ERROR] demo.app: ",
        "ERROR:root:",
        "ERROR:demo.app:",
        "INFO 2026-11-22 12:00:00 ",
        "[2026-11-22 12:00:00] [ERROR] ",
        "2026-11-22T12:00:00.000Z ERROR demo::app: ",
        "2026-11-22T12:00:00.000Z\tERROR\tapp/main.go:12\t",
        "E1122 12:00:00.123456   12 main.go:12] ",
        "time=\"2026-11-22T12:00:00Z\" level=error ",
    ];
    same_but_for(UNNAMED, &prefixes.map(before_each));
}

#[test]
fn of_people() {
    let prefixes = [
        "> ",
        ">",
        ">> ",
        "> > ",
        ">>> ",
        "    ",
        "\t",
        "  ",
        "     7\t",
        "   7 ",
        "7: ",
        "7:",
        "  7 | ",
        "build.log:7:",
        "build.log:",
    ];
    let mut forms: Vec<Form<'_>> = prefixes.into_iter().map(before_each).collect();
    forms.push(("line numbers", Box::new(|log| each_line(log, |at, line| format!("{:>4}: {line}", at + 1)))));
    same_but_for(UNNAMED, &forms);
}
