//! What `diagnose` is given: nothing, a folder, a program, a pipe. A clear answer each, and the right exit code.

use std::{fs, thread, time::Instant};

use crate::lab::{Lab, output::Ran};

/// What real Nix 2.26 prints of a derivation with a wrong hash, after four lines of something else.
pub(crate) const LOG: &str = "Checking out the repository
Fetching the cache

this derivation will be built:
  /nix/store/8w24gp0l0ldn8zkwmbf1q5scx2yvqm1c-greeting.drv
building '/nix/store/8w24gp0l0ldn8zkwmbf1q5scx2yvqm1c-greeting.drv'...
error: hash mismatch in fixed-output derivation '/nix/store/8w24gp0l0ldn8zkwmbf1q5scx2yvqm1c-greeting.drv':
         specified: sha256-AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=
            got:    sha256-WJG1tSLV3whtD/CxEPvZ0hu0/HFjrzTQgoai6Eb2vgM=
";

/// The line of [`LOG`] on which the failure starts.
pub(crate) const LINE: u64 = 7;

fn lab() -> Lab {
    Lab::host(&[]).expect("a lab on this machine needs no tools")
}

/// A usage error that says what is wrong with which input, and prints no report.
#[track_caller]
fn refuses(ran: &Ran, name: &str, reason: &[&str]) {
    ran.exits(2).complains(name);
    let said = ran.stderr.to_lowercase();
    ran.must(
        reason.iter().any(|word| said.contains(word)),
        &format!("stderr must give a reason: {reason:?}"),
    );
    ran.must(ran.stdout.is_empty(), "stdout must be empty");
}

#[test]
fn nothing_to_read() {
    let lab = lab();
    lab.doctor_with(&["diagnose", "-"], b"\n").exits(0);
    lab.doctor_with(&["diagnose", "-"], b"").exits(0);
    lab.doctor_with(&["diagnose"], b"").exits(0);
    lab.write("empty.log", "");
    let empty = lab.doctor(&["diagnose", "--format", "json", "empty.log"]);
    assert!(empty.exits(0).report().roots().is_empty());
}

#[test]
fn standard_input_and_files_alike() {
    let lab = lab();
    lab.write("build.log", LOG);
    let json = ["diagnose", "--format", "json"];
    for arguments in [&json[..], &["diagnose", "--format", "json", "-"]] {
        lab.doctor_with(arguments, LOG.as_bytes()).exits(1).report().first("fixed-output-hash-mismatch");
    }
    lab.doctor(&["diagnose", "--format", "json", "build.log"])
        .exits(1)
        .report()
        .first("fixed-output-hash-mismatch");
    lab.doctor(&["diagnose", "build.log"]).exits(1).shows("fixed-output-hash-mismatch");
}

#[test]
fn what_is_no_log() {
    let lab = lab();
    fs::create_dir(lab.project().join("folder")).unwrap();
    refuses(&lab.doctor(&["diagnose", "folder"]), "folder", &["director", "folder"]);
    refuses(
        &lab.doctor(&["diagnose", "absent.log"]),
        "absent.log",
        &["no such", "not found", "does not exist"],
    );
    refuses(&lab.doctor(&["diagnose", "/bin/sh"]), "/bin/sh", &["text"]);
    let binary = fs::read("/bin/sh").unwrap();
    refuses(&lab.doctor_with(&["diagnose", "-"], &binary), "", &["text"]);
}

#[test]
fn file_that_may_not_be_read() {
    let Some(lab) = Lab::host(&["setpriv"]) else { return };
    if !rustix::process::geteuid().is_root() {
        return;
    }
    // Root reads everything, so the reader must be somebody else, in a folder that anybody may enter.
    lab.write("secret.log", LOG);
    lab.run(&["chmod", "-R", "a+rX", ".."]).exits(0);
    lab.run(&["chmod", "600", "secret.log"]).exits(0);
    fs::copy(assert_cmd::cargo::cargo_bin!("envdoctor"), lab.path("anybody")).unwrap();
    let doctor = lab.inside("anybody");
    let nobody = ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups", &doctor];
    let ran = lab.run(&[&nobody[..], &["diagnose", "secret.log"]].concat());
    refuses(&ran, "secret.log", &["permission", "denied", "may not be read"]);
}

#[test]
fn bytes_that_are_no_utf_8() {
    let lab = lab();
    let mut log = b"caf\xe9 \xff\xfe\r\n".to_vec();
    log.extend(LOG.replace('\n', "\r\n").bytes());
    let ran = lab.doctor_with(&["diagnose", "--format", "json", "-"], &log);
    ran.exits(1).report().first("fixed-output-hash-mismatch");
}

#[test]
fn pipe_with_a_writer() {
    let Some(lab) = Lab::host(&["mkfifo"]) else { return };
    lab.run(&["mkfifo", "pipe"]).exits(0);
    let pipe = lab.project().join("pipe");
    // Opening waits for the reader.
    let writer = thread::spawn(move || fs::write(pipe, LOG));
    lab.doctor(&["diagnose", "--format", "json", "pipe"])
        .exits(1)
        .report()
        .first("fixed-output-hash-mismatch");
    writer.join().unwrap().unwrap();
}

#[test]
fn pipe_without_a_writer() {
    let Some(lab) = Lab::host(&["mkfifo"]) else { return };
    lab.run(&["mkfifo", "pipe"]).exits(0);
    let start = Instant::now();
    let ran = lab.doctor(&["diagnose", "pipe"]);
    refuses(&ran, "pipe", &["writes", "writer", "no data", "nothing", "timed out", "no answer"]);
    assert!(start.elapsed().as_secs() < 20, "it waited {:?}", start.elapsed());
}
