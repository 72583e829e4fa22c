//! What a command says, and the report in it.

use std::process::Output;

use serde_json::Value as Json;

/// What a command said.
pub(crate) struct Said {
    pub(crate) code: i32,
    pub(crate) text: String,
}

impl Said {
    pub(crate) fn of(output: Output) -> Self {
        let error = String::from_utf8(output.stderr).unwrap();
        assert!(error.is_empty(), "{error}");
        Said { code: output.status.code().unwrap(), text: String::from_utf8(output.stdout).unwrap() }
    }
}

/// What `check` reports.
pub(crate) struct Report {
    pub(crate) code: i32,
    pub(crate) json: Json,
}

/// What is found.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Finding {
    pub(crate) message: String,
    pub(crate) severity: String,
    pub(crate) places: Vec<String>,
}

impl Report {
    pub(crate) fn of(said: &Said) -> Self {
        let json = serde_json::from_str(&said.text).unwrap_or_else(|error| panic!("{error}: {}", said.text));
        Report { code: said.code, json }
    }

    fn diagnoses(&self) -> &[Json] {
        self.json["diagnoses"].as_array().unwrap()
    }

    /// The rules that hold, in the order of the report.
    pub(crate) fn rules(&self) -> Vec<&str> {
        self.diagnoses().iter().map(|it| it["rule"].as_str().unwrap()).collect()
    }

    pub(crate) fn diagnosis(&self, rule: &str) -> Option<&Json> {
        self.diagnoses().iter().find(|it| it["rule"] == rule)
    }

    /// Whether a rule's finding is told beneath another one.
    pub(crate) fn is_folded(&self, rule: &str) -> bool {
        self.diagnoses().iter().flat_map(|it| it["consequences"].as_array().unwrap()).any(|it| it == rule)
    }

    /// The finding of one rule, which must not be unknown.
    pub(crate) fn finding(&self, rule: &str) -> Option<Finding> {
        let unknown = self.json["unknown"].as_array().unwrap().iter().find(|it| it["rule"] == rule);
        assert!(unknown.is_none(), "{unknown:?}");
        let entry = self.diagnosis(rule)?;
        let evidence = entry["evidence"].as_array().unwrap();
        let places = evidence.iter().flat_map(|it| it["places"].as_array().into_iter().flatten());
        let place = |it: &Json| format!("{}:{}:{}", it["file"].as_str().unwrap(), it["line"], it["column"]);
        Some(Finding {
            message: entry["message"].as_str().unwrap().to_owned(),
            severity: entry["severity"].as_str().unwrap().to_owned(),
            places: places.map(place).collect(),
        })
    }

    /// That just this rule holds, with that severity, and says that of the machine.
    pub(crate) fn finds(&self, rule: &str, severity: &str, says: &str) {
        assert_eq!(self.rules(), [rule], "{:#}", self.json);
        let found = &self.json["diagnoses"][0];
        assert_eq!(found["severity"], severity, "{found:#}");
        assert!(found.to_string().contains(says), "{says}: {found:#}");
        assert_eq!(self.code, i32::from(severity == "error"));
    }

    /// That nothing is wrong, and nothing unknown.
    pub(crate) fn is_healthy(&self) {
        assert_eq!(self.rules(), [""; 0], "{:#}", self.json);
        assert_eq!(self.json["unknown"], Json::Array(Vec::new()), "{:#}", self.json);
        assert_eq!(self.code, 0);
    }
}
