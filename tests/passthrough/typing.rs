//! Keys reach the command as without us.

use std::time::Duration;

use crate::terminal::Terminal;
use crate::world::{World, eventually};

#[test]
fn a_prompt_without_a_newline_appears_and_is_answered() {
    let world = World::new();
    let ask = r#"sh -c 'printf "name? "; read name; echo "hello $name"'"#;
    for script in [format!("$E run -- {ask}"), format!("{{ $E run -- {ask} 1>&2; }} | cat")] {
        let mut terminal = Terminal::start(world.script(&script));
        terminal.expect("name? ");
        terminal.press("bob\n");
        terminal.expect("hello bob");
        assert_eq!(terminal.finish().0, 0, "{script}");
    }
}

#[test]
fn what_is_typed_is_echoed_once_and_a_password_never() {
    let world = World::new();
    let mut terminal = Terminal::start(world.script(
        "$E run -- sh -c 'echo ready; read open; stty -echo; echo secret?; read secret; echo $open-$secret'",
    ));
    terminal.expect("ready");
    terminal.press("abc\n");
    terminal.expect("secret?");
    terminal.press("xyz\n");
    let (_, screen) = terminal.finish();
    assert_eq!(screen, "ready\r\nabc\r\nsecret?\r\nabc-xyz\r\n");
}

#[test]
fn the_end_of_input_is_typed() {
    let world = World::new();
    let mut terminal = Terminal::start(world.script("$E run -- cat; echo code $?"));
    terminal.press("line\n");
    terminal.expect("line\r\nline");
    terminal.press("\u{4}");
    terminal.expect("code 0");
}

#[test]
fn ctrl_c_and_ctrl_backslash_end_the_command() {
    let world = World::new();
    for (key, code) in [("\u{3}", 130), ("\u{1c}", 131)] {
        let mut terminal = Terminal::start(world.script(
            "trap : INT QUIT; ulimit -c 0; $E run -- sh -c 'echo ready; exec sleep 60'; echo code $?",
        ));
        terminal.expect("ready");
        terminal.press(key);
        terminal.expect(&format!("code {code}"));
    }
}

#[test]
fn ctrl_c_ends_a_command_in_a_pipeline() {
    let world = World::new();
    let mut terminal = Terminal::start(
        world.script("trap : INT; echo | $E run -- sh -c 'echo ready; exec sleep 60'; echo code $?"),
    );
    terminal.expect("ready");
    terminal.press("\u{3}");
    terminal.expect("code 130");
}

#[test]
fn a_command_that_handles_ctrl_c_goes_on() {
    let world = World::new();
    let mut terminal = Terminal::start(world.script(
        r#"trap : INT; $E run -- sh -c 'trap "echo caught; exit 4" INT; echo ready; while :; do sleep 0.1; done'; echo code $?"#,
    ));
    terminal.expect("ready");
    terminal.press("\u{3}");
    terminal.expect("caught");
    terminal.expect("code 4");
}

/// In both ways to a terminal: the shell takes over, and `fg` brings the command back.
#[test]
fn ctrl_z_stops_the_command_and_fg_continues_it() {
    let world = World::new();
    for start in ["$E run --", "echo | $E run --"] {
        let mut shell = world.command("sh");
        shell.arg("-i");
        let mut terminal = Terminal::start(shell);
        terminal.press("stty -echo; echo $((40 + 2))\n");
        terminal.expect("42");
        terminal.press(&format!(
            "{start} sh -c 'echo rea\"\"dy; sleep 1; read x </dev/tty; echo got $x; stty size </dev/tty'\n"
        ));
        terminal.expect("ready");
        terminal.press("\u{1a}");
        terminal.expect("Stopped");
        terminal.press("echo $((50 + 2))\n");
        terminal.expect("52");
        terminal.resize(30, 90);
        terminal.press("fg\n");
        terminal.press("hello\n");
        terminal.expect("got hello");
        terminal.expect("30 90");
        terminal.expect("$ ");
        terminal.press("exit\n");
        terminal.finish();
    }
}

#[test]
fn ctrl_z_stops_what_runs_beside_the_command_as_well() {
    let world = World::new();
    let mut shell = world.command("sh");
    shell.arg("-i");
    let mut terminal = Terminal::start(shell);
    terminal.press(
        "$E run -- sh -c '(while :; do echo . >>ticks; sleep 0.05; done) & echo rea\"\"dy; read x; kill $!'\n",
    );
    terminal.expect("ready");
    terminal.press("\u{1a}");
    terminal.expect("Stopped");
    let ticks = world.read("ticks");
    std::thread::sleep(Duration::from_millis(500));
    assert_eq!(world.read("ticks"), ticks);
    terminal.press("fg\n");
    eventually("it goes on", || world.read("ticks") > ticks);
    terminal.press("\n");
}

#[test]
fn a_new_window_size_reaches_the_command() {
    let world = World::new();
    let wait = r#"sh -c 'trap "stty size <&1" WINCH; echo ready; while :; do sleep 0.1; done'"#;
    for start in ["$E run --", "echo | $E run --"] {
        let mut terminal = Terminal::start(world.script(&format!("{start} {wait}")));
        terminal.expect("ready");
        terminal.resize(40, 100);
        terminal.expect("40 100");
    }
}

#[test]
fn the_terminal_is_raw_meanwhile_and_as_before_afterwards() {
    let world = World::new();
    let script = "stty erase ^H -echoctl; stty -g > before
        $E run -- sh -c 'stty raw; echo ready; read x; kill -9 $$'; stty -g > after
        $E run -- no-such-program; stty -g > failed";
    let mut terminal = Terminal::start(world.script(script));
    terminal.expect("ready");
    terminal.expect_raw();
    terminal.press("\n");
    terminal.finish();
    assert!(!world.read("before").is_empty());
    assert_eq!(world.read("after"), world.read("before"));
    assert_eq!(world.read("failed"), world.read("before"));
}

/// Read by nobody, a long paste must not keep the command's output from the screen.
#[test]
fn a_paste_that_nobody_reads_holds_nothing_up() {
    let world = World::new();
    let mut terminal =
        Terminal::start(world.script("$E run -- sh -c 'stty raw -echo; echo ready; sleep 1; echo done'"));
    terminal.expect("ready");
    terminal.expect_raw();
    terminal.press_until_full();
    terminal.expect("done");
    assert_eq!(terminal.finish().0, 0);
}
