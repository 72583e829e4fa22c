//! How a command ends, and who else ends.

use std::time::{Duration, Instant};

use crate::terminal::Terminal;
use crate::world::World;

fn code_of(script: &str) -> i32 {
    World::new().run(script).status.code().unwrap()
}

#[test]
fn the_exit_code_is_the_commands_own() {
    assert_eq!(code_of("$E run -- true"), 0);
    assert_eq!(code_of("$E run -- sh -c 'exit 3'"), 3);
    assert_eq!(code_of("$E run -- sh -c 'kill -9 $$'"), 137);
    assert_eq!(code_of("$E run -- sh -c 'kill -TERM $$'"), 143);
    let world = World::new();
    assert_eq!(Terminal::start(world.script("$E run -- sh -c 'exit 3'")).finish().0, 3);
    assert_eq!(Terminal::start(world.script("$E run -- sh -c 'kill -9 $$'")).finish().0, 137);
}

#[test]
fn a_command_that_cannot_run_is_told_as_a_shell_does() {
    let world = World::new();
    world.run("echo text > text; printf '#!/no/such/interpreter\\n' > script; chmod +x script");
    for (command, code, says) in [
        ("no-such-program", 127, "cannot run `no-such-program`: no such program on PATH"),
        ("./no-such-file", 127, "cannot run `./no-such-file`: no such file"),
        ("./script", 127, "cannot run `./script`: the file is there, but the interpreter"),
        ("./text", 126, "cannot run `./text`: it is not an executable file"),
    ] {
        let output = world.run(&format!("$E run -- {command}"));
        assert_eq!(output.status.code(), Some(code), "{command}");
        let said = String::from_utf8(output.stderr).unwrap();
        assert!(said.contains(says), "{said}");
        let (code_on_terminal, screen) =
            Terminal::start(world.script(&format!("$E run -- {command}"))).finish();
        assert_eq!(code_on_terminal, code, "{command}");
        assert!(screen.contains(says), "{screen}");
    }
}

#[test]
fn something_left_running_does_not_hold_us_up() {
    for script in [
        "$E run -- sh -c 'sleep 20 & echo $! >left; echo said' | cat; kill $(cat left)",
        "$E run -- sh -c '(while :; do echo more; sleep 0.05; done) & echo $! >left; echo said' | cat; kill $(cat left)",
    ] {
        let started = Instant::now();
        let output = World::new().run(script);
        assert!(started.elapsed() < Duration::from_secs(10), "{script}");
        assert!(String::from_utf8(output.stdout).unwrap().contains("said\n"), "{script}");
    }
}

#[test]
fn a_reader_who_has_enough_ends_the_command_and_not_us() {
    let world = World::new();
    let output = world.run("{ $E run -- yes 2>errors; echo $? >code; } | head -1");
    assert_eq!(output.stdout, b"y\n");
    assert_eq!(world.read("code"), "141\n");
    assert!(!world.read("errors").contains("panicked"));
}

#[test]
fn a_reader_who_has_enough_leaves_the_other_stream_alone() {
    let world = World::new();
    world.run("$E run -- sh -c 'trap \"\" PIPE; for i in 1 2 3; do echo out; sleep 0.1; done 2>/dev/null; echo err >&2' 2>errors | true");
    assert!(world.read("errors").starts_with("err\n"), "{}", world.read("errors"));
}
