//! GitHub: nothing that was captured becomes a command, and the step's summary is written.

use envdoctor::report::Format;
use serde_json::json;

use crate::forms::samples;
use crate::lab::{Lab, node_package};
use crate::readers::commands;
use crate::reports::{BROKEN, hostile};

#[test]
fn every_line_is_one_command_of_ours() {
    for sample in samples(Format::Github) {
        for (name, properties, message) in commands(&sample) {
            assert!(["error", "warning", "notice"].contains(&name.as_str()), "{name}");
            assert!(properties.keys().all(|key| ["file", "line", "col", "title"].contains(&key.as_str())));
            assert!(
                !message.contains('\r') && message.chars().all(|c| c == '\n' || !c.is_control()),
                "{message}"
            );
        }
    }
    let places: Vec<String> = commands(&samples(Format::Github)[4])
        .iter()
        .filter_map(|(_, properties, _)| properties.get("file").cloned())
        .collect();
    assert_eq!(places.len(), hostile().diagnoses.len());
    assert!(places.iter().all(|place| place == "a b,c:d.nix"), "{places:?}");
}

/// Prints what GitHub's own toolkit writes for these annotations.
const TOOLKIT: &str = "
    import { error, warning, notice } from CORE;
    let text = '';
    for await (const piece of process.stdin) text += piece;
    for (const [name, { title, file, line, col }, message] of JSON.parse(text)) {
        const place = { title, file, startLine: line, startColumn: col };
        ({ error, warning, notice })[name](message, place);
    }
";

#[test]
fn it_is_escaped_as_githubs_toolkit_does() {
    let Some(lab) = Lab::host(&["node", "@actions/core"]) else { return };
    let core = node_package("@actions/core").unwrap().join("lib/core.js");
    lab.write(
        "toolkit.mjs",
        &TOOLKIT.replace("CORE", &json!(format!("file://{}", core.display())).to_string()),
    );
    for sample in samples(Format::Github) {
        let annotations = json!(commands(&sample)).to_string();
        let ran = lab.run_in("project", &["node", "toolkit.mjs"], annotations.as_bytes());
        // The toolkit writes the properties in an order of its own.
        let sorted = |output: &str| -> Vec<String> {
            let lines = output.lines().map(|line| {
                let (head, message) = line[2..].split_once("::").unwrap();
                let (name, properties) = head.split_once(' ').unwrap();
                let mut properties: Vec<&str> = properties.split(',').collect();
                properties.sort_unstable();
                format!("{name} {properties:?} {message}")
            });
            lines.collect()
        };
        assert_eq!(sorted(&ran.exits(0).stdout), sorted(&sample));
    }
}

#[test]
fn the_steps_summary_is_added_to() {
    let mut lab = Lab::host(&[]).unwrap();
    lab.write("machine.yaml", BROKEN);
    lab.write("summary.md", "# Before\n");
    lab.set("GITHUB_STEP_SUMMARY", lab.project().join("summary.md").to_str().unwrap());
    lab.doctor(&["check", "--facts", "machine.yaml"]).exits(1);
    assert_eq!(lab.read("summary.md"), "# Before\n", "only with --format github");
    lab.doctor(&["check", "--facts", "machine.yaml", "--format", "github"]).exits(1);
    let summary = lab.read("summary.md");
    assert!(summary.starts_with("# Before\n## envdoctor: "), "{summary}");
    assert!(summary.contains("`hex-missing`"), "{summary}");
}
