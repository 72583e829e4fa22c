//! The line that names what is waited for.

use std::fs;
use std::process::Stdio;
use std::time::Duration;

use crate::terminal::Terminal;
use crate::tools::project;
use crate::world::{World, eventually};

const ERASED: &str = "\r\u{1b}[2K";

/// A project whose Nix answers nothing.
fn slow() -> World {
    let world = project();
    world.write("project/flake.nix", "{ outputs = { self, nixpkgs }: { }; }\n");
    world.program("nix", "echo $$ > \"$HOME/nix.pid\"; exec sleep 60");
    world
}

#[test]
fn it_names_what_is_waited_for_and_leaves_nothing_behind() {
    let world = slow();
    let mut terminal = Terminal::start(world.doctor(&["check", "--timeout", "1"]));
    terminal.expect("asking: ");
    terminal.expect("nix");
    terminal.expect(" s");
    let (_, screen) = terminal.finish();
    let last = screen.rfind("asking: ").unwrap();
    let (line, behind) = screen[last..].split_once(ERASED).expect("it is erased");
    assert!(!line.contains('\n'), "it is one line: {line:?}");
    assert!(
        !behind.contains("asking") && behind.contains("rules, "),
        "the report stands behind it:\n{screen}"
    );
    assert!(!screen.contains("\u{1b}[?25l"), "the cursor stays");
}

#[test]
fn who_answers_at_once_is_not_named() {
    let world = project();
    let (_, screen) = Terminal::start(world.doctor(&["facts", "env.HOME"])).finish();
    assert!(!screen.contains("asking") && !screen.contains(ERASED), "{screen}");
}

#[test]
fn nothing_is_drawn_where_nobody_wants_to_see_it() {
    let quiet: [(&[&str], (&str, &str)); 6] = [
        (&["--plain"], ("A", "")),
        (&["--quiet"], ("A", "")),
        (&[], ("TERM", "dumb")),
        (&[], ("CI", "true")),
        (&[], ("ENVDOCTOR_PLAIN", "1")),
        (&["--format", "json", "--quiet"], ("A", "")),
    ];
    std::thread::scope(|scope| {
        for (options, (name, value)) in quiet {
            scope.spawn(move || {
                let world = slow();
                let mut doctor = world.doctor(&["check", "--timeout", "0.7"]);
                doctor.args(options).env(name, value);
                let (_, screen) = Terminal::start(doctor).finish();
                assert!(
                    !screen.contains("asking") && !screen.contains(ERASED),
                    "{options:?} {name}={value}:\n{screen}"
                );
            });
        }
    });
    let output = slow().doctor(&["check", "--timeout", "0.7"]).stdin(Stdio::null()).output().unwrap();
    assert!(!String::from_utf8_lossy(&output.stderr).contains("asking"));
}

#[test]
fn control_c_erases_it_and_ends_what_was_asked() {
    let world = slow();
    let mut terminal = Terminal::start(world.doctor(&["check", "--timeout", "30"]));
    terminal.expect("asking: ");
    eventually("nix runs", || world.path("nix.pid").exists());
    terminal.press("\u{3}");
    let (code, screen) = terminal.finish();
    assert_eq!(code, 130, "{screen}");
    let (_, behind) = screen.rsplit_once(ERASED).expect("it is erased");
    assert!(behind.trim().is_empty(), "nothing stands behind it: {behind:?}");
    let pid = fs::read_to_string(world.path("nix.pid")).unwrap();
    eventually("nix ends", || !alive(pid.trim()));
}

/// Whether a process runs, and is not only waited for by its parent.
fn alive(pid: &str) -> bool {
    let stat = fs::read_to_string(format!("/proc/{pid}/stat")).unwrap_or_default();
    stat.rsplit(')').next().and_then(|rest| rest.split_whitespace().next()).is_some_and(|state| state != "Z")
}

#[test]
fn a_deep_check_names_the_commands_that_run() {
    let world = project();
    world.program(
        "mix",
        "case \"$1\" in deps.loadpaths) sleep 1.2; echo '** (Mix) jammed' >&2; exit 1;; esac",
    );
    let trusted = world.doctor(&["trust", "--yes"]).output().unwrap();
    assert!(trusted.status.success(), "{trusted:?}");
    let mut terminal = Terminal::start(world.doctor(&["check", "--deep"]));
    terminal.expect("asking: mix deps.loadpaths --no-compile … ");
    let (_, screen) = terminal.finish();
    let (_, behind) = screen.rsplit_once(ERASED).expect("it is erased");
    assert!(behind.contains("jammed"), "{screen}");
}

#[test]
fn versions_and_facts_are_waited_for_too() {
    let world = project();
    world.write("project/.nvmrc", "22\n");
    world.program("node", "sleep 1; echo v22.1.0");
    for args in [&["versions"], &["facts"]] {
        let mut terminal = Terminal::start(world.doctor(args));
        terminal.expect("asking: ");
        let (_, screen) = terminal.finish();
        assert!(!screen.rsplit_once(ERASED).unwrap().1.contains("asking"), "{screen}");
        // What it said is remembered otherwise.
        fs::remove_dir_all(world.path("envdoctor")).ok();
        std::thread::sleep(Duration::from_millis(10));
    }
}

#[test]
fn what_is_required_is_waited_for_too() {
    let world = project();
    world.write("project/envdoctor.yaml", "require: {commands: [{run: [slowly], timeout: 2}]}\n");
    world.program("slowly", "exec sleep 60");
    assert!(world.doctor(&["trust", "--yes"]).output().unwrap().status.success());
    let mut terminal = Terminal::start(world.doctor(&["check", "--only", "require"]));
    terminal.expect("asking: slowly");
    let (_, screen) = terminal.finish();
    let last = screen.rfind("asking: ").unwrap();
    assert!(screen[last..].contains(ERASED), "{screen}");
}
