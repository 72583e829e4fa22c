//! What the command gets for its streams, and that bytes come through as they were.

use crate::terminal::Terminal;
use crate::world::World;

/// Says which of its streams are terminals, and in which size.
const LOOK: &str = r#"sh -c 'exec 3<&0 4<&1 5<&2; for fd in 3 4 5; do
    if [ -t $fd ]; then echo "$((fd - 3)) $(stty size <&$fd)" >>seen; else echo "$((fd - 3)) no" >>seen; fi
done'"#;

fn seen_on_a_terminal(script: &str) -> String {
    let world = World::new();
    let (code, screen) = Terminal::start(world.script(&script.replace("LOOK", LOOK))).finish();
    assert_eq!(code, 0, "{screen}");
    world.read("seen").replace('\n', ",")
}

#[test]
fn a_terminal_stays_a_terminal_and_nothing_else_becomes_one() {
    for (script, seen) in [
        ("$E run -- LOOK", "0 24 80,1 24 80,2 24 80,"),
        ("echo | $E run -- LOOK", "0 no,1 24 80,2 24 80,"),
        ("$E run -- LOOK | cat", "0 24 80,1 no,2 24 80,"),
        ("$E run -- LOOK > file", "0 24 80,1 no,2 24 80,"),
        ("$E run -- LOOK 2> file", "0 24 80,1 24 80,2 no,"),
        ("$E run -- LOOK 2>&1 | cat", "0 24 80,1 no,2 no,"),
        ("$E run -- LOOK < /dev/null > file 2>&1", "0 no,1 no,2 no,"),
    ] {
        assert_eq!(seen_on_a_terminal(script), seen, "{script}");
    }
}

#[test]
fn a_job_in_the_background_leaves_the_terminal_alone() {
    let seen = seen_on_a_terminal("set -m; $E run -- LOOK & wait $!; stty -a | grep -q ' icanon' || exit 9");
    assert_eq!(seen, "0 24 80,1 24 80,2 24 80,");
}

/// The same command prints the same to a terminal with and without us, in both ways to a terminal.
#[test]
fn what_a_terminal_shows_is_what_it_shows_without_us() {
    let world = World::new();
    let prints = r"printf 'a\nb\tc\rd\n\033[31mred\033[0m \377\000\n'";
    let on_terminal = |script: &str| Terminal::start(world.script(script)).finish().1;
    let alone = on_terminal(prints);
    assert!(alone.contains("a\r\nb\tc\rd\r\n\u{1b}[31mred"), "{alone:?}");
    assert_eq!(on_terminal(&format!("$E run -- {prints}")), alone);
    assert_eq!(on_terminal(&format!("echo | $E run -- {prints}")), alone);
    assert_eq!(
        on_terminal(&format!("$E run -- sh -c \"{} >&2\" | cat", prints.replace('\\', "\\\\"))),
        alone
    );
}

#[test]
fn a_tool_that_colours_only_for_terminals_still_does() {
    let world = World::new();
    let script = "printf 'a word\n' > file; env -u NO_COLOR TERM=xterm $E run -- grep --color=auto word file";
    let (_, screen) = Terminal::start(world.script(script)).finish();
    assert!(screen.contains('\u{1b}'), "{screen:?}");
    let output = world.run(script);
    assert_eq!(output.stdout, b"a word\n");
}

#[test]
fn twenty_megabytes_of_any_bytes_come_through() {
    let world = World::new();
    let make = "head -c 20000000 /dev/urandom > random";
    for use_it in [
        "$E run -- cat random | cmp - random",
        "$E run -- cat random > copy && cmp copy random",
        "$E run -- sh -c 'cat random >&2' 2>&1 >/dev/null | cmp - random",
        "cat random | $E run -- cat | cmp - random",
    ] {
        let output = world.run(&format!("test -f random || {make}; {use_it}"));
        assert!(output.status.success(), "{use_it}: {output:?}");
    }
}

/// More than one pipe holds, and nobody reads it until long after the command's end.
#[test]
fn a_slow_reader_gets_everything() {
    let world = World::new();
    let output = world.run("seq 1 18000 > numbers; $E run -- cat numbers | (sleep 1; cat) | cmp - numbers");
    assert!(output.status.success(), "{output:?}");
}

#[test]
fn a_slow_reader_of_one_stream_does_not_hold_up_the_other() {
    let world = World::new();
    let speak = "echo odd; yes & sleep 0.3; echo alive >&2; sleep 2; kill $!";
    world.run(&format!("$E run -- sh -c '{speak}' 2>errors | (sleep 1; cat errors >early; cat >/dev/null)"));
    assert_eq!(world.read("early"), "alive\n");
}

#[test]
fn much_output_right_before_the_end_reaches_a_terminal() {
    let world = World::new();
    let (code, screen) = Terminal::start(world.script("$E run -- seq 1 20000")).finish();
    assert_eq!(code, 0);
    let expected: String = (1..=20000).map(|number| format!("{number}\r\n")).collect();
    assert!(screen == expected, "{} of {} bytes", screen.len(), expected.len());
}

#[test]
fn stdout_and_stderr_to_one_place_keep_their_order() {
    let world = World::new();
    let speak = "i=0; while [ $i -lt 300 ]; do echo out $i; echo err $i >&2; i=$((i+1)); done";
    let expected: String = (0..300).map(|i| format!("out {i}\nerr {i}\n")).collect();
    let output = world.run(&format!("$E run -- sh -c '{speak}' 2>&1 | cat"));
    assert_eq!(String::from_utf8(output.stdout).unwrap(), expected);
    let (_, screen) = Terminal::start(world.script(&format!("$E run -- sh -c '{speak}'"))).finish();
    assert_eq!(screen.replace('\r', ""), expected);
}

#[test]
fn stdout_and_stderr_to_two_places_stay_apart() {
    let output = World::new().run("$E run -- sh -c 'echo out; echo err >&2'");
    assert_eq!((output.stdout.as_slice(), output.stderr.as_slice()), (&b"out\n"[..], &b"err\n"[..]));
}

#[test]
fn a_command_that_lets_go_of_its_terminal_can_open_it_again() {
    let world = World::new();
    let script = "$E run -- sh -c 'exec </dev/null >/dev/null 2>&1; sleep 0.3; echo back >/dev/tty'";
    let (code, screen) = Terminal::start(world.script(script)).finish();
    assert_eq!((code, screen.as_str()), (0, "back\r\n"));
}
