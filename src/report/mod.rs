//! One report, whatever draws it.

mod build;
mod human;
mod json;
mod model;

pub use build::{Case, build};
pub use human::{Look, draw, draw_treatment};
pub use json::{fact_value, to_json};
pub use model::{Entry, Follower, Proof, Report, Summary, Unknown};
