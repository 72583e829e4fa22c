//! goss beside envdoctor: of the same things both say the same.

use std::net::TcpListener;
use std::path::{Path, PathBuf};

use serde_json::Value;

use crate::world::World;

fn lab() -> PathBuf {
    PathBuf::from(std::env::var_os("ENVDOCTOR_LAB").unwrap_or_else(|| "/var/cache/envdoctor-lab".into()))
}

/// goss on PATH, or in a Debian root of the lab, whose C library need not be this machine's.
fn goss() -> Option<Vec<PathBuf>> {
    let lab = lab().join("trixie");
    if let Ok(path) = which::which("goss") {
        return Some(vec![path]);
    }
    let program = lab.join("usr/bin/goss");
    let loader = glob::glob(lab.join("usr/lib*/ld-linux-*.so.*").to_str()?).ok()?.flatten().next()?;
    let library = glob::glob(lab.join("usr/lib/*-linux-gnu/libc.so.6").to_str()?).ok()?.flatten().next()?;
    program.exists().then(|| {
        vec![loader, "--library-path".into(), library.parent().unwrap_or(Path::new("/")).into(), program]
    })
}

/// Each with what goss says of it and what envdoctor does; whether both must be satisfied.
const SAME: &[(&str, &str, bool)] = &[
    (
        "file: {/etc/passwd: {exists: true, mode: '0644', owner: root, group: root, filetype: file, contents: [root]}}",
        "files: [{path: /etc/passwd, mode: '0644', owner: root, group: root, type: file, contains: [root]}]",
        true,
    ),
    (
        "file: {/etc/passwd: {exists: true, mode: '0600'}}",
        "files: [{path: /etc/passwd, mode: '0600'}]",
        false,
    ),
    ("file: {/etc/passwd: {exists: false}}", "files: [{path: /etc/passwd, absent: true}]", false),
    ("file: {/none: {exists: false}}", "files: [{path: /none, absent: true}]", true),
    (
        "file: {/etc/passwd: {exists: true, contents: ['/^root:/', '!no-such-text']}}",
        "files: [{path: /etc/passwd, matches: '^root:', not: {contains: no-such-text}}]",
        true,
    ),
    (
        "file: {/etc/passwd: {exists: true, contents: ['/^nonsense/']}}",
        "files: [{path: /etc/passwd, matches: '^nonsense'}]",
        false,
    ),
    (
        "command: {'echo tool 1.7': {exit-status: 0, stdout: ['1.7'], stderr: []}}",
        "commands: [{run: [echo, tool, '1.7'], stdout: ['1.7'], stderr: {empty: true}}]",
        true,
    ),
    ("command: {'exit 3': {exit-status: 0}}", "commands: [{run: [sh, -c, 'exit 3']}]", false),
    ("command: {'exit 3': {exit-status: 3}}", "commands: [{run: [sh, -c, 'exit 3'], exit: 3}]", true),
    (
        "command: {'echo a': {exit-status: 0, stdout: {or: [{match-regexp: b}, {contain-substring: a}]}}}",
        "commands: [{run: [echo, a], stdout: {any: [{matches: b}, {contains: a}]}}]",
        true,
    ),
    (
        "command: {'echo a': {exit-status: 0, stdout: {not: {contain-substring: a}}}}",
        "commands: [{run: [echo, a], stdout: {not: {contains: a}}}]",
        false,
    ),
    ("port: {'tcp:OPEN': {listening: true}}", "ports: [OPEN]", true),
    ("port: {'tcp:CLOSED': {listening: true}}", "ports: [CLOSED]", false),
    ("port: {'tcp:CLOSED': {listening: false}}", "ports: [{port: CLOSED, free: true}]", true),
    (
        "addr: {'tcp://127.0.0.1:OPEN': {reachable: true, timeout: 500}}",
        "addresses: ['127.0.0.1:OPEN']",
        true,
    ),
    (
        "addr: {'tcp://127.0.0.1:CLOSED': {reachable: true, timeout: 500}}",
        "addresses: ['127.0.0.1:CLOSED']",
        false,
    ),
    ("process: {no-such-process: {running: true}}", "processes: [no-such-process]", false),
    (
        "process: {no-such-process: {running: false}}",
        "processes: [{name: no-such-process, absent: true}]",
        true,
    ),
    (
        "user: {root: {exists: true, uid: 0, gid: 0, home: /root, groups: [root]}}",
        "users: [{name: root, uid: 0, gid: 0, home: /root, groups: [root]}]",
        true,
    ),
    ("user: {root: {exists: true, uid: {gt: 0}}}", "users: [{name: root, uid: {greater_than: 0}}]", false),
    ("user: {no-such-user: {exists: true}}", "users: [no-such-user]", false),
    ("group: {root: {exists: true, gid: 0}}", "groups: [{name: root, gid: 0}]", true),
    ("group: {no-such-group: {exists: true}}", "groups: [no-such-group]", false),
    (
        "dns: {localhost: {resolvable: true, addrs: [127.0.0.1], timeout: 500}}",
        "dns: [{name: localhost, addresses: [127.0.0.1]}]",
        true,
    ),
    ("mount: {/proc: {exists: true, filesystem: proc}}", "mounts: [{path: /proc, filesystem: proc}]", true),
    ("mount: {/proc: {exists: true, filesystem: ext4}}", "mounts: [{path: /proc, filesystem: ext4}]", false),
    ("kernel-param: {kernel.ostype: {value: Linux}}", "sysctl: [{name: kernel.ostype, equals: Linux}]", true),
    (
        "kernel-param: {kernel.ostype: {value: Darwin}}",
        "sysctl: [{name: kernel.ostype, equals: Darwin}]",
        false,
    ),
];

#[test]
fn goss_and_envdoctor_say_the_same() {
    let Some(goss) = goss() else {
        return eprintln!("left out: goss is not installed");
    };
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let open = listener.local_addr().unwrap().port().to_string();
    let closed = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port().to_string();
    let filled = |text: &str| text.replace("OPEN", &open).replace("CLOSED", &closed);
    // One section of envdoctor.yaml stands once: the items of all go together, and each is known by its line.
    let mut sections: Vec<(String, Vec<(usize, String)>)> = Vec::new();
    for (at, (_, ours, _)) in SAME.iter().enumerate() {
        let (section, items) = ours.split_once(": ").unwrap();
        let item = filled(items.strip_prefix('[').unwrap().strip_suffix(']').unwrap());
        match sections.iter_mut().find(|(name, _)| name == section) {
            Some((_, all)) => all.push((at, item)),
            None => sections.push((section.to_owned(), vec![(at, item)])),
        }
    }
    let (mut text, mut lines, mut line) = (String::new(), Vec::new(), 2);
    for (section, items) in sections {
        text.push_str(&format!("{section}:\n"));
        for (at, item) in items {
            line += 1;
            lines.push((at, line));
            text.push_str(&format!("- {item}\n"));
        }
        line += 1;
    }
    let world = World::new(&text);
    world.trust();
    let told = world.check();
    assert_eq!(told.unknown, []);
    let broken: Vec<u64> = told.report["diagnoses"]
        .as_array()
        .unwrap()
        .iter()
        .filter_map(|entry| entry["evidence"][0]["places"][0]["line"].as_u64())
        .collect();
    for (at, (theirs, ours, satisfied)) in SAME.iter().enumerate() {
        let (_, line) = lines.iter().find(|(number, _)| *number == at).unwrap();
        assert_eq!(!broken.contains(line), *satisfied, "envdoctor: {ours}\n{:#?}", told.findings);
        let file = world.write("goss.yaml", &filled(theirs));
        let mut command = world.command(&goss[0]);
        command.args(&goss[1..]).arg("-g").arg(file).args(["validate", "--format", "json"]);
        let output = command.output().unwrap();
        let report: Value = serde_json::from_slice(&output.stdout)
            .unwrap_or_else(|error| panic!("{theirs}: {error} {}", String::from_utf8_lossy(&output.stdout)));
        assert!(report["summary"]["test-count"].as_u64().unwrap() > 0, "{theirs}");
        assert_eq!(report["summary"]["failed-count"] == 0, *satisfied, "goss: {theirs}\n{report:#}");
    }
}

fn page(name: &str) -> String {
    std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("docs").join(name)).unwrap()
}

/// The text of each block of a page that begins so.
fn blocks<'p>(page: &'p str, head: &str) -> Vec<&'p str> {
    page.split(head).skip(1).map(|rest| rest.split("```").next().unwrap()).collect()
}

#[test]
fn every_example_of_the_pages_is_read() {
    let world = World::new("env: [HOME]\n");
    let mut read = 0;
    for text in ["requirements.md", "comparison.md"].map(page) {
        for block in blocks(&text, "```yaml\n") {
            world.write("envdoctor.yaml", block);
            let output = world.run(&["check", "--timeout", "1"]);
            assert_ne!(output.status.code(), Some(2), "{block}\n{}", String::from_utf8_lossy(&output.stderr));
            read += 1;
        }
    }
    assert!(read >= 7, "{read}");
}

#[test]
fn the_example_of_goss_is_one() {
    let Some(goss) = goss() else {
        return eprintln!("left out: goss is not installed");
    };
    let world = World::new("env: [HOME]\n");
    let text = page("comparison.md");
    let file = world.write("goss.yaml", blocks(&text, "```yaml goss.yaml\n")[0]);
    let mut command = world.command(&goss[0]);
    let output =
        command.args(&goss[1..]).arg("-g").arg(file).args(["validate", "--format", "json"]).output().unwrap();
    let report: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert!(report["summary"]["test-count"].as_u64().unwrap() > 15, "{report}");
}

#[test]
fn the_example_of_scope_is_one() {
    let scope = lab().join("scope/bin/scope");
    let Some(scope) = which::which("scope").ok().or_else(|| scope.exists().then_some(scope)) else {
        return eprintln!("left out: scope is not installed");
    };
    let world = World::new("env: [HOME]\n");
    let text = page("comparison.md");
    world.write(".scope/node.yaml", blocks(&text, "```yaml .scope/node.yaml\n")[0]);
    let output = world.command(&scope).args(["doctor", "list"]).output().unwrap();
    let told = [output.stdout, output.stderr].concat();
    let told = String::from_utf8_lossy(&told);
    assert!(told.contains("ScopeDoctorGroup/shop") && !told.contains("didn't match the schema"), "{told}");
}
