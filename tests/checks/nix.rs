//! Nix and direnv.

use crate::recorded::check;

/// Nix for several users on Debian, and a project with a flake.
const DEBIAN: &str = "\
project: /home/user/app
otherwise: absent
host: {family: linux, name: Debian GNU/Linux, version: '13', arch: x86_64, cpu: x, cpus: 8, memory: 33554432000, kernel: 6.12.1}
user: {uid: 1000, name: user, groups: [user]}
clock: 2026-11-20T10:00:00Z
file_systems:
  /: {free: 200000000000, total: 400000000000, free_inodes: 9000000, inodes: 10000000}
which:
  nix: /nix/var/nix/profiles/default/bin/nix
links:
  /nix/var/nix/profiles/default: /nix/store/0c1pfcs4ncg20vm46jx1dq97v9qr4mnl-nix-2.28.3
groups: {nixbld: [nixbld1, nixbld2]}
stats:
  /nix/store: {kind: folder, uid: 0, mode: 0o1775}
  /nix/var/nix: {kind: folder, uid: 0, mode: 0o755}
  /nix/var/nix/daemon-socket/socket: {kind: socket, uid: 0, mode: 0o666}
exchanges:
  - address: !unix /nix/var/nix/daemon-socket/socket
    send: '6378696e00000000230100000000000000000000000000000000000000000000'
    expect: 24
    reply: 6f6978640000000026010000000000000600000000000000
  - address: !unix /nix/var/nix/daemon-socket/socket
    send: '6378696e00000000230100000000000000000000000000000000000000000000'
    expect: 48
    reply: 6f6978640000000026010000000000000600000000000000322e32382e330000020000000000000073746c6100000000
env:
  HOME: /home/user
  LANG: C.UTF-8
  SHELL: /bin/bash
  PATH: /nix/var/nix/profiles/default/bin:/usr/bin
files:
  /nix/var/nix/daemon-socket/socket: ''
  /nix/store/0c1pfcs4ncg20vm46jx1dq97v9qr4mnl-nix-2.28.3/bin/nix: ''
  /etc/nix/nix.conf: |
    # written by the installer
    experimental-features = nix-command flakes
  /home/user/app/flake.nix: '{ outputs = { self }: { }; }'
";

fn with(change: &[(&str, &str)]) -> String {
    change.iter().fold(DEBIAN.to_owned(), |text, (old, new)| {
        assert!(text.contains(old), "{old}");
        text.replace(old, new)
    })
}

fn add(lines: &str) -> String {
    format!("{DEBIAN}{lines}")
}

#[test]
fn a_healthy_debian() {
    check(DEBIAN).is_healthy();
}

#[test]
fn nix_of_other_systems_is_healthy_too() {
    let single = with(&[
        ("/nix/store: {kind: folder, uid: 0,", "/nix/store: {kind: folder, uid: 1000,"),
        ("/nix/var/nix: {kind: folder, uid: 0,", "/nix/var/nix: {kind: folder, uid: 1000,"),
        ("groups: {nixbld: [nixbld1, nixbld2]}\n", ""),
        ("  /nix/var/nix/daemon-socket/socket: ''\n", ""),
        ("  /nix/var/nix/daemon-socket/socket: {kind: socket, uid: 0, mode: 0o666}\n", ""),
    ]);
    check(&single).is_healthy();
    let root_in_a_container = with(&[
        ("uid: 1000, name: user, groups: [user]", "uid: 0, name: root"),
        ("groups: {nixbld: [nixbld1, nixbld2]}\n", ""),
        (
            "experimental-features = nix-command flakes",
            "experimental-features = nix-command flakes\n    build-users-group =",
        ),
        ("  /nix/var/nix/daemon-socket/socket: ''\n", "  /.dockerenv: ''\n"),
        ("  /nix/var/nix/daemon-socket/socket: {kind: socket, uid: 0, mode: 0o666}\n", ""),
    ]);
    check(&root_in_a_container).is_healthy();
    let determinate = with(&[
        ("nix-2.28.3", "determinate-nix-3.8.5"),
        (
            "family: linux, name: Debian GNU/Linux, version: '13', arch: x86_64",
            "family: macos, name: macOS, version: '15.5', arch: aarch64",
        ),
        ("experimental-features = nix-command flakes", "!include nix.custom.conf"),
        (
            "groups: {nixbld: [nixbld1, nixbld2]}",
            "groups: {nixbld: [_nixbld1]}\nruns: [{argv: [/usr/bin/dscl, ., -list, /Users], stdout: \"_nixbld1\\n\"}]",
        ),
        ("  /etc/nix/nix.conf: |", "  /usr/bin/dscl: ''\n  /etc/nix/nix.conf: |"),
    ]);
    check(&determinate).is_healthy();
    let none = with(&[
        ("  nix: /nix/var/nix/profiles/default/bin/nix\n", "  sh: /bin/sh\n"),
        (
            "  /nix/var/nix/profiles/default: /nix/store/0c1pfcs4ncg20vm46jx1dq97v9qr4mnl-nix-2.28.3",
            "  /x: /y",
        ),
    ]);
    check(&none).is_healthy();
}

#[test]
fn a_daemon_that_does_not_listen() {
    let reply = "reply: 6f6978640000000026010000000000000600000000000000\n";
    check(&with(&[(reply, "reply: null\n")])).finds(
        "nix-daemon-not-running",
        "error",
        "does not answer at /nix/var/nix/daemon-socket/socket",
    );
    check(&with(&[(reply, "reply: null\n"), ("  /home/user/app/flake.nix:", "  /home/user/app/README:")]))
        .is_healthy();
}

#[test]
fn flakes_that_are_not_enabled() {
    let off = ("experimental-features = nix-command flakes", "experimental-features = nix-command");
    check(&with(&[off])).finds("experimental-features-disabled", "warning", "not enabled are flakes");
    let mine = (
        "  /home/user/app/flake",
        "  /home/user/.config/nix/nix.conf: extra-experimental-features = flakes\n  /home/user/app/flake",
    );
    check(&with(&[off, mine])).is_healthy();
    check(&with(&[off, ("LANG: C.UTF-8", "NIX_CONFIG: extra-experimental-features = flakes")])).is_healthy();
    check(&(with(&[off]) + "  /home/user/app/shell.nix: '{ }'\n")).is_healthy();
}

#[test]
fn build_users_that_are_not_there() {
    let none = with(&[("groups: {nixbld: [nixbld1, nixbld2]}", "groups: {}")]);
    check(&none).finds("nix-build-users-missing", "error", "there is no group nixbld");
    let empty = with(&[("nixbld: [nixbld1, nixbld2]", "nixbld: []")]);
    check(&empty).finds("nix-build-users-missing", "error", "the group nixbld has no members");
    let macos = with(&[
        (
            "family: linux, name: Debian GNU/Linux, version: '13'",
            "family: macos, name: macOS, version: '15.5'",
        ),
        (
            "nixbld: [nixbld1, nixbld2]}",
            "nixbld: [_nixbld1, _nixbld5]}\nruns: [{argv: [/usr/bin/dscl, ., -list, /Users], stdout: \"_nixbld5\\n\"}]",
        ),
    ]) + "  /usr/bin/dscl: ''\n";
    check(&macos).finds("macos-build-users", "error", "_nixbld1 of the group nixbld do not exist");
    check(&macos.replace("15.5", "14.5")).is_healthy();
}

#[test]
fn a_configuration_that_nix_cannot_read() {
    let bad = with(&[("# written by the installer", "cores=4")]);
    let checked = check(&bad);
    checked.finds("nix-conf-invalid", "error", "cores=4");
    let place = &checked.json["diagnoses"][0]["evidence"][0];
    assert!(place.to_string().contains("/etc/nix/nix.conf"), "{place:#}");
    check(&with(&[("# written by the installer", "cores = 4")])).is_healthy();
}

#[test]
fn settings_of_a_user_who_is_not_trusted() {
    let mine = "  /home/user/.config/nix/nix.conf: extra-substituters = https://cache.example.org\n";
    check(&add(mine)).finds("nix-untrusted-user", "warning", "substituters: https://cache.example.org");
    check(&(add(mine).replace("020000000000000073746c61", "010000000000000073746c61"))).is_healthy();
    check(&add("  /home/user/.config/nix/nix.conf: max-jobs = 4\n")).is_healthy();
}

#[test]
fn nix_that_the_shell_does_not_find() {
    let lost = with(&[("  nix: /nix/var/nix/profiles/default/bin/nix\n", "  sh: /bin/sh\n")]);
    check(&lost).finds("nix-not-on-path", "error", "/nix/var/nix/profiles/default/bin/nix");
    check(&lost.replace("app/flake.nix", "app/README")).is_healthy();
}

const DIRENV: &str = "  /home/user/app/.envrc: \"use flake\\n\"\n  /usr/bin/direnv: ''\n  /home/user/.bashrc: 'eval \"$(direnv hook bash)\"'\n";

fn direnv() -> String {
    with(&[("which:\n", "which:\n  direnv: /usr/bin/direnv\n")]) + DIRENV
}

#[test]
fn an_environment_that_nobody_allowed() {
    check(&direnv()).finds("direnv-blocked", "warning", "direnv is not allowed to load .envrc");
    let consent = "11960c395de1a19b476f2021f774af4fa831ae4e960ac4bf8165b7ae623a51ec";
    check(&(direnv() + &format!("  /home/user/.local/share/direnv/allow/{consent}: ''\n"))).is_healthy();
    check(&(direnv() + "  /home/user/.config/direnv/direnv.toml: whitelist.prefix = ['/home/user']\n"))
        .is_healthy();
    check(&direnv().replace("  LANG:", "  CI: 'true'\n  LANG:")).is_healthy();
    check(&direnv().replace("  LANG:", "  IN_NIX_SHELL: impure\n  LANG:")).is_healthy();
    check(&direnv().replace("  direnv: /usr/bin/direnv\n", "")).is_healthy();
}

#[test]
fn a_shell_without_direnvs_hook() {
    let listed = "  /home/user/.config/direnv/direnv.toml: whitelist.prefix = ['/home/user']\n";
    let bare = (direnv() + listed).replace("direnv hook bash", "starship init bash");
    let checked = check(&bare);
    checked.finds("direnv-not-hooked", "warning", ".envrc is never loaded");
    check(&bare.replace("starship init bash", "direnv hook bash")).is_healthy();
    check(&bare.replace("SHELL: /bin/bash", "SHELL: /usr/bin/nu")).is_healthy();
    check(&bare.replace("  LANG:", "  DIRENV_DIR: -/home/user/app\n  LANG:")).is_healthy();
}
