//! Verdicts on machines that are recordings: nothing is asked of the machine that the tests run on.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use super::*;
use crate::machine::{Recorded, Recording};
use crate::probes::Inquiry;
use crate::require::{Owner, examine, read};
use crate::rules::{Reader, Source};

fn requirements(text: &str, owner: Owner) -> Vec<Requirement> {
    let text = format!("require:\n{text}\n");
    let mut reader = Reader::new(Source { name: "envdoctor.yaml".to_owned(), text });
    let root = reader.document().unwrap();
    let node = &reader.entries(&root)[0].1;
    let read = read(&mut reader, node, owner);
    assert!(reader.problems.is_empty(), "{:?}", reader.problems);
    read
}

/// What comes of requirements on a machine, one line each.
fn verdicts_as(owner: Owner, trust: Trust, machine: &str, text: &str) -> Vec<String> {
    let machine = format!("project: /home/user/app\n{machine}");
    let recording = Recording::parse(&machine, "m.yaml").unwrap();
    let inquiry =
        Inquiry::new(Arc::new(Recorded::new(&recording)), &recording.project, Duration::from_secs(20));
    let requirements = requirements(text, owner);
    let judged = examine(
        &inquiry,
        Path::new("/home/user/app"),
        &requirements,
        &trust,
        &Facts::default(),
        Duration::from_secs(20),
    );
    let told = judged.into_iter().map(|judged| match judged.verdict {
        Verdict::Met => "met".to_owned(),
        Verdict::Unmet(unmet) => format!("{}: {} / {}", unmet.rule, unmet.seen, unmet.wanted),
        Verdict::Unknown(why) => format!("unknown: {why}"),
    });
    told.collect()
}

fn verdicts(machine: &str, text: &str) -> Vec<String> {
    verdicts_as(Owner::Project, Trust::Given, &format!("otherwise: absent\n{machine}"), text)
}

#[test]
fn what_a_recording_does_not_hold_is_unknown() {
    let text = "  env: [A]\n  files: [a, {path: b, contains: x}]\n  commands: [jq, {run: [jq]}]\n  ports: [1, {port: 2, host: 127.0.0.1, free: true}]\n  \
                http: [\"http://localhost/\"]\n  services: [postgresql]\n  processes: [x]\n  packages: [git]\n  users: [x]\n  \
                groups: [x]\n  addresses: [\"a:1\", {address: \"a:1\", absent: true}]\n  dns: [a]\n  mounts: [/]\n  sysctl: [{name: a, equals: b}]\n  \
                facts: [cpu.count]\n  elixir: any\n  postgresql: {port: 5432}\n";
    let verdicts = verdicts_as(Owner::Project, Trust::Given, "", text);
    assert_eq!(verdicts.len(), 21);
    for verdict in verdicts {
        assert!(verdict.starts_with("unknown: "), "{verdict}");
    }
}

#[test]
fn tools() {
    let machine = "which: {git: /usr/bin/git}\nruns:\n- {argv: [/usr/bin/git, --version], stdout: \"git version 2.39.5\\n\"}\n";
    let text = "  git: \">= 2.40\"\n  elixir: \"~> 1.17\"\n  python: any\n";
    assert_eq!(
        verdicts(machine, text),
        [
            "required-version-not-met: 2.39.5 / >= 2.40",
            "required-tool-missing: is not there / ~> 1.17",
            "required-tool-missing: is not there / any version",
        ]
    );
    assert_eq!(verdicts(machine, "  git: \">= 2.30\"\n"), ["met"]);
}

#[test]
fn variables() {
    let machine = "env: {MIX_ENV: prod, API_TOKEN: abc, EMPTY: ''}\n";
    let text = "  env: [MIX_ENV, NONE, {name: MIX_ENV, matches: ^dev$}, {name: API_TOKEN, matches: ^x}, {name: EMPTY, empty: false}, \
                {name: MIX_ENV, absent: true}, {name: NONE, absent: true}, {name: MIX_ENV, any: [dev, prod]}, {name: NONE, equals: x}]\n";
    assert_eq!(
        verdicts(machine, text),
        [
            "met",
            "required-variable-unset: is not set / is set",
            "required-variable-differs: prod / matches ^dev$",
            "required-variable-differs: set to another value / matches redacted",
            "required-variable-differs: empty / is not empty",
            "required-variable-differs: set / is not set",
            "met",
            "met",
            "required-variable-unset: is not set / is x",
        ]
    );
}

#[test]
fn services_and_packages_of_a_mac() {
    let machine = r#"
host: {family: macos, name: macOS, version: "15.1", arch: aarch64, cpu: M2, cpus: 8, memory: 1}
folders: {/opt/homebrew/Cellar/jq: ["1.7.1"]}
runs:
- {argv: [launchctl, list], stdout: "PID\tStatus\tLabel\n812\t0\thomebrew.mxcl.postgresql@16\n-\t1\thomebrew.mxcl.redis\n"}
- {argv: [/sbin/mount], stdout: "/dev/disk3s1 on / (apfs, sealed, local)\n"}
- {argv: [/usr/sbin/sysctl, -n, --, kern.maxfiles], stdout: "245760\n"}
"#;
    let text = "  services: [postgresql, redis, {name: postgresql, enabled: true}, nginx]\n  packages: [jq, {name: jq, version: ~> 1.6.0}, gcc, \
                {name: jq, absent: true}]\n  mounts: [{path: /, filesystem: apfs, options: [local]}, /data]\n  \
                sysctl: [{name: kern.maxfiles, at_least: 300000}]\n";
    assert_eq!(
        verdicts(machine, text),
        [
            "met",
            "required-service-down: does not run (launchd: loaded, not running) / runs",
            "met",
            "required-service-down: does not run (no such process) / runs",
            "met",
            "required-package-differs: 1.7.1 / is ~> 1.6.0",
            "required-package-missing: is not there / is there",
            "unwanted-present: is there / is not there",
            "met",
            "required-mount-missing: is not there / is there",
            "required-sysctl-differs: 245760 / is at least 300000",
        ]
    );
}

#[test]
fn services_and_packages_of_linux() {
    let machine = r#"
links: {/run/systemd/system: /run/systemd/system}
files:
  /var/lib/dpkg/status: "Package: libssl-dev\nStatus: install ok installed\nVersion: 3.0.17-1\n"
  /proc/sys/vm/swappiness: "60\n"
  /proc/self/mountinfo: "22 1 8:2 / / rw,relatime shared:1 - ext4 /dev/sda2 rw\n"
file_systems: {/: {free: 10, total: 100}}
runs:
- {argv: [systemctl, --system, show, "--property=LoadState,ActiveState,UnitFileState", --, redis.service], stdout: "LoadState=loaded\nActiveState=failed\nUnitFileState=disabled\n"}
- {argv: [systemctl, --system, show, "--property=LoadState,ActiveState,UnitFileState", --, own.service], stdout: "LoadState=not-found\nActiveState=inactive\nUnitFileState=\n"}
- {argv: [systemctl, --user, show, "--property=LoadState,ActiveState,UnitFileState", --, own.service], stdout: "LoadState=loaded\nActiveState=active\nUnitFileState=enabled\n"}
answers:
- {question: !process postgres, reply: !flag true}
"#;
    let text = "  services: [postgresql, redis, {name: own, enabled: true}, {name: own, absent: true}, unheard-of]\n  packages: [libssl-dev, gcc]\n  \
                sysctl: [{name: vm.swappiness, less_than: 10}, {name: vm.none, equals: 1}]\n  \
                mounts: [{path: /, used: {less_than: 80}}, {path: /, filesystem: xfs}, {path: /, options: [ro]}]\n";
    assert_eq!(
        verdicts(machine, text),
        [
            "met",
            "required-service-down: does not run (systemd: failed) / runs",
            "met",
            "unwanted-present: is there / is not there",
            "unknown: neither systemd nor launchd manages a service unheard-of here, and what its process is called is not known: \
             `processes:` names it",
            "met",
            "required-package-missing: is not there / is there",
            "required-sysctl-differs: 60 / is less than 10",
            "required-sysctl-differs: not there / is 1",
            "required-mount-differs: is used by 90 % / has a part used, in per cent, that is less than 80",
            "required-mount-differs: has the kind of file system ext4 / has a kind of file system that is xfs",
            "required-mount-differs: has the options rw, relatime, rw / has options such that the list contains \"ro\"",
        ]
    );
}

#[test]
fn packages_of_other_systems() {
    let alpine = "files: {/lib/apk/db/installed: \"P:jq\\nV:1.7.1-r0\\n\\nP:git\\nV:2.45.2-r0\\n\"}\n";
    let arch = "folders: {/var/lib/pacman/local: [ALPM_DB_VERSION, git-lfs-3.5.1-1, jq-1.7.1-2]}\n";
    let fedora = "files: {/usr/lib/sysimage/rpm/rpmdb.sqlite: ''}\nruns:\n- {argv: [rpm, --query, --queryformat, '%{VERSION}', --, jq], stdout: '1.7.1'}\n\
                  unknown:\n- {question: !run {argv: [rpm, --query, --queryformat, '%{VERSION}', --, vim]}, \
                  reading: !failed {code: 1, stderr: 'package vim is not installed'}}\n";
    for machine in [alpine, arch, fedora] {
        let text = "  packages: [{name: jq, version: ~> 1.7.0}, vim, {name: jq, version: '>= 2'}]\n";
        let verdicts = verdicts(machine, text);
        assert_eq!(verdicts[..2], ["met", "required-package-missing: is not there / is there"], "{machine}");
        assert!(verdicts[2].starts_with("required-package-differs: 1.7.1"), "{verdicts:?}");
    }
    assert!(verdicts("", "  packages: [jq]\n")[0].starts_with("unknown: this system keeps no list"));
}

#[test]
fn what_only_a_trusted_project_gets() {
    let text = "  commands: [{run: [jq]}, jq]\n  http: [\"http://localhost/\", \"http://127.0.0.1.example.com/\", \"https://example.com/\", \
                {url: \"http://[::1]:1/\", method: POST}, {url: \"http://localhost/\", follow: true}, {url: \"http://localhost/\", send: {headers: {A: b}}}]\n  \
                addresses: [\"localhost:1\", \"10.0.0.1:1\"]\n  ports: [{port: 1, host: 10.0.0.1}, {port: 1, host: 127.0.0.1}]\n  dns: [localhost, example.com]\n  \
                postgresql: {host: db.example.com, port: 1}\n  files: [{path: ../other, contains: x}, ../other, {path: /etc/shadow, sha256: \
                e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855}, {path: own, contains: x}, {path: led, contains: x}]\n";
    let machine = "otherwise: absent\nfiles: {/home/user/other: x, /etc/shadow: x, /home/user/app/own: x}\nlinks: {/home/user/app/led: /home/user/other}\n";
    let not_given = || Trust::NotGiven("nobody trusts it".to_owned());
    let told = verdicts_as(Owner::Project, not_given(), machine, text);
    let refused = |verdict: &&String| verdict.contains("nobody trusts it");
    let refusals: Vec<usize> = (0..told.len()).filter(|&at| refused(&&told[at])).collect();
    assert_eq!(refusals, [0, 2, 3, 4, 5, 6, 7, 9, 10, 13, 14, 15, 17, 19], "{told:#?}");
    assert!(
        told[0].contains("it runs `jq`") && told[4].contains("it sends GET https://example.com/"),
        "{told:#?}"
    );
    let of_user = verdicts_as(Owner::User, not_given(), machine, text);
    assert!(!of_user.iter().any(|verdict| refused(&verdict)), "{of_user:#?}");
}

#[test]
fn a_panic_or_thousands_do_not_end_it() {
    let many = (1..=10_000).map(|number| format!("f{number}")).collect::<Vec<_>>().join(", ");
    let verdicts = verdicts("", &format!("  files: [{many}]\n"));
    assert_eq!(verdicts.len(), 10_000);
    assert!(verdicts.iter().all(|verdict| verdict.starts_with("required-file-missing")));
}
