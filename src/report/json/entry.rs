//! A diagnosis as JSON.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::Serialize;

use super::facts::{PlaceForm, ValueForm, places};
use super::remedy::RemedyForm;
use super::schema::severities;
use super::{LineForm, lines};
use crate::causes::Status;
use crate::facts::Severity;
use crate::report::{Aside, Entry, Proof, SetAside};
use crate::rules::Tag;

/// A root cause.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "Diagnosis")]
pub(super) struct EntryForm<'a> {
    /// The rule's id.
    rule: &'a str,
    /// The rule's family.
    family: &'a str,
    /// What else it has to do with: the words that `--only` and `--skip` take beside ids and families.
    tags: Vec<String>,
    /// What tells this occurrence from another of the same rule, the same from run to run and on every machine.
    fingerprint: &'a str,
    /// The rule's title, the same for every occurrence.
    title: &'a str,
    /// The title with what was found; the title itself where nothing more is known.
    message: &'a str,
    /// How bad it is.
    #[schemars(schema_with = "severities")]
    severity: Severity,
    /// Why it happens.
    explanation: &'a str,
    /// Where the tools' makers document it.
    references: &'a [String],
    /// What shows it: lines of the output, facts of the machine.
    evidence: Vec<ProofForm<'a>>,
    /// Where the rule says no more than that something failed: the lines that this printed itself.
    inner: Vec<LineForm<'a>>,
    /// How often it stands in the output; 0 where only the machine shows it.
    occurrences: u64,
    /// What the rule's pattern captured, by name.
    captures: &'a BTreeMap<String, String>,
    /// `seen`: nobody asked the machine, or it cannot tell; `confirmed`: the machine shows the same; `refuted`: it does not.
    status: StatusName,
    /// The ids of the rules that were seen and follow from this one.
    consequences: Vec<&'a str>,
    /// What helps, the best first.
    remedies: Vec<RemedyForm<'a>>,
}

#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
#[schemars(inline)]
enum StatusName {
    Seen,
    Confirmed,
    Refuted,
}

/// A piece of evidence: a line, or a fact.
#[derive(Serialize, JsonSchema)]
#[serde(untagged)]
#[schemars(rename = "Evidence")]
enum ProofForm<'a> {
    /// A line of the output.
    Line {
        /// The file, or the command, that the output came from.
        source: &'a str,
        /// Its number, from 1.
        line: u64,
        /// Its text.
        text: &'a str,
    },
    /// A fact of the machine.
    Fact {
        /// Its name.
        fact: &'a str,
        /// What it says; `null`: it is known not to be there.
        value: Option<ValueForm<'a>>,
        /// Where it was read.
        source: &'a str,
        /// Where it stands in files, of a list one for each item; left out where it stands in none.
        #[serde(skip_serializing_if = "Vec::is_empty")]
        places: Vec<PlaceForm<'a>>,
    },
}

/// A diagnosis that does not count.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "SetAside")]
pub(super) struct SetAsideForm<'a> {
    #[serde(flatten)]
    entry: EntryForm<'a>,
    #[serde(flatten)]
    why: AsideForm<'a>,
}

/// Why a diagnosis does not count.
#[derive(Serialize, JsonSchema)]
#[serde(tag = "why", rename_all = "lowercase")]
enum AsideForm<'a> {
    /// The configuration says so.
    Ignored {
        /// What it gives as the reason.
        reason: &'a str,
        /// The last day on which it holds; `null`: it has no end.
        until: Option<&'a str>,
        /// Where it says so.
        from: &'a str,
    },
    /// It was there before, as the baseline says.
    Baseline,
}

impl<'a> From<&'a Entry> for EntryForm<'a> {
    fn from(entry: &'a Entry) -> Self {
        EntryForm {
            rule: &entry.rule,
            family: &entry.family,
            tags: entry.tags.iter().map(Tag::to_string).collect(),
            fingerprint: &entry.fingerprint,
            title: &entry.title,
            message: &entry.message,
            severity: entry.severity,
            explanation: &entry.explanation,
            references: &entry.references,
            evidence: entry.evidence.iter().map(ProofForm::from).collect(),
            inner: lines(&entry.inner),
            occurrences: entry.occurrences,
            captures: &entry.captures,
            status: match entry.status {
                Status::Seen => StatusName::Seen,
                Status::Confirmed => StatusName::Confirmed,
                Status::Refuted => StatusName::Refuted,
            },
            consequences: entry.consequences.iter().map(|follower| follower.rule.as_str()).collect(),
            remedies: entry.remedies.iter().map(RemedyForm::from).collect(),
        }
    }
}

impl<'a> From<&'a Proof> for ProofForm<'a> {
    fn from(proof: &'a Proof) -> Self {
        match proof {
            Proof::Line { source, quote } => ProofForm::Line { source, line: quote.line, text: &quote.text },
            Proof::Fact { fact, value, source, places: at } => ProofForm::Fact {
                fact,
                value: value.as_ref().map(ValueForm::from),
                source,
                places: places(at),
            },
        }
    }
}

impl<'a> From<&'a SetAside> for SetAsideForm<'a> {
    fn from(aside: &'a SetAside) -> Self {
        let why = match &aside.why {
            Aside::Ignored { reason, until, from } => {
                AsideForm::Ignored { reason, until: until.as_deref(), from }
            }
            Aside::Baseline => AsideForm::Baseline,
        };
        SetAsideForm { entry: EntryForm::from(&aside.entry), why }
    }
}
