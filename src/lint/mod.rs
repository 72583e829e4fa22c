//! What is doubtful in rules that can be read: they would work, and yet mislead.

mod general;

use std::collections::{BTreeMap, BTreeSet};

use crate::rules::{Rule, RuleSet};

/// Something doubtful.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lint {
    /// The rule's id.
    pub rule: String,
    /// What of the rule it is about.
    pub part: Part,
    /// How much it matters.
    pub weight: Weight,
    /// What is doubtful.
    pub message: String,
    /// What to do about it.
    pub help: &'static str,
}

/// A part of a rule.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Part {
    /// All of it.
    Whole,
    /// The symptom with this index.
    Symptom(usize),
}

/// How much a doubt matters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Weight {
    /// The rule tells less than it could.
    Advice,
    /// The rule can name a wrong cause.
    Warning,
}

/// Everything doubtful in these rules, in their order.
pub fn run(rules: &RuleSet) -> Vec<Lint> {
    among(rules, |_| true)
}

/// What is doubtful in one of them, also beside those before it.
pub fn one(rules: &RuleSet, id: &str) -> Vec<Lint> {
    among(rules, |rule| rule.id == id)
}

fn among(rules: &RuleSet, wanted: impl Fn(&Rule) -> bool) -> Vec<Lint> {
    let mut lints = Vec::new();
    let mut owners: BTreeMap<&str, &str> = BTreeMap::new();
    let mut titles: BTreeMap<&str, &str> = BTreeMap::new();
    for rule in rules.rules() {
        let (first_title, wanted) = (titles.insert(&rule.title, &rule.id), wanted(rule));
        let first_owners: Vec<_> =
            rule.symptoms.iter().map(|it| owners.insert(&it.pattern, &rule.id)).collect();
        if !wanted {
            continue;
        }
        let mut add = |part, weight, message: String, help| {
            lints.push(Lint { rule: rule.id.clone(), part, weight, message, help });
        };
        // Of envdoctor itself no other tool tells.
        if rule.references.is_empty() && rule.family != "envdoctor" {
            add(
                Part::Whole,
                Weight::Advice,
                "it has no references".to_owned(),
                "name the page on which the tool's makers document it",
            );
        }
        if !rule.symptoms.is_empty() && rule.examples.len() < 2 {
            add(
                Part::Whole,
                Weight::Advice,
                "it has one example only".to_owned(),
                "give the output of another version, or of another cause",
            );
        }
        if !rule.symptoms.is_empty() && rule.near_misses.is_empty() {
            let help = "give an output with nearly the same words in which it must not be seen";
            add(Part::Whole, Weight::Advice, "it has no near misses".to_owned(), help);
        }
        if let Some(first) = first_title {
            add(
                Part::Whole,
                Weight::Warning,
                format!("`{first}` has the same title"),
                "say what is different, or make one rule of both",
            );
        }
        let used = used(rule);
        for (at, (symptom, first)) in rule.symptoms.iter().zip(first_owners).enumerate() {
            let part = Part::Symptom(at);
            if let Some(first) = first {
                let whose = if first == rule.id { "this rule".to_owned() } else { format!("`{first}`") };
                add(part, Weight::Warning, format!("{whose} has the same pattern"), "one of both can go");
            }
            if let Some(words) = general::matched(&symptom.pattern) {
                let help = "add the tool's own fixed words before or behind, or an anchor";
                add(
                    part,
                    Weight::Warning,
                    format!("it is too general: it matches ordinary English, such as \"{words}\""),
                    help,
                );
            }
            for capture in symptom.captures.iter().filter(|capture| !used.contains(capture.as_str())) {
                let help = "use it in a message or a remedy, or write (?:…)";
                add(part, Weight::Advice, format!("nothing uses what `{capture}` captures"), help);
            }
        }
    }
    lints
}

/// The captures that messages, remedies and derivations use, or that an example states.
fn used(rule: &Rule) -> BTreeSet<&str> {
    let remedies = rule.remedies.iter().flat_map(|remedy| remedy.templates());
    let placeholders = rule.messages.iter().chain(remedies).flat_map(|template| template.placeholders());
    let derived = rule.derive.iter().flat_map(|it| [it.nearest.as_str(), it.file.as_str()]);
    // What an example states is meant to be read in the report as data.
    let stated = rule.examples.iter().flat_map(|it| it.captures.keys().map(String::as_str));
    placeholders.chain(derived).chain(stated).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::{Source, read_rule};

    fn lints(files: &[(&str, &str)]) -> Vec<String> {
        let read = files.iter().map(|(id, rest)| {
            let text = format!("id: {id}\nseverity: error\nfamily: f\nsince: 0.1.0\nexplanation: E\nremedies: [{{title: R, tell: T}}]\n{rest}");
            let source = Source { name: format!("{id}.yaml"), text };
            read_rule(source, id, None).unwrap_or_else(|problems| panic!("{}", problems[0]))
        });
        let rules = RuleSet::default().with(&read.collect::<Vec<_>>()).unwrap();
        run(&rules)
            .into_iter()
            .map(|lint| format!("{} {:?}: {}", lint.rule, lint.part, lint.message))
            .collect()
    }

    const SOUND: &str = "references: [https://example.org/x]\nexamples: [a, b]\nnear_misses: [c]\n";

    #[test]
    fn a_sound_rule_has_none() {
        let sound = "title: T\nmessage: no ${what}\nsymptoms: ['acme: no (?<what>\\w+) key']\n";
        assert!(lints(&[("sound", &format!("{sound}{SOUND}"))]).is_empty());
    }

    #[test]
    fn what_is_missing_is_told() {
        let bare = lints(&[("bare", "title: T\nsymptoms: ['acme: no (?<what>\\w+) key']\nexamples: [a]\n")]);
        assert_eq!(
            bare,
            [
                "bare Whole: it has no references",
                "bare Whole: it has one example only",
                "bare Whole: it has no near misses",
                "bare Symptom(0): nothing uses what `what` captures",
            ]
        );
    }

    #[test]
    fn what_is_there_twice_is_told() {
        let one = format!("title: T\nsymptoms: ['acme: no key']\n{SOUND}");
        let two = format!("title: T\nsymptoms: ['acme: no lock', 'acme: no key']\n{SOUND}");
        assert_eq!(
            lints(&[("one", &one), ("two", &two)]),
            ["two Whole: `one` has the same title", "two Symptom(1): `one` has the same pattern"]
        );
    }

    #[test]
    fn ordinary_english_is_too_general() {
        for pattern in ["not found", "(?i)permission denied", "does not exist\\b", "already in use"] {
            let rule = format!("title: T\nsymptoms: ['{pattern}']\n{SOUND}");
            assert_eq!(lints(&[("r", &rule)]).len(), 1, "{pattern}");
        }
    }

    #[test]
    fn the_built_in_rules_have_none() {
        let lints = run(&crate::built_in::rules());
        assert!(lints.is_empty(), "{lints:#?}");
    }
}
