//! The report as metrics, for the textfile collector of Prometheus's node exporter.

use std::collections::BTreeMap;
use std::fmt::Write;

use super::{Aside, Report, Scene};
use crate::facts::Severity;
use crate::visible::visible;

pub(super) fn draw(report: &Report, scene: &Scene) -> String {
    let mut out = String::new();
    let mut metric = |name: &str, help: &str, samples: Vec<(String, String)>| {
        // Writing to a String cannot fail.
        let _ = writeln!(out, "# HELP envdoctor_{name} {help}\n# TYPE envdoctor_{name} gauge");
        for (labels, value) in samples {
            let _ = writeln!(out, "envdoctor_{name}{labels} {value}");
        }
    };
    let one = |value: String| vec![(String::new(), value)];
    metric(
        "info",
        "The version of envdoctor.",
        vec![(labels(&[("version", &scene.version)]), "1".to_owned())],
    );
    let mut findings: BTreeMap<(&str, &str, Severity), usize> = BTreeMap::new();
    for entry in &report.diagnoses {
        *findings.entry((&entry.rule, &entry.family, entry.severity)).or_default() += 1;
    }
    let finding = |((rule, family, severity), count): ((&str, &str, Severity), usize)| {
        let labels = labels(&[("rule", rule), ("family", family), ("severity", &severity.to_string())]);
        (labels, count.to_string())
    };
    metric("findings", "Findings of a rule.", findings.into_iter().map(finding).collect());
    let problems = Severity::ALL.iter().map(|(name, severity)| {
        let count = report.diagnoses.iter().filter(|entry| entry.severity == *severity).count();
        (labels(&[("severity", name)]), count.to_string())
    });
    metric("problems", "Findings of a severity.", problems.collect());
    let ignored = report.set_aside.iter().filter(|aside| aside.why != Aside::Baseline).count();
    let set_aside = [("ignored", ignored), ("baseline", report.set_aside.len() - ignored)];
    let set_aside = set_aside.map(|(why, count)| (labels(&[("why", why)]), count.to_string()));
    metric("set_aside", "Findings that do not count.", set_aside.into());
    metric("unknown", "Rules that could not be decided.", one(report.undecided().len().to_string()));
    let unrecognised = !report.unrecognised.is_empty() || !report.last_lines.is_empty();
    let help = "Whether there is a failure that no rule knows.";
    metric("unrecognised", help, one(u8::from(unrecognised).to_string()));
    metric("rules", "Rules that were tried.", one(report.summary.rules.to_string()));
    let took = format!("{}.{:03}", report.summary.took_ms / 1000, report.summary.took_ms % 1000);
    metric("duration_seconds", "How long it took.", one(took));
    metric("last_run_timestamp_seconds", "When it was done.", one(scene.at.to_string()));
    out
}

fn labels(labels: &[(&str, &str)]) -> String {
    let pair = |(name, value): &(&str, &str)| {
        let value = visible(value).replace('\\', "\\\\").replace('"', "\\\"");
        format!("{name}=\"{value}\"")
    };
    format!("{{{}}}", labels.iter().map(pair).collect::<Vec<_>>().join(","))
}
