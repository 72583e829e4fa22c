//! What SARIF can say beside the findings: why some do not count, where else it stands, and how it is mended.

use envdoctor::report::Format;
use serde_json::{Value, json};

use crate::lab::Lab;
use crate::reports::{hostile, scene};

const LOG: &str = "error: hash mismatch in fixed-output derivation '/nix/store/xjvlx6ji5nnbpxm0nzkg08myshhpxpdj-source.txt.drv':
         specified: sha256-AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=
            got:    sha256-WJG1tSLV3whtD/CxEPvZ0hu0/HFjrzTQgoai6Eb2vgM=
";

fn expression(hash: &str, end: &str) -> String {
    format!("derivation {{\n  name = \"source.txt\"; # é\n  outputHash = \"{hash}\";\n}}{end}")
}

/// Does what a fix says, as an editor would.
fn applied(text: &str, replacements: &[Value]) -> String {
    let mut text: Vec<char> = text.chars().collect();
    let offset = |text: &[char], line: &Value, column: &Value| {
        let (line, column) = (line.as_u64().unwrap() as usize, column.as_u64().unwrap() as usize);
        let ends: Vec<usize> =
            text.iter().enumerate().filter(|(_, c)| **c == '\n').map(|(at, _)| at + 1).collect();
        if line == 1 { column - 1 } else { ends[line - 2] + column - 1 }
    };
    for replacement in replacements.iter().rev() {
        let region = &replacement["deletedRegion"];
        let from = offset(&text, &region["startLine"], &region["startColumn"]);
        let to = offset(&text, &region["endLine"], &region["endColumn"]);
        let inserted: Vec<char> = replacement["insertedContent"]["text"].as_str().unwrap().chars().collect();
        text.splice(from..to, inserted);
    }
    text.into_iter().collect()
}

#[test]
fn a_fix_does_what_envdoctor_fix_does() {
    for end in ["\n", ""] {
        let lab = Lab::host(&[]).unwrap();
        let before = expression("sha256-AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=", end);
        lab.write("fod.nix", &before);
        lab.write("build.log", LOG);
        let log = lab.doctor(&["diagnose", "build.log", "--format", "sarif"]).exits(1).json();
        let result = &log["runs"][0]["results"][0];
        assert_eq!(result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"], "build.log");
        assert_eq!(result["locations"][0]["physicalLocation"]["region"]["startLine"], 1);
        let changes = result["fixes"][0]["artifactChanges"].as_array().unwrap();
        assert_eq!(changes.len(), 1);
        assert_eq!(changes[0]["artifactLocation"]["uri"], "fod.nix");
        let after = applied(&before, changes[0]["replacements"].as_array().unwrap());
        lab.doctor(&["fix", "--log", "build.log", "--yes=project"]);
        assert_eq!(after, lab.read("fod.nix"));
        assert_ne!(after, before);
    }
}

#[test]
fn the_place_that_nix_names_is_the_place() {
    let lab = Lab::host(&[]).unwrap();
    lab.write("flake.nix", "{\n  outputs = { self }: {\n    a = 1\n  };\n}\n");
    let project = lab.project();
    let name = project.join("flake.nix");
    let log = format!(
        "error: syntax error, unexpected '}}', expecting ';'\n\n       at {}:4:3:\n\n            3|     a = 1\n            4|   }};\n             |   ^\n            5| }}\n",
        name.display()
    );
    lab.write("build.log", &log);
    let log = lab.doctor(&["diagnose", "build.log", "--format", "sarif"]).exits(1).json();
    let result = &log["runs"][0]["results"][0];
    assert_eq!(result["ruleId"], "nix-syntax-error");
    let place = &result["locations"][0]["physicalLocation"];
    assert_eq!(place["artifactLocation"]["uri"], "flake.nix");
    assert_eq!(
        (&place["region"]["startLine"], &place["region"]["startColumn"]),
        (&Value::from(4), &Value::from(3))
    );
    assert_eq!(result["relatedLocations"][0]["physicalLocation"]["artifactLocation"]["uri"], "build.log");
}

#[test]
fn what_does_not_count_says_why() {
    let log: Value = serde_json::from_str(&Format::Sarif.draw(&hostile(), &scene())).unwrap();
    let results = log["runs"][0]["results"].as_array().unwrap();
    let of = |rule: &str| results.iter().find(|it| it["ruleId"] == rule).unwrap();
    let suppression = &of("ignored-rule")["suppressions"][0];
    assert_eq!(suppression["status"], "accepted");
    assert!(suppression["justification"].as_str().unwrap().contains("until 2030-01-01"));
    assert_eq!(of("old-rule")["baselineState"], "unchanged");
    assert!(of("old-rule").get("suppressions").is_none());
    assert_eq!(of("rule-0-error")["baselineState"], "new");
    // A path that leads out of the project is no place in it.
    let places = log.to_string();
    assert!(!places.contains("\"uri\":\"../outside\"") && !places.contains("/etc/passwd\"}"));
    assert!(places.contains("\"uri\":\"a%20b%2Cc%3Ad.nix\""), "{}", of("rule-0-error"));
}

#[test]
fn a_rule_has_its_family_and_its_tags() {
    let log: Value = serde_json::from_str(&Format::Sarif.draw(&hostile(), &scene())).unwrap();
    let rule = &log["runs"][0]["tool"]["driver"]["rules"][0];
    assert_eq!(rule["properties"]["tags"], json!(["nix", "lockfile", "versions"]));
    // JSON tells the same of a rule of the built-in ones.
    let lab = Lab::host(&[]).unwrap();
    lab.write("build.log", "Could not find Hex, which is needed to build dependency :jason\n");
    let of = |form: &str| lab.doctor(&["diagnose", "build.log", "--format", form]).exits(1).json();
    let (sarif, json) = (of("sarif"), of("json"));
    let diagnosis = &json["diagnoses"][0];
    let tags = diagnosis["tags"].as_array().unwrap().clone();
    assert!(!tags.is_empty(), "{diagnosis:#}");
    let family = std::iter::once(diagnosis["family"].clone());
    let all: Vec<Value> = family.chain(tags).collect();
    assert_eq!(sarif["runs"][0]["tool"]["driver"]["rules"][0]["properties"]["tags"], Value::from(all));
}

#[test]
fn what_follows_from_a_cause_is_a_flow() {
    let log: Value = serde_json::from_str(&Format::Sarif.draw(&hostile(), &scene())).unwrap();
    let flow = &log["runs"][0]["results"][0]["codeFlows"][0]["threadFlows"][0]["locations"];
    let told: Vec<&str> = flow
        .as_array()
        .unwrap()
        .iter()
        .map(|it| it["location"]["message"]["text"].as_str().unwrap())
        .collect();
    assert_eq!(told, ["rule-0-error", "follower"]);
}
