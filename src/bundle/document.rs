//! What the file says, before it is drawn.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;
use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::Redactor;
use super::required::{line, message};
use crate::causes::Status;
use crate::facts::{Facts, Reading, Value, shown};
use crate::plan::{FileEdit, Obstacle, Step, Treatment, command_line};
use crate::report::{Entry, Proof, Report, SetAside};
use crate::versions::Standing;

/// A longer text is cut: nobody reads more of it in an issue.
const LONGEST: usize = 4000;

/// So many questions are drawn in the chart, the slowest.
const CHARTED: usize = 24;

/// What a document is made of.
pub struct Parts<'a> {
    /// envdoctor's version.
    pub version: &'a str,
    /// When it was made.
    pub made: String,
    /// What was asked of the machine.
    pub facts: &'a Facts,
    /// What the project's files ask for.
    pub standings: &'a [Standing],
    /// What was found.
    pub report: &'a Report,
    /// How long each question took.
    pub timings: Vec<(String, Duration)>,
    /// The last command in this project, with what was found in its output.
    pub last_run: Option<LastRun<'a>>,
}

/// A command that was run.
pub struct LastRun<'a> {
    /// The command line.
    pub command: String,
    /// Its exit code.
    pub code: i32,
    /// When it ended.
    pub ended: String,
    /// What was found in its output.
    pub report: &'a Report,
}

/// How many texts something was taken out of.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct TakenOut {
    /// Secrets.
    pub secrets: usize,
    /// Names of people and machines, home folders, addresses of mail.
    pub names: usize,
}

/// The document, of texts alone.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Document {
    /// envdoctor's version.
    pub version: String,
    /// When it was made.
    pub made: String,
    /// What kind of machine it is.
    pub machine: Vec<(String, String)>,
    /// Tools, with their versions.
    pub tools: Vec<Tool>,
    /// What was found.
    pub findings: Vec<Found>,
    /// What was found and does not count: the rule, what is wrong, and why it does not.
    pub set_aside: Vec<(String, String, String)>,
    /// What is not known, why, and the rules that nobody can decide because of it.
    pub unknown: Vec<(String, String, String)>,
    /// How long each question took, the slowest first.
    pub timings: Vec<(String, f64)>,
    /// Every fact with its value and where it came from.
    pub facts: Vec<(String, String, String)>,
    /// The last command.
    pub last_run: Option<Run>,
}

/// One tool.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Tool {
    /// Its name.
    pub name: String,
    /// The version that this shell has.
    pub has: String,
    /// Where it lies.
    pub path: String,
    /// What each place asks for, and whether that agrees.
    pub asked: Vec<(String, String, String)>,
}

/// One diagnosis.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Found {
    /// The rule's id.
    pub rule: String,
    /// `error`, `warning` or `info`.
    pub severity: String,
    /// What is wrong.
    pub message: String,
    /// Why it happens.
    pub explanation: String,
    /// Where it is seen, and what stands there.
    pub evidence: Vec<(String, String)>,
    /// What would help.
    pub remedies: Vec<Help>,
    /// Rules that follow from it.
    pub consequences: Vec<String>,
}

/// One remedy.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Help {
    /// What it does.
    pub title: String,
    /// How far it reaches, where envdoctor can carry it out.
    pub risk: String,
    /// The command, the diff or the paths.
    pub exactly: String,
    /// What a person would do.
    pub told: String,
}

/// The last command.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Run {
    /// The command line.
    pub command: String,
    /// How it ended.
    pub end: String,
    /// What was found in its output.
    pub findings: Vec<Found>,
    /// What was found there and does not count, in the same way.
    pub set_aside: Vec<(String, String, String)>,
    /// The lines that look most like its error, where no rule knows it.
    pub lines: Vec<(String, String)>,
}

impl Document {
    /// The document about these, without what is not meant for everybody.
    ///
    /// # Errors
    /// It cannot be written down as data.
    pub fn of(parts: &Parts<'_>, mut redactor: Redactor) -> serde_json::Result<(Document, TakenOut)> {
        let mut timings: Vec<(String, f64)> =
            parts.timings.iter().map(|(what, took)| (what.clone(), took.as_secs_f64() * 1000.0)).collect();
        timings.sort_by(|(_, one), (_, other)| other.total_cmp(one));
        let facts = parts.facts.iter().map(|(name, fact)| {
            let text = match &fact.reading {
                Reading::Present(Value::Text(text)) => match name.strip_prefix("env.") {
                    Some(variable) => redactor.variable(variable, text),
                    None => text.clone(),
                },
                Reading::Present(value) if value.is_empty() => "none".to_owned(),
                Reading::Present(value) => shown(name, value),
                Reading::Absent => "not there".to_owned(),
                other => format!("unknown: {}", other.why_unknown().unwrap_or_default()),
            };
            (name.to_owned(), cut(&text), fact.source.clone())
        });
        let document = Document {
            facts: facts.collect(),
            version: parts.version.to_owned(),
            made: parts.made.clone(),
            machine: machine(parts.facts),
            tools: tools(parts.facts, parts.standings),
            findings: parts.report.diagnoses.iter().map(found).collect(),
            set_aside: set_aside(parts.report),
            unknown: unknown(parts.report),
            timings,
            last_run: parts.last_run.as_ref().map(run),
        };
        redactor.gone_through(&document)
    }

    /// The slowest questions.
    pub(super) fn charted(&self) -> &[(String, f64)] {
        &self.timings[..self.timings.len().min(CHARTED)]
    }
}

/// What tells machines from each other.
fn machine(facts: &Facts) -> Vec<(String, String)> {
    let named = [
        ("System", "os.name"),
        ("Version", "os.version"),
        ("Architecture", "os.arch"),
        ("Container", "os.container"),
        ("Processor", "cpu.brand"),
        ("Processors", "cpu.count"),
        ("Memory", "memory.total"),
        ("GPU", "gpu.names"),
        ("CI", "env.CI"),
    ];
    let told = named.iter().filter_map(|(title, name)| {
        let value = facts.get(name)?.reading.as_present().filter(|value| !value.is_empty())?;
        Some(((*title).to_owned(), shown(name, value)))
    });
    told.collect()
}

/// Each tool that is here or asked for.
fn tools(facts: &Facts, standings: &[Standing]) -> Vec<Tool> {
    let mut tools: BTreeMap<String, Tool> = BTreeMap::new();
    for (name, fact) in facts.iter() {
        let parts: Vec<&str> = name.split('.').collect();
        let (["tool", tool, what], Some(value)) = (parts.as_slice(), fact.reading.as_present()) else {
            continue;
        };
        let entry = tools.entry((*tool).to_owned()).or_default();
        match *what {
            "version" => entry.has = value.to_string(),
            "path" => entry.path = value.to_string(),
            _ => {}
        }
    }
    for standing in standings {
        let tool = tools.entry(standing.tool.program().to_owned()).or_default();
        match &standing.has {
            Reading::Present(has) => (tool.has, tool.path) = (has.version.clone(), has.path.clone()),
            Reading::Absent => {}
            other => tool.has = format!("unknown: {}", other.why_unknown().unwrap_or_default()),
        }
        tool.asked = standing
            .rows
            .iter()
            .map(|row| {
                let place = format!("{}:{}", row.ask.place.file, row.ask.place.line);
                (place, row.ask.words(), row.met.name().to_owned())
            })
            .collect();
    }
    for tool in tools.values_mut().filter(|tool| tool.has.is_empty()) {
        tool.has = if tool.path.is_empty() { "none" } else { "not asked" }.to_owned();
    }
    let is_told = |tool: &Tool| tool.has != "none" || !tool.asked.is_empty();
    tools.into_iter().map(|(name, tool)| Tool { name, ..tool }).filter(is_told).collect()
}

fn unknown(report: &Report) -> Vec<(String, String, String)> {
    let mut by_fact: BTreeMap<(&str, &str), BTreeSet<&str>> = BTreeMap::new();
    for it in &report.unknown {
        by_fact.entry((&it.fact, &it.why)).or_default().insert(&it.rule);
    }
    let row = |((fact, why), rules): ((&str, &str), BTreeSet<&str>)| {
        (fact.to_owned(), why.to_owned(), rules.into_iter().collect::<Vec<_>>().join(", "))
    };
    by_fact.into_iter().map(row).collect()
}

fn set_aside(report: &Report) -> Vec<(String, String, String)> {
    let row = |SetAside { entry, why }: &SetAside| (entry.rule.clone(), message(entry), why.told());
    report.set_aside.iter().map(row).collect()
}

fn found(entry: &Entry) -> Found {
    Found {
        rule: entry.rule.clone(),
        severity: entry.severity.to_string(),
        message: message(entry),
        explanation: entry.explanation.split_whitespace().collect::<Vec<_>>().join(" "),
        evidence: evidence(entry),
        remedies: entry.remedies.iter().filter(|it| fits(it)).map(remedy).collect(),
        consequences: entry.consequences.iter().map(|follower| follower.rule.clone()).collect(),
    }
}

fn fits(treatment: &Treatment) -> bool {
    !matches!(treatment.obstacle, Some(Obstacle::Unfit(_)))
}

fn evidence(entry: &Entry) -> Vec<(String, String)> {
    let mut rows = Vec::new();
    for proof in &entry.evidence {
        match proof {
            Proof::Line { source, quote } if source.is_empty() => {
                rows.push((format!("line {}", quote.line), cut(&quote.text)));
            }
            Proof::Line { source, quote } => {
                rows.push((format!("{source}:{}", quote.line), cut(&quote.text)));
            }
            Proof::Fact { fact, value, source, places } => {
                rows.extend(places.iter().enumerate().map(|(at, place)| {
                    let line = line(entry, place);
                    let said = match value {
                        Some(Value::List(items)) => items.get(at).map(String::as_str),
                        Some(Value::Text(text)) => Some(text.as_str()),
                        _ => None,
                    };
                    // What the line itself says need not be said twice.
                    let said = said.filter(|said| !place.excerpt.contains(said));
                    let text = [said, Some(line)].into_iter().flatten().filter(|text| !text.is_empty());
                    (place.to_string(), cut(&text.collect::<Vec<_>>().join(": ")))
                }));
                if places.is_empty() {
                    let value = match value {
                        Some(value) if value.is_empty() => "none".to_owned(),
                        Some(value) => shown(fact, value),
                        None => "not there".to_owned(),
                    };
                    let from = if source.is_empty() { String::new() } else { format!(" ({source})") };
                    rows.push((fact.clone(), format!("{}{from}", cut(&value))));
                }
            }
        }
    }
    rows.extend(entry.inner.iter().map(|quote| (format!("line {}", quote.line), cut(&quote.text))));
    match entry.status {
        Status::Refuted => rows.push(("this machine".to_owned(), "does not show it now".to_owned())),
        Status::Confirmed if entry.evidence.iter().any(|proof| matches!(proof, Proof::Line { .. })) => {
            rows.push(("this machine".to_owned(), "shows the same".to_owned()));
        }
        Status::Confirmed | Status::Seen => {}
    }
    rows
}

fn remedy(treatment: &Treatment) -> Help {
    let paths = |paths: &[PathBuf]| {
        paths.iter().map(|path| path.display().to_string()).collect::<Vec<_>>().join("\n")
    };
    let (exactly, told) = match &treatment.step {
        Step::Run(run) => (command_line(&run.argv), String::new()),
        Step::Edit(edits) => (edits.iter().map(FileEdit::diff).collect::<Vec<_>>().join("\n"), String::new()),
        Step::Remove(what) => (paths(what), String::new()),
        Step::Track(files) => (paths(files), String::new()),
        Step::Tell(text) => (String::new(), text.split_whitespace().collect::<Vec<_>>().join(" ")),
    };
    let risk = if told.is_empty() { treatment.risk.to_string() } else { String::new() };
    Help { title: treatment.title.clone(), risk, exactly: cut(&exactly), told }
}

fn run(last: &LastRun<'_>) -> Run {
    let report = last.report;
    let lines = report.unrecognised.iter().chain(&report.last_lines);
    Run {
        command: last.command.clone(),
        end: format!("exit status {}, {}", last.code, last.ended),
        findings: report.diagnoses.iter().map(found).collect(),
        set_aside: set_aside(report),
        lines: lines.map(|quote| (format!("line {}", quote.line), cut(&quote.text))).collect(),
    }
}

fn cut(text: &str) -> String {
    match text.char_indices().nth(LONGEST) {
        Some((at, _)) => format!("{}…", &text[..at]),
        None => text.to_owned(),
    }
}
