//! Rules: the YAML format, reading it with located errors, and the set of all rules.

mod condition;
mod edit;
pub mod format;
mod literals;
pub mod pack;
mod problem;
mod read;
mod requirement;
mod rule;
mod set;
mod tag;
mod template;
mod windows;
mod yaml;

pub use condition::{Condition, Operand, Operator, Test};
pub use edit::{Edit, EditKeys, EditKind, SetKey, SetValue, SettingsFormat};
pub use problem::{Problem, Problems, Source};
use read::MOST_LINES;
pub(crate) use read::{Fields, Reader, nearest};
pub use read::{ReadRule, is_rule_id, read_rule};
pub use requirement::RequirementKind;
pub use rule::{Action, Candidates, Checks, Derivation, Example, Literal, Need, Remedy, Rule, Run, Symptom};
pub use set::RuleSet;
pub use tag::Tag;
pub use template::Template;
pub use windows::{LONG, SHORT, STEP, run, windows};
pub(crate) use yaml::{Kind, Node, parse as parse_yaml};
