//! Input that never ends, and input that is larger than memory should be.

use std::io::Write;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use rustix::process::{Pid, Signal, kill_process};

const MESSAGE: &str = "error: attribute 'elxir_1_17' missing\n";

fn start(home: &tempfile::TempDir) -> Child {
    Command::new(assert_cmd::cargo::cargo_bin!("envdoctor"))
        .args(["diagnose", "-"])
        .env_clear()
        .env("HOME", home.path())
        .current_dir(home.path())
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap()
}

/// Waits until all that was written is read.
fn drained(child: &Child) {
    while rustix::io::ioctl_fionread(child.stdin.as_ref().unwrap()).unwrap() > 0 {
        std::thread::sleep(Duration::from_millis(20));
    }
}

#[test]
fn a_signal_ends_the_reading_and_what_was_seen_is_told() {
    for signal in [Signal::INT, Signal::TERM] {
        let home = tempfile::tempdir().unwrap();
        let mut child = start(&home);
        child.stdin.as_ref().unwrap().write_all(MESSAGE.as_bytes()).unwrap();
        drained(&child);
        kill_process(Pid::from_child(&child), signal).unwrap();
        // The pipe stays open until the report is there.
        let open = child.stdin.take();
        let ran = child.wait_with_output().unwrap();
        drop(open);
        assert_eq!(ran.status.code(), Some(1), "{ran:?}");
        assert!(String::from_utf8_lossy(&ran.stdout).contains("missing-attribute"), "{ran:?}");
        assert!(String::from_utf8_lossy(&ran.stderr).contains("was read up to here"), "{ran:?}");
    }
}

/// The most memory that the process had, in MB.
#[cfg(target_os = "linux")]
fn most_memory(child: &Child) -> u64 {
    let status = std::fs::read_to_string(format!("/proc/{}/status", child.id())).unwrap();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap();
    line.trim().trim_end_matches(" kB").parse::<u64>().unwrap() / 1024
}

/// Not more, since the scan is slow where it is not optimised; what is held does not depend on it.
#[cfg(target_os = "linux")]
const MEGABYTES: usize = 64;

#[cfg(target_os = "linux")]
#[test]
fn memory_does_not_grow_with_the_input() {
    let line = format!("{}\n", "compiled lib/demo/a.ex in 12 ms ".repeat(4));
    for piece in [line.repeat(8192), line.replace('\n', " ").repeat(8192)] {
        let home = tempfile::tempdir().unwrap();
        let child = start(&home);
        let mut input = child.stdin.as_ref().unwrap();
        for at in 0..MEGABYTES {
            input.write_all(piece.as_bytes()).unwrap();
            if at == MEGABYTES / 2 {
                input.write_all(format!("\r{}\r", MESSAGE.trim_end()).as_bytes()).unwrap();
            }
        }
        drained(&child);
        let most = most_memory(&child);
        let ran = child.wait_with_output().unwrap();
        assert_eq!(ran.status.code(), Some(1), "{ran:?}");
        assert!(String::from_utf8_lossy(&ran.stdout).contains("elxir_1_17"), "{ran:?}");
        assert!(most <= 48, "{most} MB");
    }
}
