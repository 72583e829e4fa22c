//! What a command did, and what must hold of it.

use std::{collections::BTreeMap, process::Output};

use serde::Deserialize;
use serde_json::Value;

/// A command that ran to its end.
pub(crate) struct Ran {
    argv: String,
    code: Option<i32>,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

impl Ran {
    pub(crate) fn new(argv: &[&str], output: Output) -> Ran {
        Ran {
            argv: argv.join(" "),
            code: output.status.code(),
            stdout: String::from_utf8_lossy(&output.stdout).into_owned(),
            stderr: String::from_utf8_lossy(&output.stderr).into_owned(),
        }
    }

    /// Fails with everything that was printed.
    #[track_caller]
    pub(crate) fn must(&self, holds: bool, what: &str) -> &Ran {
        assert!(
            holds,
            "{what}\n$ {}\nexit code: {:?}\nstdout:\n{}\nstderr:\n{}",
            self.argv, self.code, self.stdout, self.stderr
        );
        // Rust's own words for a panic: no answer of envdoctor or of a tool here holds them.
        assert!(!self.stderr.contains("panicked at"), "{} panicked:\n{}", self.argv, self.stderr);
        self
    }

    /// It ended with this exit code.
    #[track_caller]
    pub(crate) fn exits(&self, code: i32) -> &Ran {
        self.must(self.code == Some(code), &format!("the exit code must be {code}"))
    }

    /// It ended of itself, and not well.
    #[track_caller]
    pub(crate) fn fails(&self) -> &Ran {
        self.must(self.code.is_some_and(|code| code != 0), "it must fail")
    }

    /// A signal ended it.
    pub(crate) fn was_killed(&self) -> bool {
        self.code.is_none()
    }

    /// It has nothing to complain of.
    #[track_caller]
    pub(crate) fn silent(&self, at: &str) -> &Ran {
        self.must(self.stderr.is_empty(), &format!("{at}: stderr must be empty"))
    }

    /// Its exit code.
    #[track_caller]
    pub(crate) fn code(&self) -> i32 {
        self.must(self.code.is_some(), "it must end of itself");
        self.code.unwrap()
    }

    /// Its standard error holds this text.
    #[track_caller]
    pub(crate) fn complains(&self, text: &str) -> &Ran {
        self.must(self.stderr.contains(text), &format!("stderr must hold '{text}'"))
    }

    /// One of its two outputs holds this text.
    #[track_caller]
    pub(crate) fn shows(&self, text: &str) -> &Ran {
        self.must(self.all().contains(text), &format!("the output must hold '{text}'"))
    }

    /// Both outputs.
    pub(crate) fn all(&self) -> String {
        format!("{}\n{}", self.stdout, self.stderr)
    }

    /// A diff in one of its outputs takes one text away and puts another.
    #[track_caller]
    pub(crate) fn shows_diff(&self, old: &str, new: &str) -> &Ran {
        let all = self.all();
        let line = |sign: char, text: &str| {
            all.lines().any(|line| {
                let line = line.trim_start_matches(|c: char| c.is_whitespace() || "│|".contains(c));
                line.starts_with(sign) && line.contains(text)
            })
        };
        self.must(line('-', old) && line('+', new), &format!("a diff must replace '{old}' by '{new}'"))
    }

    /// Its standard output, which is one JSON document and nothing else.
    #[track_caller]
    pub(crate) fn json(&self) -> Value {
        let parsed = serde_json::from_str(&self.stdout);
        self.must(parsed.is_ok(), "stdout must be JSON alone");
        parsed.unwrap()
    }

    /// Its standard output as a report.
    #[track_caller]
    pub(crate) fn report(&self) -> Report {
        Report::new(self.json())
    }
}

/// The parts of a report that these tests look at.
#[derive(Debug, Deserialize)]
pub(crate) struct Report {
    pub(crate) diagnoses: Vec<Diagnosis>,
    pub(crate) unknown: Vec<Value>,
}

/// One diagnosis of a report.
#[derive(Debug, Deserialize)]
pub(crate) struct Diagnosis {
    pub(crate) rule: String,
    captures: BTreeMap<String, Value>,
}

impl Report {
    #[track_caller]
    pub(crate) fn new(json: Value) -> Report {
        match serde_json::from_value(json.clone()) {
            Ok(report) => report,
            Err(error) => panic!("no report: {error}\n{json:#}"),
        }
    }

    /// The rules of the diagnoses, in the report's order.
    pub(crate) fn roots(&self) -> Vec<&str> {
        self.diagnoses.iter().map(|diagnosis| diagnosis.rule.as_str()).collect()
    }

    /// The first diagnosis, which must be of this rule.
    #[track_caller]
    pub(crate) fn first(&self, rule: &str) -> &Diagnosis {
        assert_eq!(self.roots().first(), Some(&rule), "the first diagnosis in {self:#?}");
        &self.diagnoses[0]
    }
}

impl Diagnosis {
    /// A capture as text, however JSON has it.
    #[track_caller]
    pub(crate) fn capture(&self, name: &str) -> String {
        match self.captures.get(name) {
            Some(Value::String(text)) => text.clone(),
            Some(other) => other.to_string(),
            None => panic!("no capture '{name}' in {self:#?}"),
        }
    }
}
