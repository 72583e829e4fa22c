//! One report, whatever draws it.

mod build;
mod human;
mod json;
mod model;

pub use build::{Case, build};
pub use human::{Detail, Look, draw, draw_line, draw_note};
pub use json::{fact_value, to_json};
pub use model::{Entry, Follower, Proof, Report, Summary, Unknown};
