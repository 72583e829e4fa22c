//! This repository's flake, as real Nix evaluates it. nixpkgs is a stand-in (fixtures/nixpkgs), which keeps what its builders
//! are called with; that the real ones can build it is not tried here.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use serde_json::Value;

use crate::lab::{Lab, Machine, on_each_machine, output::Ran};
use crate::project::{ROOT, ours};

const SYSTEMS: [&str; 4] = ["aarch64-darwin", "aarch64-linux", "x86_64-darwin", "x86_64-linux"];

/// What a flake of this repository is made of, and a test that does not belong to the package.
const TREE: &[&str] = &[
    "Cargo.lock",
    "Cargo.toml",
    "LICENSE-APACHE",
    "LICENSE-MIT",
    "README.md",
    "build.rs",
    "flake.nix",
    "nix",
    "rules",
    "src",
    "tests/homes",
];

/// Copies this repository's flake to `envdoctor-flake` and the stand-in for nixpkgs to `nixpkgs`, in the lab's folder.
pub(crate) fn bring(lab: &Lab) {
    for name in TREE {
        copy(&Path::new(ROOT).join(name), &lab.path("envdoctor-flake").join(name));
    }
    copy(&Path::new(ROOT).join("fixtures/nixpkgs"), &lab.path("nixpkgs"));
}

fn copy(from: &Path, to: &Path) {
    for entry in walkdir::WalkDir::new(from).sort_by_file_name() {
        let entry = entry.unwrap();
        let below = entry.path().strip_prefix(from).unwrap();
        let target = if below.as_os_str().is_empty() { to.to_owned() } else { to.join(below) };
        if entry.file_type().is_dir() {
            fs::create_dir_all(target).unwrap();
        } else {
            fs::create_dir_all(target.parent().unwrap()).unwrap();
            fs::copy(entry.path(), target).unwrap();
        }
    }
}

/// Runs `nix` on an output of the flake.
fn nix(lab: &Lab, command: &[&str], output: &str, options: &[&str]) -> Ran {
    let flake = format!("path:{}{output}", lab.inside("envdoctor-flake"));
    let nixpkgs = format!("path:{}", lab.inside("nixpkgs"));
    let stand_in = ["--override-input", "nixpkgs", &nixpkgs, "--no-write-lock-file"];
    lab.run(&[&["nix"], command, &[&flake], options, &stand_in].concat())
}

fn eval(lab: &Lab, output: &str, apply: &str) -> Value {
    nix(lab, &["eval", "--json"], output, &["--apply", apply]).exits(0).json()
}

on_each_machine! {
    evaluates needs ["nix"];
    host: Machine::Host, trixie: Machine::Root("trixie"), sid: Machine::Root("sid"),
}

fn evaluates(lab: Lab) {
    bring(&lab);
    let outputs = "outputs: builtins.mapAttrs (_: builtins.attrNames) outputs";
    for (output, names) in [
        ("packages", vec!["default", "envdoctor"]),
        ("apps", vec!["default", "envdoctor"]),
        ("devShells", vec!["default"]),
        ("checks", vec!["envdoctor"]),
    ] {
        let found = eval(&lab, &format!("#{output}"), outputs);
        let expected: serde_json::Map<String, Value> =
            SYSTEMS.iter().map(|&system| (system.to_owned(), names.clone().into())).collect();
        assert_eq!(found, Value::Object(expected), "{output}");
    }

    let package = eval(
        &lab,
        "#packages.aarch64-darwin.default",
        "package: { inherit (package) name system; path = package.outPath; inherit (package.meta) mainProgram description; }",
    );
    assert_eq!(package["name"], concat!("envdoctor-", env!("CARGO_PKG_VERSION")));
    assert_eq!(package["system"], "aarch64-darwin");
    assert_eq!(package["mainProgram"], "envdoctor");
    assert_eq!(package["description"], env!("CARGO_PKG_DESCRIPTION"));
    let app = eval(&lab, "#apps.aarch64-darwin.default", "app: { inherit (app) type program meta; }");
    assert_eq!(app["type"], "app");
    assert_eq!(app["meta"]["description"], package["description"]);
    assert_eq!(app["program"], format!("{}/bin/envdoctor", package["path"].as_str().unwrap()));

    let through_the_overlay = "overlay:
        let final = (builtins.getFlake \"path:NIXPKGS\").legacyPackages.aarch64-darwin.extend overlay;
        in final.envdoctor.outPath"
        .replace("NIXPKGS", &lab.inside("nixpkgs"));
    let same =
        nix(&lab, &["eval", "--impure", "--json"], "#overlays.default", &["--apply", &through_the_overlay]);
    assert_eq!(same.exits(0).json(), package["path"]);

    nix(&lab, &["flake", "check", "--no-build"], "", &[]).exits(0);
    nix(&lab, &["flake", "show"], "", &[]).exits(0).shows("Nixpkgs overlay");
}

on_each_machine! {
    knows_what_it_builds_from needs ["nix"];
    host: Machine::Host, trixie: Machine::Root("trixie"), sid: Machine::Root("sid"),
}

fn knows_what_it_builds_from(lab: Lab) {
    bring(&lab);
    let source = || nix(&lab, &["eval", "--raw"], "#packages.x86_64-linux.default.src", &[]);
    let before = source().exits(0).stdout.clone();
    let listed = lab.run(&["ls", &before]).exits(0).stdout.clone();
    let listed: BTreeSet<String> = listed.lines().map(str::to_owned).collect();
    assert_eq!(listed, sources());

    fs::write(lab.path("envdoctor-flake/tests/homes/new.rs"), "// Another test.\n").unwrap();
    assert_eq!(source().exits(0).stdout, before, "an edited test is no reason to build");
    fs::write(lab.path("envdoctor-flake/src/new.rs"), "// Another module.\n").unwrap();
    assert_ne!(source().exits(0).stdout, before, "an edited module is one");
}

/// The names that the package's source is filtered by.
fn sources() -> BTreeSet<String> {
    let package = ours("nix/package.nix");
    let (_, list) = package.split_once("sources = [").unwrap();
    let (list, _) = list.split_once(']').unwrap();
    list.split_whitespace().map(|name| name.trim_matches('"').to_owned()).collect()
}

/// By what rustc and the build script say that they read.
#[test]
fn its_source_holds_all_that_the_build_reads() {
    let sources = sources();
    for name in &sources {
        assert!(Path::new(ROOT).join(name).exists(), "{name}");
    }
    let built = assert_cmd::cargo::cargo_bin!("envdoctor").parent().unwrap().to_owned();
    let files = |pattern: &str| {
        let pattern = built.join(pattern);
        glob::glob(pattern.to_str().unwrap()).unwrap().map(Result::unwrap).collect::<Vec<_>>()
    };
    let mut read = String::new();
    for file in files("deps/envdoctor-*.d") {
        let text = fs::read_to_string(file).unwrap();
        read.extend(
            text.lines().filter_map(|line| line.split_once(": ")).map(|(_, paths)| format!("{paths} ")),
        );
    }
    for file in files("build/envdoctor-cli-*/output") {
        let text = fs::read_to_string(file).unwrap();
        let paths = text.lines().filter_map(|line| line.strip_prefix("cargo::rerun-if-changed="));
        read.extend(paths.map(|path| format!("{path} ")));
    }
    let read = read.replace("\\ ", "\0");
    let read: BTreeSet<String> = read.split_whitespace().map(|path| path.replace('\0', " ")).collect();
    let ours: Vec<String> = read
        .iter()
        .map(|path| Path::new(path).strip_prefix(ROOT).unwrap_or(Path::new(path)))
        .filter(|path| path.is_relative() && !path.starts_with("target") && !path.starts_with("tests"))
        // What an older build has read may be gone, and clippy reads its own settings.
        .filter(|path| Path::new(ROOT).join(path).exists() && !path.starts_with(".clippy.toml"))
        .map(|path| path.to_str().unwrap().to_owned())
        .collect();
    assert!(ours.iter().any(|path| path == "src/main.rs"), "{ours:?}");
    assert!(ours.iter().any(|path| path == "rules"), "{ours:?}");
    for path in ours {
        assert!(sources.contains(path.split('/').next().unwrap()), "nix/package.nix leaves out {path}");
    }
}

/// What the package does once it is built: its hooks, with nixpkgs' functions as far as they need them.
#[test]
fn what_is_built_is_installed_and_checked() {
    const FUNCTIONS: &str = "set -eu
        runHook() { echo \"$1\"; }
        installShellCompletion() {
          while [ $# -gt 0 ]; do
            case $1 in
              --cmd) echo \"cmd $2\" ;;
              --*) test -s \"$2\"; grep -q envdoctor \"$2\"; echo \"$1 $2\" ;;
            esac
            shift 2
          done
        }
        installManPage() { for page; do grep -q '^.TH ENVDOCTOR' \"$page\"; echo \"$page\"; done; }
        ";
    let Some(mut lab) = Lab::host(&["nix", "bash"]) else { return };
    bring(&lab);
    fs::create_dir_all(lab.path("out/bin")).unwrap();
    fs::copy(assert_cmd::cargo::cargo_bin!("envdoctor"), lab.path("out/bin/envdoctor")).unwrap();
    lab.set("out", &lab.inside("out"));
    lab.set("TMPDIR", &lab.inside("runtime"));
    let phase = |name: &str| {
        let text = nix(&lab, &["eval", "--raw"], &format!("#packages.x86_64-linux.default.{name}"), &[]);
        let text = text.exits(0).stdout.clone();
        assert!(!text.is_empty(), "{name}");
        lab.run(&["bash", "-c", &format!("{FUNCTIONS}\n{text}")])
    };

    let checked = phase("installCheckPhase");
    checked.exits(0).shows("preInstallCheck").shows("postInstallCheck");
    checked.shows(concat!("envdoctor ", env!("CARGO_PKG_VERSION")));
    let installed = phase("postInstall");
    installed.exits(0).shows("cmd envdoctor").shows("manual/envdoctor.1");
    for option in ["--bash envdoctor.bash", "--zsh envdoctor.zsh", "--fish envdoctor.fish"] {
        installed.shows(option);
    }
}
