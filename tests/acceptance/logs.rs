//! The recorded logs of tools that did well: nothing is diagnosed.

use crate::lab::Lab;

#[test]
fn healthy_logs_have_no_diagnosis() {
    let Some(lab) = Lab::host(&[]) else { return };
    let pattern = concat!(env!("CARGO_MANIFEST_DIR"), "/fixtures/logs/healthy/*.log");
    let logs: Vec<String> =
        glob::glob(pattern).unwrap().map(|log| log.unwrap().to_str().unwrap().to_owned()).collect();
    assert!(!logs.is_empty(), "no logs at {pattern}");
    for log in &logs {
        let diagnosed = lab.doctor(&["diagnose", "--format", "json", log]);
        let report = diagnosed.exits(0).report();
        assert!(report.roots().is_empty(), "{log}: {report:#?}");
    }

    let all: Vec<&str> =
        ["diagnose", "--fail-on", "info"].into_iter().chain(logs.iter().map(String::as_str)).collect();
    lab.doctor(&all).exits(0);
}
