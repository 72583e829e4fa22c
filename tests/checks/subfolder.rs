//! Whoever stands in a folder of the project means the project.

use std::fs;
use std::path::Path;

use assert_cmd::Command;
use serde_json::Value;

fn envdoctor(home: &Path, folder: &Path, arguments: &[&str]) -> (Value, String) {
    let mut command = Command::new(assert_cmd::cargo::cargo_bin!("envdoctor"));
    command.env_clear().env("HOME", home).env("PATH", "").current_dir(folder);
    let output = command.args(["--format", "json"]).args(arguments).output().unwrap();
    let json = serde_json::from_slice(&output.stdout).unwrap();
    (json, String::from_utf8(output.stderr).unwrap())
}

fn rules(report: &Value) -> Vec<&str> {
    report["diagnoses"].as_array().unwrap().iter().map(|it| it["rule"].as_str().unwrap()).collect()
}

#[test]
fn the_project_is_examined_from_its_subfolders() {
    let home = tempfile::tempdir().unwrap();
    let home = home.path().canonicalize().unwrap();
    let lib = home.join("app/lib");
    fs::create_dir_all(&lib).unwrap();
    fs::write(home.join("app/opencode.json"), "{\"model\": }").unwrap();

    let (at_root, told) = envdoctor(&home, &home.join("app"), &["check"]);
    assert_eq!(rules(&at_root), ["opencode-config-invalid"], "{at_root:#}");
    assert_eq!(told, "");
    let (below, told) = envdoctor(&home, &lib, &["check"]);
    assert_eq!(rules(&below), ["opencode-config-invalid"], "{below:#}");
    assert_eq!(told, format!("envdoctor: the project is {}\n", home.join("app").display()));
    let (plan, _) = envdoctor(&home, &lib, &["fix", "--dry-run"]);
    assert_eq!(rules(&plan), ["opencode-config-invalid"], "{plan:#}");

    // What the person names is meant from where they stand.
    envdoctor(&home, &lib, &["facts", "--record", "kept.yaml"]);
    assert!(lib.join("kept.yaml").is_file());
    let (replayed, _) = envdoctor(&home, &lib, &["check", "--facts", "kept.yaml"]);
    assert_eq!(rules(&replayed), ["opencode-config-invalid"], "{replayed:#}");
}
