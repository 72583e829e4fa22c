//! Signals that are sent to us.

use std::io::{BufRead, BufReader};
use std::os::unix::process::ExitStatusExt;
use std::process::Stdio;

use rustix::process::{Pid, Signal, kill_process};

use crate::terminal::Terminal;
use crate::world::{World, eventually};

fn handler(name: &str) -> String {
    format!("trap 'echo caught {name} >>seen; exit 7' {name}; echo ready; while :; do sleep 0.1; done")
}

#[test]
fn a_request_to_end_is_forwarded_and_the_command_has_the_last_word() {
    for (name, signal) in [("TERM", Signal::TERM), ("HUP", Signal::HUP)] {
        let world = World::new();
        let mut command = world.command(assert_cmd::cargo::cargo_bin!("envdoctor").to_str().unwrap());
        command.args(["run", "--", "sh", "-c", &handler(name)]);
        let mut child = command.stdin(Stdio::null()).stdout(Stdio::piped()).spawn().unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
        assert_eq!(line, "ready\n");
        kill_process(Pid::from_child(&child), signal).unwrap();
        assert_eq!(child.wait().unwrap().code(), Some(7));
        assert_eq!(world.read("seen"), format!("caught {name}\n"));
    }
}

#[test]
fn signals_sent_to_us_reach_a_command_in_a_session_of_its_own() {
    for (name, signal) in [("TERM", Signal::TERM), ("INT", Signal::INT)] {
        let world = World::new();
        let mut command = world.command(assert_cmd::cargo::cargo_bin!("envdoctor").to_str().unwrap());
        command.args(["run", "--", "sh", "-c", &handler(name)]);
        let mut terminal = Terminal::start(command);
        terminal.expect("ready");
        kill_process(terminal.pid(), signal).unwrap();
        assert_eq!(terminal.finish().0, 7);
        assert_eq!(world.read("seen"), format!("caught {name}\n"));
    }
}

#[test]
fn a_terminal_that_closes_hangs_up_on_the_command() {
    let world = World::new();
    let mut terminal = Terminal::start(world.script(&format!("$E run -- sh -c \"{}\"", handler("HUP"))));
    terminal.expect("ready");
    drop(terminal);
    eventually("the command hears of it", || world.read("seen") == "caught HUP\n");
}

#[test]
fn an_interrupt_sent_to_a_whole_pipeline_is_left_to_the_command() {
    let world = World::new();
    let mut terminal = Terminal::start(
        world.script(&format!("trap : INT; echo | $E run -- sh -c \"{}\"; echo code $?", handler("INT"))),
    );
    terminal.expect("ready");
    terminal.press("\u{3}");
    terminal.expect("code 7");
    assert_eq!(world.read("seen"), "caught INT\n");
}

/// Natively the command would die at once; nobody reads what it printed.
#[test]
fn a_request_to_end_is_heard_while_the_reader_sleeps() {
    let world = World::new();
    let mut command = world.command(assert_cmd::cargo::cargo_bin!("envdoctor").to_str().unwrap());
    command.args(["run", "--", "sh", "-c", "echo odd; echo $$ >pid; sleep 0.1; exec yes"]);
    let mut child =
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
    eventually("the command runs", || world.read("pid").ends_with('\n'));
    std::thread::sleep(std::time::Duration::from_millis(300));
    kill_process(Pid::from_child(&child), Signal::TERM).unwrap();
    eventually("the end", || child.try_wait().unwrap().is_some());
    let status = child.wait().unwrap();
    assert_eq!(status.code().or(status.signal().map(|signal| 128 + signal)), Some(143));
}

#[test]
fn a_command_under_nohup_still_ignores_the_hangup() {
    let world = World::new();
    let output = world.run("nohup $E run -- sh -c 'kill -HUP $$; echo alive' 2>/dev/null");
    assert_eq!(output.stdout, b"alive\n");
}
