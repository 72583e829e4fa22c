//! One failure mode, as its YAML file says it.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::{Condition, Edit, RequirementKind, Tag, Template};
use crate::facts::{Risk, Severity};

/// One failure mode: how tools report it, how the machine shows it, what it means and what helps.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Rule {
    /// The file's stem, unique for ever: names the problem, never the cure.
    pub id: String,
    /// The problem in one line, the same for every occurrence.
    pub title: String,
    /// The problem in one line with what was found; the first whose placeholders are all known is shown.
    pub messages: Vec<Template>,
    /// How bad a sighting in a tool's output is.
    pub severity: Severity,
    /// The folder of the rule: nix, beam, gpu …
    pub family: String,
    /// What its failure has to do with, whichever family it is of.
    pub tags: Vec<Tag>,
    /// The version of envdoctor that brought the rule.
    pub since: String,
    /// Where the tools' makers document it.
    pub references: Vec<String>,
    /// Two to six sentences that a newcomer understands.
    pub explanation: String,
    /// How tools report it; any of these.
    pub symptoms: Vec<Symptom>,
    /// Known look-alikes: a match in whose lines one of these is found is no sighting.
    pub not_if: Vec<String>,
    /// When the rule's checks mean anything on a machine; `None`: always.
    pub applies: Option<Condition>,
    /// What the machine shows when it is broken in this way.
    pub checks: Option<Checks>,
    /// The kind of requirement that is not met where it holds; with it there are neither symptoms nor checks.
    pub requirement: Option<RequirementKind>,
    /// The failures that this one brings about.
    pub leads_to: Vec<String>,
    /// Says little by itself: gives way to every other finding.
    pub generic: bool,
    /// A capture to work out from others, such as a suggestion by edit distance.
    pub derive: Vec<Derivation>,
    /// What would help, the best first.
    pub remedies: Vec<Remedy>,
    /// Outputs in which the rule must be seen.
    pub examples: Vec<Example>,
    /// Outputs in which it must not be.
    pub near_misses: Vec<String>,
}

impl Rule {
    /// Its tags, with commas between them.
    pub fn tag_names(&self) -> String {
        self.tags.iter().map(Tag::to_string).collect::<Vec<_>>().join(", ")
    }

    /// Whether a word by which rules are chosen or left out means this one: its id, its family or one of its tags.
    pub fn is_named(&self, word: &str) -> bool {
        self.id == word
            || self.family == word
            || Tag::ALL.iter().any(|(name, tag)| *name == word && self.tags.contains(tag))
    }
}

/// One wording of a failure: a regex over cleaned text, in which `^` and `$` stand at line ends.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Symptom {
    /// The regex.
    pub pattern: String,
    /// Its named groups.
    pub captures: Vec<String>,
    /// Of every text that the pattern can match, one of these stands in it, in whatever case, within one line.
    pub literals: Vec<Literal>,
    /// The most lines that a match may span.
    pub lines: usize,
}

/// Fixed words of a pattern, in lower case as far as they are ASCII.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Literal {
    /// The words.
    pub text: String,
    /// Where in them the windows begin by which they are searched for.
    pub windows: Vec<u16>,
}

/// The machine's side of a rule.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Checks {
    /// How bad it is when only the machine shows it; the rule's severity if not given.
    pub severity: Option<Severity>,
    /// Whether a machine on which they do not hold cannot have the failure that a tool reports.
    pub refutes: bool,
    /// Holds when the machine is broken in this way.
    pub condition: Condition,
}

/// A capture that is worked out rather than matched.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Derivation {
    /// The capture's name; one that was matched is kept.
    pub capture: String,
    /// The capture to be near to.
    pub nearest: String,
    /// Where the candidates come from.
    pub among: Candidates,
    /// The capture that names the file to look in.
    pub file: String,
}

/// A source of candidates for a suggestion.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Candidates {
    /// The attributes that a Nix file defines or selects.
    NixAttributes,
}

impl Candidates {
    /// Every source by its name in a rule file.
    pub const ALL: &'static [(&'static str, Candidates)] = &[("nix-attributes", Candidates::NixAttributes)];
}

/// What would help.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Remedy {
    /// What it does, in one line.
    pub title: Template,
    /// How far it reaches.
    pub risk: Risk,
    /// What it does.
    pub action: Action,
    /// What to think of first.
    pub caution: Option<Template>,
    /// The facts that must hold for it to make sense; `None`: always.
    pub when: Option<Condition>,
    /// What it needs beside its program.
    pub needs: Vec<Need>,
}

/// Something that a remedy cannot do without.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Need {
    /// It connects to other machines.
    Network,
    /// Only the administrator may do it.
    Root,
}

impl Need {
    /// Every need by its name in a rule file.
    pub const ALL: &'static [(&'static str, Need)] = &[("network", Need::Network), ("root", Need::Root)];
}

/// What a remedy does.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Action {
    /// Runs a program in the project's folder; never a shell.
    Run(Run),
    /// Edits files of the project, or of the person's home.
    Edit(Edit),
    /// Moves files or folders into the backup.
    Remove(Vec<Template>),
    /// Makes Git know files that it does not track, without their content.
    Track(Vec<Template>),
    /// Tells the person what to do.
    Tell(Template),
}

/// A program that is run.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Run {
    /// The program and its arguments.
    pub argv: Vec<Template>,
    /// Files and folders that it, or what it mends, makes or changes: they are kept, so that it can be taken back.
    pub changes: Vec<Template>,
    /// The program and arguments that take it back.
    pub undo: Option<Vec<Template>>,
    /// Seconds that it may take.
    pub deadline: u64,
}

/// An output in which the rule must be seen.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Example {
    /// The tool's output.
    pub text: String,
    /// The captures that must come out, where the rule states any.
    pub captures: BTreeMap<String, String>,
}
