//! From diagnoses to the report.

use std::collections::BTreeSet;
use std::path::Path;

use super::fingerprint::fingerprint;
use super::location::is_inside;
use super::{Entry, Examined, Follower, Proof, Report, Standing, Summary, Unknown};
use crate::causes::{Diagnosis, Finding};
use crate::facts::{Place, Reading, Value};
use crate::judge::{Verdict, judge};
use crate::plan::{Setting, derive, name_own_files, prepare};
use crate::rules::{Remedy, Rule, RuleSet, Template};
use crate::scan::{Quote, Sighting};

/// Of one failure that is repeated, so many places are quoted.
const PLACES: usize = 3;

/// A longer value is shortened in a headline to so many characters.
const LONGEST_IN_HEADLINE: usize = 72;

/// Items of a list are named in a headline as long as they fill no more than so many characters.
const LONGEST_LIST_IN_HEADLINE: usize = 100;

/// So much of a line of a file is shown.
const LONGEST_EXCERPT: usize = 1000;

/// What a report is made of.
pub struct Case<'a> {
    /// The rules.
    pub rules: &'a RuleSet,
    /// Where remedies would be carried out.
    pub setting: Setting<'a>,
    /// The file or the command that the output came from.
    pub source: &'a str,
}

/// Draws up the report. The rules that could not be decided are told only where the machine was `examined`.
pub fn build(case: &Case<'_>, diagnoses: Vec<Diagnosis>, examined: bool, suspects: Vec<Quote>) -> Report {
    let diagnoses: Vec<Entry> =
        diagnoses.into_iter().filter_map(|diagnosis| entry(case, diagnosis)).collect();
    let unrecognised = if diagnoses.is_empty() { suspects } else { Vec::new() };
    let judged: Vec<(&Rule, Verdict)> = match examined {
        true => judged(case).collect(),
        false => Vec::new(),
    };
    let summary = Summary { rules: case.rules.rules().len(), ..Summary::default() };
    Report {
        diagnoses,
        set_aside: Vec::new(),
        examined: judged.iter().map(|(rule, verdict)| standing(rule, verdict)).collect(),
        unknown: judged.into_iter().flat_map(|(rule, verdict)| undecided(case, rule, verdict)).collect(),
        unrecognised,
        last_lines: Vec::new(),
        since_green: None,
        summary,
    }
}

fn entry(case: &Case<'_>, diagnosis: Diagnosis) -> Option<Entry> {
    let severity = diagnosis.severity();
    let mut root = diagnosis.root;
    let rule = case.rules.get(&root.rule)?;
    derive(rule, &mut root, case.setting.machine, case.setting.project);
    // The report as data keeps what the tool printed.
    let captures = root.captures.clone();
    name_own_files(&mut root, case.setting.machine, case.setting.project);
    let known = |name: &str| match case.setting.facts.get(name).map(|fact| &fact.reading) {
        Some(Reading::Present(Value::List(items))) if !items.is_empty() => {
            Some(listed(items, case.setting.project))
        }
        _ => Some(headline(&root.value(name, case.setting.facts)?, case.setting.project)),
    };
    let message = rule.messages.iter().find_map(|message| message.fill(known).ok());
    let offered = rule.remedies.iter().filter(|remedy| rule.requirement.is_none() || is_said(remedy, &root));
    let remedies = offered.map(|remedy| prepare(remedy, &root, case.setting)).collect();
    Some(Entry {
        rule: rule.id.clone(),
        family: rule.family.clone(),
        tags: rule.tags.clone(),
        requirement: rule.requirement.and_then(|_| root.captures.get("name").cloned()),
        fingerprint: fingerprint(rule, &root, case.setting.project),
        title: rule.title.clone(),
        message: message.unwrap_or_else(|| rule.title.clone()),
        severity,
        explanation: rule.explanation.trim().to_owned(),
        references: rule.references.clone(),
        evidence: proofs(case, &root),
        named: named(case, &root),
        inner: root
            .sightings
            .iter()
            .find(|it| !it.inner.is_empty())
            .map(|it| it.inner.clone())
            .unwrap_or_default(),
        occurrences: root.sightings.iter().map(|sighting| sighting.count).sum(),
        captures,
        status: root.status,
        consequences: diagnosis.consequences.iter().map(follower).collect(),
        remedies,
    })
}

/// Whether a requirement says what a remedy of it tells: what is left out there is nothing to miss.
fn is_said(remedy: &Remedy, finding: &Finding) -> bool {
    let named = remedy.templates().into_iter().flat_map(Template::placeholders);
    named.into_iter().all(|name| name.contains('.') || finding.captures.contains_key(name))
}

/// A value as a headline shows it: a file of the project by its path from there, and of what is long the beginning and
/// the end.
fn headline(value: &str, project: &Path) -> String {
    let own = Path::new(value).strip_prefix(project).ok().and_then(Path::to_str);
    let value = &one_line(own.filter(|path| !path.is_empty()).unwrap_or(value));
    let count = value.chars().count();
    if count <= LONGEST_IN_HEADLINE {
        return value.to_owned();
    }
    let half = LONGEST_IN_HEADLINE / 2;
    let head: String = value.chars().take(half).collect();
    let tail: String = value.chars().skip(count - half).collect();
    format!("{head}…{tail}")
}

/// The value with single blanks in place of line breaks and whatever else breaks a line: a headline is one.
fn one_line(value: &str) -> String {
    match value.contains(is_break) {
        true => {
            value.split(is_break).map(str::trim).filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" ")
        }
        false => value.to_owned(),
    }
}

fn is_break(c: char) -> bool {
    c.is_control() && c.is_whitespace() || matches!(c, '\u{2028}' | '\u{2029}')
}

/// A list as a headline shows it: the first items, each once, and how many more there are.
fn listed(items: &[String], project: &Path) -> String {
    let mut shown: Vec<String> = Vec::new();
    let mut width = 0;
    let mut seen = BTreeSet::new();
    let mut left = 0;
    for item in items.iter().filter(|item| seen.insert(item.as_str())) {
        let item = headline(item, project);
        width += item.chars().count() + ", ".len();
        match shown.is_empty() || (left == 0 && width <= LONGEST_LIST_IN_HEADLINE) {
            true => shown.push(item),
            false => left += 1,
        }
    }
    match left {
        0 => shown.join(", "),
        _ => format!("{} and {left} more", shown.join(", ")),
    }
}

fn proofs(case: &Case<'_>, finding: &Finding) -> Vec<Proof> {
    let mut proofs: Vec<Proof> = Vec::new();
    for quote in finding.sightings.iter().take(PLACES).flat_map(quotes) {
        let proof = Proof::Line { source: case.source.to_owned(), quote };
        if !proofs.contains(&proof) {
            proofs.push(proof);
        }
    }
    proofs.extend(finding.evidence.iter().map(|evidence| Proof::Fact {
        fact: evidence.fact.clone(),
        value: evidence.value.clone(),
        source: evidence.source.clone(),
        places: evidence.places.clone(),
    }));
    proofs
}

/// The place that the output names, where that is in a file of the project.
fn named(case: &Case<'_>, finding: &Finding) -> Option<Place> {
    let number = |name: &str| finding.captures.get(name)?.parse::<u64>().ok().filter(|number| *number > 0);
    let file = Path::new(finding.captures.get("file")?);
    let name = file.strip_prefix(case.setting.project).unwrap_or(file).to_str()?;
    let text = is_inside(name).then(|| case.setting.machine.read(&case.setting.project.join(name)))?;
    let line = number("line")?;
    let excerpt =
        text.present()?.lines().nth(usize::try_from(line - 1).ok()?)?.chars().take(LONGEST_EXCERPT).collect();
    Some(Place { file: name.to_owned(), line, column: number("column").unwrap_or(1), excerpt })
}

/// A sighting's lines, as far as they can be read.
fn quotes(sighting: &Sighting) -> impl Iterator<Item = Quote> {
    sighting.quotes.iter().map(|quote| quote.clone().around(&sighting.words))
}

fn follower(finding: &Finding) -> Follower {
    let quote = finding.sightings.first().and_then(|sighting| quotes(sighting).next());
    let place = finding.evidence.iter().flat_map(|evidence| &evidence.places).next().cloned();
    Follower { rule: finding.rule.clone(), quote, place }
}

/// The rules with checks, and what the machine says of each.
fn judged<'a>(case: &Case<'a>) -> impl Iterator<Item = (&'a Rule, Verdict)> {
    let facts = case.setting.facts;
    case.rules.rules().iter().filter_map(move |rule| Some((rule, judge(rule, facts)?)))
}

fn standing(rule: &Rule, verdict: &Verdict) -> Examined {
    let verdict = match verdict {
        Verdict::Healthy => Standing::Healthy,
        Verdict::Broken(_) => Standing::Broken,
        Verdict::Unknown(_) => Standing::Unknown,
        Verdict::NotApplicable => Standing::NotApplicable,
    };
    Examined {
        rule: rule.id.clone(),
        requirement: None,
        title: rule.title.clone(),
        family: rule.family.clone(),
        verdict,
    }
}

/// The facts for want of which a rule could not be decided.
fn undecided(case: &Case<'_>, rule: &Rule, verdict: Verdict) -> Vec<Unknown> {
    let Verdict::Unknown(missing) = verdict else { return Vec::new() };
    let unknown = |(name, why): (String, String)| {
        let fact = case.setting.facts.get(&name);
        Unknown {
            rule: rule.id.clone(),
            requirement: None,
            title: rule.title.clone(),
            source: fact.map(|fact| fact.source.clone()).unwrap_or_default(),
            took: fact.map(|fact| fact.took).unwrap_or_default(),
            fact: name,
            why,
            baseline: false,
        }
    };
    missing.into_iter().map(unknown).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_headline_holds_short_names() {
        let project = Path::new("/home/user/app");
        assert_eq!(headline("elixir", project), "elixir");
        assert_eq!(headline("/home/user/app/nix/a.nix", project), "nix/a.nix");
        assert_eq!(headline("/home/user/app", project), "/home/user/app");
        assert_eq!(headline("new\r\n ::error::\tx\u{2028}y\n", project), "new ::error:: x y");
        assert_eq!(headline("a  b\u{1b}[2J", project), "a  b\u{1b}[2J");
        let shortened = headline(&format!("{}{}", "ä".repeat(5000), "z"), project);
        assert_eq!(shortened.chars().count(), LONGEST_IN_HEADLINE + 1);
        assert!(shortened.ends_with("äz") && shortened.contains('…'));
    }

    #[test]
    fn a_headline_names_whole_items_of_a_list() {
        let project = Path::new("/home/user/app");
        let listed = |items: &[&str]| {
            listed(&items.iter().map(|item| (*item).to_owned()).collect::<Vec<_>>(), project)
        };
        assert_eq!(listed(&["a", "/home/user/app/b", "a"]), "a, b");
        let pair = ["Elixir 1.18.4 instead of elixir_1_19", "Erlang/OTP 27.3.4 instead of erlang_28"];
        assert_eq!(listed(&pair), pair.join(", "));
        let names: Vec<String> = (10..40).map(|number| format!("package{number}")).collect();
        let names: Vec<&str> = names.iter().map(String::as_str).collect();
        assert_eq!(listed(&names), format!("{} and 21 more", names[..9].join(", ")));
        assert_eq!(listed(&[&"x".repeat(200)]).chars().count(), LONGEST_IN_HEADLINE + 1);
    }
}
