//! Running a program to learn what it prints, within a deadline that nothing it does can stretch.

#![allow(clippy::disallowed_methods)]

mod running;
mod stream;

use std::fs;
use std::io::ErrorKind;
use std::os::unix::process::{CommandExt, ExitStatusExt};
use std::path::Path;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::mpsc::{self, Receiver, Sender};
use std::thread;
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, WaitId, WaitIdOptions, kill_process_group, waitid};

pub(super) use self::running::Running;

pub(super) use self::stream::Stream;

use self::stream::drain;
use super::super::Reply;
use super::ask::unanswered;
use crate::facts::Reading;

/// How long a pipe that something else still holds is listened to after the program's end.
const GRACE: Duration = Duration::from_millis(100);

/// A program that came to its end, and what it printed.
pub(super) struct Printed {
    pub(super) status: ExitStatus,
    pub(super) stdout: Stream,
    pub(super) stderr: Stream,
}

/// Runs a program in a folder, in the language that its output is read in.
pub(super) fn run(argv: &[String], folder: &Path, deadline: Duration, running: &Running) -> Reading<Reply> {
    let run = await_end(argv, folder, deadline, running, &[("LC_ALL", "C.UTF-8")]);
    run.and_then(|Printed { status, stdout, stderr }| match status.success() {
        true => match (stdout.text(), stderr.text()) {
            (Some(stdout), stderr) => {
                Reading::Present(Reply::Output { stdout, stderr: stderr.unwrap_or_default() })
            }
            (None, _) => Reading::NotText,
        },
        false => Reading::Failed {
            code: status.code(),
            stderr: match status.signal() {
                Some(signal) => format!("killed by signal {signal}"),
                None => stderr.lossy_or(&stdout),
            },
        },
    })
}

/// Runs a program to its end, or to the deadline.
pub(super) fn await_end(
    argv: &[String],
    folder: &Path,
    deadline: Duration,
    running: &Running,
    variables: &[(&str, &str)],
) -> Reading<Printed> {
    let Some((program, arguments)) = argv.split_first() else {
        return Reading::failed("no program was named");
    };
    let begun = Instant::now();
    let mut command = Command::new(program);
    command
        .args(arguments)
        .envs(variables.iter().copied())
        .current_dir(folder)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .process_group(0);
    let kills = running.groups().kills;
    let mut child = match command.spawn() {
        Ok(child) => child,
        // The file is there, but what it names to run it is not: a script's interpreter, a program's loader.
        Err(error) if error.kind() == ErrorKind::NotFound && fs::metadata(program).is_ok() => {
            return Reading::failed(format!("{program}: its interpreter or loader is not there"));
        }
        Err(error) => return unanswered(&error),
    };
    let group = i32::try_from(child.id()).ok().and_then(Pid::from_raw);
    running.add(group, kills);
    let (send, events) = mpsc::channel();
    let stdout = drain(child.stdout.take(), send.clone());
    let stderr = drain(child.stderr.take(), send.clone());
    await_exit(group, send);

    let ended = wait(&events, begun, deadline);
    if ended != Ended::Quietly {
        // The program has not been reaped yet, so that the group's number is still its own.
        let _ = group.map(|group| kill_process_group(group, Signal::KILL));
    }
    running.remove(group);
    match ended {
        Ended::Not => {
            reap(child);
            Reading::TimedOut(u64::try_from(deadline.as_millis()).unwrap_or(u64::MAX))
        }
        Ended::Quietly | Ended::WithPipesHeld => match child.wait() {
            Ok(status) => Reading::Present(Printed { status, stdout, stderr }),
            Err(error) => unanswered(&error),
        },
    }
}

enum Event {
    Exited,
    StreamEnded,
}

#[derive(PartialEq)]
enum Ended {
    /// The program and both its streams.
    Quietly,
    /// The program, but something that it started still holds a stream.
    WithPipesHeld,
    /// It still runs at the deadline.
    Not,
}

fn wait(events: &Receiver<Event>, begun: Instant, deadline: Duration) -> Ended {
    let (mut exited, mut streams) = (false, 2);
    let mut until = begun + deadline;
    while !exited || streams > 0 {
        match events.recv_timeout(until.saturating_duration_since(Instant::now())) {
            Ok(Event::Exited) => {
                exited = true;
                until = until.min(Instant::now() + GRACE);
            }
            Ok(Event::StreamEnded) => streams -= 1,
            Err(_) if exited => return Ended::WithPipesHeld,
            Err(_) => return Ended::Not,
        }
    }
    Ended::Quietly
}

/// Says when the program has ended, without reaping it.
fn await_exit(pid: Option<Pid>, send: Sender<Event>) {
    thread::spawn(move || {
        if let Some(pid) = pid {
            let _ = waitid(WaitId::Pid(pid), WaitIdOptions::EXITED | WaitIdOptions::NOWAIT);
        }
        let _ = send.send(Event::Exited);
    });
}

/// Reaps a killed program apart, since one that hangs in the kernel ends only when the kernel lets it.
fn reap(mut child: Child) {
    thread::spawn(move || {
        let _ = child.wait();
    });
}

#[cfg(test)]
mod tests {
    use super::stream::KEPT;
    use super::*;

    fn sh(script: &str, deadline: u64) -> (Reading<Reply>, Duration) {
        let begun = Instant::now();
        let argv = ["sh", "-c", script].map(str::to_owned);
        (run(&argv, Path::new("/"), Duration::from_millis(deadline), &Running::default()), begun.elapsed())
    }

    fn stdout(reading: Reading<Reply>) -> String {
        match reading {
            Reading::Present(Reply::Output { stdout, .. }) => stdout,
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn gives_what_the_program_prints() {
        let (reading, _) = sh("echo out; echo err >&2; echo $LC_ALL", 5000);
        assert_eq!(
            reading,
            Reading::Present(Reply::Output { stdout: "out\nC.UTF-8\n".into(), stderr: "err\n".into() })
        );
    }

    #[test]
    fn keeps_the_exit_status_of_a_failure_and_what_it_said() {
        let (reading, _) = sh("echo why >&2; exit 3", 5000);
        assert_eq!(reading, Reading::Failed { code: Some(3), stderr: "why\n".into() });
        let (reading, _) = sh("echo only here; exit 4", 5000);
        assert_eq!(reading, Reading::Failed { code: Some(4), stderr: "only here\n".into() });
        let (reading, _) = sh("kill -9 $$", 5000);
        assert_eq!(reading, Reading::Failed { code: None, stderr: "killed by signal 9".into() });
    }

    #[test]
    fn kills_a_program_that_hangs_with_all_it_started() {
        let folder = tempfile::tempdir().unwrap();
        let mark = folder.path().join("mark");
        let script = format!("(sleep 2; touch '{}') & trap '' TERM; sleep 30", mark.display());
        let (reading, took) = sh(&script, 200);
        assert_eq!(reading, Reading::TimedOut(200));
        assert!(took < Duration::from_millis(1800), "{took:?}");
        thread::sleep(Duration::from_millis(2300));
        assert!(!mark.exists(), "a grandchild outlived its group");
    }

    #[test]
    fn what_still_runs_can_be_killed_with_all_it_started() {
        let folder = tempfile::tempdir().unwrap();
        let mark = folder.path().join("mark");
        let running = Running::default();
        let script = format!("(sleep 2; touch '{}') & sleep 30", mark.display());
        let argv = ["sh".to_owned(), "-c".to_owned(), script];
        let waiting = thread::spawn({
            let running = running.clone();
            move || run(&argv, Path::new("/"), Duration::from_secs(20), &running)
        });
        let begun = Instant::now();
        while running.groups().numbers.is_empty() {
            assert!(begun.elapsed() < Duration::from_secs(5), "it was never started");
            thread::sleep(Duration::from_millis(5));
        }
        thread::sleep(Duration::from_millis(100));
        running.kill();
        assert!(matches!(waiting.join().unwrap(), Reading::Failed { code: None, .. }));
        assert!(running.groups().numbers.is_empty());
        thread::sleep(Duration::from_millis(2300));
        assert!(!mark.exists(), "a grandchild outlived its group");
    }

    #[test]
    fn a_program_that_starts_while_all_are_killed_is_killed_too() {
        let running = Running::default();
        let mut child = Command::new("sleep").arg("30").process_group(0).spawn().unwrap();
        let before = running.groups().kills;
        running.kill();
        running.add(Pid::from_raw(i32::try_from(child.id()).unwrap()), before);
        assert_eq!(child.wait().unwrap().signal(), Some(9));
    }

    #[test]
    fn a_flood_is_cut_and_does_not_hold_the_program_up() {
        let (reading, _) = sh("yes ö | head -c 3000001", 10_000);
        let text = stdout(reading);
        assert!(text.len() <= KEPT && text.len() > KEPT - 4, "{}", text.len());
        let (reading, took) = sh("yes", 200);
        assert_eq!(reading, Reading::TimedOut(200));
        assert!(took < Duration::from_millis(1800), "{took:?}");
    }

    #[test]
    fn a_daemon_that_holds_the_pipe_is_not_waited_for() {
        for daemon in ["sleep 20 &", "setsid sleep 20 &"] {
            let (reading, took) = sh(&format!("{daemon} echo ready"), 10_000);
            assert_eq!(stdout(reading), "ready\n");
            assert!(took < Duration::from_secs(2), "{daemon} {took:?}");
        }
    }

    #[test]
    fn output_that_is_no_text_is_said_to_be_so() {
        assert_eq!(sh(r"printf '\377\376'", 5000).0, Reading::NotText);
        let (reading, _) = sh(r"printf '\377 no' >&2; exit 1", 5000);
        assert_eq!(reading, Reading::Failed { code: Some(1), stderr: "\u{fffd} no".into() });
    }

    #[test]
    fn what_cannot_be_started() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("plain");
        std::fs::write(&file, "no program").unwrap();
        let word = |path: &std::path::Path| vec![path.display().to_string()];
        let run = |argv: &[String]| run(argv, Path::new("/"), Duration::from_secs(5), &Running::default());
        assert_eq!(run(&word(&file)), Reading::Denied);
        assert_eq!(run(&word(&folder.path().join("none"))), Reading::Absent);
        assert!(matches!(run(&[]), Reading::Failed { .. }));
        assert!(matches!(run(&["a\0b".to_owned()]), Reading::Failed { .. }));
    }

    #[test]
    fn does_not_wait_for_input() {
        let (reading, _) = sh("cat; echo done", 5000);
        assert_eq!(stdout(reading), "done\n");
    }
}
