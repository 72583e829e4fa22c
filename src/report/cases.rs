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
    /// The rule's id, of a requirement with what is required; with a number behind it where the same was seen before.
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

/// A rule, and what is required where it is about a requirement.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Asked<'a>(&'a str, Option<&'a str>);

impl<'a> Asked<'a> {
    fn of(entry: &'a Entry) -> Self {
        Asked(&entry.rule, entry.requirement.as_deref())
    }

    fn name(self) -> String {
        match self {
            Asked(rule, None) => rule.to_owned(),
            Asked(rule, Some(requirement)) => format!("{rule} ({})", one_line(requirement)),
        }
    }
}

/// Every test, by family and name.
pub(super) fn cases(report: &Report) -> Vec<TestCase<'_>> {
    let mut cases = Vec::new();
    let mut add = |family, asked: Asked<'_>, title, outcome| {
        cases.push(TestCase { family, name: asked.name(), title, outcome });
    };
    for entry in &report.diagnoses {
        add(entry.family.as_str(), Asked::of(entry), entry.title.as_str(), Outcome::Failed(entry));
    }
    for SetAside { entry, why } in &report.set_aside {
        add(&entry.family, Asked::of(entry), &entry.title, Outcome::Skipped(why.told()));
    }
    let told: BTreeSet<Asked<'_>> = entries(report).map(Asked::of).collect();
    let undecided = report.undecided().into_iter();
    let unknown: BTreeMap<Asked<'_>, Vec<&Unknown>> =
        undecided.map(|((rule, requirement), missing)| (Asked(rule, requirement), missing)).collect();
    let mut examined_unknown = BTreeSet::new();
    for examined in &report.examined {
        let asked = Asked(&examined.rule, examined.requirement.as_deref());
        // The same thing may be required twice, and only once be so.
        let is_told = told.contains(&asked);
        if is_told && (asked.1.is_none() || examined.verdict == Standing::Broken) {
            continue;
        }
        let outcome = match examined.verdict {
            Standing::Healthy => Outcome::Passed,
            Standing::Unknown => {
                examined_unknown.insert(asked);
                Outcome::Unknown(unknown.get(&asked).cloned().unwrap_or_default())
            }
            Standing::NotApplicable => Outcome::Skipped("it means nothing here".to_owned()),
            Standing::Broken => Outcome::Skipped(follows(report, &examined.rule)),
        };
        add(&examined.family, asked, &examined.title, outcome);
    }
    // What a tool was asked about, and did not say.
    let rest = |asked: &Asked<'_>| !told.contains(asked) && !examined_unknown.contains(asked);
    for (asked, unknown) in unknown.into_iter().filter(|(asked, _)| rest(asked)) {
        let title = unknown.first().map_or("", |it| it.title.as_str());
        add(OWN, asked, title, Outcome::Unknown(unknown));
    }
    let lines = if report.unrecognised.is_empty() { &report.last_lines } else { &report.unrecognised };
    if !lines.is_empty() {
        let title = "This failure is not one that envdoctor knows";
        add(OWN, Asked(UNRECOGNISED, None), title, Outcome::Unrecognised(lines));
    } else if report.examined.is_empty() && report.diagnoses.is_empty() && report.set_aside.is_empty() {
        // Some readers take a report without tests for a broken one.
        let title = match report.is_excused() {
            true => "The output shows no failure that was asked for",
            false => "The output shows no known failure",
        };
        add(OWN, Asked("no-known-failure", None), title, Outcome::Passed);
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

impl Aside {
    /// Why a diagnosis does not count, in a line.
    pub fn told(&self) -> String {
        match self {
            Aside::Ignored { reason, until, from } => {
                let until = until.as_ref().map(|day| format!(" until {day}")).unwrap_or_default();
                one_line(&format!("ignored{until}: {reason} ({from})"))
            }
            Aside::Baseline => "it stands in the baseline".to_owned(),
        }
    }
}

/// What nobody knows, a line for each fact.
pub(super) fn not_known(unknown: &[&Unknown]) -> Vec<String> {
    unknown.iter().map(|it| one_line(&format!("{} is not known: {}", it.fact, it.why))).collect()
}
