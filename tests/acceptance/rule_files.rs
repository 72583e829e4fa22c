//! A rule file with mistakes: every one of them is reported, with its place.

use crate::lab::Lab;

/// Five mistakes, on lines 1, 3, 5, 10 and 11.
const BROKEN: &str = r#"id: another-name
title: A rule with mistakes
severity: fatal
family: house
sincee: 0.1.0
references: [https://example.org/house]
explanation: |
  It has five mistakes.
symptoms:
  - "frobnicator (is jammed"
checks: {fact: gpu.cuont, exists: true}
examples:
  - |
    frobnicator is jammed
"#;

#[test]
fn every_mistake_is_reported_with_its_place() {
    let Some(lab) = Lab::host(&[]) else { return };
    lab.write("rules/house/broken.yaml", BROKEN);
    for command in [&["check", "--rules", "rules"][..], &["diagnose", "--rules", "rules", "-"]] {
        let ran = lab.doctor(command);
        ran.exits(2);
        for (line, column) in [(1, 5), (3, 11), (5, 1), (10, 5), (11, 16)] {
            let place = format!("broken.yaml:{line}:");
            ran.complains(&place);
            let columns: Vec<usize> = ran
                .stderr
                .split(&place)
                .skip(1)
                .filter_map(|rest| rest.split(|c: char| !c.is_ascii_digit()).next()?.parse().ok())
                .collect();
            // A mistake within a regex may be shown at its own place, which is further right.
            let holds = columns.iter().any(|&found| found == column || (line == 10 && found > column));
            ran.must(holds, &format!("line {line} must be reported at column {column}, not {columns:?}"));
        }
        ran.complains("fatal").complains("sincee").complains("cuont");
        ran.must(ran.stdout.is_empty(), "stdout must be empty");
    }
}

#[test]
fn mistakes_of_every_file_are_reported() {
    let Some(lab) = Lab::host(&[]) else { return };
    lab.write("rules/house/broken.yaml", BROKEN);
    lab.write("rules/house/torn.yaml", "id: torn\ntitle: [never closed\n");
    let ran = lab.doctor(&["check", "--rules", "rules"]);
    ran.exits(2).complains("broken.yaml:3:").complains("torn.yaml:");
}

/// On line 11 and, as a look-alike, on line 13 a pattern that is short and grows.
const LARGE: &str = r#"id: large
title: A rule whose patterns grow
severity: error
family: house
since: 0.1.0
explanation: |
  They do.
symptoms:
  - frobnicator is jammed
  - |-
    hatch (?:\pL{200}){200}
not_if:
  - 'lid (?:\pL{200}){200}'
remedies:
  - title: Free it
    tell: By hand.
examples:
  - |
    frobnicator is jammed
"#;

#[test]
fn a_pattern_that_grows_too_large_is_refused() {
    let Some(lab) = Lab::host(&[]) else { return };
    lab.write("rules/house/large.yaml", LARGE);
    let ran = lab.doctor_with(&["diagnose", "--rules", "rules", "-"], b"frobnicator is jammed\n");
    ran.exits(2).complains("large.yaml:11:5: ").complains("compiled form exceeds");
    ran.must(ran.stderr.matches("exceeds").count() == 2, "the look-alike's pattern must be refused too");
    ran.must(ran.stdout.is_empty(), "stdout must be empty");
}
