//! The reports as JSON, and the schemas of it: both are made of the same types. Keys may be added, never changed.

mod entry;
mod facts;
mod remedy;
mod schema;

use schemars::JsonSchema;
use serde::Serialize;
use serde_json::Value as Json;

pub use facts::FactsForm;
pub use schema::{risks, schema_of, severities, version};

use super::{Report, SinceGreen, Standing};
use crate::facts::{Facts, Severity};
use crate::plan::Treatment;
use crate::scan::Quote;
use entry::{EntryForm, SetAsideForm};
use remedy::RemedyForm;

/// The version of the forms.
pub const SCHEMA_VERSION: u32 = 1;

/// The whole report.
pub fn to_json(report: &Report) -> Json {
    form_to_json(&ReportForm::from(report))
}

/// Facts as JSON, by name.
pub fn facts_to_json(facts: &Facts) -> Json {
    form_to_json(&FactsForm::from(facts))
}

/// A remedy as JSON.
pub fn remedy_to_json(treatment: &Treatment) -> Json {
    form_to_json(&RemedyForm::from(treatment))
}

/// A form as JSON.
pub fn form_to_json(form: &impl Serialize) -> Json {
    // Nothing in a form can fail: texts, numbers, and maps whose keys are texts.
    serde_json::to_value(form).unwrap_or_default()
}

/// What envdoctor found. Keys may be added in later versions, and are never changed or removed: readers pass over keys
/// that they do not know.
#[derive(Serialize, JsonSchema)]
#[schemars(title = "envdoctor's report")]
pub struct ReportForm<'a> {
    /// The version of this form.
    #[schemars(schema_with = "version")]
    schema_version: u32,
    /// The root causes, the likeliest first.
    diagnoses: Vec<EntryForm<'a>>,
    /// Diagnoses that do not count, since they are ignored or stand in the baseline.
    set_aside: Vec<SetAsideForm<'a>>,
    /// Every rule that a check judged; empty for an output.
    examined: Vec<ExaminedForm<'a>>,
    /// The rules that could not be decided, an item for each fact that is missing.
    unknown: Vec<UnknownForm<'a>>,
    /// Where no rule was seen, the lines that look most like an error.
    unrecognised: Vec<LineForm<'a>>,
    /// The last lines of a command that failed without a line that looks like an error.
    last_lines: Vec<LineForm<'a>>,
    /// What changed since the last healthy check, where that was asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    since_green: Option<SinceGreenForm<'a>>,
    /// The figures.
    summary: SummaryForm,
}

/// A line of the output.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "Line", inline)]
struct LineForm<'a> {
    /// Its number, from 1.
    line: u64,
    /// Its text.
    text: &'a str,
}

/// A rule that the machine was asked about.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "Examined")]
struct ExaminedForm<'a> {
    /// Its id.
    rule: &'a str,
    /// Its title.
    title: &'a str,
    /// Its family.
    family: &'a str,
    /// What came out.
    verdict: VerdictName,
}

#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
#[schemars(inline)]
enum VerdictName {
    Healthy,
    Broken,
    Unknown,
    NotApplicable,
}

/// A rule that could not be decided.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "Unknown")]
struct UnknownForm<'a> {
    /// Its id.
    rule: &'a str,
    /// Its title.
    title: &'a str,
    /// The fact that is missing.
    fact: &'a str,
    /// Why it is.
    why: &'a str,
    /// Where it was to be learnt.
    source: &'a str,
    /// How many milliseconds that took.
    took_ms: u64,
    /// It was not known before either, as the baseline says, and does not count.
    baseline: bool,
}

/// What changed since the last healthy check.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "SinceGreen")]
struct SinceGreenForm<'a> {
    /// When that was; `null`: none is remembered.
    at: Option<String>,
    /// What is not as it was then.
    changes: Vec<ChangeForm<'a>>,
}

/// A fact or a file that is not as it was.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "Change", inline)]
struct ChangeForm<'a> {
    /// The fact's name, or the file's path from the project's folder.
    what: &'a str,
    /// How it differs.
    how: &'a str,
}

/// The figures.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "Summary")]
struct SummaryForm {
    /// Diagnoses with severity `error`.
    errors: usize,
    /// Diagnoses with severity `warning`.
    warnings: usize,
    /// Diagnoses with severity `info`.
    infos: usize,
    /// The length of `unknown`.
    unknown: usize,
    /// Rules and requirements among `unknown`: one can lack several facts.
    undecided: usize,
    /// Rules that were tried.
    rules: usize,
    /// Rules that settings or options leave out.
    rules_left_out: usize,
    /// Requirements that were looked at.
    requirements: usize,
    /// Diagnoses that were left out, since `only` or `skip` leaves out their rules.
    left_out: usize,
    /// Lines of output that were read; `null` where the machine was asked.
    lines: Option<u64>,
    /// Milliseconds that it took.
    took_ms: u64,
}

impl<'a> From<&'a Report> for ReportForm<'a> {
    fn from(report: &'a Report) -> Self {
        let count =
            |severity: Severity| report.diagnoses.iter().filter(|entry| entry.severity == severity).count();
        ReportForm {
            schema_version: SCHEMA_VERSION,
            diagnoses: report.diagnoses.iter().map(EntryForm::from).collect(),
            set_aside: report.set_aside.iter().map(SetAsideForm::from).collect(),
            examined: report
                .examined
                .iter()
                .map(|it| ExaminedForm {
                    rule: &it.rule,
                    title: &it.title,
                    family: &it.family,
                    verdict: it.verdict.into(),
                })
                .collect(),
            unknown: report
                .unknown
                .iter()
                .map(|it| UnknownForm {
                    rule: &it.rule,
                    title: &it.title,
                    fact: &it.fact,
                    why: &it.why,
                    source: &it.source,
                    took_ms: milliseconds(it.took),
                    baseline: it.baseline,
                })
                .collect(),
            unrecognised: lines(&report.unrecognised),
            last_lines: lines(&report.last_lines),
            since_green: report.since_green.as_ref().map(SinceGreenForm::from),
            summary: SummaryForm {
                errors: count(Severity::Error),
                warnings: count(Severity::Warning),
                infos: count(Severity::Info),
                unknown: report.unknown.len(),
                undecided: report.undecided().len(),
                rules: report.summary.rules,
                rules_left_out: report.summary.rules_left_out,
                requirements: report.summary.requirements,
                left_out: report.summary.left_out,
                lines: report.summary.lines,
                took_ms: report.summary.took_ms,
            },
        }
    }
}

impl<'a> From<&'a SinceGreen> for SinceGreenForm<'a> {
    fn from(since: &'a SinceGreen) -> Self {
        let changes = since.differences.iter().map(|(what, how)| ChangeForm { what, how });
        SinceGreenForm { at: since.at.map(|at| at.to_string()), changes: changes.collect() }
    }
}

impl From<Standing> for VerdictName {
    fn from(standing: Standing) -> Self {
        match standing {
            Standing::Healthy => VerdictName::Healthy,
            Standing::Broken => VerdictName::Broken,
            Standing::Unknown => VerdictName::Unknown,
            Standing::NotApplicable => VerdictName::NotApplicable,
        }
    }
}

fn lines(quotes: &[Quote]) -> Vec<LineForm<'_>> {
    quotes.iter().map(|quote| LineForm { line: quote.line, text: &quote.text }).collect()
}

fn milliseconds(time: std::time::Duration) -> u64 {
    u64::try_from(time.as_millis()).unwrap_or(u64::MAX)
}
