//! The report as tests: each rule that was asked is one, and each diagnosis one that fails.

use std::collections::{BTreeMap, BTreeSet};

use super::brief::one_line;
use super::{Aside, Entry, Report, SetAside, Standing, Unknown};
use crate::scan::Quote;

/// The family of what no rule says.
const OWN: &str = "envdoctor";

/// One test.
pub(super) struct TestCase<'a> {
    /// The family, which is the suite.
    pub(super) family: &'a str,
    /// The rule's id; with a number behind it where the same rule was seen before.
    pub(super) name: String,
    /// What it looks for.
    pub(super) title: &'a str,
    /// What came out.
    pub(super) outcome: Outcome<'a>,
}

/// What came out of a test.
pub(super) enum Outcome<'a> {
    /// All is well.
    Passed,
    /// The rule holds.
    Failed(&'a Entry),
    /// Nobody can tell.
    Unknown(Vec<&'a Unknown>),
    /// There is a failure that no rule knows.
    Unrecognised(&'a [Quote]),
    /// It does not count, and why.
    Skipped(String),
}

/// Every test, by family and name.
pub(super) fn cases(report: &Report) -> Vec<TestCase<'_>> {
    let mut cases = Vec::new();
    let mut add = |family, rule: &str, title, outcome| {
        cases.push(TestCase { family, name: rule.to_owned(), title, outcome });
    };
    for entry in &report.diagnoses {
        add(entry.family.as_str(), &entry.rule, entry.title.as_str(), Outcome::Failed(entry));
    }
    for SetAside { entry, why } in &report.set_aside {
        add(&entry.family, &entry.rule, &entry.title, Outcome::Skipped(set_aside(why)));
    }
    let told: BTreeSet<&str> = entries(report).map(|entry| entry.rule.as_str()).collect();
    let mut unknown = report.unknown_by_rule();
    for examined in report.examined.iter().filter(|examined| !told.contains(examined.rule.as_str())) {
        let outcome = match examined.verdict {
            Standing::Healthy => Outcome::Passed,
            Standing::Unknown => Outcome::Unknown(unknown.remove(examined.rule.as_str()).unwrap_or_default()),
            Standing::NotApplicable => Outcome::Skipped("it means nothing here".to_owned()),
            Standing::Broken => Outcome::Skipped(follows(report, &examined.rule)),
        };
        add(&examined.family, &examined.rule, &examined.title, outcome);
    }
    // What a tool was asked about, and did not say.
    for (rule, unknown) in unknown.into_iter().filter(|(rule, _)| !told.contains(rule)) {
        let title = unknown.first().map_or("", |it| it.title.as_str());
        add(OWN, rule, title, Outcome::Unknown(unknown));
    }
    let lines = if report.unrecognised.is_empty() { &report.last_lines } else { &report.unrecognised };
    if !lines.is_empty() {
        let title = "This failure is not one that envdoctor knows";
        add(OWN, UNRECOGNISED, title, Outcome::Unrecognised(lines));
    } else if report.examined.is_empty() && report.diagnoses.is_empty() && report.set_aside.is_empty() {
        // Some readers take a report without tests for a broken one.
        add(OWN, "no-known-failure", "The output shows no known failure", Outcome::Passed);
    }
    cases.sort_by(|one, other| (one.family, &one.name).cmp(&(other.family, &other.name)));
    number(&mut cases);
    cases
}

/// The name of the test that a failure without a rule is.
pub(super) const UNRECOGNISED: &str = "unrecognised-failure";

/// Tells tests of one name apart, which some readers take for one.
fn number(cases: &mut [TestCase<'_>]) {
    let mut seen: BTreeMap<String, usize> = BTreeMap::new();
    for case in cases {
        let count = seen.entry(case.name.clone()).or_default();
        *count += 1;
        if *count > 1 {
            case.name = format!("{} ({count})", case.name);
        }
    }
}

fn entries(report: &Report) -> impl Iterator<Item = &Entry> {
    report.diagnoses.iter().chain(report.set_aside.iter().map(|aside| &aside.entry))
}

/// Why a rule that holds is no diagnosis of its own.
fn follows(report: &Report, rule: &str) -> String {
    let cause = entries(report).find(|entry| entry.consequences.iter().any(|follower| follower.rule == rule));
    match cause {
        Some(cause) => format!("it follows from {}", cause.rule),
        None => "it is told with another finding".to_owned(),
    }
}

/// Why a diagnosis does not count, in a line.
pub(super) fn set_aside(why: &Aside) -> String {
    match why {
        Aside::Ignored { reason, until, from } => {
            let until = until.as_ref().map(|day| format!(" until {day}")).unwrap_or_default();
            one_line(&format!("ignored{until}: {reason} ({from})"))
        }
        Aside::Baseline => "it stands in the baseline".to_owned(),
    }
}

/// What nobody knows, a line for each fact.
pub(super) fn not_known(unknown: &[&Unknown]) -> Vec<String> {
    unknown.iter().map(|it| one_line(&format!("{} is not known: {}", it.fact, it.why))).collect()
}
