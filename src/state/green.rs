//! What a project and its machine were like when a check last found them healthy.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use data_encoding::HEXLOWER;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::State;
use crate::facts::{Facts, Reading, Value, is_fleeting};
use crate::machine::{Change, ChangeError, Machine};

/// What was known at a healthy check.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Green {
    /// The project's folder.
    pub project: PathBuf,
    /// When that was.
    pub at: jiff::Timestamp,
    /// The facts that were asked for; `None`: absent. Of a variable only a sum is kept: it may be a secret.
    pub facts: BTreeMap<String, Option<Value>>,
    /// SHA-256 of each file that tools evaluate, by its path from the project's folder.
    pub files: BTreeMap<String, String>,
}

/// Something that is not as it was.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Difference {
    /// The fact's name, or the file's path.
    pub what: String,
    /// How it differs, in a few words.
    pub how: String,
}

impl Green {
    /// What is known now.
    pub fn now(project: &Path, facts: &Facts, files: BTreeMap<String, String>) -> Green {
        let steady = facts.iter().filter(|(name, _)| !is_fleeting(name));
        let known = steady.filter_map(|(name, fact)| match &fact.reading {
            Reading::Present(value) => Some((name.to_owned(), Some(kept(name, value)))),
            Reading::Absent => Some((name.to_owned(), None)),
            _ => None,
        });
        Green { project: project.to_owned(), at: jiff::Timestamp::now(), facts: known.collect(), files }
    }

    /// What is not as it was `before`, of what is known of both.
    pub fn since(&self, before: &Green) -> Vec<Difference> {
        let facts = self.facts.iter().filter_map(|(name, now)| {
            let was = before.facts.get(name)?;
            let how = (was != now).then(|| difference(name, was.as_ref(), now.as_ref()))?;
            Some(Difference { what: name.clone(), how })
        });
        let new = self.files.iter().filter_map(|(name, sum)| match before.files.get(name) {
            None => Some((name, "is new")),
            Some(was) => (was != sum).then_some((name, "changed")),
        });
        let gone =
            before.files.keys().filter(|name| !self.files.contains_key(*name)).map(|name| (name, "is gone"));
        let files = new.chain(gone).map(|(name, how)| Difference { what: name.clone(), how: how.to_owned() });
        facts.chain(files).collect()
    }
}

fn kept(name: &str, value: &Value) -> Value {
    match is_variable(name) {
        true => Value::Text(HEXLOWER.encode(&Sha256::digest(value.to_string().as_bytes()))),
        false => value.clone(),
    }
}

fn is_variable(name: &str) -> bool {
    name.starts_with("env.")
}

fn difference(name: &str, was: Option<&Value>, now: Option<&Value>) -> String {
    match (was, now) {
        (Some(_), Some(_)) if is_variable(name) => "has another value".to_owned(),
        (None, Some(_)) if is_variable(name) => "is set".to_owned(),
        (Some(_), None) if is_variable(name) => "is not set any more".to_owned(),
        (Some(Value::List(was)), Some(Value::List(now))) => items(was, now),
        (Some(was), Some(now)) => format!("was {was}, is {now}"),
        (None, Some(now)) => format!("is {now}, and was not there"),
        (Some(was), None) => format!("was {was}, and is not there any more"),
        (None, None) => String::new(),
    }
}

/// How two lists differ.
fn items(was: &[String], now: &[String]) -> String {
    let beyond = |one: &[String], other: &[String]| -> Vec<String> {
        one.iter().filter(|item| !other.contains(item)).cloned().collect()
    };
    let (more, less) = (beyond(now, was), beyond(was, now));
    match (more.as_slice(), less.as_slice()) {
        ([], []) => "has another order".to_owned(),
        (more, []) => format!("also has {}", more.join(", ")),
        ([], less) => format!("has no more {}", less.join(", ")),
        (more, less) => format!("has {} instead of {}", more.join(", "), less.join(", ")),
    }
}

impl State {
    /// Keeps what was known at a healthy check of a project; what was kept of it before is forgotten.
    ///
    /// # Errors
    /// The state folder cannot be written to.
    pub fn keep_green(&self, machine: &dyn Machine, green: &Green) -> Result<(), ChangeError> {
        let path = self.green_file(&green.project);
        let content = serde_json::to_vec(green)
            .map_err(|error| ChangeError { path: path.clone(), why: error.to_string() })?;
        self.create(machine)?;
        machine.change(&Change::MakeFolder(self.folder.join("green")))?;
        machine.change(&Change::Write { path, content })
    }

    /// What was known at the last healthy check of a project.
    pub fn green(&self, machine: &dyn Machine, project: &Path) -> Option<Green> {
        let text = machine.read(&self.green_file(project)).present()?;
        serde_json::from_str::<Green>(&text).ok().filter(|green| green.project == project)
    }

    fn green_file(&self, project: &Path) -> PathBuf {
        let sum = HEXLOWER.encode(&Sha256::digest(project.as_os_str().as_encoded_bytes()));
        self.folder.join("green").join(format!("{}.json", sum.get(..32).unwrap_or(&sum)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn green(facts: &[(&str, Reading<Value>)], files: &[(&str, &str)]) -> Green {
        let mut all = Facts::default();
        for (name, reading) in facts {
            all.add(*name, reading.clone(), "test");
        }
        let files = files.iter().map(|(name, sum)| ((*name).to_owned(), (*sum).to_owned())).collect();
        Green::now(Path::new("/p"), &all, files)
    }

    fn text(value: &str) -> Reading<Value> {
        Reading::Present(value.into())
    }

    fn list(items: &[&str]) -> Reading<Value> {
        Reading::Present(Value::List(items.iter().map(|&item| item.to_owned()).collect()))
    }

    #[test]
    fn what_changed_is_told_and_nothing_else() {
        let before = green(
            &[
                ("tool.elixir.version", text("1.17.3")),
                ("tool.node.version", text("20.1.0")),
                ("path.entries", list(&["/a", "/b"])),
                ("env.SECRET", text("old")),
                ("env.GONE", text("x")),
                ("disk.home.free", Reading::Present(5_i64.into())),
                ("nix.daemon.answers", Reading::TimedOut(2000)),
                ("direnv.state", Reading::Absent),
            ],
            &[("mix.exs", "1"), ("flake.lock", "1"), ("a.nix", "1")],
        );
        let now = green(
            &[
                ("tool.elixir.version", text("1.18.4")),
                ("tool.node.version", text("20.1.0")),
                ("path.entries", list(&["/c", "/b"])),
                ("env.SECRET", text("new")),
                ("env.GONE", Reading::Absent),
                ("disk.home.free", Reading::Present(7_i64.into())),
                ("nix.daemon.answers", Reading::Present(true.into())),
                ("direnv.state", text("allowed")),
            ],
            &[("mix.exs", "2"), ("flake.lock", "1"), ("b.nix", "1")],
        );
        let told: Vec<String> =
            now.since(&before).into_iter().map(|it| format!("{} {}", it.what, it.how)).collect();
        assert_eq!(
            told,
            [
                "direnv.state is allowed, and was not there",
                "env.GONE is not set any more",
                "env.SECRET has another value",
                "path.entries has /c instead of /a",
                "tool.elixir.version was 1.17.3, is 1.18.4",
                "b.nix is new",
                "mix.exs changed",
                "a.nix is gone",
            ]
        );
        assert_eq!(now.since(&now), []);
        assert!(!format!("{before:?}").contains("old"), "a variable's value is kept");
    }
}
