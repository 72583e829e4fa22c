//! The environment as envdoctor reads it, held against what the tools themselves say of it.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::os::unix::fs::FileTypeExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

use serde_json::Value;

use crate::lab::{Lab, Machine, on_each_machine};

on_each_machine! {
    settings_of_nix needs ["nix"];
    host: Machine::Host, trixie: Machine::Root("trixie"), sid: Machine::Root("sid"),
}

/// Every way in which Nix is told a setting, and what holds in the end.
fn settings_of_nix(mut lab: Lab) {
    let system = lab.path("system");
    fs::create_dir_all(system.join("more")).unwrap();
    fs::write(
        system.join("nix.conf"),
        "# the system's\nsubstituters = https://a.example https://b.example # two\nextra-substituters = https://c.example\n\
         build-max-jobs = 3\ncores = 2\ninclude more/one.conf\n!include none.conf\nextra-trusted-users = @wheel\nsandbox = false\n",
    )
    .unwrap();
    fs::write(system.join("more/one.conf"), "cores = 5\nkeep-outputs = true\n!include two.conf\n").unwrap();
    fs::write(system.join("more/two.conf"), "trusted-users = joe\n\tallowed-users =\t@users joe\n").unwrap();
    let user = lab.path("home/.config/nix");
    fs::create_dir_all(&user).unwrap();
    fs::write(user.join("nix.conf"), "extra-experimental-features = flakes\nmax-jobs = 4\nfallback = true\n")
        .unwrap();
    let shared = lab.path("xdg/nix");
    fs::create_dir_all(&shared).unwrap();
    fs::write(shared.join("nix.conf"), "max-jobs = 9\nkeep-outputs = true\n").unwrap();
    lab.set("NIX_CONF_DIR", &lab.inside("system"));
    lab.set("XDG_CONFIG_DIRS", &lab.inside("xdg"));

    let feature = "\nextra-experimental-features = nix-command\n";
    for said in ["", "cores = 7", "extra-substituters = https://d.example\nextra-trusted-users = amy"] {
        lab.set("NIX_CONFIG", &format!("{said}{feature}"));
        same_settings(&lab);
    }
    lab.set(
        "NIX_USER_CONF_FILES",
        &format!("{}:{}", lab.inside("xdg/nix/nix.conf"), lab.inside("home/.config/nix/nix.conf")),
    );
    same_settings(&lab);
    fs::remove_file(system.join("nix.conf")).unwrap();
    lab.set("NIX_USER_CONF_FILES", "/none");
    same_settings(&lab);
}

const SETTINGS: &[&str] = &[
    "experimental-features",
    "substituters",
    "trusted-users",
    "allowed-users",
    "trusted-public-keys",
    "max-jobs",
    "keep-outputs",
];

fn same_settings(lab: &Lab) {
    // As text: in JSON, Nix 2.8 writes features as numbers.
    let shown = lab.run(&["nix", "show-config"]);
    let real: BTreeMap<&str, &str> =
        shown.exits(0).stdout.lines().filter_map(|line| line.split_once(" =")).collect();
    let facts = lab.doctor(&["--format", "json", "facts", "nix.conf."]).exits(0).json();
    for name in SETTINGS {
        let ours = &facts["facts"][format!("nix.conf.{name}")];
        let mut real: BTreeSet<&str> = real[name].split_whitespace().collect();
        if name == &"experimental-features" {
            // Flakes bring this one along.
            real.remove("fetch-tree");
        }
        assert_eq!(words(&ours["value"]), real, "{name} ({})", ours["source"]);
    }
}

/// A setting's words: Nix keeps some lists as sets.
fn words(value: &Value) -> BTreeSet<&str> {
    match value {
        Value::Array(items) => items.iter().filter_map(Value::as_str).collect(),
        one => one.as_str().into_iter().flat_map(str::split_whitespace).collect(),
    }
}

on_each_machine! {
    lines_that_nix_refuses needs ["nix-build"];
    host: Machine::Host, trixie: Machine::Root("trixie"), sid: Machine::Root("sid"),
}

fn lines_that_nix_refuses(mut lab: Lab) {
    fs::create_dir_all(lab.path("system")).unwrap();
    lab.set("NIX_CONF_DIR", &lab.inside("system"));
    for (text, refused) in [
        ("cores = 1\ncores=3\n", true),
        ("cores 3\n", true),
        ("include none.conf\n", true),
        ("= 3\n", true),
        ("!include none.conf\nno-such-setting = 1\n # cores\nsubstituters =\n", false),
    ] {
        fs::write(lab.path("system/nix.conf"), text).unwrap();
        let real = lab.run(&["nix-instantiate", "--eval", "-E", "1"]);
        let ours = lab.doctor(&["--format", "json", "check"]).report();
        assert_eq!(real.code() != 0, refused, "{text}");
        assert_eq!(ours.roots() == ["nix-conf-invalid"], refused, "{text}: {ours:#?}");
        if refused {
            let seen = lab.doctor_with(&["--format", "json", "diagnose"], real.all().as_bytes());
            seen.report().first("nix-conf-invalid");
        }
    }
}

on_each_machine! {
    consent_for_direnv needs ["direnv"];
    host: Machine::Host, trixie: Machine::Root("trixie"), sid: Machine::Root("sid"),
}

fn consent_for_direnv(mut lab: Lab) {
    lab.set("SHELL", "/bin/bash");
    fs::write(lab.path("home/.bashrc"), "eval \"$(direnv hook bash)\"\n").unwrap();
    let roots = |lab: &Lab| -> Vec<String> {
        lab.doctor(&["--format", "json", "check"]).report().roots().into_iter().map(str::to_owned).collect()
    };
    assert_eq!(roots(&lab), [""; 0]);
    lab.write(".envrc", "export A=1\n");
    assert_eq!(roots(&lab), ["direnv-blocked"]);
    let real = lab.run(&["direnv", "exec", ".", "true"]);
    let real = real.fails().complains("is blocked");
    lab.doctor_with(&["--format", "json", "diagnose"], real.all().as_bytes())
        .report()
        .first("direnv-blocked");

    lab.doctor(&["fix", "--yes=user"]).exits(0);
    lab.run(&["direnv", "exec", ".", "true"]).exits(0);
    assert_eq!(roots(&lab), [""; 0]);
    lab.write(".envrc", "export A=2\n");
    lab.run(&["direnv", "exec", ".", "true"]).fails();
    assert_eq!(roots(&lab), ["direnv-blocked"]);
    lab.run(&["direnv", "allow"]).exits(0);
    assert_eq!(roots(&lab), [""; 0]);

    let config = lab.path("home/.config/direnv");
    fs::create_dir_all(&config).unwrap();
    fs::write(config.join("direnv.toml"), format!("[whitelist]\nprefix = [{:?}]\n", lab.inside("project")))
        .unwrap();
    lab.write(".envrc", "export A=3\n");
    lab.run(&["direnv", "exec", ".", "true"]).exits(0);
    assert_eq!(roots(&lab), [""; 0]);
}

on_each_machine! {
    the_daemon needs ["nix-daemon", "nix-build"];
    host: Machine::Host, trixie: Machine::Root("trixie"), sid: Machine::Root("sid"),
}

fn the_daemon(mut lab: Lab) {
    lab.write(
        "default.nix",
        "derivation { name = \"x\"; system = builtins.currentSystem; builder = \"/bin/sh\"; }\n",
    );
    let socket = lab.path("daemon.socket");
    lab.set("NIX_DAEMON_SOCKET_PATH", &lab.inside("daemon.socket"));
    lab.set("NIX_REMOTE", "daemon");
    let instantiate = ["nix-instantiate", "default.nix"];
    let dead = lab.run(&instantiate);
    dead.fails().complains("cannot connect to socket");
    lab.doctor_with(&["--format", "json", "diagnose"], dead.all().as_bytes())
        .report()
        .first("nix-daemon-not-running");
    lab.doctor(&["--format", "json", "check"]).report().first("nix-daemon-not-running");

    // The daemon itself goes to the store.
    lab.set("NIX_REMOTE", "local");
    let mut daemon = lab.start(&["nix-daemon"]);
    lab.set("NIX_REMOTE", "daemon");
    let begun = Instant::now();
    while !fs::symlink_metadata(&socket).is_ok_and(|it| it.file_type().is_socket()) {
        assert!(begun.elapsed() < Duration::from_secs(20), "the daemon does not come up");
        sleep(Duration::from_millis(50));
    }
    sleep(Duration::from_millis(200));
    let report = lab.doctor(&["--format", "json", "check"]).report();
    let facts = lab.doctor(&["--format", "json", "facts", "nix."]).exits(0).json();
    let version = lab.run(&["nix-daemon", "--version"]);
    daemon.kill().unwrap();
    daemon.wait().unwrap();
    assert!(!report.roots().contains(&"nix-daemon-not-running"), "{report:#?}");
    assert_eq!(facts["facts"]["nix.daemon.answers"]["value"], true, "{facts:#}");
    assert_eq!(facts["facts"]["nix.user.trusted"]["value"], true);
    let told = facts["facts"]["nix.daemon.version"]["value"].as_str().unwrap();
    version.shows(told);
    // The socket's file stays, and nobody listens.
    lab.doctor(&["--format", "json", "check"]).report().first("nix-daemon-not-running");
}

on_each_machine! {
    build_users needs ["nix-build"];
    trixie: Machine::Root("trixie"), sid: Machine::Root("sid"),
}

/// Debian's package makes no users of its own.
fn build_users(mut lab: Lab) {
    let name = lab.project().parent().unwrap().file_name().unwrap().to_string_lossy().into_owned();
    lab.write(
        "default.nix",
        &format!("derivation {{ name = \"x{name}\"; system = builtins.currentSystem; builder = \"/bin/sh\"; args = [ \"-c\" \"echo > $out\" ]; }}\n"),
    );
    lab.doctor(&["--format", "json", "check"]).exits(0);
    lab.set("NIX_CONFIG", "substituters =\nsandbox = false");
    let real = lab.run(&["nix-build", "--no-out-link"]);
    real.fails().complains("the group 'nixbld' specified in 'build-users-group' does not exist");
    lab.doctor_with(&["--format", "json", "diagnose"], real.all().as_bytes())
        .report()
        .first("nix-build-users-missing");
    lab.doctor(&["--format", "json", "check"]).exits(1).report().first("nix-build-users-missing");
}

on_each_machine! {
    a_full_disk needs ["mix"];
    host: Machine::Host, trixie: Machine::Root("trixie"), sid: Machine::Root("sid"),
}

/// A file system of a few pages stands for the disk that holds temporary files.
fn a_full_disk(mut lab: Lab) {
    let mount = lab.path("small");
    fs::create_dir(&mount).unwrap();
    let Some(mounted) = Mounted::small(&mount) else {
        crate::lab::left_out(Machine::Host, "the right to mount a file system");
        return;
    };
    let inside = lab.inside("small");
    lab.set("TMPDIR", &inside);
    let empty = lab.doctor(&["--format", "json", "check"]).report();
    let write = format!("File.write!({:?}, String.duplicate(\"x\", 999_999))", format!("{inside}/x"));
    let real = lab.run(&["elixir", "-e", &write]);
    let full = lab.doctor(&["--format", "json", "check"]).report();
    let seen = lab.doctor_with(&["--format", "json", "diagnose"], real.all().as_bytes()).report();
    drop(mounted);
    assert!(!empty.roots().contains(&"disk-full"), "{empty:#?}");
    real.fails().complains("no space left on device");
    full.first("disk-full");
    assert_eq!(seen.first("disk-full").capture("path"), format!("{inside}/x"));
}

/// A file system that is gone when this is dropped.
struct Mounted(PathBuf);

impl Mounted {
    /// A file system of few bytes; `None` where one may not mount.
    fn small(folder: &Path) -> Option<Mounted> {
        let mount = ["-t", "tmpfs", "-o", "size=64k", "tmpfs"];
        let done = Command::new("mount").args(mount).arg(folder).stderr(Stdio::null()).status().ok()?;
        done.success().then(|| Mounted(folder.to_owned()))
    }
}

impl Drop for Mounted {
    fn drop(&mut self) {
        let _ = Command::new("umount").arg(&self.0).status();
    }
}
