//! From diagnoses to what would be done about them: every value filled in, every edit worked out, nothing changed.

mod below;
mod derive;
mod edit;
mod git_index;
mod nix_attribute;
mod nix_hash;
mod nix_insert;
mod nix_system;
mod own_files;
mod place;
mod prepare;
mod replace;
mod settings;
mod spelling;
mod treatment;

pub use crate::machine::command_line;
pub use derive::derive;
pub use git_index::git_index;
pub use own_files::name_own_files;
pub use prepare::{Setting, prepare};
pub use treatment::{FileEdit, Obstacle, Run, Step, Treatment, overlap};

#[cfg(test)]
mod tests;
