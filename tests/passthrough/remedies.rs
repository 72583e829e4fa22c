//! A remedy's command: shown and copied as any other, and ended with all that it started when it must end.

use std::ffi::OsString;
use std::io::Write;
use std::process::Stdio;
use std::time::{Duration, Instant};

use envdoctor::machine::{Live, Machine, Watch};
use rustix::process::{Pid, Signal, kill_process};

use crate::terminal::Terminal;
use crate::world::{World, eventually};

/// What runs a remedy in the tests beside it, as a process of its own.
#[test]
#[ignore = "a program that the other tests run"]
fn program() {
    let (Ok(deadline), Ok(script)) = (std::env::var("DEADLINE"), std::env::var("SCRIPT")) else { return };
    let watch = Watch::remedy(Duration::from_millis(deadline.parse().unwrap()));
    let argv = ["sh", "-c", &script].map(OsString::from);
    let mut copy = std::fs::File::create("copy").unwrap();
    let finished = Live::new(Duration::from_secs(5))
        .pass_through(&argv, &watch, &mut |bytes| copy.write_all(bytes).unwrap())
        .unwrap();
    std::fs::write("finished", format!("{:?} {}", finished.ended, finished.exit_code())).unwrap();
}

/// A world whose scripts run a remedy with `./remedy DEADLINE SCRIPT`.
fn world() -> World {
    let world = World::new();
    let this = std::env::current_exe().unwrap();
    let arguments = "--exact remedies::program --ignored --nocapture --quiet --test-threads=1";
    let start = format!("DEADLINE=$1 SCRIPT=$2 exec '{}' {arguments}\n", this.display());
    std::fs::write(world.path("remedy"), start).unwrap();
    world
}

/// A remedy that hangs. What it started traps every request to end, and writes down that it lives.
const HANGS: &str = "(trap \"\" INT TERM HUP QUIT; while :; do echo . >>ticks; sleep 0.05; done) & \
    while [ ! -s ticks ]; do sleep 0.05; done; echo ready; sleep 60";

fn remedy(deadline: u64, script: &str) -> String {
    assert!(!script.contains('\''), "{script}");
    format!("sh ./remedy {deadline} '{script}'")
}

fn assert_nothing_ticks(world: &World) {
    let ticks = world.read("ticks");
    assert!(!ticks.is_empty());
    std::thread::sleep(Duration::from_millis(300));
    assert_eq!(world.read("ticks"), ticks, "something outlived the remedy");
}

#[test]
fn a_remedy_that_hangs_is_ended_at_its_deadline_with_all_it_started() {
    let world = world();
    let started = Instant::now();
    world.run(&remedy(1000, HANGS));
    assert!(started.elapsed() > Duration::from_secs(4), "there was no grace: {:?}", started.elapsed());
    assert_eq!(world.read("finished"), "AtDeadline 143");
    assert_nothing_ticks(&world);
}

#[test]
fn on_a_terminal_it_ends_at_its_deadline_as_well() {
    let world = world();
    let (code, screen) = Terminal::start(world.script(&remedy(1000, HANGS))).finish();
    assert_eq!((code, world.read("finished").as_str()), (0, "AtDeadline 143"), "{screen}");
    assert_nothing_ticks(&world);
}

#[test]
fn a_remedy_that_heeds_the_request_has_the_last_word() {
    let world = world();
    let started = Instant::now();
    world.run(&remedy(1000, "trap \"echo tidy; exit 4\" TERM; while :; do sleep 0.05; done"));
    assert!(started.elapsed() < Duration::from_secs(4), "{:?}", started.elapsed());
    assert_eq!(world.read("finished"), "AtDeadline 4");
    assert!(world.read("copy").contains("tidy\n"), "{}", world.read("copy"));
}

#[test]
fn a_reader_who_sleeps_does_not_stretch_the_deadline() {
    let world = world();
    world.run(&format!(
        "{{ {}; }} | {{ i=0; while [ ! -s finished ] && [ $i -lt 200 ]; do sleep 0.05; i=$((i+1)); done; }}",
        remedy(300, "exec yes")
    ));
    assert_eq!(world.read("finished"), "AtDeadline 143");
}

#[test]
fn a_signal_to_us_reaches_all_that_the_remedy_started() {
    for (name, signal) in
        [("INT", Signal::INT), ("TERM", Signal::TERM), ("HUP", Signal::HUP), ("QUIT", Signal::QUIT)]
    {
        let world = world();
        let script = format!(
            "trap : {name}; sh -c \"trap \\\"echo caught >>seen; exit\\\" {name}; echo . >>ticks; \
             while :; do sleep 0.05; done\"; exit 7"
        );
        let mut us = world.script(&format!("exec {}", remedy(60_000, &script)));
        let mut us = us.stdin(Stdio::null()).stdout(Stdio::null()).spawn().unwrap();
        eventually("the remedy runs", || !world.read("ticks").is_empty());
        std::thread::sleep(Duration::from_millis(200));
        kill_process(Pid::from_child(&us), signal).unwrap();
        assert!(us.wait().unwrap().success());
        assert_eq!(world.read("seen"), "caught\n", "{name}");
        assert_eq!(world.read("finished"), "Told 7", "{name}");
    }
}

#[test]
fn what_ignores_a_signal_to_us_is_killed() {
    let world = world();
    let mut us = world.script(&format!("exec {}", remedy(60_000, HANGS)));
    let mut us = us.stdin(Stdio::null()).stdout(Stdio::null()).spawn().unwrap();
    eventually("the remedy runs", || world.read("copy") == "ready\n");
    kill_process(Pid::from_child(&us), Signal::TERM).unwrap();
    assert!(us.wait().unwrap().success());
    assert_eq!(world.read("finished"), "Told 143");
    assert_nothing_ticks(&world);
}

/// In both ways to a terminal.
#[test]
fn ctrl_c_ends_a_remedy_with_all_it_started() {
    for place in ["", "</dev/null"] {
        let world = world();
        let mut terminal = Terminal::start(
            world.script(&format!("trap : INT; {} {place}; echo code $?", remedy(60_000, HANGS))),
        );
        terminal.expect("ready");
        terminal.press("\u{3}");
        terminal.expect("code 0");
        // A shell that was just starting a program may have missed it.
        assert!(world.read("finished").starts_with("Told 13"), "{place} {}", world.read("finished"));
        assert_nothing_ticks(&world);
    }
}

/// A shell with jobs gives the terminal to another process group than its own.
#[test]
fn a_job_that_has_the_terminal_ends_too() {
    let world = world();
    let script = format!("set -m; sh -c \"{}\"; exit 5", HANGS.replace('"', "\\\""));
    Terminal::start(world.script(&remedy(1500, &script))).finish();
    assert!(world.read("finished").starts_with("AtDeadline"), "{}", world.read("finished"));
    assert_nothing_ticks(&world);
}

#[test]
fn ctrl_c_that_a_remedy_ignores_kills_it() {
    let world = world();
    let mut terminal = Terminal::start(
        world.script(&remedy(60_000, "trap \"\" INT; echo ready; while :; do sleep 0.1; done")),
    );
    terminal.expect("ready");
    terminal.press("\u{3}");
    terminal.finish();
    assert_eq!(world.read("finished"), "Told 137");
}

#[test]
fn after_its_own_end_what_it_left_running_lives() {
    let leaves = "sleep 30 >/dev/null 2>&1 & echo $! >pids; \
        setsid sh -c \"echo \\$\\$ >>pids; exec sleep 30\" >/dev/null 2>&1 & \
        while [ $(wc -l <pids) -lt 2 ]; do sleep 0.05; done; echo started; exit 3";
    let world = world();
    world.run(&remedy(60_000, leaves));
    assert_eq!(world.read("finished"), "ByItself 3");
    std::thread::sleep(Duration::from_millis(300));
    let alive = world.run("set -e; for pid in $(cat pids); do kill $pid; done; wc -l <pids");
    assert!(alive.status.success(), "{alive:?}");
    assert_eq!(String::from_utf8_lossy(&alive.stdout).trim(), "2");
}

#[test]
fn a_server_that_left_the_session_lives_on_after_a_remedy_on_a_terminal() {
    let world = world();
    let leaves = "setsid sh -c \"echo \\$\\$ >pid; exec sleep 30\" >/dev/null 2>&1 </dev/null & \
        while [ ! -s pid ]; do sleep 0.05; done";
    Terminal::start(world.script(&remedy(60_000, leaves))).finish();
    assert_eq!(world.read("finished"), "ByItself 0");
    assert!(world.run("kill $(cat pid)").status.success());
}

#[test]
fn off_the_terminal_there_is_nothing_to_read() {
    let world = world();
    let output = world.run(&format!("echo typed | {}", remedy(60_000, "cat; echo read")));
    assert_eq!(world.read("copy"), "read\n", "{output:?}");
    assert_eq!(world.read("finished"), "ByItself 0");
}

#[test]
fn what_it_prints_is_shown_and_copied_as_it_comes() {
    for place in ["", "</dev/null"] {
        let world = world();
        let script = "echo first; echo second >&2; while [ ! -e go ]; do sleep 0.05; done; echo third";
        let mut terminal = Terminal::start(world.script(&format!("{} {place}", remedy(60_000, script))));
        terminal.expect("first");
        terminal.expect("second");
        eventually("the copy", || world.read("copy").replace('\r', "") == "first\nsecond\n");
        std::fs::write(world.path("go"), "").unwrap();
        terminal.expect("third");
        terminal.finish();
        assert_eq!(world.read("finished"), "ByItself 0", "{place}");
    }
}

#[test]
fn on_a_terminal_a_question_is_answered() {
    let world = world();
    let mut terminal =
        Terminal::start(world.script(&remedy(60_000, "printf \"sure? \"; read it; echo said $it")));
    terminal.expect("sure? ");
    terminal.press("yes\n");
    terminal.expect("said yes");
    terminal.finish();
}

/// It would wait for a key that it cannot get, until its deadline.
#[test]
fn a_remedy_that_asks_for_the_terminal_of_others_is_ended() {
    let world = world();
    let mut terminal = Terminal::start(world.script(&format!(
        "{} </dev/null; echo code $?",
        remedy(60_000, "echo ready; read x </dev/tty; echo got $x")
    )));
    terminal.expect("ready");
    terminal.expect("code 0");
    assert_eq!(world.read("finished"), "WantedTerminal 143");
}

#[test]
fn the_time_for_which_it_was_stopped_does_not_count() {
    let world = world();
    let mut shell = world.command("sh");
    shell.arg("-i");
    let mut terminal = Terminal::start(shell);
    terminal.press("stty -echo; echo $((40 + 2))\n");
    terminal.expect("42");
    terminal.press(&format!("{}\n", remedy(4000, "echo rea\"\"dy; read x; echo got $x")));
    terminal.expect("ready");
    terminal.press("\u{1a}");
    terminal.expect("Stopped");
    std::thread::sleep(Duration::from_millis(4500));
    terminal.press("fg\n");
    terminal.press("hello\n");
    terminal.expect("got hello");
    eventually("its end", || world.read("finished") == "ByItself 0");
}

#[test]
fn under_nohup_a_hangup_ends_nothing() {
    let world = world();
    let script = "echo ready; while [ ! -e go ]; do sleep 0.05; done; echo done";
    let mut us = world.script(&format!("exec nohup {}", remedy(60_000, script)));
    let mut us = us.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
    eventually("the remedy runs", || world.read("copy") == "ready\n");
    kill_process(Pid::from_child(&us), Signal::HUP).unwrap();
    std::thread::sleep(Duration::from_millis(300));
    std::fs::write(world.path("go"), "").unwrap();
    assert!(us.wait().unwrap().success());
    assert_eq!(world.read("finished"), "ByItself 0");
}
