//! The machine itself.

use crate::recorded::check;

fn machine(rest: &str) -> String {
    format!(
        "project: /home/user/app\notherwise: absent\nclock: 2026-11-20T10:00:00Z\n\
         host: {{family: linux, name: Debian GNU/Linux, version: '13', arch: x86_64, cpu: x, cpus: 8, memory: 33554432000}}\n\
         user: {{uid: 1000, name: user, groups: [user]}}\n{rest}"
    )
}

const GIB: u64 = 1 << 30;

fn disk(free: u64, total: u64, free_inodes: u64) -> String {
    machine(&format!(
        "env: {{HOME: /home/user}}\nfolders: {{/home/user/app: [], /tmp: []}}\n\
         file_systems: {{/: {{free: {free}, total: {total}, free_inodes: {free_inodes}, inodes: 10000000}}}}\n"
    ))
}

#[test]
fn disks_that_are_full_or_nearly() {
    check(&disk(20 << 20, 100 * GIB, 900_000)).finds(
        "disk-full",
        "error",
        "/home/user, /home/user/app, /tmp: 20 MiB of 100 GiB free",
    );
    check(&disk(50 * GIB, 100 * GIB, 9)).finds("disk-full", "error", "9 of 10000000 inodes free");
    check(&disk(GIB, 100 * GIB, 900_000)).finds("disk-nearly-full", "warning", "1024 MiB of 100 GiB free");
    check(&disk(5 * GIB, 100 * GIB, 900_000)).is_healthy();
    check(&disk(GIB, 2 * GIB, 900_000)).is_healthy();
}

const SHELL: &str = "/nix/store/0c1pfcs4ncg20vm46jx1dq97v9qr4mnl-elixir-1.17.3";
const MIX: &str =
    "'defmodule A.MixProject do\n  use Mix.Project\n  def project, do: [app: :a, version: \"1.0.0\"]\nend'";

fn elixir(path: &str) -> String {
    let asdf = "/home/user/.asdf/installs/elixir";
    machine(&format!(
        "env: {{HOME: /home/user, LANG: C.UTF-8, IN_NIX_SHELL: impure, PATH: '{path}'}}\n\
         file_systems: {{/: {{free: 99999999999, total: 199999999999}}}}\n\
         files:\n  /home/user/app/mix.exs: ''\n  {SHELL}/bin/elixir: ''\n  {asdf}/1.16.0/bin/elixir: ''\n  {asdf}/1.17.3/bin/elixir: ''\n"
    ))
}

#[test]
fn another_elixir_hides_the_shells() {
    let asdf = "/home/user/.asdf/installs/elixir/1.16.0/bin";
    let hidden = check(&elixir(&format!("{asdf}:{SHELL}/bin")));
    let says = format!("elixir: {asdf}/elixir (1.16.0) hides {SHELL}/bin/elixir (1.17.3)");
    assert!(hidden.rules().contains(&"tool-shadowed-on-path"), "{:#}", hidden.json);
    assert!(hidden.json.to_string().contains(&says), "{:#}", hidden.json);
    let outside = elixir(&format!("{asdf}:{SHELL}/bin")).replace("IN_NIX_SHELL: impure, ", "");
    assert!(!check(&outside).rules().contains(&"tool-shadowed-on-path"));
    for path in [
        format!("{SHELL}/bin:{asdf}"),
        format!("/home/user/.asdf/installs/elixir/1.17.3/bin:{SHELL}/bin"),
        format!("{asdf}:/usr/bin"),
    ] {
        let quiet = check(&elixir(&path));
        assert!(!quiet.rules().contains(&"tool-shadowed-on-path"), "{path}: {:#}", quiet.json);
    }
}

fn locale(env: &str, family: &str) -> String {
    machine(&format!(
        "env: {{HOME: /home/user, {env}}}\nfolders: {{/usr/lib/locale: [C.utf8]}}\nfiles: {{/home/user/app/mix.exs: {MIX:?}}}\n\
         file_systems: {{/: {{free: 99999999999, total: 199999999999}}}}\n"
    ))
    .replace("family: linux", &format!("family: {family}"))
}

#[test]
fn locales_that_are_not_utf_8() {
    let found =
        |env: &str, family: &str| check(&locale(env, family)).rules().contains(&"locale-latin1-warning");
    assert!(found("A: b", "linux"));
    assert!(found("LANG: C", "linux"));
    assert!(found("LANG: en_US.UTF-8", "linux"), "which is not installed");
    assert!(!found("LANG: C.UTF-8", "linux"));
    assert!(!found("LANG: C, ELIXIR_ERL_OPTIONS: +fnu", "linux"));
    assert!(!found("LANG: C", "macos"), "macOS knows no other file names");
}
