//! What tells one occurrence of a rule from another, the same on every machine and from run to run.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use data_encoding::HEXLOWER;
use sha2::{Digest, Sha256};

use crate::causes::Finding;
use crate::rules::{Rule, Template};

/// Captures that change although the failure is the same.
const VOLATILE: &[&str] = &["bytes", "column", "line", "lines", "pid", "seconds", "time"];

/// So many bytes of the digest are kept.
const LENGTH: usize = 16;

/// The fingerprint of a finding: of the rule's id, and of what its messages and remedies name of the output or, where
/// the machine alone shows it, of the facts and of the lines of files that show it.
pub(super) fn fingerprint(rule: &Rule, finding: &Finding, project: &Path) -> String {
    let mut parts: BTreeSet<Vec<String>> = BTreeSet::new();
    if finding.sightings.is_empty() {
        for evidence in &finding.evidence {
            parts.insert(vec!["fact".to_owned(), evidence.fact.clone()]);
            parts.extend(evidence.places.iter().map(|place| {
                let file = anywhere(&place.file, project);
                vec!["place".to_owned(), evidence.fact.clone(), file, place.excerpt.trim().to_owned()]
            }));
        }
    } else {
        parts.extend(
            telling(rule, &finding.captures)
                .map(|(name, value)| vec!["capture".to_owned(), name.to_owned(), anywhere(value, project)]),
        );
    }
    let mut digest = Sha256::new();
    for text in std::iter::once(&rule.id).chain(parts.iter().flatten()) {
        // With its length, so that no two lists of texts look alike.
        digest.update((text.len() as u64).to_le_bytes());
        digest.update(text);
    }
    let digest = digest.finalize();
    HEXLOWER.encode(digest.get(..LENGTH).unwrap_or(&digest))
}

/// The captures that the rule's messages and remedies name. What is worked out from the project's files is not among
/// them: it may be known in one run and not in another.
fn telling<'a>(
    rule: &'a Rule,
    captures: &'a BTreeMap<String, String>,
) -> impl Iterator<Item = (&'a str, &'a str)> {
    let remedies = rule.remedies.iter().flat_map(|remedy| remedy.templates());
    let names: BTreeSet<&str> =
        rule.messages.iter().chain(remedies).flat_map(Template::placeholders).collect();
    let derived: BTreeSet<&str> = rule.derive.iter().map(|derivation| derivation.capture.as_str()).collect();
    let told = captures.iter().map(|(name, value)| (name.as_str(), value.as_str()));
    told.filter(move |(name, _)| names.contains(name) && !derived.contains(name) && !VOLATILE.contains(name))
}

/// The text without the names of folders that differ from machine to machine: the project's own, the person's, and
/// those that Nix makes of a content.
fn anywhere(text: &str, project: &Path) -> String {
    let own = project.to_str().filter(|project| project.len() > 1);
    let mut text = own.map_or_else(|| text.to_owned(), |own| text.replace(&format!("{own}/"), ""));
    for homes in ["/home/", "/Users/"] {
        text = without(&text, homes, "~/", |rest| Some(rest.split_once('/')?.1));
    }
    // A copy of a flake's folder: its files have the names that they have there.
    let text = without(&text, "/nix/store/", "", |rest| after_hash(rest)?.strip_prefix("source/"));
    without(&text, "/nix/store/", "/nix/store/-", after_hash)
}

/// What follows upon the hash of a name in Nix's store.
fn after_hash(name: &str) -> Option<&str> {
    let (hash, rest) = name.split_once('-')?;
    (hash.len() == 32 && hash.bytes().all(|byte| byte.is_ascii_alphanumeric())).then_some(rest)
}

/// The text with `instead` wherever `start` stands before something that `end` knows the end of.
fn without<'a>(
    text: &'a str,
    start: &str,
    instead: &str,
    end: impl Fn(&'a str) -> Option<&'a str>,
) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once(start) {
        out.push_str(before);
        match end(after) {
            Some(beyond) => {
                out.push_str(instead);
                rest = beyond;
            }
            None => {
                out.push_str(start);
                rest = after;
            }
        }
    }
    out.push_str(rest);
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::causes::Status;
    use crate::facts::{Place, Severity};
    use crate::judge::Evidence;
    use crate::rules::{Source, read_rule};
    use crate::scan::{Quote, Sighting};

    fn rule(id: &str) -> Rule {
        let text = format!(
            "id: {id}\ntitle: T\nmessage: '${{file}}:${{line}} failed'\nseverity: error\nfamily: nix\nsince: 0.1.0\n\
             explanation: E\nsymptoms: ['(?<file>\\S+) failed at (?<line>\\d+): (?<reason>.*)']\nremedies:\n  \
             - {{title: T, tell: T}}\nexamples: [x]\n"
        );
        let source = Source { name: format!("{id}.yaml"), text };
        read_rule(source, id, None).unwrap_or_else(|problems| panic!("{}", problems[0])).rule
    }

    fn seen(captures: &[(&str, &str)]) -> String {
        let captures: BTreeMap<String, String> =
            captures.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        let line = captures.get("line").map_or(1, |line| line.parse().unwrap());
        let sighting = Sighting {
            rule: "a".to_owned(),
            quotes: vec![Quote { line, text: "x".to_owned() }],
            words: String::new(),
            inner: Vec::new(),
            captures: captures.clone(),
            count: 1,
        };
        of("a", captures, vec![sighting], Vec::new())
    }

    fn shown(fact: &str, file: &str, line: u64, excerpt: &str) -> String {
        let place = Place { file: file.to_owned(), line, column: 1, excerpt: excerpt.to_owned() };
        let (source, value) = (String::new(), None);
        let evidence = Evidence { fact: fact.to_owned(), value, source, places: vec![place] };
        of("a", BTreeMap::new(), Vec::new(), vec![evidence])
    }

    fn of(
        id: &str,
        captures: BTreeMap<String, String>,
        sightings: Vec<Sighting>,
        evidence: Vec<Evidence>,
    ) -> String {
        let (rule, severity, status) = (rule(id), Severity::Error, Status::Seen);
        let finding = Finding { rule: id.to_owned(), severity, sightings, evidence, captures, status };
        fingerprint(&rule, &finding, Path::new("/srv/app"))
    }

    #[test]
    fn the_same_failure_elsewhere_has_the_same_fingerprint() {
        let first = seen(&[("file", "/srv/app/flake.nix"), ("line", "3"), ("reason", "one")]);
        assert_eq!(first.len(), 2 * LENGTH);
        assert_eq!(first, seen(&[("file", "flake.nix"), ("line", "70"), ("reason", "another")]));
        let store = format!("/nix/store/{}-source/flake.nix", "a1".repeat(16));
        assert_eq!(first, seen(&[("file", &store)]));
        assert_ne!(first, seen(&[("file", "shell.nix")]));
        assert_ne!(first, of("b", BTreeMap::new(), Vec::new(), Vec::new()));
        assert_eq!(seen(&[("file", "/home/ann/.x")]), seen(&[("file", "/Users/bob/.x")]));
        let drv = |hash: &str| seen(&[("file", &format!("/nix/store/{}-a.drv", hash.repeat(32)))]);
        assert_eq!(drv("a"), drv("b"));
    }

    #[test]
    fn facts_count_by_their_names_and_by_what_stands_in_files() {
        let first = shown("project.mix.elixir_requirement", "mix.exs", 8, "  elixir: \"~> 1.17\"");
        assert_eq!(first, shown("project.mix.elixir_requirement", "mix.exs", 9, "elixir: \"~> 1.17\" "));
        assert_ne!(first, shown("project.mix.elixir_requirement", "mix.exs", 8, "elixir: \"~> 1.18\""));
        assert_ne!(first, shown("project.mix.elixir_requirement", "a/mix.exs", 8, "elixir: \"~> 1.17\""));
        assert_ne!(first, shown("project.mix.otp", "mix.exs", 8, "elixir: \"~> 1.17\""));
    }
}
