//! A project that is a part of its repository: whoever reads a form knows files from the repository's root.

use std::fs;

use envdoctor::report::Format;
use serde_json::Value;

use crate::lab::Lab;
use crate::readers::commands;

const HEX: &str = "Could not find Hex, which is needed to build dependency :jason\n";

const HASH: &str = "error: hash mismatch in fixed-output derivation '/nix/store/xjvlx6ji5nnbpxm0nzkg08myshhpxpdj-source.txt.drv':
         specified: sha256-AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=
            got:    sha256-WJG1tSLV3whtD/CxEPvZ0hu0/HFjrzTQgoai6Eb2vgM=
";

/// A repository with a project in `backend`.
fn repository() -> Lab {
    let lab = Lab::host(&[]).unwrap();
    lab.write(".git/HEAD", "ref: refs/heads/main\n");
    lab.write("backend/envdoctor.yaml", "require:\n  files: [missing.txt]\n");
    lab.write("backend/mix.exs", "");
    lab
}

/// The files that a form names as data.
fn files(format: Format, output: &str) -> Vec<String> {
    let json = || -> Value { serde_json::from_str(output).unwrap() };
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    match format {
        Format::Github => {
            commands(output).iter().filter_map(|(_, properties, _)| properties.get("file").cloned()).collect()
        }
        Format::Gitlab => {
            json().as_array().unwrap().iter().map(|issue| text(&issue["location"]["path"])).collect()
        }
        Format::Sarif => {
            let log = json();
            let results = log["runs"][0]["results"].as_array().unwrap().iter();
            results
                .map(|it| text(&it["locations"][0]["physicalLocation"]["artifactLocation"]["uri"]))
                .collect()
        }
        Format::Tap => {
            let lines = output.lines().filter_map(|line| line.trim().strip_prefix("file: "));
            lines.map(|file| file.trim_matches('"').to_owned()).collect()
        }
        other => panic!("{other:?} names no file as data"),
    }
}

const FORMS: &[Format] = &[Format::Github, Format::Gitlab, Format::Sarif, Format::Tap];

#[track_caller]
fn stands_in(lab: &Lab, arguments: &[&str], file: &str) {
    for format in FORMS {
        let ran = lab.doctor(&[arguments, &["--format", format.name()]].concat());
        let named = files(*format, &ran.exits(1).stdout);
        ran.must(!named.is_empty(), "it names a file");
        assert!(named.iter().all(|it| it == file), "{}: {named:?} instead of {file}", format.name());
    }
}

#[test]
fn a_file_of_the_project_is_named_from_the_repositorys_root() {
    let lab = repository();
    let check = ["-C", "backend", "check", "--only", "required-file-missing"];
    stands_in(&lab, &check, "backend/envdoctor.yaml");
    // JSON and the terminal keep to the project.
    let report = lab.doctor(&[check.as_slice(), &["--format", "json"]].concat()).exits(1).json();
    assert_eq!(report["diagnoses"][0]["evidence"][0]["places"][0]["file"], "envdoctor.yaml");
    lab.doctor(&check).exits(1).shows("at         envdoctor.yaml:2:");
    let table = lab.doctor(&[check.as_slice(), &["--format", "markdown"]].concat());
    table.exits(1).shows("| backend/envdoctor.yaml:2 |");
}

#[test]
fn without_a_git_folder_ci_says_where_the_repository_begins() {
    for variable in ["GITHUB_WORKSPACE", "CI_PROJECT_DIR"] {
        let mut lab = repository();
        fs::remove_dir_all(lab.project().join(".git")).unwrap();
        let check = ["-C", "backend", "check", "--only", "required-file-missing"];
        stands_in(&lab, &check, "envdoctor.yaml");
        lab.set(variable, &lab.inside("project"));
        stands_in(&lab, &check, "backend/envdoctor.yaml");
    }
}

#[test]
fn so_is_a_log_wherever_in_the_repository_it_lies() {
    let lab = repository();
    lab.write("backend/build.log", HEX);
    lab.write("logs/ci.log", HEX);
    fs::write(lab.path("outside.log"), HEX).unwrap();
    stands_in(&lab, &["-C", "backend", "diagnose", "build.log"], "backend/build.log");
    stands_in(&lab, &["-C", "backend", "diagnose", "../logs/ci.log"], "logs/ci.log");
    stands_in(&lab, &["diagnose", "backend/build.log"], "backend/build.log");
    // What lies elsewhere is no place in the repository: the project's main file stands for it.
    stands_in(&lab, &["-C", "backend", "diagnose", "../../outside.log"], "backend/mix.exs");
    let with_input = |format: Format| {
        let ran = lab.doctor_with(&["-C", "backend", "diagnose", "--format", format.name()], HEX.as_bytes());
        files(format, &ran.exits(1).stdout)
    };
    assert!(FORMS.iter().all(|format| with_input(*format) == ["backend/mix.exs"]));
}

#[test]
fn so_is_what_a_fix_changes() {
    let lab = repository();
    lab.write("backend/build.log", HASH);
    let hash = "sha256-AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=";
    lab.write("backend/fod.nix", &format!("derivation {{ outputHash = \"{hash}\"; }}\n"));
    let ran = lab.doctor(&["-C", "backend", "diagnose", "build.log", "--format", "sarif"]);
    let change =
        &ran.exits(1).json()["runs"][0]["results"][0]["fixes"][0]["artifactChanges"][0]["artifactLocation"];
    assert_eq!((&change["uri"], &change["uriBaseId"]), (&"backend/fod.nix".into(), &"%SRCROOT%".into()));
}

#[test]
fn what_the_users_own_settings_require_stands_in_no_file_of_the_repository() {
    let lab = repository();
    lab.write("backend/envdoctor.yaml", "");
    let settings = lab.path("home/.config/envdoctor/config.yaml");
    fs::create_dir_all(settings.parent().unwrap()).unwrap();
    fs::write(settings, "require: {env: [NO_SUCH_VARIABLE]}\n").unwrap();
    let check = ["-C", "backend", "check", "--only", "required-variable-unset"];
    lab.doctor(&check).exits(1).shows("~/.config/envdoctor/config.yaml:1");
    stands_in(&lab, &check, "backend/mix.exs");
}
