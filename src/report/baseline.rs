//! What a report of before holds: whatever stands in it again is not new.

use std::collections::BTreeSet;

use serde::Deserialize;

/// The findings of a report of before.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Baseline {
    fingerprints: BTreeSet<String>,
    unknown: BTreeSet<(String, String)>,
}

/// As much of the JSON report as is read.
#[derive(Deserialize)]
struct Written {
    diagnoses: Vec<Diagnosis>,
    #[serde(default)]
    set_aside: Vec<SetAside>,
    #[serde(default)]
    unknown: Vec<Undecided>,
}

#[derive(Deserialize)]
struct Diagnosis {
    fingerprint: String,
}

#[derive(Deserialize)]
struct SetAside {
    fingerprint: String,
    why: String,
}

#[derive(Deserialize)]
struct Undecided {
    rule: String,
    fact: String,
}

impl Baseline {
    /// Reads a report as `--format json` writes it. What was not new then is not new now.
    ///
    /// # Errors
    /// It is no such report.
    pub fn parse(json: &str) -> Result<Baseline, serde_json::Error> {
        let written: Written = serde_json::from_str(json)?;
        let before = written.set_aside.into_iter().filter(|it| it.why == "baseline").map(|it| it.fingerprint);
        Ok(Baseline {
            fingerprints: written.diagnoses.into_iter().map(|it| it.fingerprint).chain(before).collect(),
            unknown: written.unknown.into_iter().map(|it| (it.rule, it.fact)).collect(),
        })
    }

    /// Whether a diagnosis was there before.
    pub fn has(&self, fingerprint: &str) -> bool {
        self.fingerprints.contains(fingerprint)
    }

    /// Whether it was not known before either.
    pub fn has_unknown(&self, rule: &str, fact: &str) -> bool {
        // The sets are small, and borrowed pairs are no keys of a set of owned ones.
        self.unknown.iter().any(|(known_rule, known_fact)| known_rule == rule && known_fact == fact)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_stood_in_the_report_is_known() {
        let json = r#"{"diagnoses": [{"rule": "a", "fingerprint": "1"}],
            "set_aside": [{"why": "baseline", "fingerprint": "2"}, {"why": "ignored", "fingerprint": "3"}],
            "unknown": [{"rule": "b", "fact": "nix.daemon.answers"}]}"#;
        let baseline = Baseline::parse(json).unwrap();
        assert_eq!(["1", "2", "3"].map(|it| baseline.has(it)), [true, true, false]);
        assert!(
            baseline.has_unknown("b", "nix.daemon.answers")
                && !baseline.has_unknown("a", "nix.daemon.answers")
        );
        assert!(Baseline::parse(r#"{"diagnoses": [{"rule": "a"}]}"#).is_err());
        assert!(Baseline::parse("[]").is_err());
    }
}
