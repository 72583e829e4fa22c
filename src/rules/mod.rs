//! Rules: the YAML format, reading it with located errors, and the set of all rules.

mod condition;
mod rule;
mod template;

pub use condition::{Condition, Operand, Operator, Test};
pub use rule::{Action, Candidates, Checks, Derivation, Edit, Example, Remedy, Rule, Symptom};
pub use template::Template;
